"""A child who suffers violence, a person who may be exploited, a child who is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spona.conduct.book import Kind, Term, Unit
from spona.conduct.guards import Value
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT
from spona.conduct.text import explain

# -- violence against a child


def suspected(**facts: Value) -> runs.Run:
    run = runs.Run("violence-against-child")
    run.do(
        "suspicion_noticed", reason="", **({"endangered": True, "crime_or_danger": True} | facts)
    )
    return run


def test_a_suspicion_is_reported_without_delay_and_a_named_person_answers() -> None:
    run = suspected()
    assert run.owed()["reported"] == NIGHT + 2 * HOUR
    assert run.owed()["police_told"] == NIGHT + 2 * HOUR
    run.do("reported")
    assert run.owed()["report_confirmed"] == NIGHT + HOUR
    assert run.owed()["urgent_intervention"] == NIGHT + DAY


@pytest.mark.parametrize("act", ["reported", "police_told", "child_safe", "medical_exam"])
def test_what_protects_a_child_waits_for_nothing(act: str) -> None:
    run = runs.Run("violence-against-child")
    assert run.may(act)
    assert run.book.acts[act].protective


def test_a_danger_nobody_has_ruled_out_counts_as_one() -> None:
    run = suspected(endangered=None, crime_or_danger=None)
    assert {"child_safe", "police_told"} <= run.owed().keys()
    calm = suspected(endangered=False, crime_or_danger=False)
    assert not {"child_safe", "police_told"} & calm.owed().keys()
    calm.do("reported")
    calm.later(HOUR).do("report_confirmed", endangered=True)
    assert calm.owed()["urgent_intervention"] == calm.at + DAY


def test_a_child_who_fears_the_guardian_gets_another_representative() -> None:
    run = suspected()
    assert not run.may("other_representative")
    run.later(DAY).learn(guardian_feared=True)
    assert run.owed()["other_representative"] == run.at + DAY


def test_violence_in_the_family_begins_its_own_book() -> None:
    run = suspected(in_family=True)
    assert run.owed()["family_violence"] == NIGHT + DAY
    assert run.book.acts["family_violence"].starts == "domestic-violence"


def test_assessment_conference_plan_and_the_child_is_told() -> None:
    run = suspected()
    run.do("reported", "report_confirmed")
    assert run.owed()["initial_assessment"] == datetime(2026, 11, 26, 23, tzinfo=UTC)
    run.do("initial_assessment")
    assert run.owed()["case_conference"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.do("case_conference")
    assert run.owed()["protection_plan"] == datetime(2026, 11, 25, 23, tzinfo=UTC)
    run.do("protection_plan")
    assert run.owed()["child_answered"] == datetime(2026, 11, 26, 23, tzinfo=UTC)


def test_the_follow_up_ends_only_when_the_child_is_safe_and_knows() -> None:
    run = suspected()
    run.do("reported", "report_confirmed", "initial_assessment", "case_conference")
    run.do("protection_plan")
    run.later(29 * DAY).do("plan_followed")
    for act in ("urgent_intervention", "child_safe", "child_answered"):
        assert not run.may("work_ended")
        run.do(act)
    run.do("work_ended")
    assert "plan_followed" not in run.owed()


def test_nobody_questions_the_child_and_the_suspect_is_never_there() -> None:
    book = runs.book_of("violence-against-child")
    assert all("feared" in book.acts[key].without for key in ("child_told", "initial_assessment"))
    assert not any(question.type == "long_text" for a in book.acts.values() for question in a.form)


# -- trafficking


def noticed(**facts: Value) -> runs.Run:
    known: dict[str, Value] = {
        "endangered": True,
        "person_is_child": False,
        "crime_or_danger": True,
    }
    run = runs.Run("trafficking")
    run.do("indicators_noticed", reason="", **(known | facts))
    return run


def test_a_suspicion_is_enough() -> None:
    run = noticed()
    assert run.owed()["reported"] == NIGHT + 12 * HOUR
    assert run.owed()["police_told"] == NIGHT + 2 * HOUR
    assert run.owed()["safe_place"] == NIGHT + 4 * HOUR
    assert run.owed()["spoken_alone"] == NIGHT + DAY


@pytest.mark.parametrize(("endangered", "hours"), [(True, 24), (None, 24), (False, 72)])
def test_the_centre_acts_by_its_two_terms(endangered: bool | None, hours: int) -> None:
    run = noticed(endangered=endangered)
    run.do("reported")
    assert run.owed()["centre_reacted"] == NIGHT + timedelta(hours=hours)


def test_support_waits_for_no_decision_on_identification() -> None:
    run = noticed()
    assert {"safe_place", "medical_help", "reported"} <= set(run.possible())
    run.do("reported")
    assert run.may("referred")
    assert not run.done("identification")


def test_three_months_are_a_length_of_time_and_calendar_months() -> None:
    run = noticed()
    run.do("reported", "first_contact")
    run.do("identification", identified=True, foreigner=True)
    run.do("reflection_begun")
    assert run.book.acts["reflection_begun"].lasts == Term(Unit.MONTHS, 3)
    assert run.owed()["stay_settled"] == datetime(2027, 1, 25, 23, tzinfo=UTC)  # the 23rd: Saturday
    run.later(91 * DAY)
    assert not run.done("reflection_ended")
    run.later(DAY)
    assert run.done("reflection_ended")  # on 23 February


def test_a_citizen_has_no_reflection_period_by_this_rule() -> None:
    run = noticed()
    run.do("reported", "first_contact")
    run.do("identification", identified=True, foreigner=False)
    assert "reflection_begun" not in run.owed()


def test_the_status_is_never_on_paper() -> None:
    book = runs.book_of("trafficking")
    assert all(act.sensitive for act in book.acts.values())
    assert all(fact.sensitive for fact in book.facts.values())
    for lang, word in (("sr-latn", "trgovin"), ("en", "traffick")):
        assert word not in book.title[lang].lower()
        assert any(word in line.lower() for line in explain(book, lang))  # the book itself speaks
    assert not any(q.type in ("text", "long_text") for a in book.acts.values() for q in a.form)


# -- a missing child


def absent(**facts: Value) -> runs.Run:
    run = runs.Run("missing-child")
    run.do("absence_noticed", reason="", **facts)
    return run


def test_a_missing_child_is_reported_within_the_hour_and_searched_for_at_once() -> None:
    run = absent()
    assert run.owed()["missing_reported"] == NIGHT + HOUR
    run.do("missing_reported")
    assert run.owed()["search_started"] == NIGHT + HOUR
    assert run.owed()["centre_confirmed"] == NIGHT + 2 * HOUR
    assert run.owed()["absence_assessed"] == NIGHT + DAY


def test_the_report_comes_first_and_the_assessment_never_undoes_it() -> None:
    run = absent()
    assert not run.may("absence_assessed")
    run.do("missing_reported")
    before = run.duties()
    run.later(HOUR).do("absence_assessed", life_in_danger=False)
    assert before - {("absence_assessed",)} <= run.duties()


def test_a_child_who_is_back_is_reported_all_the_same() -> None:
    run = absent()
    run.do("child_found")
    assert run.owed()["missing_reported"] == NIGHT + HOUR
    run.do("missing_reported")
    run.do("child_found")
    assert not {"search_started", "absence_review"} & run.owed().keys()


@pytest.mark.parametrize(
    ("facts", "owed"),
    [
        ({"under_seven": True}, True),
        ({"disability_or_therapy": True}, True),
        ({"under_seven": False, "disability_or_therapy": False, "life_in_danger": False}, False),
        ({}, False),
    ],
)
def test_the_public_alert_is_owed_for_whom_the_source_names(
    facts: dict[str, Value], owed: bool
) -> None:
    run = absent(**facts)
    run.do("missing_reported")
    assert ("public_alert" in run.owed()) is owed
    assert run.may("public_alert")  # the police may always


def test_a_danger_found_later_reaches_the_police_within_the_hour() -> None:
    run = absent()
    run.do("missing_reported")
    run.later(5 * HOUR).do("absence_assessed", life_in_danger=True, thb_suspected=True)
    assert run.owed()["police_updated"] == run.at + HOUR
    assert run.owed()["enhanced_begun"] == run.at + 12 * HOUR
    assert run.owed()["public_alert"] == NIGHT + 3 * HOUR  # it should have been


def test_somebody_looks_every_month_and_no_day_ends_it() -> None:
    run = absent()
    run.do("missing_reported", "search_started", "centre_confirmed", "absence_assessed")
    assert run.owed() == {"absence_review": datetime(2026, 11, 30, 23, tzinfo=UTC)}
    for _ in range(30):
        run.later(31 * DAY).do("absence_review")
        assert "absence_review" in run.owed()
    closers = [
        row.source
        for rule in run.book.rules
        for row in rule.rows
        if row.kind is Kind.EXCLUDE and "absence_review" in row.targets
    ]
    assert closers == ["child_found"]


def test_a_child_who_is_found_is_met_with_care_and_the_search_is_called_off() -> None:
    run = absent()
    run.do("missing_reported")
    run.later(2 * DAY).do("child_found")
    assert run.owed()["search_called_off"] == run.at + HOUR
    assert run.owed()["doctor_offered"] == run.at + 12 * HOUR
    assert "return_talk" in run.owed()
    assert not {"search_started", "absence_review"} & run.owed().keys()


def test_one_absence_is_one_run() -> None:
    run = absent()
    run.do("missing_reported", "child_found")
    run.later(90 * DAY)
    assert not {"absence_noticed", "missing_reported", "child_found"} & set(run.possible())
