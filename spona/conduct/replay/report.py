"""A whole log on a rule book, summed up by rule and institution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from spona.conduct.book import Book
from spona.conduct.calendar import SERBIA, Calendar
from spona.conduct.graph import Graph
from spona.conduct.replay import own
from spona.conduct.replay.diagnosing import Case, diagnose, tells_clock
from spona.conduct.replay.findings import Diagnosis, Finding, Kind, middle
from spona.conduct.replay.log import Log, Oddities, Trace, Unusable
from spona.conduct.replay.mapping import Happening, Translator, Words

GOOD = ("kept", "by_proxy", "open")
COUNTED = (*GOOD, *(kind.value for kind in Kind))
LATE = frozenset({Kind.LATE, Kind.CLOSED_LATE, Kind.NEVER_DONE})
NOTHING = Words()


class Key(NamedTuple):
    """A row of the summary; `groups` are the values of the attributes asked for with `by`."""

    rule: str
    who: str
    groups: tuple[str, ...] = ()


class Line(NamedTuple):
    """Counts by `COUNTED`, and the time lost; none where a number is withheld.

    `lost` is all time after deadlines together, `middle` the median of what was late.
    """

    key: Key
    counts: Mapping[str, int | None]
    lost: timedelta | None
    working_days: int | None
    middle: timedelta | None


@dataclass(frozen=True, slots=True)
class Report:
    """`findings` are empty where small numbers are withheld: each is about one person.

    `unknown` are activities, `strangers` resources for which there is no word in the book.
    """

    book: str
    calendar: Calendar
    traces: int
    events: int
    conforming: int | None
    by: tuple[str, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    unknown: Mapping[str, int]
    strangers: Mapping[str, int]
    said: tuple[str, ...]


def replay(
    log: Log,
    book: Book,
    words: Words = NOTHING,
    *,
    calendar: Calendar = SERBIA,
    by: Sequence[str] = (),
    until: datetime | None = None,
) -> Report:
    """Hold every case of the log against the book.

    A case is over at its attribute `words.ended`; what is owed then was never done. A case without
    an end is looked at `until`, by default the last moment of the log. Raises `Unusable` where
    `by` names no attribute of a case.
    """
    odd = Oddities(calendar.zone)
    translator = Translator(book, words, odd)
    told = [(trace, translator.happenings(trace)) for trace in log.traces]
    graph, last = Graph.of(book, calendar), until or log.last
    silent = not any(_own(trace) or tells_clock(book, found) for trace, found in told)
    clock = bool(graph.clock) and silent
    check_attributes(by, log)
    diagnoses = [
        _one(trace, found, translator, graph, last or trace_end(trace), clock=clock)
        for trace, found in told
    ]
    groups = {trace.case: values(trace, by) for trace in log.traces}
    broken = sum(bool(diagnosis.findings) for diagnosis in diagnoses)
    return Report(
        book=f"{book.id} {book.version}",
        calendar=calendar,
        traces=len(log.traces),
        events=log.events,
        conforming=len(diagnoses) - broken,
        by=tuple(by),
        lines=_lines(diagnoses, groups),
        findings=tuple(found for diagnosis in diagnoses for found in diagnosis.findings),
        unknown=translator.unknown,
        strangers=translator.strangers,
        said=(*log.said, *odd.told(), *_unread(translator.unread)),
    )


def _one(
    trace: Trace,
    found: Sequence[Happening],
    translator: Translator,
    graph: Graph,
    last: datetime,
    *,
    clock: bool,
) -> Diagnosis:
    first = min(trace_begun(trace), *(what.at for what in found[:1]))
    untold = frozenset(str(trace.attributes.get(own.UNTOLD, "")).split())
    begun = translator.begun(trace, first)
    case = Case(translator.book, graph, trace.case, begun, untold)
    ended = translator.odd.moment(trace.attributes.get(translator.words.ended, ""))
    facts, over = translator.of_case(trace), ended is not None
    end = max((ended or last, *(what.at for what in found[-1:])))
    return diagnose(case, facts, found, end, over=over, clock=clock)


def _own(trace: Trace) -> bool:
    return own.STARTED in trace.attributes


def trace_begun(trace: Trace) -> datetime:
    return _moment(trace, 0)


def trace_end(trace: Trace) -> datetime:
    return _moment(trace, -1)


def _moment(trace: Trace, place: int) -> datetime:
    found = trace.entries[place].at
    if found is None:
        raise ValueError("An entry without a time stands in no log.")
    return found


def check_attributes(by: Sequence[str], log: Log) -> None:
    """Raises `Unusable` where no case has an attribute by which one wants to sum up."""
    names = {name for trace in log.traces for name in trace.attributes}
    for one in by:
        if one not in names and f"case:{one}" not in names:
            shown = ", ".join(sorted(names)) or "none"
            raise Unusable(f"No case has an attribute {one}; there are: {shown}.")


def values(trace: Trace, by: Sequence[str]) -> tuple[str, ...]:
    """The attributes of a case by which one sums up; `case:` may be left out of a name."""
    said = trace.attributes
    return tuple(str(said.get(one, said.get(f"case:{one}", "")) or "–") for one in by)


def _unread(unread: Mapping[str, int]) -> list[str]:
    return [f"Values of the fact {key} that could not be read: {n:,}." for key, n in unread.items()]


def _lines(
    diagnoses: Iterable[Diagnosis], groups: Mapping[str, tuple[str, ...]]
) -> tuple[Line, ...]:
    counts: dict[Key, Counter[str]] = {}
    late: dict[Key, list[Finding]] = {}
    for diagnosis in diagnoses:
        group = groups[diagnosis.case]
        for kept in diagnosis.kept:
            counts.setdefault(Key(kept.rule, kept.who, group), Counter())[kept.how] += 1
        for found in diagnosis.findings:
            key = Key(found.rule, found.who, group)
            counts.setdefault(key, Counter())[found.kind] += 1
            if found.kind in LATE:
                late.setdefault(key, []).append(found)
    return tuple(_line(key, counts[key], late.get(key, [])) for key in sorted(counts))


def _line(key: Key, counts: Mapping[str, int], late: Sequence[Finding]) -> Line:
    lost = [found.lost for found in late if found.lost]
    return Line(
        key,
        {one: counts.get(one, 0) for one in COUNTED},
        sum(lost, timedelta()),
        sum(found.working_days for found in late),
        middle(lost),
    )


def suppressed(report: Report, k: int) -> Report:
    """The same without small numbers: counts from 1 to `k` - 1 are withheld, with them the time
    lost of their row, and so is every finding, which is about one person."""
    return Report(
        book=report.book,
        calendar=report.calendar,
        traces=report.traces,
        events=report.events,
        conforming=_large(report.conforming, report.traces, k),
        by=report.by,
        lines=tuple(_withheld(line, k) for line in report.lines),
        findings=(),
        unknown={word: n for word, n in report.unknown.items() if n >= k},
        strangers={word: n for word, n in report.strangers.items() if n >= k},
        said=(*report.said, f"Numbers from 1 to {k - 1} are withheld, and with them their sums."),
    )


def _large(count: int | None, of: int, k: int) -> int | None:
    """A count, unless it or what is left of the whole is small."""
    return None if count is None or 0 < count < k or 0 < of - count < k else count


def _withheld(line: Line, k: int) -> Line:
    counts = {one: None if n and n < k else n for one, n in line.counts.items()}
    if all(counts[kind] is not None for kind in LATE):
        return line._replace(counts=counts)
    return Line(line.key, counts, None, None, None)
