"""Intake, school, health and support, messages: who owes what, and by when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spona.conduct.guards import Value
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT, REASON

TUESDAY = datetime(2026, 11, 24, 23, tzinfo=UTC)  # the end of the day after the night

# -- intake at the centre for social work


def taken(**facts: Value) -> runs.Run:
    run = runs.Run("intake")
    run.do("report_received", reason="", **({"endangered": False} | facts))
    return run


def test_a_report_is_looked_into_at_once() -> None:
    run = taken()
    two_hours = NIGHT + 2 * HOUR
    assert run.owed() == {
        "intake_form": two_hours,
        "register_checked": two_hours,
        "priority_decided": two_hours,
        "reporter_answered": NIGHT + DAY,
    }


@pytest.mark.parametrize("endangered", [True, None])
def test_an_urgent_intervention_waits_for_no_form(endangered: bool | None) -> None:
    run = taken(endangered=endangered)
    assert run.owed()["urgent_intervention"] == NIGHT + DAY
    assert run.may("urgent_intervention")
    assert not run.may("sent_on")


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("neodlozno", NIGHT + DAY),
        ("hitno", NIGHT + 3 * DAY),
        ("redovno", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        (None, NIGHT + DAY),
    ],
)
def test_the_priority_sets_the_clock(priority: str | None, due: datetime) -> None:
    run = taken()
    run.do("priority_decided", priority=priority)
    assert run.owed()["work_started"] == due


def test_assessment_plan_and_review() -> None:
    run = taken()
    run.do("priority_decided", priority="hitno")
    run.do("work_started")
    assert run.owed()["initial_assessment"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.do("initial_assessment", more_needed=True, out_of_family=True)
    assert run.owed()["focused_assessment"] == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert "plan_made" not in run.owed()
    run.do("focused_assessment")
    run.do("plan_made", reason=REASON)  # the person could not be heard yet
    assert "permanency_plan" in run.owed()
    assert run.owed()["plan_reviewed"] == datetime(2027, 5, 24, 22, tzinfo=UTC)  # 23: a Sunday
    run.do("plan_reviewed")
    assert not run.may("work_ended")
    run.do("permanency_plan", "work_ended")
    assert "plan_reviewed" not in run.owed()


def test_a_small_need_goes_from_the_first_assessment_to_the_plan() -> None:
    run = taken()
    run.do("priority_decided", priority="redovno")
    run.do("work_started")
    run.do("initial_assessment", more_needed=False)
    assert run.owed()["plan_made"] == datetime(2026, 12, 8, 23, tzinfo=UTC)


def test_who_sends_a_person_on_still_follows_the_referral() -> None:
    run = taken()
    run.do("priority_decided", priority="redovno")
    run.do("sent_on")
    assert "work_started" not in run.owed()
    assert run.book.acts["sent_on"].starts == "referral"


# -- school


def test_school_waits_for_no_asylum_application() -> None:
    run = runs.Run("school-inclusion")
    run.do("school_wanted")
    assert run.owed()["enrolment_asked"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.do("enrolment_asked")
    assert run.owed()["enrolled"] == run.owed()["refused"]
    assert not run.done("application_lodged")


def test_the_three_months_are_the_outer_limit() -> None:
    run = runs.Run("school-inclusion")
    run.do("application_lodged")
    assert run.owed() == {"enrolled": datetime(2027, 2, 23, 23, tzinfo=UTC)}
    run.do("enrolment_asked")
    assert run.owed()["refused"] == datetime(2026, 12, 7, 23, tzinfo=UTC)  # the agreed answer
    assert run.owed()["enrolled"] == datetime(2027, 2, 23, 23, tzinfo=UTC)


def test_a_refusal_makes_the_administration_find_a_place() -> None:
    run = runs.Run("school-inclusion")
    run.do("application_lodged", "enrolment_asked", "refused")
    assert run.owed()["place_found"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert run.owed()["enrolled"] == datetime(2027, 2, 23, 23, tzinfo=UTC)  # the law still runs
    run.do("place_found")
    assert run.owed()["enrolled"] == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_a_child_without_certificates_is_tested_to_find_the_grade() -> None:
    run = runs.Run("school-inclusion", has_certificates=False)
    run.do("enrolment_asked")
    assert "knowledge_tested" in run.owed()
    assert run.may("enrolled")  # the test is no condition
    known = runs.Run("school-inclusion", has_certificates=True)
    known.do("enrolment_asked")
    assert "knowledge_tested" not in known.owed()


def test_a_child_who_does_not_come_is_looked_for() -> None:
    run = runs.Run("school-inclusion")
    run.do("enrolment_asked", "enrolled", "first_day")
    run.later(10 * DAY).do("absent")
    assert run.owed()["absence_followed"] == run.at + DAY
    assert not run.may("left_school")
    run.do("absence_followed", "left_school")
    assert "attendance_checked" not in run.owed()


# -- health and support


def test_a_doctor_sees_whoever_arrives() -> None:
    run = runs.Run("health-and-psychosocial")
    run.do("received")
    assert run.owed()["medical_exam"] == NIGHT + 2 * DAY
    assert runs.Run("health-and-psychosocial").may("medical_exam")


def test_a_person_in_crisis_is_not_left_alone() -> None:
    run = runs.Run("health-and-psychosocial", person_is_child=True)
    run.do("crisis_noticed", self_harm_risk=True)
    hour = NIGHT + HOUR
    assert run.owed() == {
        "not_left_alone": hour,
        "emergency_called": hour,
        "guardian_told": hour,
        "crisis_talk": NIGHT + 4 * HOUR,
    }


def test_care_after_sexual_violence_starts_no_report() -> None:
    adult = runs.Run("health-and-psychosocial", person_is_child=False)
    adult.do("violence_disclosed", sexual_violence=True)
    assert set(adult.owed()) == {"urgent_care", "accompanied"}
    assert adult.owed()["urgent_care"] == NIGHT + 2 * HOUR
    child = runs.Run("health-and-psychosocial", person_is_child=None)
    child.do("violence_disclosed", sexual_violence=True)
    assert child.owed()["child_protected"] == NIGHT + 12 * HOUR
    assert child.book.acts["child_protected"].starts == "violence-against-child"


def test_72_hours_are_text_for_the_nurse_and_no_countdown() -> None:
    book = runs.book_of("health-and-psychosocial")
    assert "72" in book.acts["urgent_care"].note["sr-latn"]
    lengths = {
        row.within.term.amount
        for rule in book.rules
        for row in rule.rows
        if row.within and row.within.term
    }
    assert not lengths & {72, 120}


def test_support_begins_where_it_is_wanted_and_is_looked_at() -> None:
    run = runs.Run("health-and-psychosocial")
    run.do("received")
    run.do("support_asked", wants_support=True)
    assert run.owed()["support_begun"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.do("support_begun")
    assert run.owed()["support_reviewed"] == datetime(2026, 12, 23, 23, tzinfo=UTC)
    run.later(10 * DAY).do("support_ended")
    assert "support_reviewed" not in run.owed()
    run.later(50 * DAY).do("support_begun")
    assert run.owed()["support_reviewed"] == datetime(2027, 2, 22, 23, tzinfo=UTC)  # from then


# -- a message


def written(**facts: Value) -> runs.Run:
    run = runs.Run("feedback")
    run.do("message_received", reason="", **facts)
    return run


def read(**facts: Value) -> runs.Run:
    known: dict[str, Value] = {
        "kind": "question",
        "danger": False,
        "writer_is_child": False,
        "about_staff": False,
    }
    run = written()
    run.do("message_read", reason="", **(known | facts))
    return run


def test_a_message_is_taken_at_any_hour_and_read_the_next_working_day() -> None:
    run = written()
    assert run.owed() == {"message_read": TUESDAY}
    assert run.book.acts["message_received"].on_behalf == "reader"


def test_danger_is_dealt_with_within_the_hour() -> None:
    run = written(danger=True)
    assert run.owed() == {"danger_answered": NIGHT + HOUR, "message_read": NIGHT + HOUR}
    later = written()
    later.later(20 * HOUR).do("message_read", kind="help", danger=True)
    assert later.owed()["danger_answered"] == later.at + HOUR
    assert not later.may("closed")


@pytest.mark.parametrize("child", [True, None])
def test_a_child_who_asks_for_help_reaches_the_centre(child: bool | None) -> None:
    assert read(kind="help", writer_is_child=child).owed()["centre_told"] == NIGHT + 4 * HOUR
    assert "centre_told" not in read(kind="help", writer_is_child=False).owed()


def test_a_question_gets_its_answer_in_five_working_days() -> None:
    run = read()
    assert run.owed()["receipt_sent"] == TUESDAY
    assert run.owed()["answered"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert not run.may("closed")
    run.do("receipt_sent", "answered", "closed")
    assert run.owed() == {}


def test_who_wants_no_answer_is_not_pressed() -> None:
    run = read(wants_answer=False)
    assert set(run.owed()) == {"closed"}
    assert run.may("answered")


def test_a_complaint_reaches_the_institution_only_after_safety_was_agreed() -> None:
    run = read(kind="complaint", about_staff=True)
    assert run.owed()["safety_planned"] == NIGHT + 2 * DAY
    assert not run.may("sent_on")
    run.do("safety_planned", "sent_on")
    assert run.owed()["institution_answered"] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    run.do("institution_answered", "receipt_sent", "answered")
    assert not run.may("closed")  # what changed because of it comes first
    run.do("change_recorded", "closed")
    assert run.owed() == {}


def test_silence_of_the_institution_leaves_the_answer_owed() -> None:
    run = read()
    run.do("sent_on")
    run.later(20 * DAY)
    assert {"answered", "institution_answered"} <= run.owed().keys()


def test_a_message_is_erased_30_days_after_its_end_unless_the_person_writes_again() -> None:
    run = read()
    run.do("receipt_sent", "answered", "closed")
    run.later(29 * DAY)
    assert not run.done("erased")
    run.do("asked_again")
    run.later(5 * DAY)
    assert not run.done("erased")
    run.do("message_read", kind="question", danger=False)
    run.do("receipt_sent", "answered", "closed")
    run.later(timedelta(days=30))
    assert run.done("erased")
    assert not run.may("asked_again")


def test_a_request_about_personal_data_counts_from_its_receipt() -> None:
    run = written(wants_answer=False).later(3 * DAY)
    run.do("message_read", kind="data_request", danger=False)
    assert run.owed()["answered"] == datetime(2026, 12, 23, 23, tzinfo=UTC)
