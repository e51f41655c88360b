"""Domestic violence: how long a measure lasts and by when somebody must act are two things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct.book import Term, Unit
from spona.conduct.guards import Value
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT, REASON

NEVER_WAITS = ("violence_learned", "safety_plan", "safe_place", "reported", "urgent_intervention")
KNOWN: dict[str, Value] = {
    "person_is_child": False,
    "danger": False,
    "children_in_home": False,
    "minor_perpetrator": False,
}


def learned(**facts: Value) -> runs.Run:
    run = runs.Run("domestic-violence")
    run.do("violence_learned", reason="", **(KNOWN | facts))
    return run


def served() -> runs.Run:
    """A night on which the order was served at 21.10."""
    run = learned(danger=True)
    run.do("reported", "officer_informed")
    run.do("risk_assessed", danger_established=True)
    run.do("order_served")
    return run


def extended() -> runs.Run:
    run = served().later(20 * HOUR)
    run.do("extension_proposed", "proposal_received", "measure_extended")
    return run


# -- who decides


def test_an_adult_out_of_danger_is_asked_and_decides() -> None:
    run = learned()
    assert "adult_asked" in run.owed()
    assert run.owed()["adult_asked"] == NIGHT + DAY
    run.do("limits_explained")
    run.do("adult_asked", choice="not_now")
    assert "reported" not in run.owed()
    assert {"safety_plan", "support_offered"} <= run.owed().keys()
    run.later(3 * DAY).do("adult_asked", choice="report")
    assert run.owed()["reported"] == run.at + 2 * HOUR


@pytest.mark.parametrize(
    "facts",
    [
        {"person_is_child": True},
        {"danger": True},
        {"person_is_child": None},
        {"danger": None},
        {"person_is_child": True, "danger": True},
    ],
)
def test_a_child_does_not_decide_and_danger_does_not_wait(facts: dict[str, Value]) -> None:
    run = learned(**facts)
    assert run.owed()["reported"] == NIGHT + 2 * HOUR
    assert "adult_asked" not in run.owed()


def test_a_danger_that_is_learnt_of_later_is_reported_from_then() -> None:
    run = learned().later(DAY)
    run.learn(danger=True)
    assert run.owed()["reported"] == run.at + 2 * HOUR


def test_nobody_is_asked_before_the_limits_are_explained_but_for_a_reason() -> None:
    run = learned()
    step = run.do("adult_asked", reason=REASON, choice="not_now")
    assert [block.rule_id for block in step.passed] == ["LOC-DV-02"]


def test_what_protects_waits_for_nothing() -> None:
    run = runs.Run("domestic-violence")
    assert set(NEVER_WAITS) <= set(run.possible())
    assert learned(danger=True).owed()["safe_place"] == NIGHT + 4 * HOUR


def test_children_of_the_household_are_protected_too() -> None:
    assert learned(children_in_home=None).owed()["child_followed"] == NIGHT + DAY
    run = learned()
    assert "child_followed" not in run.owed()
    run.later(DAY).learn(children_in_home=True)
    assert run.owed()["child_followed"] == run.at + DAY


# -- the chain


def test_the_police_act_at_once() -> None:
    run = learned(danger=True)
    run.do("reported")
    assert run.owed()["officer_informed"] == NIGHT + HOUR
    run.do("officer_informed")
    assert run.owed()["risk_assessed"] == NIGHT + 4 * HOUR
    run.do("risk_assessed", danger_established=True)
    assert run.owed()["order_served"] == NIGHT + 4 * HOUR


def test_without_an_established_danger_no_order_is_owed() -> None:
    run = learned(danger=True)
    run.do("reported", "officer_informed")
    run.do("risk_assessed", danger_established=False)
    assert "order_served" not in run.owed()
    assert "group_met" in run.owed()  # the group reviews the case all the same


def test_the_law_does_not_reach_a_minor_but_help_does() -> None:
    run = learned(danger=True, minor_perpetrator=True)
    run.do("reported")
    assert "officer_informed" not in run.owed()
    assert run.owed()["urgent_intervention"] == NIGHT + DAY


def test_48_hours_are_how_long_the_measure_lasts() -> None:
    run = served()
    assert run.book.acts["order_served"].lasts == Term(Unit.HOURS, 48)
    assert run.book.acts["measure_extended"].lasts == Term(Unit.DAYS, 30)
    assert NIGHT + 2 * DAY not in run.owed().values()
    run.do("safety_checked")
    run.later(2 * DAY)
    assert run.done("urgent_measure_ended")
    assert run.owed()["safety_checked"] == NIGHT + 2 * DAY + 2 * HOUR


def test_the_prosecutor_has_24_hours_from_the_hour_of_service() -> None:
    run = served()
    due = NIGHT + DAY
    assert {run.owed()[act] for act in ("extension_proposed", "extension_not_proposed")} == {due}
    run.later(20 * HOUR).do("extension_proposed")
    assert run.owed()["proposal_received"] == run.at + 2 * HOUR


def test_the_court_has_24_hours_from_the_receipt_of_the_proposal() -> None:
    run = served().later(20 * HOUR)
    run.do("extension_proposed")
    run.later(HOUR).do("proposal_received")
    decision = NIGHT + 45 * HOUR
    assert run.owed()["measure_extended"] == run.owed()["extension_refused"] == decision
    assert decision < NIGHT + 48 * HOUR  # so that nobody is without protection in between


def test_an_extended_measure_does_not_end_after_48_hours_but_after_30_days() -> None:
    run = extended()
    since = run.at
    run.later(10 * DAY)
    assert not run.done("urgent_measure_ended")
    assert not run.done("extended_measure_ended")
    run.do("safety_checked")
    run.later(20 * DAY)
    assert run.done("extended_measure_ended")
    assert run.owed()["safety_checked"] == since + 30 * DAY + 2 * HOUR


def test_the_safety_plan_is_made_again_before_the_measure_ends() -> None:
    run = served()
    run.do("safety_plan")
    run.later(20 * HOUR).do("extension_proposed", "proposal_received", "measure_extended")
    assert run.owed()["safety_plan"] == datetime(2026, 12, 19, 23, tzinfo=UTC)


@pytest.mark.parametrize("refusal", ["extension_refused", "extension_not_proposed"])
def test_who_is_left_without_a_measure_is_told_within_two_hours(refusal: str) -> None:
    run = served()
    run.do("safety_checked")
    run.later(20 * HOUR)
    if refusal == "extension_refused":
        run.do("extension_proposed", "proposal_received")
    run.do(refusal)
    assert run.owed()["safety_checked"] == run.at + 2 * HOUR


# -- the appeal: 3 days, 12 hours, 3 days


def test_the_appeal_has_three_clocks_and_stops_no_measure() -> None:
    run = extended()  # on Tuesday at 17.10
    run.do("decision_received")
    assert run.owed()["appeal_filed"] == datetime(2026, 11, 27, 23, tzinfo=UTC)
    run.later(DAY).do("appeal_filed")
    assert run.owed()["appeal_forwarded"] == run.at + 12 * HOUR
    run.later(12 * HOUR).do("appeal_forwarded")  # on Thursday at 5.10: the third day is a Sunday
    assert run.owed()["appeal_decided"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.later(2 * DAY)
    assert not run.done("urgent_measure_ended")


def test_an_appeal_that_is_not_filed_is_recorded_too() -> None:
    run = extended()
    run.do("decision_received", "no_appeal")
    assert not {"appeal_filed", "appeal_forwarded"} & run.owed().keys()


# -- the group


def test_the_group_meets_every_15_days_until_it_ends_its_work() -> None:
    run = served()
    assert run.owed()["group_met"] == datetime(2026, 12, 8, 23, tzinfo=UTC)
    assert not run.may("group_ended")
    run.later(9 * DAY).do("group_met")
    assert run.owed()["group_met"] == datetime(2026, 12, 17, 23, tzinfo=UTC)
    assert not run.may("group_ended")  # the plan comes first
    run.do("protection_plan", "safety_checked", "group_ended")
    assert "group_met" not in run.owed()


def test_new_violence_brings_the_case_back_with_a_clock_of_its_own() -> None:
    run = served().later(DAY)
    run.do("group_met", "protection_plan", "safety_checked", "group_ended")
    run.later(60 * DAY).do("violence_learned", reason="", **(KNOWN | {"danger": True}))
    run.do("safety_checked", "reported", "officer_informed", "risk_assessed")
    due = run.owed()["group_met"]
    assert due is not None
    assert due > run.at + 14 * DAY


def test_the_book_keeps_minutes_and_names_no_shelter() -> None:
    acts = runs.book_of("domestic-violence").acts
    assert acts["group_met"].evidence == ("document",)
    assert acts["group_met"].with_ == ("police", "csr")
    assert not acts["safe_place"].form
    assert not acts["safety_plan"].form
