"""The asylum procedure and special needs of those who have no guardian in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct.book import Kind
from spona.conduct.guards import Value
from spona.conduct.marking import Blocked
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT


def registered(**facts: Value) -> runs.Run:
    run = runs.Run("asylum", **facts)
    run.do("intention_voiced", "intention_registered")
    return run


def lodged() -> runs.Run:
    run = registered()
    run.do("application_lodged")
    return run


def test_words_are_recorded_at_any_hour_and_closed_by_nothing() -> None:
    run = runs.Run("asylum")
    closed = {
        row.targets[0] for rule in run.book.rules for row in rule.rows if row.kind is Kind.EXCLUDE
    }
    assert "intention_voiced" not in closed
    assert run.book.acts["intention_voiced"].protective
    run.do("intention_voiced")
    assert run.owed()["intention_registered"] == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert run.may("intention_voiced")


def test_the_centre_and_the_transport_follow_the_certificate() -> None:
    run = registered()
    assert run.owed()["certificate_issued"] == NIGHT + DAY
    run.later(2 * HOUR).do("certificate_issued", centre_designated=True)
    assert run.owed()["reported_to_centre"] == NIGHT + 3 * DAY
    assert run.owed()["transport_arranged"] == NIGHT + DAY
    run.do("reported_to_centre")
    assert "transport_arranged" not in run.owed()


def test_no_term_of_the_person_is_a_duty_of_the_person() -> None:
    for act in ("reported_to_centre", "own_application"):
        assert runs.book_of("asylum").acts[act].on_behalf == "legal_aid"


def test_15_days_for_the_office_then_8_for_the_person() -> None:
    run = registered()
    assert run.owed()["lodging_scheduled"] == datetime(2026, 12, 8, 23, tzinfo=UTC)
    assert not run.may("own_application")
    run.later(16 * DAY)
    assert run.owed()["own_application"] == datetime(2026, 12, 16, 23, tzinfo=UTC)
    run.do("own_application", "application_lodged")
    assert not {"lodging_scheduled", "own_application"} & run.owed().keys()


def test_an_office_that_enables_the_lodging_stops_that_clock() -> None:
    run = registered().later(5 * DAY)
    run.do("lodging_scheduled")
    run.later(20 * DAY)
    assert not run.done("fifteen_days_passed")


def test_who_said_that_asylum_is_not_wanted_is_not_pressed() -> None:
    run = registered(wants_asylum=False).later(16 * DAY)
    assert "own_application" not in run.owed()


def test_no_application_before_the_registration() -> None:
    run = runs.Run("asylum")
    with pytest.raises(Blocked):
        run.do("application_lodged", reason="izmišljen razlog")


def test_the_decision_is_extended_by_acts_of_their_own_and_not_beyond() -> None:
    run = lodged()
    assert run.owed()["first_instance_decision"] == datetime(2027, 2, 23, 23, tzinfo=UTC)
    assert not run.may("decision_extended_again")
    run.do("decision_extended")
    assert run.owed()["first_instance_decision"] == datetime(2027, 5, 24, 22, tzinfo=UTC)
    assert "extension_told" in run.owed()
    run.do("decision_extended_again")
    assert run.owed()["first_instance_decision"] == datetime(2027, 8, 24, 22, tzinfo=UTC)
    assert not {"decision_extended", "decision_extended_again"} & set(run.possible())
    most = [row.most for rule in run.book.rules for row in rule.rows if row.kind is Kind.EXTENDS]
    assert {term.amount for term in most if term} == {12}


def test_a_decision_is_explained_and_its_own_last_day_is_noted() -> None:
    run = lodged()
    run.do("first_instance_decision")
    assert run.owed()["decision_explained"] == datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert not run.may("decision_extended")


def test_a_withdrawal_ends_what_was_owed_and_may_be_taken_back_by_new_words() -> None:
    run = registered()
    run.do("certificate_issued", centre_designated=True)
    run.do("application_withdrawn")
    assert set(run.owed()) == {"rights_told", "needs_seen"}  # needs do not end with it
    run.later(30 * DAY).do("intention_voiced")
    assert run.owed()["intention_registered"] == datetime(2026, 12, 28, 23, tzinfo=UTC)
    run.do("intention_registered", "application_lodged")
    assert run.owed()["first_instance_decision"] == datetime(2027, 3, 23, 23, tzinfo=UTC)


def test_needs_are_looked_for_from_the_first_word_on() -> None:
    run = registered()
    assert run.owed()["needs_seen"] == datetime(2026, 11, 26, 23, tzinfo=UTC)
    run.do("needs_seen", special_needs=True)
    assert run.owed()["needs_followed"] == NIGHT + DAY
    assert run.book.acts["needs_followed"].starts == "special-reception-needs"


# -- special needs


def arrived(**facts: Value) -> runs.Run:
    run = runs.Run("special-reception-needs", **facts)
    run.do("arrived")
    return run


def test_everybody_is_asked_within_a_day_of_the_arrival() -> None:
    run = arrived()
    assert run.owed()["needs_identified"] == NIGHT + DAY
    assert run.owed()["placed"] == NIGHT + 4 * HOUR


def test_a_need_that_was_found_changes_the_conditions_within_a_day() -> None:
    run = arrived()
    run.later(3 * HOUR).do("needs_identified", special_needs=True)
    assert run.owed()["adapted"] == run.at + DAY
    assert {"help_referred", "person_told", "needs_reviewed"} <= run.owed().keys()


def test_a_person_in_danger_is_moved_apart_before_any_check() -> None:
    run = arrived()
    assert run.may("moved_apart")
    assert run.book.acts["moved_apart"].protective


def test_it_goes_on_for_as_long_as_the_person_is_there() -> None:
    run = arrived()
    run.do("needs_identified", special_needs=False)
    assert run.owed()["needs_reviewed"] == datetime(2026, 12, 23, 23, tzinfo=UTC)
    run.later(DAY).do("change_noticed")
    assert run.owed()["needs_reviewed"] == datetime(2026, 11, 27, 23, tzinfo=UTC)
    run.do("needs_reviewed", special_needs=True)
    assert "adapted" in run.owed()


def test_the_counsellor_is_told_only_where_the_person_wishes() -> None:
    run = arrived()
    run.do("needs_identified", special_needs=True)
    run.do("person_told", agrees_to_share=False)
    assert not run.may("counsellor_told")
    run.learn(agrees_to_share=True)
    assert "counsellor_told" in run.owed()


def test_who_leaves_before_anything_changed_leaves_with_a_recorded_reason() -> None:
    run = arrived()
    run.do("needs_identified", special_needs=True)
    with pytest.raises(Blocked):
        run.do("left_centre")
    step = run.later(2 * DAY).do("left_centre", reason="izmišljen razlog")
    assert {(end.owed.acts, end.late) for end in step.closed} >= {(("adapted",), True)}


def test_a_second_arrival_begins_anew() -> None:
    run = arrived()
    run.do("needs_identified", special_needs=False)
    run.do("placed", "person_told", "left_centre")
    assert run.owed() == {}
    run.later(60 * DAY).do("arrived")
    assert run.owed()["needs_identified"] == run.at + DAY
