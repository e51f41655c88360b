"""Cases that were over after their planned end, with or without a rule book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from spona.conduct.calendar import Calendar
from spona.conduct.replay.findings import days_late, middle
from spona.conduct.replay.log import Log, Oddities, Trace
from spona.conduct.replay.report import check_attributes, values

PLANNED = ("case:enddate_planned", "enddate_planned", "planned_end", "case:planned_end")
JOINED = " / "
ENDED = ("case:enddate", "enddate", "ended", "case:ended", "case:end")


class Group(NamedTuple):
    """Cases with the same value of each of `by` (none: all of them). `late` ones were over after
    their planned end, `by_days` of them on a later working day. Lengths are those of the late ones,
    none where there is none. Where a number is withheld, so is all of the row."""

    by: str
    value: str
    finished: int | None
    late: int | None = None
    by_days: int | None = None
    middle: timedelta | None = None
    middle_days: float | None = None
    working_days: int | None = None


class Lateness(NamedTuple):
    """All finished cases with a planned end, then the same in groups."""

    planned: str
    ended: str
    calendar: Calendar
    groups: tuple[Group, ...]


class _Over(NamedTuple):
    trace: Trace
    late: timedelta
    days: int


def lateness(
    log: Log,
    calendar: Calendar,
    *,
    planned: str = "",
    ended: str = "",
    by: Sequence[str] = (),
    least: int = 0,
) -> Lateness | None:
    """The report; none where no case has both moments. Attributes that are not named are guessed
    (`PLANNED`, `ENDED`); which they were stands in the report.

    With `least` small numbers are withheld: the groups are then those of all of `by` together, and
    the sum is withheld with any of its parts, so that none can be counted back. Raises `Unusable`
    where `by` names no attribute of a case.
    """
    check_attributes(by, log)
    planned, ended = planned or _guessed(log, PLANNED), ended or _guessed(log, ENDED)
    odd = Oddities(calendar.zone)
    over = [found for t in log.traces if (found := _over(t, planned, ended, odd, calendar))]
    if not over:
        return None
    asked = [tuple(by)] if least and by else [(one,) for one in by]
    groups = [group for one in asked for group in _groups(one, over)]
    return Lateness(planned, ended, calendar, _released(_group("", "", over), groups, least))


def _groups(by: tuple[str, ...], over: Iterable[_Over]) -> list[Group]:
    found: dict[str, list[_Over]] = {}
    for case in over:
        found.setdefault(JOINED.join(values(case.trace, by)), []).append(case)
    return [_group(JOINED.join(by), value, found[value]) for value in sorted(found)]


def _released(whole: Group, groups: Sequence[Group], least: int) -> tuple[Group, ...]:
    shown = [Group(g.by, g.value, None) if _is_small(g, least) else g for g in groups]
    hidden = _is_small(whole, least) or any(group.finished is None for group in shown)
    return (Group("", "", None) if hidden else whole, *shown)


def _is_small(group: Group, least: int) -> bool:
    """Whether the late ones, those in time, or a part of them are few."""
    finished, late, by_days = group.finished or 0, group.late or 0, group.by_days or 0
    return any(0 < n < least for n in (finished - late, late, by_days, late - by_days))


def _guessed(log: Log, guesses: Sequence[str]) -> str:
    names = {name for trace in log.traces for name in trace.attributes}
    return next((guess for guess in guesses if guess in names), "")


def _over(
    trace: Trace, planned: str, ended: str, odd: Oddities, calendar: Calendar
) -> _Over | None:
    due: datetime | None = odd.moment(trace.attributes.get(planned, ""))
    end = odd.moment(trace.attributes.get(ended, ""))
    if due is None or end is None:
        return None
    return _Over(trace, end - due, days_late(due, end, calendar))


def _group(by: str, value: str, cases: Sequence[_Over]) -> Group:
    late = [case for case in cases if case.late > timedelta()]
    days = [case.days for case in late]
    return Group(
        by,
        value,
        len(cases),
        len(late),
        sum(bool(count) for count in days),
        middle([case.late for case in late]),
        median(days) if days else None,
        sum(days) if days else None,
    )
