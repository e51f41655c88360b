"""What would change if a run went on under another version of its rule book.

The events are folded anew under the new book. What happened has happened; what differs is what is
owed, by when, and what can still be done. Nothing is decided here: `Plan` says what is safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from spona.conduct.book import Book
from spona.conduct.fold import Event, marking_after
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking, Owed
from spona.conduct.reaching import Reach


class Kind(StrEnum):
    """How a run would differ. The first three make it impossible, only `BEGUN` changes nothing
    that anybody relies on."""

    LOST_ACT = "lost_act"  # it happened, and the new book does not know it
    LOST_FACT = "lost_fact"  # it is known, and the new book has no such fact, or another type
    LOST_PARTY = "lost_party"  # somebody stands for it, and the new book does not know it
    ENDED = "ended"  # owed under the old book, not under the new one
    FORGOTTEN = "forgotten"  # a rule waits for facts, and would wait no longer
    MOVED = "moved"  # owed under both, by another moment
    LATE = "late"  # newly owed, and past its moment already
    STALLED = "stalled"  # owed, and nothing could ever discharge it
    FIRES = "fires"  # the clock would act at once
    BEGUN = "begun"  # newly owed, in time


IMPOSSIBLE = frozenset({Kind.LOST_ACT, Kind.LOST_FACT, Kind.LOST_PARTY})


class Change(NamedTuple):
    """One difference: the acts (or the fact, the party), the rule of the new book, for what ends
    that of the old one, and the moments under the old and the new book."""

    kind: Kind
    names: tuple[str, ...]
    rule_id: str = ""
    before: datetime | None = None
    after: datetime | None = None


class Plan(NamedTuple):
    """The marking under the new book (the old one where going on is impossible)."""

    marking: Marking
    changes: tuple[Change, ...]

    @property
    def possible(self) -> bool:
        return not any(change.kind in IMPOSSIBLE for change in self.changes)

    @property
    def safe(self) -> bool:
        """Nothing that happened or is owed is lost, no deadline moves, nothing is late at once."""
        return all(change.kind is Kind.BEGUN for change in self.changes)


class Side(NamedTuple):
    """A version of the book with what is made of it once for all runs; `Side.of(book)`."""

    book: Book
    graph: Graph
    reach: Reach

    @classmethod
    def of(cls, book: Book, graph: Graph | None = None) -> Side:
        graph = graph or Graph.of(book)
        return cls(book, graph, Reach(graph))


class Course(NamedTuple):
    """A run as it went: its standing events with facts in the types of the *new* book, the acts
    that were ever recorded (taken back or not), the facts that are known under the old book, and
    the parties for whom somebody stands."""

    started: datetime
    events: Sequence[Event]
    acts: Collection[str]
    facts: Facts
    parties: Collection[str]


def plan(old: Side, new: Side, marking: Marking, course: Course, at: datetime) -> Plan:
    """How the run that stands at `marking` under `old` would stand under `new` at `at`."""
    lost = tuple(_lost(old.book, new.book, course))
    if lost:
        return Plan(marking, lost)
    after = marking_after(new.graph, course.events, course.started)
    known = {key: value for key, value in course.facts.items() if key in new.book.facts}
    changes = [
        *_owed(old.graph, new.graph, marking, after, at),
        *_waiting(old.graph, new.graph, marking, after, course.facts),
        *_stalled(old, new, marking, after),
        *_fires(old.graph, new.graph, marking, after, known, at),
    ]
    return Plan(after, tuple(changes))


def _lost(old: Book, new: Book, course: Course) -> Iterator[Change]:
    for act in sorted(set(course.acts) - set(new.acts)):
        yield Change(Kind.LOST_ACT, (act,))
    for key in sorted(key for key, value in course.facts.items() if value is not None):
        told = new.facts.get(key)
        if told is None or told.type != old.facts[key].type:
            yield Change(Kind.LOST_FACT, (key,))
    for party in sorted(set(course.parties) - set(new.parties)):
        yield Change(Kind.LOST_PARTY, (party,))


# --- duties

Key = tuple[str, ...]


def _key(duty: Owed) -> Key:
    """A duty is the same while it is of the same acts, whichever of them are open."""
    return duty.row.targets if duty.row and len(duty.row.targets) > 1 else duty.acts


def _duties(graph: Graph, marking: Marking) -> Mapping[Key, Owed]:
    return {_key(duty): duty for duty in graph.owed(marking)}


def _owed(
    old: Graph, new: Graph, before: Marking, after: Marking, at: datetime
) -> Iterator[Change]:
    was, now = _duties(old, before), _duties(new, after)
    for key, duty in was.items():
        stays = now.get(key)
        if stays is None or (stays.hidden and not duty.hidden):
            yield Change(Kind.ENDED, key, duty.rule_id, duty.due)
        elif stays.due != duty.due:
            yield Change(Kind.MOVED, key, stays.rule_id, duty.due, stays.due)
    for key, duty in now.items():
        if duty.hidden or (key in was and not was[key].hidden):
            continue
        kind = Kind.LATE if duty.late(at) else Kind.BEGUN
        yield Change(kind, key, duty.rule_id, after=duty.due)


def _waiting(
    old: Graph, new: Graph, before: Marking, after: Marking, known: Facts
) -> Iterator[Change]:
    """A rule that was waiting for a fact, and in the new book neither waits nor made a duty."""
    still = {waiting.rule_id for waiting in new.to_find_out(after, known)}
    still |= {duty.rule_id for duty in new.owed(after)}
    asked = {waiting.rule_id: waiting.facts for waiting in old.to_find_out(before, known)}
    for rule_id, facts in asked.items():
        if rule_id not in still:
            yield Change(Kind.FORGOTTEN, tuple(sorted(facts)), rule_id)


def _stalled(old: Side, new: Side, before: Marking, after: Marking) -> Iterator[Change]:
    """What nothing could discharge, unless it could not be discharged before either."""
    stuck = new.reach.stuck(after)
    known = {old.graph.tables.names[slot] for slot in old.reach.stuck(before)} if stuck else ()
    for slot in stuck:
        key = new.graph.tables.names[slot]
        if key not in known:
            pending = after.pending[slot]
            rule_id = new.graph.tables.relations[pending.relation].rule_id
            yield Change(Kind.STALLED, key, rule_id, after=pending.due)


def _fires(
    old: Graph, new: Graph, before: Marking, after: Marking, known: Facts, at: datetime
) -> Iterator[Change]:
    """Clock acts that would happen at once, and would not under the old book."""
    would = {act for _, act in old.clock_due(before, known, at)}
    for moment, act in new.clock_due(after, known, at):
        if act not in would:
            yield Change(Kind.FIRES, (act,), after=moment)
