"""A marking as compact JSON and back.

A moment is the whole minutes since the start of the run, or a list of the seconds alone. What is
owed is the number of its relation where everything else follows from it: since when (the last
execution of its source) and until when (as the relation counts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spona.conduct.graph import Graph
from spona.conduct.marking import Marking, Pending
from spona.conduct.stepping import bits
from spona.conduct.tables import Tables

MINUTE = timedelta(minutes=1)

Packed = Any  # what json makes of numbers, lists and null


def dump(graph: Graph, marking: Marking) -> str:
    """The marking as JSON; it can be read only with the graph that made it."""
    begun = marking.started
    packed = [
        begun.isoformat(),
        _packed(begun, marking.last),
        f"{marking.included:x}",
        f"{marking.done:x}",
        [_packed(begun, at) for _, at in sorted(marking.executed.items())],
        [_owed(graph.tables, marking, slot) for slot in sorted(marking.pending)],
        [part for n, at in sorted(marking.waiting.items()) for part in (n, _packed(begun, at))],
    ]
    return json.dumps(packed, separators=(",", ":"))


def load(graph: Graph, text: str) -> Marking:
    """The marking that `dump` wrote; raises `ValueError` where it is none of this graph."""
    try:
        return _load(graph.tables, json.loads(text))
    except (TypeError, IndexError, KeyError, ValueError) as error:
        raise ValueError("This is no marking of this graph.") from error


def _packed(begun: datetime, moment: datetime) -> Packed:
    minutes, rest = divmod(moment - begun, MINUTE)
    return [(moment - begun).total_seconds()] if rest else minutes


def _moment(begun: datetime, packed: Packed) -> datetime:
    if isinstance(packed, list):
        return begun + timedelta(seconds=packed[0])
    return begun + int(packed) * MINUTE


def _usual(tables: Tables, executed: Mapping[int, datetime], relation: int) -> Pending | None:
    """What the relation makes owed when its source was executed last."""
    effect = tables.effects.get(relation)
    since = executed.get(tables.index.get(effect.relation.source, -1)) if effect else None
    if effect is None or since is None:
        return None
    return Pending(effect.ends(since), since, relation)


def _owed(tables: Tables, marking: Marking, slot: int) -> Packed:
    pending, begun = marking.pending[slot], marking.started
    if pending == _usual(tables, marking.executed, pending.relation):
        return pending.relation
    until = None if pending.due is None else _packed(begun, pending.due)
    return [slot, pending.relation, _packed(begun, pending.since), until]


def _load(tables: Tables, packed: list[Packed]) -> Marking:
    started, last, included, done, times, owed, waiting = packed
    begun = datetime.fromisoformat(started)
    acted = int(done, 16)
    acts = [number for number in range(len(tables.acts)) if acted >> number & 1]
    executed = {n: _moment(begun, at) for n, at in zip(acts, times, strict=True)}
    slots = dict(_slot(tables, begun, executed, part) for part in owed)
    return Marking(
        begun,
        _moment(begun, last),
        int(included, 16),
        acted,
        bits(tables, slots),
        executed,
        slots,
        {tables.effects[n].number: _moment(begun, at) for n, at in _pairs(waiting)},
    )


def _slot(
    tables: Tables, begun: datetime, done: Mapping[int, datetime], packed: Packed
) -> tuple[int, Pending]:
    if isinstance(packed, list):
        slot, relation, since, until = packed
        due = None if until is None else _moment(begun, until)
        return slot, Pending(due, _moment(begun, since), relation)
    usual = _usual(tables, done, packed)
    if usual is None:
        raise ValueError("Nothing made this owed.")
    return tables.effects[packed].slot, usual


def _pairs(flat: list[Packed]) -> list[tuple[int, Packed]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
