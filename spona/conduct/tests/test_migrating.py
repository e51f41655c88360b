"""A run that goes on under a new version: what happened stays, and nothing changes in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.fold import Event, fold, marking_after
from spona.conduct.graph import Graph
from spona.conduct.guards import Value
from spona.conduct.marking import Marking
from spona.conduct.migrating import Course, Kind, Plan, Side, plan
from spona.conduct.stepping import Step
from spona.conduct.tests.books import HOUR, MONDAY, Data, act, book, clock, rule
from spona.conduct.tests.edits import EDITS, Edit
from spona.conduct.tests.runs import NIGHT, Pick, Run, book_of, walk, walks

BOOKS = ("unaccompanied-child", "referral", "handover", "conference-decision")
SIDES = {name: Side.of(book_of(name)) for name in BOOKS}


class Recorded(Run):
    """A run that keeps its events."""

    def __init__(self, name: str) -> None:
        self.events: list[Event] = []
        super().__init__(name)

    def learn(self, **facts: Value) -> None:
        super().learn(**facts)
        self.events.append(Event("", self.at, dict(self.facts)))

    def later(self, gap: timedelta) -> Run:
        self.at += gap
        caught = self.graph.catch_up(self.marking, self.facts, self.at)
        self.events += [Event(act, at, dict(self.facts)) for at, act, _ in caught.fired]
        self.marking = caught.marking
        return self

    def do(self, *acts: str, reason: str = "", **facts: Value) -> Step:
        step = super().do(*acts, reason=reason, **facts)
        self.events += [Event(act, self.at, dict(self.facts), reason) for act in acts]
        return step

    def course(self) -> Course:
        acts = {event.act for event in self.events if event.act}
        return Course(NIGHT, self.events, acts, self.facts, ())


def walked(name: str, picks: Sequence[Pick]) -> Recorded:
    run = Recorded(name)
    for _ in walk(run, picks):
        pass
    return run


def due(graph: Graph, marking: Marking) -> dict[tuple[str, ...], datetime | None]:
    """What is owed and open, by every act that would discharge it."""
    shown = [duty for duty in graph.owed(marking) if not duty.hidden]
    return {
        duty.row.targets if duty.row and len(duty.row.targets) > 1 else duty.acts: duty.due
        for duty in shown
    }


def stuck(side: Side, marking: Marking) -> set[tuple[str, ...]]:
    masks, names = side.graph.tables.masks, side.graph.tables.names
    return {
        names[slot]
        for slot in marking.pending
        if masks[slot] & marking.included and side.reach.can_discharge(marking, slot) is not True
    }


@pytest.mark.parametrize("name", BOOKS)
@settings(deadline=None, max_examples=60)
@given(picks=walks, edit=st.sampled_from(EDITS), seed=st.integers(0, 10_000))
def test_what_is_called_safe_loses_nothing_and_moves_nothing(
    name: str, picks: Sequence[Pick], edit: Edit, seed: int
) -> None:
    run, old = walked(name, picks), SIDES[name]
    new = Side.of(edit(old.book, Random(seed)))
    found = plan(old, new, run.marking, run.course(), run.at)
    if found.possible:
        assert new.graph.executed(found.marking) == old.graph.executed(run.marking)
    else:
        assert found.marking == run.marking
    if found.safe:
        before, after = due(old.graph, run.marking), due(new.graph, found.marking)
        assert before.items() <= after.items()
        assert not [when for key, when in after.items() - before.items() if when and when < run.at]
        assert stuck(new, found.marking) <= stuck(old, run.marking)
    else:
        assert {change.kind for change in found.changes} - {Kind.BEGUN}


@pytest.mark.parametrize("name", BOOKS)
@settings(deadline=None, max_examples=20)
@given(picks=walks)
def test_the_same_book_changes_nothing(name: str, picks: Sequence[Pick]) -> None:
    run, side = walked(name, picks), SIDES[name]
    assert plan(side, side, run.marking, run.course(), run.at) == Plan(run.marking, ())
    assert fold(side.graph, run.events, NIGHT).marking == run.marking


@pytest.mark.parametrize("name", BOOKS)
@settings(deadline=None, max_examples=20)
@given(picks=walks, edit=st.sampled_from(EDITS), seed=st.integers(0, 10_000))
def test_a_migration_can_be_taken_back(
    name: str, picks: Sequence[Pick], edit: Edit, seed: int
) -> None:
    run, old = walked(name, picks), SIDES[name]
    new = Side.of(edit(old.book, Random(seed)))
    there = plan(old, new, run.marking, run.course(), run.at)
    if there.possible:
        course = run.course()._replace(
            facts={key: value for key, value in run.facts.items() if key in new.book.facts}
        )
        assert plan(new, old, there.marking, course, run.at).marking == run.marking


# --- one by one

OWED = {"when": "a", "must": "b", "within": "PT24H"}


def told(
    before: list[Data],
    after: list[Data],
    *acts: str,
    at: datetime = MONDAY + HOUR,
    **more: Any,
) -> list[tuple[Kind, tuple[str, ...]]]:
    """The changes for a run in which these acts happened."""
    old, new = (Side.of(book(*([rule(*rows)] if rows else []), **more)) for rows in (before, after))
    events = [Event(act, MONDAY) for act in acts]
    marking = marking_after(old.graph, events, MONDAY)
    found = plan(old, new, marking, Course(MONDAY, events, acts, {}, ()), at)
    return [(change.kind, change.names) for change in found.changes]


def test_a_duty_that_the_new_book_does_not_know_would_end() -> None:
    assert told([OWED], [], "a") == [(Kind.ENDED, ("b",))]


def test_a_shorter_term_moves_what_is_owed() -> None:
    assert told([OWED], [{**OWED, "within": "PT12H"}], "a") == [(Kind.MOVED, ("b",))]


def test_a_new_duty_begins_or_is_late_at_once() -> None:
    assert told([], [OWED], "a") == [(Kind.BEGUN, ("b",))]
    assert told([], [OWED], "a", at=MONDAY + 25 * HOUR) == [(Kind.LATE, ("b",))]


def test_a_guard_that_nothing_could_satisfy_is_told() -> None:
    closed = {"b": act(), "a": act(), "c": act(included=False)}
    shut = [OWED, {"may_not": "b", "before": "d"}, {"may_not": "d", "before": "b"}]
    assert told([OWED], shut, "a") == [(Kind.STALLED, ("b",))]
    assert told([OWED], [OWED, {"may_not": "b", "before": "c"}], "a", acts=closed) == []


def test_the_clock_would_ring_for_what_is_long_past() -> None:
    acts = {"a": act(), "b": act(), "rings": clock(after="a", wait="P1D")}
    asked = [{"when": "rings", "must": "b"}]
    quiet = [*asked, {"may_not": "rings", "before": "b"}]
    late = MONDAY + 30 * HOUR
    assert told(quiet, asked, "a", at=late, acts=acts) == [(Kind.FIRES, ("rings",))]


def test_a_rule_that_waits_for_a_fact_is_not_forgotten() -> None:
    waits = {**OWED, "if": {"urgent": True, "unknown": "waits"}}
    facts = {"urgent": "boolean"}
    assert told([waits], [], "a", facts=facts) == [(Kind.FORGOTTEN, ("urgent",))]


def test_what_the_new_book_does_not_know_cannot_be_taken_along() -> None:
    old = Side.of(book(rule(OWED), facts={"urgent": "boolean"}))
    new = Side.of(book(acts="c", facts={"urgent": "date"}))
    events = [Event("a", MONDAY, {"urgent": True})]
    marking = marking_after(old.graph, events, MONDAY)
    course = Course(MONDAY, events, ["a"], {"urgent": True}, ["police"])
    found = plan(old, new, marking, course, MONDAY)
    kinds = [change.kind for change in found.changes]
    assert kinds == [Kind.LOST_ACT, Kind.LOST_FACT, Kind.LOST_PARTY]
    assert not found.possible
    assert found.marking == marking
