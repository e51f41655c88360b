"""A marking as compact JSON and back; moments are seconds since the start of the run."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from spona.conduct.graph import Graph
from spona.conduct.marking import Marking, Pending


def dump(marking: Marking) -> str:
    """The marking as JSON; it can be read only with the graph that made it."""

    def seconds(moment: datetime) -> int | float:
        length = moment - marking.started
        return length.total_seconds() if length.microseconds else length // timedelta(seconds=1)

    return json.dumps(
        [
            marking.started.isoformat(),
            seconds(marking.last),
            f"{marking.included:x}",
            [part for n, at in sorted(marking.executed.items()) for part in (n, seconds(at))],
            [
                [slot, seconds(p.since), p.relation, *([] if p.due is None else [seconds(p.due)])]
                for slot, p in sorted(marking.pending.items())
            ],
            [part for n, at in sorted(marking.waiting.items()) for part in (n, seconds(at))],
        ],
        separators=(",", ":"),
    )


def load(graph: Graph, text: str) -> Marking:
    """The marking that `dump` wrote; raises `ValueError` where it is none of this graph."""
    try:
        return _load(graph, json.loads(text))
    except (TypeError, IndexError, KeyError, ValueError) as error:
        raise ValueError("This is no marking of this graph.") from error


def _load(graph: Graph, parts: list[Any]) -> Marking:
    begun, last, included, executed, pending, waiting = parts
    started, masks = datetime.fromisoformat(begun), graph.tables.masks

    def moment(seconds: float) -> datetime:
        return started + timedelta(seconds=seconds)

    slots = {
        slot: Pending(moment(rest[0]) if rest else None, moment(since), relation)
        for slot, since, relation, *rest in pending
    }
    done = {number: moment(s) for number, s in _pairs(executed) if graph.acts[number]}
    owed = 0
    for slot in slots:
        owed |= masks[slot]
    return Marking(
        started,
        moment(last),
        int(included, 16),
        sum(1 << number for number in done),
        owed,
        done,
        slots,
        {graph.tables.effects[n].number: moment(s) for n, s in _pairs(waiting)},
    )


def _pairs(flat: list[Any]) -> list[tuple[int, float]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
