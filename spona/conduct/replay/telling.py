"""A report of a replay as lines of text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from spona.conduct.calendar import Calendar
from spona.conduct.replay.findings import Finding
from spona.conduct.replay.lateness import Group, Lateness
from spona.conduct.replay.plain import PlainReport
from spona.conduct.replay.report import COUNTED, Line, Report

WITHHELD = "few"
WORST = 10
HEADS = {
    "kept": "kept",
    "by_proxy": "for others",
    "open": "not due yet",
    "late": "late",
    "closed_late": "closed late",
    "never_done": "never done",
    "out_of_order": "out of order",
    "wrong_party": "wrong party",
}
BLOCKS = {
    "excluded": "it was closed",
    "condition": "{before} had to come first",
    "delay": "too soon after {before}",
    "milestone": "{before} was still owed",
}


def told(report: Report) -> Iterator[str]:
    """The report for a person: what was read, the summary, the cases that lost most time."""
    yield f"{report.traces:,} cases, {report.events:,} events, held against {report.book}."
    yield f"{_calendar(report.calendar)}"
    yield from report.said
    yield from _words("Activities that the book has no act for, left out", report.unknown)
    yield from _words("Resources that are no party of the book", report.strangers)
    conforming = WITHHELD if report.conforming is None else f"{report.conforming:,}"
    yield f"Cases without a finding: {conforming} of {report.traces:,}."
    yield ""
    yield from table(
        ["rule", "institution", *report.by, *HEADS.values(), "days lost", "working days"],
        [_line(line) for line in report.lines],
        2 + len(report.by),
    )
    if report.findings:
        yield ""
        yield from _findings(report.findings)


def _calendar(calendar: Calendar) -> str:
    return (
        f"Working days: public holidays of {calendar.country}; days begin in {calendar.zone.key}."
    )


def _words(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        yield f"{what}: {', '.join(f'{word} ({n:,})' for word, n in found)}."


def _line(line: Line) -> list[str]:
    counts = [_number(line.counts[one]) for one in COUNTED]
    lost = "" if line.lost == timedelta() else _days(line.lost)
    working = _number(line.working_days)
    return [line.key.rule or "–", line.key.who or "–", *line.key.groups, *counts, lost, working]


def _middle(days: float | None) -> str:
    return "" if days is None else f"{days:g}"


def _number(count: int | None) -> str:
    if count is None:
        return WITHHELD
    return f"{count:,}" if count else ""


def _days(length: timedelta | None) -> str:
    return WITHHELD if length is None else f"{length / timedelta(days=1):,.1f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """Columns of equal width; the first `left` stand at the left, numbers at the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    cases = {finding.case for finding in findings}
    yield f"{len(findings):,} findings in {len(cases):,} cases; --json names each. The gravest:"
    for finding in sorted(findings, key=lambda one: (-one.lost, one.case))[:WORST]:
        yield f"  {sentence(finding)}"


def sentence(finding: Finding) -> str:
    """One finding in words."""
    rule, what = finding.rule or "no rule", HEADS[finding.kind]
    more = ""
    if finding.lost:
        more = f" by {_days(finding.lost)} days ({finding.working_days} working days)"
    elif finding.block:
        more = f": {BLOCKS[finding.block].format(before=finding.before)}"
    return f"{finding.case}: {finding.act} ({rule}, {finding.who or '–'}) {what}{more}."


# -- planned ends


def told_lateness(found: Lateness) -> Iterator[str]:
    """The table of cases that ended after their planned end."""
    yield f"Ends ({found.ended}) held against planned ends ({found.planned})."
    yield _calendar(found.calendar)
    head = ["", "finished", "late", "%", "by a working day", "middle days", "middle working days"]
    yield from table(head, [_group(group) for group in found.groups], 1)


def _group(group: Group) -> list[str]:
    label = f"{group.by}: {group.value}" if group.by else "all"
    if group.finished is None or group.late is None:
        return [label, *[WITHHELD] * 4, "", ""]
    share = f"{100 * group.late / group.finished:.0f}"
    middle = "" if group.middle is None else _days(group.middle)
    counts = [_number(one) for one in (group.finished, group.late)]
    return [label, *counts, share, _number(group.by_days), middle, _middle(group.middle_days)]


# -- graphs without parties


def told_plain(report: PlainReport) -> Iterator[str]:
    yield f"{report.traces:,} cases, {report.events:,} events; {report.states:,} states met."
    yield from _words("Activities that the graph has no event for, left out", report.unknown)
    yield f"Cases that met no block and were not late: {report.fitting:,}."
    yield f"Of these, cases that owe nothing at their end: {report.accepted:,}."
    yield f"Acts out of order: {report.blocked:,}. Owed at the end: {report.owed:,}."
    yield f"Duties done in time: {report.kept:,}, late: {report.late:,}."


# -- for programs


def as_json(report: Report) -> dict[str, Any]:
    return {
        "book": report.book,
        "calendar": {"country": report.calendar.country, "zone": report.calendar.zone.key},
        "cases": report.traces,
        "events": report.events,
        "conforming": report.conforming,
        "by": list(report.by),
        "said": list(report.said),
        "unknown": dict(report.unknown),
        "strangers": dict(report.strangers),
        "lines": [_line_json(line) for line in report.lines],
        "findings": [_finding_json(finding) for finding in report.findings],
    }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "rule": line.key.rule,
        "institution": line.key.who,
        "groups": list(line.key.groups),
        **line.counts,
        "lost_hours": _hours(line.lost),
        "middle_hours": _hours(line.middle),
        "working_days": line.working_days,
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        **finding._asdict(),
        "at": finding.at.isoformat(),
        "due": finding.due.isoformat() if finding.due else None,
        "lost": _hours(finding.lost),
    }


def lateness_json(found: Lateness) -> dict[str, Any]:
    groups = [{**g._asdict(), "middle": _hours(g.middle)} for g in found.groups]
    return {"planned": found.planned, "ended": found.ended, "groups": groups}


def plain_json(report: PlainReport) -> dict[str, Any]:
    verdicts = {case: verdict._asdict() for case, verdict in report.verdicts.items()}
    return {**report._asdict(), "unknown": dict(report.unknown), "verdicts": verdicts}


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length / timedelta(hours=1), 3)
