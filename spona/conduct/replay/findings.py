"""What is found when a log is held against a rule book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from spona.conduct.calendar import Calendar, working_days_after

INSTANT = timedelta(microseconds=1)


class Kind(StrEnum):
    """A deviation from the rules. `late`: done after its deadline. `closed_late`: closed, or handed
    to another institution, when it was late. `never_done`: still owed when the case was over, or
    past its deadline at the end of the log. `out_of_order`: done although a rule said not yet.
    `wrong_party`: done by somebody whom the rule book does not name for it."""

    LATE = "late"
    CLOSED_LATE = "closed_late"
    NEVER_DONE = "never_done"
    OUT_OF_ORDER = "out_of_order"
    WRONG_PARTY = "wrong_party"


class Finding(NamedTuple):
    """One deviation in one case. `who` is the institution of the log that owed it (or did it), or
    the party of the book where the log does not say.

    `due` and the two lengths are there for what was late: `lost` is how long after the deadline,
    `working_days` how many working days began after the last day. `block` says why an act was out
    of order (excluded, condition, delay, milestone), `before` which act had to come first.
    """

    kind: Kind
    case: str
    rule: str
    act: str
    who: str
    at: datetime
    due: datetime | None = None
    lost: timedelta = timedelta()
    working_days: int = 0
    block: str = ""
    before: str = ""


class Kept(NamedTuple):
    """A duty that is no deviation: done in time (`kept`), done late by a party that others
    recorded it for (`by_proxy`), or not due yet when the log ends (`open`)."""

    how: str
    rule: str
    who: str


class Diagnosis(NamedTuple):
    """All of one case."""

    case: str
    kept: tuple[Kept, ...]
    findings: tuple[Finding, ...]


def middle(lengths: Sequence[timedelta]) -> timedelta | None:
    """The median; none of nothing."""
    if not lengths:
        return None
    return timedelta(seconds=median(length.total_seconds() for length in lengths))


def days_late(due: datetime, at: datetime, calendar: Calendar) -> int:
    """The working days that began between the last day in time and the day of `at`."""
    last = (due - INSTANT).astimezone(calendar.zone).date()
    return working_days_after(last, at.astimezone(calendar.zone).date(), calendar)
