"""A duty that goes on in another file keeps its moment, and is done or dropped with a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, Pick, walk, walks

DUE = datetime(2026, 12, 4, 10, 30, tzinfo=UTC)


def carried() -> runs.Run:
    run = runs.Run("carried-duty")
    run.do("duty_carried", due_at=DUE)
    return run


def test_it_is_owed_at_the_moment_that_it_had() -> None:
    assert carried().owed() == {"duty_done": DUE, "duty_dropped": DUE}


def test_without_a_moment_it_is_owed_all_the_same() -> None:
    run = runs.Run("carried-duty")
    run.do("duty_carried")
    assert run.owed() == {"duty_done": None, "duty_dropped": None}


@pytest.mark.parametrize("end", ["duty_done", "duty_dropped"])
def test_it_is_done_or_dropped_and_then_it_is_over(end: str) -> None:
    run = carried().later(30 * DAY)
    assert [ended.late for ended in run.do(end).discharged] == [True]
    assert run.owed() == {}
    assert run.possible() == []


@settings(max_examples=30, deadline=None)
@given(walks)
def test_no_duty_that_goes_on_is_forgotten(picks: list[Pick]) -> None:
    run = carried()
    for _ in walk(run, picks):
        over = run.done("duty_done") or run.done("duty_dropped")
        assert over is run.graph.may_end(run.marking)
