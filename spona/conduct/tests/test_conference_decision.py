"""A decision of a case conference is carried out by its day, or dropped with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings

from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, Pick, walk, walks

DAY_AGREED = date(2026, 12, 4)


def decided() -> runs.Run:
    run = runs.Run("conference-decision")
    run.do("decision_made", due_on=DAY_AGREED)
    return run


def test_a_decision_is_owed_by_the_end_of_the_day_agreed() -> None:
    due = datetime(2026, 12, 4, 23, tzinfo=UTC)
    assert decided().owed() == {"decision_done": due, "decision_dropped": due}


def test_another_day_agreed_moves_it() -> None:
    run = decided()
    run.learn(due_on=date(2026, 12, 11))
    assert run.owed()["decision_done"] == datetime(2026, 12, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("end", ["decision_done", "decision_dropped"])
def test_it_is_done_or_dropped_and_then_it_is_over(end: str) -> None:
    run = decided().later(30 * DAY)
    assert [ended.late for ended in run.do(end).discharged] == [True]
    assert run.owed() == {}
    assert run.possible() == []
    assert run.book.acts[end].records == "decision_closed"


@settings(max_examples=30, deadline=None)
@given(walks)
def test_no_decision_is_forgotten(picks: list[Pick]) -> None:
    run = decided()
    for _ in walk(run, picks):
        over = run.done("decision_done") or run.done("decision_dropped")
        assert over is run.graph.may_end(run.marking)
