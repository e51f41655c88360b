"""What the rules of the unaccompanied child do, night by night; every child is synthetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from spona.conduct.guards import Value
from spona.conduct.marking import Blocked
from spona.conduct.tests.child_run import DAY, HOUR, NIGHT, Run, book
from spona.conduct.text import why_not


def test_the_first_hour_of_the_story() -> None:
    run = Run()
    run.do("child_met")
    assert run.owed() == {"csr_notified": NIGHT + HOUR}
    run.do("csr_notified")
    assert run.owed()["csr_confirmed"] == NIGHT + HOUR
    assert run.owed()["bed_tonight"] == NIGHT + 4 * HOUR
    assert run.owed()["guardian_appointed"] == NIGHT + 24 * HOUR
    assert run.owed()["accommodation_conclusion"] == NIGHT + 24 * HOUR
    assert "property_inventory" not in run.owed()


def test_a_second_notification_starts_no_second_guardianship() -> None:
    run = Run()
    run.do("csr_notified", "guardian_proposed", "guardian_appointed", "child_met")
    run.do("intention_voiced")
    assert "guardian_appointed" not in run.owed()
    assert "csr_notified" not in run.owed()


def test_a_guardian_appointed_before_the_notification_was_typed_is_not_owed_again() -> None:
    run = Run()
    run.do("guardian_appointed", "csr_notified", reason="upisano naknadno")
    assert "guardian_appointed" not in run.owed()


def test_the_police_register_after_the_guardian_but_hear_the_child_at_once() -> None:
    run = Run()
    run.do("csr_notified", "intention_voiced")
    assert run.owed()["guardian_appointed"] == NIGHT + 12 * HOUR
    with pytest.raises(Blocked) as refused:
        run.do("intention_registered")
    (block,) = refused.value.blocks
    assert why_not(book(), "intention_registered", block, {"csr": "CSR Vranje"}, "sr-latn") == (
        "Ne može još: potrebno je da CSR Vranje postavi privremenog staratelja (pravilo UASC-09)."
    )
    run.do("guardian_appointed", reason="noću, bez predloga")
    assert run.may("intention_registered")


def test_the_guardian_gives_the_child_the_paper_on_the_first_day() -> None:
    run = Run()
    run.do("csr_notified", "guardian_proposed", "guardian_appointed")
    assert run.owed()["child_paper_given"] == NIGHT + 24 * HOUR
    assert run.owed()["first_interview"] == NIGHT + 24 * HOUR


def test_a_new_guardian_gives_a_new_paper_before_the_old_one_goes() -> None:
    run = Run()
    run.do("csr_notified", "guardian_proposed", "guardian_appointed", "child_paper_given")
    run.later(10 * DAY).do("guardian_unreachable")
    assert run.owed()["guardian_appointed"] == run.at + 24 * HOUR
    assert not run.may("guardian_relieved")
    run.do("guardian_appointed")
    assert run.may("guardian_relieved")
    assert run.owed()["child_paper_given"] == run.at + 24 * HOUR
    assert "first_interview" in run.owed()


def test_a_placement_without_a_doctor_needs_a_reason_and_nothing_else() -> None:
    run = Run()
    with pytest.raises(Blocked):
        run.do("urgent_placement")
    step = run.do("urgent_placement", reason="lekar nije dostupan")
    assert [block.rule_id for block in step.passed] == ["UASC-04"]


def test_one_of_the_placements_discharges_the_duty_of_21_days() -> None:
    run = Run(age=12)
    run.do("urgent_placement", reason="lekar nije dostupan")
    assert "placement_foster" in run.owed()
    assert "placement_institution" in run.owed()
    run.do("placement_institution")
    assert "placement_foster" not in run.owed()
    assert "placement_decided" in run.owed()


def test_a_deviation_discharges_it_too_and_is_reviewed() -> None:
    run = Run(age=12)
    run.do("urgent_placement", "placement_deviation", reason="lekar nije dostupan")
    assert "placement_foster" not in run.owed()
    assert "deviation_reviewed" in run.owed()
    run.do("placement_foster")
    assert "deviation_reviewed" not in run.owed()


@pytest.mark.parametrize(("age", "may"), [(15, False), (16, False), (17, True), (None, False)])
def test_the_asylum_centre_is_for_those_over_sixteen(age: int | None, may: bool) -> None:
    run = Run(age=age)
    assert not run.may("placement_asylum_centre")
    run.do("guardian_proposed", "guardian_appointed", "intention_registered")
    assert not run.may("placement_asylum_centre")
    run.do("application_lodged")
    assert run.may("placement_asylum_centre") is may
    run.do("placement_deviation")
    assert run.may("placement_asylum_centre")


def registered(**facts: Value) -> Run:
    run = Run(**facts)
    run.do("csr_notified", "guardian_proposed", "guardian_appointed", "intention_registered")
    return run


def test_the_child_reports_to_the_named_centre_within_72_hours_of_registration() -> None:
    run = registered()
    run.later(2 * HOUR).do("certificate_issued")
    assert "reported_to_centre" not in run.owed()
    run.learn(centre_designated=True)
    assert run.owed()["reported_to_centre"] == NIGHT + 72 * HOUR


def test_after_15_days_the_guardian_has_8_days_to_file() -> None:
    run = registered()
    assert not run.may("own_application")
    run.later(16 * DAY)
    assert "own_application" in run.owed()
    run.do("own_application", "application_lodged")
    assert "lodging_scheduled" not in run.owed()


def test_a_lodging_in_time_stops_the_clock_of_15_days() -> None:
    run = registered()
    run.later(5 * DAY).do("lodging_scheduled")
    run.later(20 * DAY)
    assert "own_application" not in run.owed()


def test_the_asylum_decision_is_extended_twice_and_only_twice() -> None:
    # 23 May 2027 is a Sunday: the second extension counts from Monday.
    run = registered()
    run.do("application_lodged")
    assert run.owed()["first_instance_decision"] == datetime(2027, 2, 23, 23, tzinfo=UTC)
    run.do("decision_extended", "decision_extended_again")
    assert run.owed()["first_instance_decision"] == datetime(2027, 8, 24, 22, tzinfo=UTC)
    assert not run.may("decision_extended")
    assert not run.may("decision_extended_again")


def test_an_absence_is_reported_before_it_is_judged() -> None:
    run = Run()
    run.do("absence_noticed")
    assert run.owed() == {"missing_reported": NIGHT + HOUR}
    assert not run.may("absence_assessed")
    run.do("missing_reported")
    assert {"search_started", "absence_assessed", "absence_review"} <= run.owed().keys()
    assert not run.may("case_closed")


def test_a_child_may_be_absent_twice() -> None:
    run = Run()
    for _ in range(2):
        run.later(30 * DAY).do("absence_noticed", "missing_reported")
        due = run.owed()["absence_review"]
        assert due is not None
        assert due > run.at
        assert not run.may("absence_noticed")
        run.later(DAY).do("child_returned")
        assert "absence_review" not in run.owed()
        assert run.owed()["bed_tonight"] == run.at + 4 * HOUR
        run.do("bed_tonight")


def test_visits_rest_while_the_child_is_missing_and_start_anew() -> None:
    run = Run()
    run.do("csr_notified", "guardian_proposed", "guardian_appointed", "guardian_visit")
    run.later(DAY).do("absence_noticed", "missing_reported")
    assert "guardian_visit" not in run.owed()
    run.later(60 * DAY).do("child_returned", "return_talk")
    due = run.owed()["guardian_visit"]
    assert due is not None
    assert due > run.at


@pytest.mark.parametrize(
    ("facts", "alerted"),
    [
        ({"age": 5}, True),
        ({"age": 15, "disability_or_therapy": False, "life_in_danger": True}, True),
        ({"age": 15, "disability_or_therapy": False, "life_in_danger": False}, False),
        ({"age": 15}, False),
    ],
)
def test_the_public_alert_is_for_the_youngest_and_those_in_danger(
    facts: dict[str, Value], alerted: bool
) -> None:
    run = Run(**facts)
    run.do("absence_noticed", "missing_reported")
    assert ("public_alert" in run.owed()) is alerted


def test_what_is_learned_after_the_return_alerts_nobody() -> None:
    run = Run(age=15)
    run.do("absence_noticed", "missing_reported")
    run.later(DAY).do("child_returned")
    run.learn(life_in_danger=True)
    assert "public_alert" not in run.owed()


def test_a_suspicion_on_any_day_is_reported() -> None:
    run = Run()
    run.do("csr_notified")
    run.later(9 * DAY).learn(thb_suspected=True)
    assert run.owed()["thb_reported"] == run.at + 12 * HOUR


def test_danger_found_at_intake_counts_from_the_notification() -> None:
    run = Run()
    run.do("csr_notified")
    run.later(HOUR).learn(endangered=True)
    assert run.owed()["urgent_intervention"] == NIGHT + 24 * HOUR


def test_danger_found_later_counts_from_then() -> None:
    run = Run(endangered=False)
    run.do("csr_notified")
    run.later(9 * DAY).learn(endangered=True)
    assert run.owed()["urgent_intervention"] == run.at + 24 * HOUR


def test_nobody_becomes_an_adult_without_a_review_with_the_guardian() -> None:
    run = Run(age=17, age_doubtful=True)
    run.do("csr_notified")
    assert not run.may("age_review")
    assert not run.may("found_adult")
    run.do("guardian_proposed", "guardian_appointed")
    assert run.may("age_review")
    assert not run.may("found_adult")
    run.do("age_review", "found_adult")
    assert "guardianship_decision" not in run.owed()
    assert "service_referral" in run.owed()
    assert "bed_tonight" in run.owed()


def test_the_birthday_is_prepared_and_ends_the_guardianship() -> None:
    run = Run(birth_date=date(2009, 3, 1), age=17)
    run.do("csr_notified", "guardian_proposed", "guardian_appointed")
    assert "transition_plan" in run.later(timedelta(minutes=1)).owed()
    run.later(100 * DAY)
    assert "guardian_visit" not in run.owed()
    assert "guardianship_decision" not in run.owed()
    assert {"service_referral", "data_asked_again", "guardian_final_report"} <= run.owed().keys()
    assert "bed_tonight" in run.owed()


def test_a_case_is_not_closed_over_a_missing_bed_or_guardian() -> None:
    run = Run()
    run.do("csr_notified")
    assert not run.may("case_closed")
    run.do("bed_tonight")
    assert not run.may("case_closed")
    run.do("guardian_proposed", "guardian_appointed")
    assert run.may("case_closed")
