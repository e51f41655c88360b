"""What can still be done, held against trying everything; no law stands here."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from hypothesis import given, settings

from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.reaching import Reach
from spona.conduct.tests.books import MONDAY, Data, act, clock, graph
from spona.conduct.tests.test_runs import Walk, events, graphs, walks

LONG = timedelta(days=400)


def verdict(g: Graph, marking: Marking) -> list[bool | None]:
    return [Reach(g).can_discharge(marking, slot) for slot in marking.pending]


def after(g: Graph, *acts: str) -> Marking:
    marking = g.start(MONDAY)
    for name in acts:
        marking = g.force(marking, name, MONDAY).marking
    return marking


def by_trying(g: Graph, marking: Marking, slot: int) -> bool:
    """Whether some order of acts, each long after the one before, discharges the slot."""
    goal = set(g.tables.names[slot])
    seen, waiting = set[object](), deque([(marking, MONDAY + LONG)])
    while waiting:
        now, at = waiting.popleft()
        possible = g.enabled(now, at)
        if goal & set(possible):
            return True
        for name in possible:
            then = g.execute(now, name, at).marking
            key = then.included, then.done, frozenset(then.pending)
            if key not in seen:
                seen.add(key)
                waiting.append((then, at + LONG))
    return False


@settings(deadline=None, max_examples=80)
@given(graphs, walks)
def test_the_search_finds_what_trying_everything_finds(g: Graph, walk: Walk) -> None:
    marking = g.start(MONDAY)
    for event in events(g, walk):
        marking = g.force(marking, event.act, event.at).marking
    reach = Reach(g)
    for slot in marking.pending:
        assert reach.can_discharge(marking, slot) is by_trying(g, marking, slot)


def test_two_duties_that_wait_for_each_other_are_stuck() -> None:
    each_first = [{"may_not": "b", "before": "c"}, {"may_not": "c", "before": "b"}]
    g = graph({"when": "a", "must": "b"}, *each_first)
    assert verdict(g, after(g, "a")) == [False]


def test_what_a_reason_lets_through_is_not_stuck() -> None:
    soft = {"may_not": "b", "before": "c", "strength": "reason"}
    g = graph({"when": "a", "must": "b"}, soft, {"may_not": "c", "before": "b"})
    assert verdict(g, after(g, "a")) == [True]


def test_what_a_fact_may_open_is_not_stuck() -> None:
    acts = {"a": act(), "b": act(included=False), "c": act()}
    opening = {"when": "c", "opens": "b", "if": {"urgent": True}}
    owed = {"when": "a", "must": "b", "opens": False}
    g = graph(owed, opening, acts=acts, facts={"urgent": "boolean"})
    # Hidden while it is closed, and yet not lost: c may open it.
    assert verdict(g, after(g, "a")) == [True]
    shut = graph(owed, acts=acts)
    assert verdict(shut, after(shut, "a")) == [False]


def test_what_only_the_clock_opens_waits_for_the_act_that_starts_the_clock() -> None:
    acts = {"a": act(), "b": act(included=False), "c": act()}
    rings = clock(after="c", wait="P1D")
    rows: list[Data] = [{"when": "a", "must": "b", "opens": False}, {"when": "rings", "opens": "b"}]
    closed = [*rows, {"when": "a", "closes": "c", "says": {"sr-latn": "x", "en": "x"}}]
    opened = graph(*rows, acts={**acts, "rings": rings})
    shut = graph(*closed, acts={**acts, "rings": rings})
    assert verdict(opened, after(opened, "a")) == [True]
    assert verdict(shut, after(shut, "a")) == [False]
