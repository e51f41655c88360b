"""A handover: a named person answers, the new guardian comes first, a child is awaited."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct import state
from spona.conduct.guards import Value
from spona.conduct.marking import Blocked
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT, REASON

PLANNED = NIGHT + 4 * DAY
TUESDAY = datetime(2026, 11, 24, 23, tzinfo=UTC)  # the end of the day after the night


def planned(**facts: Value) -> runs.Run:
    run = runs.Run("handover", siblings=False, asylum_running=True, **facts)
    run.do("move_planned", planned_for=PLANNED)
    return run


def confirmed() -> runs.Run:
    run = planned()
    run.do("receiving_notified", "receiving_confirmed")
    return run


def on_the_way() -> runs.Run:
    run = confirmed()
    run.do("child_prepared")
    run.do("departed", expected_at=NIGHT + 5 * HOUR)
    return run


# -- notice and competence


def test_a_move_is_told_at_once_and_a_named_person_answers_within_12_hours() -> None:
    run = planned()
    assert run.owed()["receiving_notified"] == NIGHT + 2 * HOUR
    run.later(HOUR).do("receiving_notified")
    assert run.owed()["receiving_confirmed"] == NIGHT + 13 * HOUR


def test_what_cannot_wait_for_the_file_is_told_by_telephone() -> None:
    run = confirmed()
    assert run.owed()["critical_handover"] == NIGHT + 4 * HOUR
    assert run.owed()["guardian_in"] == NIGHT + DAY
    assert run.owed()["file_list_made"] == TUESDAY
    assert not run.may("file_sent")


def test_a_child_who_was_moved_already_is_recorded_in_one_tap() -> None:
    run = runs.Run("handover")
    run.do("moved_unplanned")
    assert not any(q.required for q in run.book.acts["moved_unplanned"].form)
    assert run.owed() == {
        "receiving_notified": NIGHT + 2 * HOUR,
        "critical_handover": NIGHT + 2 * HOUR,
        "arrived": NIGHT + 4 * HOUR,
    }
    assert not run.may("cancelled")


def test_refusing_competence_ends_no_duty_to_the_child() -> None:
    run = planned()
    run.do("receiving_notified")
    before = run.duties()
    run.do("competence_refused")
    assert before < run.duties()
    assert run.owed()["dispute_settled"] == datetime(2026, 11, 25, 23, tzinfo=UTC)
    run.later(DAY).do("dispute_settled", competent="receiving")
    assert run.owed()["receiving_confirmed"] == run.at + 4 * HOUR


def test_another_competent_centre_is_notified() -> None:
    run = planned()
    run.do("receiving_notified", "competence_refused")
    run.later(DAY).do("dispute_settled", competent="other")
    assert run.owed()["receiving_notified"] == run.at + 2 * HOUR


def test_a_centre_that_takes_over_after_all_ends_the_dispute() -> None:
    run = planned()
    run.do("receiving_notified", "competence_refused", "receiving_confirmed")
    assert "dispute_settled" not in run.owed()


# -- departure and arrival


def test_a_move_has_a_day_and_another_may_be_set() -> None:
    run = planned()
    assert run.owed()["departed"] == PLANNED
    run.later(DAY).do("move_planned", planned_for=PLANNED + 3 * DAY)
    assert run.owed()["departed"] == PLANNED + 3 * DAY
    run.later(9 * DAY)
    assert {"departed", "cancelled"} <= run.owed().keys()


@pytest.mark.parametrize(
    ("siblings", "done", "missing"),
    [
        (False, ("child_prepared", "receiving_confirmed"), set()),
        (False, (), {"child_prepared", "receiving_confirmed"}),
        (True, ("child_prepared", "receiving_confirmed"), {"siblings_decided"}),
        (None, ("child_prepared", "receiving_confirmed"), {"siblings_decided"}),
        (True, ("child_prepared", "receiving_confirmed", "siblings_decided"), set()),
    ],
)
def test_a_child_departs_prepared_awaited_and_with_the_siblings_or_for_a_reason(
    siblings: bool | None, done: tuple[str, ...], missing: set[str]
) -> None:
    run = runs.Run("handover", siblings=siblings)
    run.do("move_planned", "receiving_notified", planned_for=PLANNED)
    for act in done:
        run.do(act)
    step = run.do("departed", reason=REASON, expected_at=NIGHT + 5 * HOUR)
    assert {block.source for block in step.passed} == missing


def test_siblings_are_decided_upon_too() -> None:
    run = planned()
    assert "siblings_decided" not in run.owed()
    run.learn(siblings=True)
    assert "siblings_decided" in run.owed()


def test_a_child_who_does_not_arrive_is_reported_missing() -> None:
    run = on_the_way()
    assert run.owed()["arrived"] == NIGHT + 5 * HOUR
    run.later(6 * HOUR)
    assert "missing_reported" not in run.owed()
    run.later(2 * HOUR)
    assert run.owed()["missing_reported"] == NIGHT + 8 * HOUR  # an hour after the two hours
    assert run.may("missing_reported")


def test_a_delay_that_is_told_moves_the_clock() -> None:
    run = on_the_way()
    run.later(4 * HOUR).learn(expected_at=NIGHT + 10 * HOUR)
    assert run.owed()["arrived"] == NIGHT + 10 * HOUR
    run.later(7 * HOUR)
    assert not run.done("not_arrived")
    run.later(2 * HOUR)
    assert run.done("not_arrived")


def test_a_child_who_arrives_is_no_longer_awaited_and_lateness_is_kept() -> None:
    run = on_the_way().later(9 * HOUR)
    step = run.do("arrived")
    assert [(end.owed.acts, end.late, end.rule_id) for end in step.closed] == [
        (("missing_reported",), True, "MISS-01")
    ]
    run.later(DAY)
    assert "missing_reported" not in run.owed()


def test_the_receiving_centre_takes_the_case_within_4_hours_of_the_arrival() -> None:
    run = on_the_way()
    run.do("arrived")
    assert run.owed()["case_taken"] == NIGHT + 4 * HOUR
    assert run.owed()["accommodation_conclusion"] == NIGHT + DAY
    unconfirmed = planned()
    unconfirmed.do("departed", reason=REASON, expected_at=NIGHT + HOUR)
    unconfirmed.do("arrived")
    with pytest.raises(Blocked):
        unconfirmed.do("case_taken", reason=REASON)


# -- guardians


def test_the_old_guardian_goes_after_the_new_one_has_come_or_for_a_reason() -> None:
    run = confirmed()
    with pytest.raises(Blocked):
        run.do("guardian_out")
    run.do("guardian_out", reason=REASON)
    run.later(HOUR)
    assert run.done("gap_started")
    assert run.owed()["guardian_in"] == NIGHT + 4 * HOUR
    assert not run.may("cancelled")  # the child must get a guardian
    run.do("guardian_in")
    assert "guardian_in" not in run.owed()


def test_with_the_new_guardian_in_there_is_no_gap() -> None:
    run = confirmed()
    run.do("guardian_in", "guardians_met", "guardian_out")
    run.later(DAY)
    assert not run.done("gap_started")
    assert "guardian_final_report" in run.owed()


def test_the_first_visit_follows_the_appointment() -> None:
    run = on_the_way()
    run.do("arrived")
    assert not run.may("first_visit")
    run.do("guardian_in")
    assert run.may("first_visit")


# -- the end


def test_the_joint_record_needs_guardian_and_case_and_ends_the_access() -> None:
    run = on_the_way()
    run.do("arrived")
    assert not run.may("joint_confirmed")
    run.do("guardian_in")
    assert not run.may("joint_confirmed")
    run.do("case_taken", "joint_confirmed")
    run.later(29 * DAY)
    assert not run.done("access_ended")
    run.later(2 * DAY)
    assert run.done("access_ended")


def test_a_cancelled_move_asks_nothing_more_of_anybody() -> None:
    run = confirmed()
    run.do("cancelled")
    assert run.owed() == {}
    assert "moved_unplanned" not in run.possible()


def test_a_move_is_not_cancelled_after_the_departure() -> None:
    assert not on_the_way().may("cancelled")


# -- another addressee


def test_only_the_clocks_of_the_receiving_centre_begin_again() -> None:
    run = on_the_way()
    run.do("arrived")
    run.later(2 * DAY)
    acts = [key for key, act in run.book.acts.items() if act.by[0] == "receiving"]
    again = run.graph.restart(run.marking, acts, run.at, run.facts)
    assert state.load(run.graph, state.dump(run.graph, again)) == again
    then = {duty.acts: duty for duty in run.graph.owed(run.marking)}
    now = {duty.acts: duty for duty in run.graph.owed(again)}
    assert then.keys() == now.keys()
    changed = {acts[0] for acts, duty in now.items() if duty != then[acts]}
    assert changed == {"guardian_in", "case_taken", "accommodation_conclusion", "joint_confirmed"}
    assert now["case_taken",].due == run.at + 4 * HOUR
