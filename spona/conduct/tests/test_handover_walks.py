"""Handovers at random: no child is left between two centres, no clock forgets a child."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.guards import Value
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, REASON, Pick, walk, walks
from spona.conduct.tests.test_handover import PLANNED, on_the_way

beginnings = st.sampled_from(["move_planned", "moved_unplanned"])
facts = st.fixed_dictionaries(
    {
        "siblings": st.sampled_from([True, False, None]),
        "asylum_running": st.sampled_from([True, False, None]),
    }
)


@settings(max_examples=60, deadline=None)
@given(facts, beginnings, walks)
def test_no_child_is_left_between_two_centres(
    known: dict[str, Value], begun: str, picks: list[Pick]
) -> None:
    run = runs.Run("handover", **known)
    run.do(begun, planned_for=PLANNED)
    for act, step in walk(run, picks):
        if act == "guardian_out" and not run.done("guardian_in"):
            assert "LOC-HO-15" in {block.rule_id for block in step.passed}
        if run.graph.may_end(run.marking):
            assert run.done("joint_confirmed") or run.done("cancelled")
        if run.done("cancelled"):
            assert not run.done("departed")
            assert run.done("guardian_in") or not run.done("guardian_out")
    finish(run)


def finish(run: runs.Run) -> None:
    """From wherever it stands, a handover is brought to its end by what is owed."""
    for _ in range(40):
        run.later(HOUR)
        if not run.duties():
            break
        ready = [act for act in run.owed() if run.may(act) and act != "cancelled"]
        run.do(ready[0], reason=REASON, expected_at=run.at + HOUR, competent="receiving")
    assert not run.duties()
    assert run.done("joint_confirmed") or run.done("cancelled")


@settings(max_examples=30, deadline=None)
@given(walks)
def test_whoever_departed_has_arrived_or_is_reported_missing(picks: list[Pick]) -> None:
    run = on_the_way()
    for _ in walk(run, picks):
        pass
    run.later(30 * DAY)
    assert run.done("arrived") or run.done("missing_reported") or "missing_reported" in run.owed()
