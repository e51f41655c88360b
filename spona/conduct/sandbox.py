"""A rule book tried by hand: acts are done, facts become known, the clock is moved; nobody is
concerned. A trial is the list of its steps and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from spona.conduct.book import Book, Fact
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts, Value
from spona.conduct.marking import Block, Blocked, Marking, Owed


class Step(NamedTuple):
    """`act` with its key and a reason, `fact` with its key and value, `wait` with minutes in
    `value`, or `next`: the clock moves to the next deadline."""

    kind: str
    key: str = ""
    value: str = ""


class Happened(NamedTuple):
    """One line of what happened; `refused` holds what stood in the way of an act."""

    at: datetime
    kind: str  # act | clock | fact | wait
    key: str
    value: str = ""
    refused: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a trial stands at `now`."""

    graph: Graph
    marking: Marking
    facts: Facts
    now: datetime
    happened: tuple[Happened, ...]

    @property
    def owed(self) -> tuple[Owed, ...]:
        """What is owed and open, by deadline."""
        return tuple(duty for duty in self.graph.owed(self.marking) if not duty.hidden)

    @property
    def possible(self) -> tuple[str, ...]:
        """Acts that may be done now, some only with a reason."""
        return self.graph.enabled(self.marking, self.now, self.facts)

    def blocks(self, act: str) -> tuple[Block, ...]:
        return self.graph.blocks(self.marking, act, self.now, self.facts)

    @property
    def next_deadline(self) -> datetime | None:
        later = [duty.due for duty in self.owed if duty.due and duty.due > self.now]
        return min(later, default=None)


def trial(book: Book, steps: Iterable[Step], begun: datetime) -> Trial:
    """Every step in its order; what the book no longer knows is passed over, and an act that is
    blocked is told with what stands in its way and does not happen."""
    graph = Graph.of(book)
    tried = _caught_up(Trial(graph, graph.start(begun), {}, begun, ()))
    for step in steps:
        tried = _caught_up(_taken(book, tried, step))
    return tried


def _taken(book: Book, tried: Trial, step: Step) -> Trial:
    if step.kind == "act" and step.key in book.acts:
        return _act(tried, step)
    if step.kind == "fact" and step.key in book.facts:
        return _fact(tried, book.facts[step.key], step)
    if step.kind == "wait" and step.value.isdigit():
        return _waited(tried, tried.now + timedelta(minutes=int(step.value)))
    if step.kind == "next" and tried.next_deadline:
        return _waited(tried, tried.next_deadline + MOMENT)
    return tried


MOMENT = timedelta(minutes=1)  # at the deadline one is still in time


def _act(tried: Trial, step: Step) -> Trial:
    try:
        done = tried.graph.execute(tried.marking, step.key, tried.now, tried.facts, step.value)
    except Blocked as blocked:
        line = Happened(tried.now, "act", step.key, step.value, blocked.blocks)
        return Trial(tried.graph, tried.marking, tried.facts, tried.now, (*tried.happened, line))
    return _told(tried, done.marking, Happened(tried.now, "act", step.key, step.value))


def _fact(tried: Trial, fact: Fact, step: Step) -> Trial:
    value = typed(fact, step.value)
    after = {**tried.facts, fact.key: value}
    done = tried.graph.fact_changed(tried.marking, tried.facts, after, tried.now)
    line = Happened(tried.now, "fact", fact.key, step.value)
    return Trial(tried.graph, done.marking, after, tried.now, (*tried.happened, line))


def typed(fact: Fact, text: str) -> Value:
    """What was typed in the type of the fact; unknown where it is none."""
    try:
        return READERS[fact.type](text) if text else None
    except ValueError:
        return None


READERS: Mapping[str, Callable[[str], Value]] = {
    "boolean": lambda text: {"true": True, "false": False}.get(text),
    "integer": int,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(text).astimezone(),
    "code": str,
}


def _waited(tried: Trial, until: datetime) -> Trial:
    line = Happened(until, "wait", "")
    return Trial(tried.graph, tried.marking, tried.facts, until, (*tried.happened, line))


def _told(tried: Trial, marking: Marking, line: Happened) -> Trial:
    return Trial(tried.graph, marking, tried.facts, tried.now, (*tried.happened, line))


def _caught_up(tried: Trial) -> Trial:
    """With what the clock did by now."""
    caught = tried.graph.catch_up(tried.marking, tried.facts, tried.now)
    lines = (Happened(moment, "clock", act) for moment, act, _step in caught.fired)
    told = (*tried.happened, *lines)
    return Trial(tried.graph, caught.marking, tried.facts, tried.now, told)
