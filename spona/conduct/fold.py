"""A run from its events: the marking is nothing but their fold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from spona.conduct.graph import NOTHING_KNOWN, Graph
from spona.conduct.guarding import may_pass
from spona.conduct.guards import Facts
from spona.conduct.marking import Block, Marking
from spona.conduct.stepping import Step


class Event(NamedTuple):
    """An act that happened at `at`; `facts` are all that are known after it, None: as before.

    An empty `act` is a change of facts alone.
    """

    act: str
    at: datetime
    facts: Facts | None = None
    reason: str = ""


class Folded(NamedTuple):
    """The marking after all events, the step of each, and the events that stood under a block.

    `blocked` holds (number of the event, why): it happened all the same, and somebody looks at it.
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
        facts = known if event.facts is None else event.facts
        if event.act:
            blocks = graph.blocks(marking, event.act, event.at, known)
            if blocks and not (event.reason and may_pass(blocks)):
                blocked.append((number, blocks))
            step = graph.force(marking, event.act, event.at, facts, known, blocks)
        else:
            step = graph.fact_changed(marking, known, facts, event.at)
        steps.append(step)
        marking, known = step.marking, facts
    return Folded(marking, tuple(steps), tuple(blocked))
