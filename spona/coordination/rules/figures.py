"""Pure: what is counted and how. Plain values in, plain values out; no clock and no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from spona.conduct.calendar import midnight


class Outcome(StrEnum):
    """How a duty that came due ended. What stood in the way outside the house, and what others
    recorded for an institution that does not work in Spona, is nobody's lateness."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN_LATE = "open_late"
    OBSTACLE = "obstacle"
    BY_PROXY = "by_proxy"


LATE = (Outcome.LATE, Outcome.OPEN_LATE)


@dataclass(frozen=True, slots=True)
class Count:
    """So many duties of one rule that came due in one month (its first day)."""

    rule: str
    month: date
    outcome: Outcome
    n: int


# --- months and quarters


def first_of(day: date, months: int = 1) -> date:
    """The first day of the stretch of that many months (1 or 3) in which `day` lies."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def plus(month: date, months: int) -> date:
    """The first of a month, that many months later (or earlier)."""
    year, number = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, number + 1, 1)


def stretch(first: date, last: date, months: int = 1) -> tuple[date, ...]:
    """The beginnings of all months, or quarters, from `first` to `last`, both included."""
    return tuple(_stretch(first, last, months))


def _stretch(first: date, last: date, months: int) -> Iterator[date]:
    day = first_of(first, months)
    while day <= last:
        yield day
        day = plus(day, months)


def moments(first: date, last: date, months: int = 1) -> tuple[datetime, datetime]:
    """When the first month begins, and when the last one is over, in Belgrade."""
    return midnight(first), midnight(plus(last, months))


# --- duties


Table = dict[str, dict[str, int]]


def by_rule(counts: Iterable[Count]) -> Table:
    """Rule -> outcome -> how many, in the order of the rules."""
    return _table((count.rule, count) for count in counts)


def by_month(counts: Iterable[Count], months: Sequence[date]) -> Table:
    """Month (ISO date) -> outcome -> how many; a month with nothing is there with zeros."""
    found = _table((count.month.isoformat(), count) for count in counts)
    return {month.isoformat(): found.get(month.isoformat(), nothing()) for month in months}


def nothing() -> dict[str, int]:
    return {outcome.value: 0 for outcome in Outcome}


def _table(keyed: Iterable[tuple[str, Count]]) -> Table:
    table: Table = {}
    for key, count in keyed:
        table.setdefault(key, nothing())[count.outcome] += count.n
    return dict(sorted(table.items()))


def share_in_time(cells: Mapping[str, int]) -> int | None:
    """Of what was the institution's to do and could be done, how many of a hundred were in time;
    none where nothing is judged."""
    judged = sum(cells[one] for one in (Outcome.IN_TIME, Outcome.LATE, Outcome.OPEN_LATE))
    return round(100 * cells[Outcome.IN_TIME] / judged) if judged else None


# --- hours without a guardian

Office = tuple[datetime, datetime | None]  # from when until when somebody was in office


@dataclass(frozen=True, slots=True)
class Alone:
    """One child: from when, until when it matters (none: it still does), and who was in office."""

    since: datetime
    until: datetime | None
    offices: Sequence[Office]


@dataclass(frozen=True, slots=True)
class WithoutGuardian:
    """`now`: children who have nobody at this moment."""

    children: int
    total: timedelta
    median: timedelta | None
    now: int


def without_guardian(children: Iterable[Alone], at: datetime) -> WithoutGuardian:
    """How long children were without a guardian; two in office at once are not counted twice."""
    found = list(children)
    spans = [unguarded(one, at) for one in found]
    return WithoutGuardian(
        children=len(found),
        total=sum(spans, timedelta()),
        median=middle(spans),
        now=sum(has_nobody(one, at) for one in found),
    )


def unguarded(child: Alone, at: datetime) -> timedelta:
    """How long this child had nobody, up to `at`."""
    end = min(child.until or at, at)
    alone, covered = timedelta(), child.since
    for begins, ends in sorted(child.offices, key=lambda office: office[0]):
        alone += max(min(begins, end) - covered, timedelta())
        covered = max(covered, ends or end)
    return alone + max(end - covered, timedelta())


def has_nobody(child: Alone, at: datetime) -> bool:
    if child.until is not None and child.until <= at:
        return False
    return not any(begins <= at and (ends is None or ends > at) for begins, ends in child.offices)


# --- how long one waits for an answer

Wait = tuple[datetime, datetime | None]  # asked, and answered


def median_wait(waits: Iterable[Wait]) -> timedelta | None:
    """The median of what was answered. What is not is counted by `unanswered` and not here."""
    return middle([answered - asked for asked, answered in waits if answered is not None])


def unanswered(waits: Iterable[Wait], at: datetime, patience: timedelta) -> int:
    """What was asked longer ago than `patience` and has no answer, at `at`.

    Of a referral: when it was sent, and when it was first answered or withdrawn.
    """
    return sum(answered is None and at - asked > patience for asked, answered in waits)


def middle(spans: Sequence[timedelta]) -> timedelta | None:
    """The median; none of nothing."""
    if not spans:
        return None
    return timedelta(seconds=median(span.total_seconds() for span in spans))
