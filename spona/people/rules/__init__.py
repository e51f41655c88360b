"""Dates of birth as people know them, and the age that protects."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

OLDEST = 120
DOCUMENT = "document"  # models.Person.DeclaredBy


class Precision(StrEnum):
    """How well a date of birth is known; `ESTIMATED` is a year worked out from an age."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


CLOSEST_FIRST = tuple(Precision)


class Fault(StrEnum):
    """Why something is no date of birth."""

    NO_SUCH_DAY = "no_such_day"
    FUTURE = "future"
    TOO_OLD = "too_old"
    INCOMPLETE = "incomplete"
    PRECISION = "precision"


class ImpossibleBirth(ValueError):  # noqa: N818 - an answer, not an accident
    """`fault` says what is wrong."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Birth:
    """`on` is the first day that the precision leaves open; none if nothing is known."""

    on: date | None
    precision: Precision


class Side(StrEnum):
    """Of two records of one person: the one whose file is led on, or the other."""

    KEPT = "kept"
    OTHER = "other"


class Better(StrEnum):
    """Why the value of one record is proposed and not that of the other."""

    SAME = "same"
    ONLY = "only"
    DOCUMENT = "document"
    PRECISE = "precise"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which of two values is proposed, and why; `side` is none where a person has to choose."""

    side: Side | None
    why: Better


def better_value(kept: object, other: object, *, empty: tuple[object, ...]) -> Proposal:
    """Of two values the one that is known; two that differ are nobody's to choose by rule."""
    if kept == other:
        return Proposal(Side.KEPT, Better.SAME)
    if kept in empty or other in empty:
        return Proposal(Side.OTHER if kept in empty else Side.KEPT, Better.ONLY)
    return Proposal(None, Better.OPEN)


def better_birth(kept: tuple[Birth, str], other: tuple[Birth, str]) -> Proposal:
    """Each a birth and who says so: a document before what was said, a day before a year."""
    found = better_value(kept, other, empty=())
    if found.why is Better.SAME:
        return found
    if kept[0].on is None or other[0].on is None:
        return better_value(kept[0].on, other[0].on, empty=(None,))
    papers = [declared == DOCUMENT for _birth, declared in (kept, other)]
    if papers[0] != papers[1]:
        return Proposal(Side.KEPT if papers[0] else Side.OTHER, Better.DOCUMENT)
    ranks = [CLOSEST_FIRST.index(birth.precision) for birth, _declared in (kept, other)]
    if ranks[0] != ranks[1]:
        return Proposal(Side.KEPT if ranks[0] < ranks[1] else Side.OTHER, Better.PRECISE)
    return found


def birth_of_parts(day: int | None, month: int | None, year: int | None, *, today: date) -> Birth:
    """A day, a month or a year of birth as typed. Raises `ImpossibleBirth`."""
    if year is None and month is None and day is None:
        return Birth(None, Precision.UNKNOWN)
    if year is None or (day is not None and month is None):
        raise ImpossibleBirth(Fault.INCOMPLETE)
    try:
        on = date(year, month or 1, day or 1)
    except ValueError:
        raise ImpossibleBirth(Fault.NO_SUCH_DAY) from None
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return checked(Birth(on, precision), today=today)


def birth_of_age(age: int, *, today: date) -> Birth:
    """The year of birth that an age said today leads to, marked as estimated."""
    if age < 0:
        raise ImpossibleBirth(Fault.FUTURE)
    if age > OLDEST:
        raise ImpossibleBirth(Fault.TOO_OLD)
    return Birth(date(today.year - age, 1, 1), Precision.ESTIMATED)


def checked(birth: Birth, *, today: date) -> Birth:
    """The same, or `ImpossibleBirth`: a date and its precision must agree and be a human age."""
    if birth.on is None or birth.precision is Precision.UNKNOWN:
        if (birth.on is None) != (birth.precision is Precision.UNKNOWN):
            raise ImpossibleBirth(Fault.PRECISION)
        return birth
    if birth.on != _first_day(birth.on, birth.precision):
        raise ImpossibleBirth(Fault.PRECISION)
    if birth.on > today:
        raise ImpossibleBirth(Fault.FUTURE)
    if birth.on.year < today.year - OLDEST:
        raise ImpossibleBirth(Fault.TOO_OLD)
    return birth


def age_on(day: date, birth: Birth) -> int | None:
    """Completed years on `day`, counted from the latest day on which the birth may have been.

    Where the date is not known to the day the younger age stands, because it protects.
    """
    if birth.on is None:
        return None
    return max(0, _years(_latest(birth.on, birth.precision), day))


def oldest_age_on(day: date, birth: Birth) -> int | None:
    """Completed years counted from the earliest day on which the birth may have been."""
    return None if birth.on is None else max(0, _years(birth.on, day))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _first_day(on: date, precision: Precision) -> date:
    if precision is Precision.DAY:
        return on
    return on.replace(day=1) if precision is Precision.MONTH else date(on.year, 1, 1)


def _latest(on: date, precision: Precision) -> date:
    if precision is Precision.DAY:
        return on
    if precision is Precision.MONTH:
        return on.replace(day=monthrange(on.year, on.month)[1])
    return date(on.year, 12, 31)
