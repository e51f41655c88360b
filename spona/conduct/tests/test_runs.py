"""Runs as folds of their events: properties that hold whatever happens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.book import Kind, Term, Unit
from spona.conduct.fold import Event, fold
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.relations import Relation
from spona.conduct.state import dump, load
from spona.conduct.tests.books import DAY, HOUR, MONDAY, graph

ACTS = tuple("abcdef")
LENGTHS = (None, timedelta(), 5 * HOUR, Term(Unit.WORKING_DAYS, 3), Term(Unit.DAYS, 4))

acts = st.sampled_from(ACTS)
plain = st.builds(
    Relation,
    st.sampled_from([Kind.INCLUDE, Kind.EXCLUDE, Kind.CONDITION, Kind.MILESTONE]),
    acts,
    st.tuples(acts),
)
responses = st.builds(
    Relation,
    st.just(Kind.RESPONSE),
    acts,
    st.lists(acts, min_size=1, max_size=2, unique=True).map(tuple),
    length=st.sampled_from(LENGTHS),
    renews=st.booleans(),
    fresh=st.booleans(),
)
graphs = st.lists(plain | responses, max_size=14).map(lambda r: Graph.from_relations(ACTS, r))
gaps = st.timedeltas(timedelta(), timedelta(days=5))
walks = st.lists(st.tuples(acts, gaps), max_size=12)
unhurried = settings(deadline=None)  # a busy machine is no fault of the law
Walk = Sequence[tuple[str, timedelta]]


def events(g: Graph, walk: Walk) -> list[Event]:
    """Those acts of a walk that may happen, in the order of time."""
    marking, at, chosen = g.start(MONDAY), MONDAY, []
    for name, gap in walk:
        at += gap
        if not g.blocks(marking, name, at):
            chosen.append(Event(name, at))
            marking = g.execute(marking, name, at).marking
    return chosen


@unhurried
@given(graphs, walks)
def test_a_fold_is_its_steps_one_by_one(g: Graph, walk: Walk) -> None:
    chosen, marking = events(g, walk), g.start(MONDAY)
    for event in chosen:
        marking = g.execute(marking, event.act, event.at).marking
    folded = fold(g, chosen, MONDAY)
    assert folded.marking == marking
    assert folded.blocked == ()


@unhurried
@given(graphs, walks)
def test_a_state_comes_back_as_it_was(g: Graph, walk: Walk) -> None:
    marking = fold(g, events(g, walk), MONDAY).marking
    assert load(g, dump(g, marking)) == marking


@unhurried
@given(graphs, walks)
def test_nothing_owed_vanishes_without_a_record(g: Graph, walk: Walk) -> None:
    marking = g.start(MONDAY)
    for step in fold(g, events(g, walk), MONDAY).steps:
        ended = {e.owed.acts for e in (*step.discharged, *step.closed)}
        before = {d.acts for d in g.owed(marking) if not d.hidden}
        after = {d.acts for d in g.owed(step.marking) if not d.hidden}
        # Of a group, the acts that are open are shown: it may shrink and grow and is the same.
        same = {
            acts for acts in before for a in after if set(acts) <= set(a) or set(a) <= set(acts)
        }
        assert before - same <= ended
        marking = step.marking


@unhurried
@given(graphs, walks)
def test_closing_keeps_what_is_owed(g: Graph, walk: Walk) -> None:
    marking = g.start(MONDAY)
    for event, step in zip(chosen := events(g, walk), fold(g, chosen, MONDAY).steps, strict=True):
        cleared = set(g.tables.slots_of[g.tables.index[event.act]])
        assert marking.pending.keys() - step.marking.pending.keys() <= cleared
        marking = step.marking


@unhurried
@given(graphs, walks)
def test_a_deadline_moves_only_earlier_unless_renewed_fresh_or_done(g: Graph, walk: Walk) -> None:
    marking = g.start(MONDAY)
    for step in fold(g, events(g, walk), MONDAY).steps:
        done = {e.owed.acts for e in step.discharged}
        for slot, old in marking.pending.items():
            new = step.marking.pending.get(slot)
            if new is None or g.tables.names[slot] in done or old.due is None:
                continue
            relation = g.tables.relations[new.relation]
            assert relation.renews or relation.fresh or (new.due and new.due <= old.due)
        marking = step.marking


@unhurried
@given(graphs, walks)
def test_the_owed_bits_are_those_of_the_slots(g: Graph, walk: Walk) -> None:
    marking = fold(g, events(g, walk), MONDAY).marking
    owed = {act for slot in marking.pending for act in g.tables.names[slot]}
    assert marking.owed == g.tables.mask(owed)
    assert marking.done == g.tables.mask(g.executed(marking))


@unhurried
@given(graphs, walks, st.sets(acts), st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_new_addressee_owes_the_same_and_its_clocks_begin_again(
    g: Graph, walk: Walk, mine: set[str], gap: timedelta
) -> None:
    marking = fold(g, events(g, walk), MONDAY).marking
    at = marking.last + gap
    again = g.restart(marking, mine, at)
    assert (again.pending.keys(), again.owed) == (marking.pending.keys(), marking.owed)
    assert (again.included, again.executed) == (marking.included, marking.executed)
    for slot, old in marking.pending.items():
        new = again.pending[slot]
        begins = set(g.tables.names[slot]) <= mine and old.due is not None
        assert new.since == at if begins else new == old
        assert new.relation == old.relation
        assert new.due is None or not begins or new.due >= at
    assert load(g, dump(g, again)) == again


def test_revoking_an_event_shows_what_depended_on_it() -> None:
    g = graph({"may_not": "b", "before": "a"}, {"when": "b", "must": "c"})
    told = [Event("a", MONDAY), Event("b", MONDAY + HOUR)]
    assert fold(g, told, MONDAY).blocked == ()
    revoked = fold(g, told[1:], MONDAY)
    assert [(number, blocks[0].source) for number, blocks in revoked.blocked] == [(0, "a")]
    assert [duty.acts for duty in g.owed(revoked.marking)] == [("c",)]


def test_a_reason_passes_a_soft_guard_in_a_fold_too() -> None:
    g = graph({"may_not": "b", "before": "a", "strength": "reason"})
    assert fold(g, [Event("b", MONDAY, reason="night")], MONDAY).blocked == ()
    assert len(fold(g, [Event("b", MONDAY)], MONDAY).blocked) == 1


def test_facts_change_with_acts_and_alone() -> None:
    becomes = {"when": {"fact": "hurt", "becomes": True}, "must": "b", "within": "PT1H"}
    g = graph(becomes, {"when": "a", "must": "c", "if": {"hurt": False}}, facts={"hurt": "boolean"})
    told = [Event("a", MONDAY, {"hurt": False}), Event("", MONDAY + DAY, {"hurt": True})]
    assert len(fold(g, told, MONDAY).marking.pending) == 2


def test_a_state_remembers_what_waits() -> None:
    row = {"when": "a", "must": "b", "within": "PT1H", "if": {"hurt": True}, "unknown": "waits"}
    g = graph(row, facts={"hurt": "boolean"})
    marking = fold(g, [Event("a", MONDAY + HOUR / 7)], MONDAY).marking
    assert marking.waiting
    assert load(g, dump(g, marking)) == marking


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '["x"]', '["2026-11-23T09:00:00+00:00",0,"f","","",[],[]]']
    + [json.dumps(["2026-11-23T09:00:00+00:00", 0, "f", "0", [], owed, []]) for owed in ([99], [0])]
    + [json.dumps(["2026-11-23T09:00:00+00:00", 0, "f", "0", [], [], [7, 7]])],
)
def test_what_is_no_state_is_refused(text: str) -> None:
    g = graph({"when": "a", "must": "b"})
    with pytest.raises(ValueError, match="no marking of this graph"):
        load(g, text)


def test_a_marking_of_another_program_keeps_its_times() -> None:
    g = graph({"may_not": "b", "before": "a", "wait": "PT5H"})
    marking = g.marking(MONDAY, {"a": MONDAY}, "abc", {"c": MONDAY + DAY, "b": None})
    assert isinstance(marking, Marking)
    assert "b" not in g.enabled(marking, MONDAY + HOUR)
    assert "b" in g.enabled(marking, MONDAY + 5 * HOUR)
    assert [(duty.acts, duty.rule_id) for duty in g.owed(marking)] == [(("c",), ""), (("b",), "")]
    assert load(g, dump(g, marking)) == marking
