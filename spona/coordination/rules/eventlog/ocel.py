"""A log as OCEL 2.0 JSON: events of runs, cases, institutions and people, as objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TextIO

from spona.coordination.rules.eventlog.values import Happened, Told
from spona.coordination.rules.eventlog.xes import NAMES

# What an event and a run tell of themselves; the types are those of the standard.
OF_EVENT = (
    ("party", "string"),
    ("reason", "boolean"),
    ("by_proxy", "boolean"),
    ("facts", "string"),
)
OF_RUN = (("protocol", "string"), ("started", "time"), ("ended", "time"))
OBJECTS = {"run": OF_RUN, "case": (), "institution": (), "person": ()}

Json = dict[str, Any]


def write(runs: Sequence[Told], out: TextIO) -> None:
    """The whole log; every relation names an object that is in it."""
    json.dump(document(runs), out, ensure_ascii=False, indent=1)
    out.write("\n")


def document(runs: Sequence[Told]) -> Json:
    names = sorted({_name(event) for told in runs for event in told.happened})
    return {
        "objectTypes": [_type(name, attributes) for name, attributes in OBJECTS.items()],
        "eventTypes": [_type(name, OF_EVENT) for name in names],
        "objects": [*(_run(told) for told in runs), *_others(runs)],
        "events": [one for told in runs for one in _events(told)],
    }


def _name(event: Happened) -> str:
    return event.act or NAMES[event.kind]


def _type(name: str, attributes: Iterable[tuple[str, str]]) -> Json:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes]}


def _run(told: Told) -> Json:
    values = {"protocol": told.protocol, "started": _time(told.started)}
    if told.ended is not None:
        values["ended"] = _time(told.ended)
    begun = _time(told.started)
    return {
        "id": told.run,
        "type": "run",
        "attributes": [{"name": k, "value": v, "time": begun} for k, v in values.items()],
        "relationships": _related(("of", told.case), ("owned by", told.owner)),
    }


def _others(runs: Sequence[Told]) -> Iterator[Json]:
    known = {(told.case, "case") for told in runs} | {(told.owner, "institution") for told in runs}
    for told in runs:
        known |= {(event.institution, "institution") for event in told.happened}
        known |= {(event.person, "person") for event in told.happened}
    for name, kind in sorted(known):
        if name:
            yield {"id": name, "type": kind, "attributes": [], "relationships": []}


def _events(told: Told) -> Iterator[Json]:
    for number, event in enumerate(told.happened, 1):
        yield {
            "id": f"{told.run}-{number}",
            "type": _name(event),
            "time": _time(event.at),
            "attributes": [{"name": name, "value": value} for name, value in _said(event)],
            "relationships": _related(
                ("in", told.run),
                ("about", told.case),
                ("done by", event.institution),
                ("recorded by", event.person),
            ),
        }


def _said(event: Happened) -> Iterator[tuple[str, str]]:
    yield "party", event.party
    yield "reason", str(event.reason).lower()
    yield "by_proxy", str(event.by_proxy).lower()
    if event.facts:
        yield (
            "facts",
            json.dumps(dict(event.facts), ensure_ascii=False, sort_keys=True, default=str),
        )


def _related(*pairs: tuple[str, str]) -> list[Json]:
    return [{"objectId": name, "qualifier": how} for how, name in pairs if name]


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
