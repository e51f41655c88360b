"""The machine sees in plain graphs what the engine sees, many times faster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.book import Condition, Kind, Strength, Term, Unit
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.relations import Relation
from spona.conduct.replay import machine as machines
from spona.conduct.replay.machine import Machine, NotPlain, TooManyStates, Verdict
from spona.conduct.tests.books import DAY, HOUR, MONDAY

ACTS = ("a", "b", "c", "d", "e")
LENGTHS = (None, timedelta(0), timedelta(hours=30), Term(Unit.WORKING_DAYS, 2), Term(Unit.DAYS, 3))
GAPS = (timedelta(), HOUR, DAY, 4 * DAY)
MICROSECOND = timedelta(microseconds=1)

relations = st.builds(
    lambda kind, source, target, other, length, renews: Relation(
        kind,
        source,
        (target, other) if kind is Kind.RESPONSE and other != target else (target,),
        length=length
        if kind is Kind.RESPONSE
        else _hours(length)
        if kind is Kind.CONDITION
        else None,
        renews=renews and kind is Kind.RESPONSE,
        rule_id="R-1",
    ),
    st.sampled_from([Kind.RESPONSE, Kind.CONDITION, Kind.MILESTONE, Kind.INCLUDE, Kind.EXCLUDE]),
    st.sampled_from(ACTS),
    st.sampled_from(ACTS),
    st.sampled_from(ACTS),
    st.sampled_from(LENGTHS),
    st.booleans(),
)
walks = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(GAPS)), max_size=14)


def _hours(length: object) -> timedelta | None:
    return length if isinstance(length, timedelta) else None


def moments(walk: Sequence[tuple[str, timedelta]]) -> list[tuple[str, datetime]]:
    at, found = MONDAY, []
    for act, gap in walk:
        at += gap
        found.append((act, at))
    return found


def by_engine(graph: Graph, begin: Marking, events: Sequence[tuple[str, datetime]]) -> Verdict:
    marking, blocked, kept, late, lost = begin, 0, 0, 0, timedelta()
    for act, at in events:
        blocked += len(graph.blocks(marking, act, at))
        step = graph.force(marking, act, at)
        for end in step.discharged:
            kept += not end.late
            late += end.late
            lost += at - end.owed.due if end.late and end.owed.due else timedelta()
        marking = step.marking
    owed = sum(not duty.hidden for duty in graph.owed(marking))
    return Verdict(blocked, kept, late, owed, lost // MICROSECOND)


@settings(max_examples=300, deadline=None)
@given(st.lists(relations, max_size=12), st.lists(walks, min_size=1, max_size=3))
def test_the_machine_agrees_with_the_engine(
    made: list[Relation], traces: list[list[tuple[str, timedelta]]]
) -> None:
    graph = Graph.from_relations(ACTS, made)
    pending = {"b": MONDAY + DAY, "c": None}
    begin = graph.marking(MONDAY, {"a": MONDAY}, ACTS[:4], pending)
    machine = Machine(graph, begin)
    for walk in traces:
        events = moments(walk)
        assert machine.run(machine.coded(events)) == by_engine(graph, begin, events)


@pytest.mark.parametrize(
    ("relation", "what"),
    [
        (Relation(Kind.RESPONSE, "a", ("b",), guard=Condition("eq", "x", 1)), "a guard"),
        (Relation(Kind.EXTENDS, "a", ("b",)), "an extension"),
        (Relation(Kind.RESPONSE, "a", ("b",), until="day"), "a fact names"),
        (Relation(Kind.RESPONSE, "a", ("b",), anchored=True), "periods"),
        (Relation(Kind.RESPONSE, "a", ("b",), fresh=True), "afresh"),
        (Relation(Kind.CONDITION, "a", ("b",), strength=Strength.REASON), "a reason passes"),
        (Relation(Kind.CONDITION, "a", ("b",), length=Term(Unit.DAYS, 1)), "no number of hours"),
    ],
)
def test_what_is_more_than_plain_is_refused_by_name(relation: Relation, what: str) -> None:
    graph = Graph.from_relations(ACTS, [relation])
    with pytest.raises(NotPlain, match=what):
        Machine(graph, graph.start(MONDAY))


def test_states_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "MOST_STATES", 2)
    graph = Graph.from_relations(ACTS, [])
    machine = Machine(graph, graph.start(MONDAY))
    machine.run(machine.coded([("a", MONDAY)]))
    with pytest.raises(TooManyStates, match="more than 2 states"):
        machine.run(machine.coded([("b", MONDAY)]))
