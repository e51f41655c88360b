"""A run from its events: the marking is nothing but their fold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from spona.conduct.graph import NOTHING_KNOWN, Graph
from spona.conduct.guarding import may_pass
from spona.conduct.guards import Facts
from spona.conduct.marking import Block, Marking
from spona.conduct.stepping import Step, Work, utc


class Event(NamedTuple):
    """An act that happened at `at`; `facts` are all that are known after it, None: as before.

    An empty `act` is a change of facts alone, or, where acts were `handed`, that the party which
    owes them became another institution: their clocks begin anew.
    """

    act: str
    at: datetime
    facts: Facts | None = None
    reason: str = ""
    handed: tuple[str, ...] = ()


class Folded(NamedTuple):
    """The marking after all events, the step of each, and the events that stood under a block.

    `blocked` holds (number of the event, why): it happened all the same, and somebody looks at it.
    Handing over is no step.
    """

    marking: Marking
    steps: tuple[Step, ...]
    blocked: tuple[tuple[int, tuple[Block, ...]], ...]


def fold(graph: Graph, events: Iterable[Event], started: datetime) -> Folded:
    """Every event in its order, the order in which they occurred, from a run that began `started`.

    Revoking an event is a fold without it.
    """
    marking, known = graph.start(started), NOTHING_KNOWN
    steps: list[Step] = []
    blocked: list[tuple[int, tuple[Block, ...]]] = []
    for number, event in enumerate(events):
        blocks = graph.blocks(marking, event.act, event.at, known) if event.act else ()
        if blocks and not (event.reason and may_pass(blocks)):
            blocked.append((number, blocks))
        step, marking, known = _after(graph, marking, known, event, blocks)
        if step:
            steps.append(step)
    return Folded(marking, tuple(steps), tuple(blocked))


def marking_after(graph: Graph, events: Iterable[Event], started: datetime) -> Marking:
    """The marking alone, without asking what stood in the way: a third of the work of `fold`."""
    begun = graph.start(started)
    work, tables = Work(graph.tables, begun, begun.last, NOTHING_KNOWN), graph.tables
    for event in events:
        known = work.facts
        work.go_on(utc(event.at), known if event.facts is None else event.facts)
        if event.handed:
            work.restart(tables.mask(event.handed))
            continue
        if event.act:
            work.execute(tables.index[event.act])
        if work.facts != known:
            work.learn(known)
    return work.marking()


def _after(
    graph: Graph, marking: Marking, known: Facts, event: Event, passed: tuple[Block, ...]
) -> tuple[Step | None, Marking, Facts]:
    facts = known if event.facts is None else event.facts
    if event.handed:
        return None, graph.restart(marking, event.handed, event.at, facts), facts
    if event.act:
        step = graph.force(marking, event.act, event.at, facts, known, passed)
    else:
        step = graph.fact_changed(marking, known, facts, event.at)
    return step, step.marking, facts
