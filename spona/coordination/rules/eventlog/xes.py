"""A log as XES (IEEE 1849-2016), a trace a run; `spona.conduct.replay` reads it back whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TextIO
from xml.sax.saxutils import quoteattr

from spona.conduct.replay import own
from spona.coordination.rules.eventlog.values import Happened, Told

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
"""
NAMES = {"fact": own.LEARNED, "handed": own.HANDED}


def write(runs: Iterable[Told], out: TextIO) -> None:
    """The whole log, written run by run."""
    out.write(HEAD)
    for name, prefix, uri in EXTENSIONS:
        out.write(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
    out.write('  <global scope="trace"><string key="concept:name" value=""/></global>\n')
    out.write(
        '  <global scope="event"><string key="concept:name" value=""/>'
        '<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>\n'
        '  <classifier name="Activity" keys="concept:name"/>\n'
    )
    for told in runs:
        out.writelines(_trace(told))
    out.write("</log>\n")


def _trace(told: Told) -> Iterator[str]:
    yield "  <trace>\n"
    yield from _lines(4, _of_run(told))
    for event in told.happened:
        yield "    <event>\n"
        yield from _lines(6, _of_event(event))
        yield "    </event>\n"
    yield "  </trace>\n"


Attribute = tuple[str, object]


def _of_run(told: Told) -> Iterator[Attribute]:
    yield "concept:name", told.run
    yield "spona:case", told.case
    yield "spona:owner", told.owner
    yield own.BOOK, told.protocol
    yield "spona:digest", told.digest
    yield own.STARTED, told.started
    yield "spona:ended", told.ended
    yield own.UNTOLD, " ".join(told.untold)


def _of_event(event: Happened) -> Iterator[Attribute]:
    yield "concept:name", event.act or NAMES[event.kind]
    yield "time:timestamp", event.at
    yield "lifecycle:transition", "complete"
    yield "org:group", event.institution
    yield "org:resource", event.person
    yield own.KIND, event.kind
    yield own.PARTY, event.party
    yield own.REASON, event.reason
    yield own.PROXY, event.by_proxy
    yield own.RESTARTS, " ".join(event.restarts)
    for fact, value in event.facts.items():
        yield f"{own.FACT}{fact}", value
    yield own.UNKNOWN, " ".join(fact for fact, value in event.facts.items() if value is None)


def _lines(depth: int, attributes: Iterable[Attribute]) -> Iterator[str]:
    """Each attribute in its type; what is nothing is left out."""
    for key, value in attributes:
        if value is not None and value != "":
            kind, text = typed(value)
            yield f"{' ' * depth}<{kind} key={quoteattr(key)} value={quoteattr(text)}/>\n"


def typed(value: object) -> tuple[str, str]:
    """The XES type of a value, and the value in its words."""
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    if isinstance(value, int):
        return "int", str(value)
    if isinstance(value, datetime):
        return "date", value.isoformat(timespec="microseconds")
    return "string", str(value)
