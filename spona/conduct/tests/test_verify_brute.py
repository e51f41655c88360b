"""Small random books: verification says what an explorer of all states says, and no more."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.book import Kind
from spona.conduct.dcrxml import Plain
from spona.conduct.graph import Graph
from spona.conduct.relations import Relation
from spona.conduct.tests.books import MONDAY, act, book, both, rule
from spona.conduct.tests.brute import Brute
from spona.conduct.verify import Code, Report, Severity, verify, verify_graph

ACTS = "abcd"
KINDS = (Kind.RESPONSE, Kind.CONDITION, Kind.MILESTONE, Kind.INCLUDE, Kind.EXCLUDE)
acts = st.sampled_from(ACTS)
groups = st.lists(acts, min_size=1, max_size=2, unique=True).map(lambda g: tuple(sorted(g)))


def relation(kind: Kind, source: str, targets: tuple[str, ...]) -> Relation:
    return Relation(kind, source, targets if kind is Kind.RESPONSE else targets[:1])


plain = st.builds(
    Plain,
    st.just({name: name for name in ACTS}),
    st.lists(st.builds(relation, st.sampled_from(KINDS), acts, groups), max_size=9).map(tuple),
    st.just(frozenset[str]()),
    st.frozensets(acts, min_size=1),
    st.frozensets(acts, max_size=1),
)


def slot_of(graph: Graph, names: tuple[str, ...]) -> int:
    return graph.tables.masks.index(graph.tables.mask(name for name in names if name))


def named(report: Report, code: Code) -> list[tuple[str, ...]]:
    return [finding.acts for finding in report.findings if finding.code is code]


@settings(max_examples=300, deadline=None)
@given(plain)
def test_a_graph_without_guards_is_judged_as_by_all_its_states(made: Plain) -> None:
    graph = made.graph()
    brute, report = Brute(graph, made.begin(graph, MONDAY)), verify_graph(made)
    assert report.exhaustive
    assert {one[0] for one in named(report, Code.NEVER_HAPPENS)} == brute.never()
    dead = named(report, Code.DEAD_DUTY)
    assert {slot_of(graph, one) for one in dead} == brute.dead()
    assert bool(named(report, Code.NO_WAY_TO_END)) == brute.endless()
    closed = named(report, Code.OWED_WHILE_CLOSED)
    assert {(slot_of(graph, one[:-1]), one[-1]) for one in closed} == brute.hiding()
    silent = {(one[0], one[1]) for one in named(report, Code.SILENT_WAY)}
    assert silent == {pair for pair in brute.silent() if pair[0] != pair[1]}


@settings(max_examples=150, deadline=None)
@given(plain)
def test_every_trace_is_a_run_of_the_engine(made: Plain) -> None:
    for finding in verify_graph(made).findings:
        graph = made.graph()
        marking = made.begin(graph, MONDAY)
        for move in finding.trace:
            marking = graph.execute(marking, move.act, move.at, {}).marking
        if finding.code is Code.DEAD_DUTY:
            # Of a group, the duty shows the acts that are open.
            assert any(set(duty.acts) <= set(finding.acts) for duty in graph.owed(marking))
        if finding.code is Code.NO_WAY_TO_END:
            assert not graph.may_end(marking)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_what_is_unrelated_changes_no_finding(made: Plain) -> None:
    more = (Relation(Kind.RESPONSE, "y", ("z",)), Relation(Kind.CONDITION, "z", ("y",)))
    wider = made._replace(
        acts={"y": "y", **made.acts, "z": "z"},
        relations=(*more, *made.relations),
        included=made.included | {"y", "z"},
    )
    assert found(verify_graph(wider)) == found(verify_graph(made))


def found(report: Report) -> set[tuple[Any, ...]]:
    return {
        (f.code, f.severity, f.acts, tuple(move.act for move in f.trace)) for f in report.findings
    }


# --- with guards


def guarded(kind: int, source: str, target: str, fact: str | None, waits: bool) -> dict[str, Any]:
    forms: tuple[dict[str, Any], ...] = (
        {"when": source, "must": target},
        {"when": source, "must": target, "opens": False},
        {"may_not": target, "before": source},
        {"while_owed": source, "may_not": target},
        {"when": source, "opens": target},
        {"when": source, "closes": target},
        {"when": {"fact": "f", "becomes": True}, "must": target},
    )
    made = forms[kind % len(forms)]
    if fact is None:
        return made
    guard = {"if": {fact: True, "phrase": both()}}
    return {**made, **guard, "unknown": "waits" if waits else "applies"}


rows = st.lists(
    st.builds(
        guarded,
        st.integers(0, 6),
        st.sampled_from("abc"),
        st.sampled_from("abc"),
        st.sampled_from([None, "f", "g"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(rows, st.frozensets(st.sampled_from("abc"), min_size=1))
def test_with_guards_nothing_is_said_that_is_not_so(
    made: list[dict[str, Any]], included: frozenset[str]
) -> None:
    named_acts = {name: act(included=name in included) for name in "abc"}
    facts = {"f": "boolean", "g": "boolean"}
    of = book(rule(*made), acts=named_acts, facts=facts)
    graph, report = Graph.of(of), verify(of)
    brute = Brute(graph, graph.start(MONDAY), ("f", "g"))
    faults = [one for one in report.findings if one.severity is Severity.FAULT]
    never = {one.acts[0] for one in faults if one.code is Code.NEVER_HAPPENS}
    assert never <= brute.never()
    assert {slot_of(graph, one) for one in named(report, Code.DEAD_DUTY)} <= brute.dead()
    assert brute.endless() or not named(report, Code.NO_WAY_TO_END)
    closed = {(slot_of(graph, o[:-1]), o[-1]) for o in named(report, Code.OWED_WHILE_CLOSED)}
    assert closed <= brute.hiding()
    silent = {(one[0], one[1]) for one in named(report, Code.SILENT_WAY)}
    assert silent <= brute.silent()
