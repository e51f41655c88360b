"""An event log as values, whatever file it came from, and sentences about what was odd in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SHOWN = 5  # places named in a sentence about many


class Unusable(ValueError):  # noqa: N818 -- it is said of the file
    """The log cannot be read at all; the message is a sentence for the person who gave it."""


class Entry(NamedTuple):
    """One event: what happened when, by which resource, with all that the file says of it.

    `at` is none where the file has no time that can be read: no log has such an entry. `place` is
    where in the file.
    """

    activity: str
    at: datetime | None
    resource: str
    attributes: Mapping[str, Any]
    place: str


class Trace(NamedTuple):
    """The events of one case in the order of time; of equal moments in that of the file."""

    case: str
    attributes: Mapping[str, Any]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Traces in the order of their first events, and `said`: what a reader of figures must know
    about times, zones, duplicates and columns that were guessed."""

    traces: tuple[Trace, ...]
    said: tuple[str, ...]

    @property
    def events(self) -> int:
        return sum(len(trace.entries) for trace in self.traces)

    @property
    def last(self) -> datetime | None:
        """The last moment of the log; none where it has no event."""
        return max((_at(trace.entries[-1]) for trace in self.traces), default=None)


@dataclass(slots=True)
class Oddities:
    """What is counted while a log is read, told at its end in sentences."""

    zone: ZoneInfo
    timeless: list[str] = field(default_factory=list)
    caseless: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    zoneless: int = 0
    disordered: int = 0

    def moment(self, value: Any) -> datetime | None:
        """A moment from ISO text or a datetime; without a zone it is one of `zone`."""
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            return None
        if found.tzinfo is None:
            self.zoneless += 1
            found = found.replace(tzinfo=self.zone)
        return found

    def told(self) -> Iterator[str]:
        if self.timeless:
            yield f"No time that can be read, left out: {_places(self.timeless)}."
        if self.caseless:
            yield f"No case, left out: {_places(self.caseless)}."
        if self.twice:
            yield f"The same twice in everything, counted once: {_places(self.twice)}."
        if self.zoneless:
            yield f"Times without a zone, read as {self.zone.key}: {self.zoneless:,}."
        if self.disordered:
            yield f"Cases whose events were put in the order of time: {self.disordered:,}."


def _places(places: Sequence[str]) -> str:
    more = len(places) - SHOWN
    shown = ", ".join(places[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    return f"{len(places):,} ({shown})"


def gathered(
    traces: Iterable[tuple[str, Mapping[str, Any], Sequence[Entry]]],
    odd: Oddities,
    said: Iterable[str] = (),
) -> Log:
    """A log of raw traces: without doubles and what has no time, each in the order of time."""
    found = [_trace(case, attributes, entries, odd) for case, attributes, entries in traces]
    full = sorted((trace for trace in found if trace.entries), key=_begun)
    empty = len(found) - len(full)
    without = [f"Cases without an event, left out: {empty:,}."] if empty else []
    return Log(tuple(full), (*said, *odd.told(), *without))


def _trace(
    case: str, attributes: Mapping[str, Any], entries: Sequence[Entry], odd: Oddities
) -> Trace:
    seen: dict[Any, list[Mapping[str, Any]]] = {}
    kept: list[Entry] = []
    for entry in entries:
        alike = seen.setdefault(entry[:3], [])
        if entry.at is None:
            odd.timeless.append(entry.place)
        elif entry.attributes in alike:
            odd.twice.append(entry.place)
        else:
            alike.append(entry.attributes)
            kept.append(entry)
    ordered = sorted(kept, key=_at)
    odd.disordered += ordered != kept
    return Trace(case, attributes, tuple(ordered))


def _at(entry: Entry) -> Any:
    return entry.at


def _begun(trace: Trace) -> Any:
    return trace.entries[0].at
