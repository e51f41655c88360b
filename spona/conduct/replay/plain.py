"""A log on a graph without parties or law, such as a mined model of dcr-js."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from spona.conduct.dcrxml import Plain
from spona.conduct.replay.log import Log, Trace
from spona.conduct.replay.machine import Coded, Machine, Verdict
from spona.conduct.replay.mapping import Words


class PlainReport(NamedTuple):
    """`fitting` cases met no block and were not late; `accepted` ones owe nothing at their end as
    well. `blocked` counts acts done although a relation said not yet. `verdicts` are by case."""

    traces: int
    events: int
    fitting: int
    accepted: int
    blocked: int
    kept: int
    late: int
    owed: int
    states: int
    unknown: Mapping[str, int]
    verdicts: Mapping[str, Verdict]


def replay_plain(log: Log, plain: Plain, words: Words) -> PlainReport:
    """Every case of the log on the graph, from the marking in its file. Raises
    `machine.TooManyStates` where the cases meet more states than are kept."""
    graph, unknown = plain.graph(), Counter[str]()
    begun = min((e.at for t in log.traces for e in t.entries[:1] if e.at), default=None)
    if begun is None:
        return PlainReport(0, 0, 0, 0, 0, 0, 0, 0, 0, {}, {})
    machine = Machine(graph, plain.begin(graph, begun))
    labels = {label: act for act, label in plain.acts.items()}
    names = {**labels, **{act: act for act in plain.acts}, **words.acts}
    verdicts = {t.case: machine.run(_coded(t, machine, names, unknown)) for t in log.traces}
    found = [*verdicts.values()]
    fitting = [verdict for verdict in found if not verdict.blocked and not verdict.late]
    return PlainReport(
        traces=len(found),
        events=log.events,
        fitting=len(fitting),
        accepted=sum(not verdict.owed for verdict in fitting),
        blocked=sum(verdict.blocked for verdict in found),
        kept=sum(verdict.kept for verdict in found),
        late=sum(verdict.late for verdict in found),
        owed=sum(verdict.owed for verdict in found),
        states=machine.states,
        unknown=unknown,
        verdicts=verdicts,
    )


def _coded(
    trace: Trace, machine: Machine, names: Mapping[str, str | None], unknown: Counter[str]
) -> Coded:
    events = []
    for entry in trace.entries:
        act = names.get(entry.activity, "")
        if act and entry.at and act in machine.tables.index:
            events.append((act, entry.at))
        elif act is not None:
            unknown[entry.activity] += 1
    return machine.coded(events)
