"""Guards in three values, and what happens when a fact becomes known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from spona.conduct.book import Condition, Unknown
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts, truth, unknown_facts, waits
from spona.conduct.marking import Marking
from spona.conduct.tests.books import DAY, HOUR, MONDAY, Data, both, graph

UNDER_14 = {"age": {"lt": 14}}
FACTS = {"age": "integer", "hurt": "boolean", "born": "date"}


def with_facts(*rows: Data) -> Graph:
    return graph(*rows, facts=FACTS)


def owed(g: Graph, marking: Marking) -> list[tuple[str, ...]]:
    return [duty.acts for duty in g.owed(marking)]


@pytest.mark.parametrize(
    ("op", "yes", "no"),
    [("eq", 14, 13), ("lt", 13, 14), ("lte", 14, 15), ("gt", 15, 14), ("gte", 14, 13)],
)
def test_a_fact_is_compared(op: str, yes: int, no: int) -> None:
    guard = Condition(op, "age", 14)
    assert [truth(guard, {"age": age}) for age in (yes, no, None)] == [True, False, None]


def test_a_date_is_compared_as_text_or_as_a_date() -> None:
    guard = Condition("lt", "born", "2010-01-01")
    assert truth(guard, {"born": date(2009, 1, 1)}) is True
    assert truth(guard, {"born": "2011-01-01"}) is False


@pytest.mark.parametrize(
    ("op", "known", "expected"),
    [
        ("any", {"age": 20, "hurt": True}, True),
        ("any", {"hurt": True}, True),
        ("any", {"hurt": False}, None),
        ("any", {"age": 20, "hurt": False}, False),
        ("all", {"hurt": False}, False),
        ("all", {"hurt": True}, None),
        ("all", {"age": 3, "hurt": True}, True),
    ],
)
def test_unknown_is_never_silently_false(op: str, known: Facts, expected: bool | None) -> None:
    parts = (Condition("lt", "age", 14), Condition("eq", "hurt", True))
    guard = Condition(op, parts=parts)
    opposite = None if expected is None else not expected
    assert truth(guard, known) is expected
    assert truth(Condition("not", parts=(guard,)), known) is opposite


def test_a_guard_says_itself_whether_it_waits_else_its_facts_do() -> None:
    g = with_facts({"when": "a", "must": "b", "if": UNDER_14})
    assert g.tables.relations[0].waits is False
    age = Condition("lt", "age", 14)
    both_parts = Condition("any", parts=(age, Condition("eq", "x", True, unknown=Unknown.WAITS)))
    assert waits(both_parts, {}) is True
    assert waits(Condition("not", parts=(age,)), {}) is False
    assert unknown_facts(both_parts, {"age": 3}) == {"x"}


def test_a_fact_that_says_so_makes_its_guards_wait() -> None:
    fact = {"type": "integer", "label": both(), "unknown": "waits"}
    g = graph({"when": "a", "must": "b", "if": UNDER_14}, facts={"age": fact})
    assert owed(g, g.execute(g.start(MONDAY), "a", MONDAY).marking) == []


@pytest.mark.parametrize(("facts", "found"), [({"age": 13}, ["b"]), ({"age": 14}, []), ({}, ["b"])])
def test_a_guard_is_read_when_its_act_is_done(facts: Facts, found: list[str]) -> None:
    g = with_facts({"when": "a", "must": "b", "if": UNDER_14})
    marking = g.execute(g.start(MONDAY), "a", MONDAY, facts).marking
    assert owed(g, marking) == [(name,) for name in found]


def test_a_guard_that_waits_counts_from_the_act_once_the_fact_is_known() -> None:
    row = {"when": "a", "must": "b", "within": "PT5H", "if": UNDER_14, "unknown": "waits"}
    g = with_facts(row)
    waiting = g.execute(g.start(MONDAY), "a", MONDAY).marking
    again = g.execute(waiting, "a", MONDAY + HOUR).marking
    assert owed(g, again) == []
    assert [(w.facts, w.rule_id, w.since) for w in g.to_find_out(again, {})] == [
        (frozenset({"age"}), "R-1", MONDAY),
        (frozenset({"age"}), "R-1", MONDAY),
    ]
    step = g.fact_changed(again, {}, {"age": 9}, MONDAY + DAY)
    assert [(duty.acts, duty.due) for duty in step.duties] == [(("b",), MONDAY + 5 * HOUR)]
    assert g.to_find_out(step.marking, {"age": 9}) == ()


def test_a_guard_that_waited_in_vain_lets_go() -> None:
    g = with_facts({"when": "a", "must": "b", "if": UNDER_14, "unknown": "waits"})
    waiting = g.execute(g.start(MONDAY), "a", MONDAY).marking
    still = g.fact_changed(waiting, {}, {"hurt": True}, MONDAY).marking
    known = g.fact_changed(still, {}, {"age": 30}, MONDAY).marking
    assert still.waiting == waiting.waiting
    assert (owed(g, known), known.waiting) == ([], {})


def test_a_fact_that_becomes_true_triggers_once() -> None:
    g = with_facts({"when": {"fact": "hurt", "becomes": True}, "must": "b", "within": "PT1H"})
    begun = g.start(MONDAY)
    first = g.fact_changed(begun, {}, {"hurt": True}, MONDAY + HOUR)
    assert [duty.due for duty in first.duties] == [MONDAY + 2 * HOUR]
    done = g.execute(first.marking, "b", MONDAY + HOUR).marking
    same = g.fact_changed(done, {"hurt": True}, {"hurt": True, "age": 3}, MONDAY + DAY)
    assert same.duties == ()
    assert g.fact_changed(begun, {}, {"hurt": False}, MONDAY).duties == ()


def test_an_act_whose_form_sets_a_fact_triggers_with_it() -> None:
    g = with_facts({"when": {"fact": "age", "becomes": {"gte": 18}}, "must": "b"})
    step = g.execute(g.start(MONDAY), "a", MONDAY, {"age": 18}, before={"age": 17})
    assert [duty.acts for duty in step.duties] == [("b",)]


def test_a_condition_is_read_live() -> None:
    g = with_facts({"may_not": "b", "before": "a", "if": {"hurt": True}})
    marking = g.start(MONDAY)
    assert "b" not in g.enabled(marking, MONDAY, {"hurt": True})
    assert "b" in g.enabled(marking, MONDAY, {"hurt": False})
    assert "b" not in g.enabled(marking, MONDAY)


def test_a_condition_that_waits_does_not_stand_yet() -> None:
    g = with_facts({"may_not": "b", "before": "a", "if": {"hurt": True}, "unknown": "waits"})
    assert "b" in g.enabled(g.start(MONDAY), MONDAY)


def test_a_guarded_closing_applies_only_where_it_holds() -> None:
    g = with_facts({"when": "a", "closes": "b", "if": UNDER_14})
    child = g.execute(g.start(MONDAY), "a", MONDAY, {"age": 9}).marking
    adult = g.execute(g.start(MONDAY), "a", MONDAY, {"age": 30}).marking
    assert ("b" in g.included(child), "b" in g.included(adult)) == (False, True)


def test_a_corrected_fact_takes_nothing_back_but_shows_what_is_unfounded() -> None:
    g = with_facts({"when": "a", "must": "b", "if": UNDER_14}, {"when": "a", "must": "c"})
    marking = g.execute(g.start(MONDAY), "a", MONDAY, {"age": 13}).marking
    after = g.fact_changed(marking, {"age": 13}, {"age": 15}, MONDAY + timedelta(1)).marking
    assert owed(g, after) == [("b",), ("c",)]
    assert [duty.acts for duty in g.unfounded(after, {"age": 15})] == [("b",)]
    assert g.unfounded(after, {}) == ()
