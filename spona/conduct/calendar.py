"""How the law counts time, in Europe/Belgrade unless another `Calendar` is given.

Hours are exact. Days, months and working days: the day of the event does not count, and the
deadline expires when the last day ends, so it is due at the following midnight (exclusive). A
deadline in days or months whose last day is no working day expires with the next working day,
unless it protects somebody. A month that lacks the day uses its last day.
Source: the note of ../shared/oracles/deadlines.json (from memory, to be confirmed by a lawyer).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from spona.conduct.book import Term, Unit

BELGRADE = ZoneInfo("Europe/Belgrade")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose public holidays are free (ISO 3166 code of a country), and where a day begins."""

    country: str
    zone: ZoneInfo


SERBIA = Calendar("RS", BELGRADE)


@cache
def _year(country: str, year: int) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """The working days of a year, and for each day of the year how many came before it."""
    free = frozenset(country_holidays(country, years=year))
    first = date(year, 1, 1)
    days: list[date] = []
    before: list[int] = []
    for offset in range(date(year, 12, 31).timetuple().tm_yday):
        day = first + timedelta(offset)
        before.append(len(days))
        if day.weekday() < SATURDAY and day not in free:
            days.append(day)
    return tuple(days), (*before, len(days))


def is_working_day(day: date, calendar: Calendar = SERBIA) -> bool:
    """Whether `day` is neither Saturday, Sunday nor a public holiday."""
    return _working(calendar.country, day, 0) == day


def working_days_after(first: date, last: date, calendar: Calendar = SERBIA) -> int:
    """How many working days there are after `first`, up to `last` and with it; at least none."""
    found, country = 0, calendar.country
    for year in range(first.year, last.year + 1):
        days, before = _year(country, year)
        found += before[last.timetuple().tm_yday] if year == last.year else len(days)
    return max(0, found - _year(country, first.year)[1][first.timetuple().tm_yday])


def _working(country: str, day: date, count: int) -> date:
    """The working day `count` after `day`; zero gives `day` itself or the next one."""
    year = day.year
    days, before = _year(country, year)
    number = day.toordinal() - date(year, 1, 1).toordinal()
    index = before[number + 1] + count - 1 if count > 0 else before[number] + count
    while index >= len(days):
        index -= len(days)
        year += 1
        days = _year(country, year)[0]
    while index < 0:
        year -= 1
        days = _year(country, year)[0]
        index += len(days)
    return days[index]


def _plus_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _moved(day: date, term: Term, country: str, sign: int = 1) -> date:
    if term.unit is Unit.DAYS:
        return day + timedelta(sign * term.amount)
    if term.unit is Unit.MONTHS:
        return _plus_months(day, sign * term.amount)
    return _working(country, day, sign * term.amount)


def midnight(day: date, calendar: Calendar = SERBIA) -> datetime:
    """The moment when `day` begins."""
    return datetime.combine(day, time(), calendar.zone)


@cache
def _last_day_end(term: Term, protective: bool, calendar: Calendar) -> Callable[[int], datetime]:
    """The end of the last day, in UTC, from the day of the event, on which alone it depends."""

    @lru_cache(maxsize=5_000)
    def end(ordinal: int) -> datetime:
        last = _moved(date.fromordinal(ordinal), term, calendar.country)
        if term.unit is not Unit.WORKING_DAYS and not protective:
            last = _working(calendar.country, last, 0)
        return midnight(last + timedelta(1), calendar).astimezone(UTC)

    return end


def deadline(
    term: Term, *, protective: bool = False, calendar: Calendar = SERBIA
) -> Callable[[datetime], datetime]:
    """What `due` counts, in UTC, as a function of the (aware) moment of the event alone."""
    if term.unit is Unit.HOURS:
        length = timedelta(hours=term.amount)
        return lambda start: start.astimezone(UTC) + length
    end, zone = _last_day_end(term, protective, calendar), calendar.zone
    return lambda start: end(start.astimezone(zone).toordinal())


def due(start: datetime, term: Term, *, protective: bool = False) -> datetime:
    """When a deadline of `term` that begins with an event at `start` (aware) is due.

    At this moment is still in time for hours; for other units it is the midnight that ends the
    last day. `protective` deadlines never move to a working day. Raises `ValueError` for a naive
    `start`, `ValueError` or `OverflowError` beyond the year 9999. Holidays are known from 2007.
    """
    if start.tzinfo is None:
        raise ValueError("A moment without a time zone cannot begin a deadline.")
    return deadline(term, protective=protective)(start).astimezone(BELGRADE)


def moment(value: Any, *, end: bool = False, calendar: Calendar = SERBIA) -> datetime:
    """The moment, in UTC, that a fact names: a date (its beginning, or its `end`, which is the
    following midnight) or a moment with its zone; both also as ISO text. Raises `ValueError`."""
    named: date = _read(value) if isinstance(value, str) else value
    begins = named if isinstance(named, datetime) else midnight(named + timedelta(end), calendar)
    if begins.tzinfo is None:
        raise ValueError("A moment without a time zone names no moment.")
    return begins.astimezone(UTC)


def _read(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def shift(
    start: datetime, term: Term, *, back: bool = False, calendar: Calendar = SERBIA
) -> datetime:
    """`start` moved by `term` in the plain calendar; the hour of the day there stays."""
    zone = calendar.zone
    if term.unit is Unit.HOURS:
        length = timedelta(hours=term.amount)
        moved = start.astimezone(UTC) + (-length if back else length)
        return moved.astimezone(zone)
    local = start.astimezone(zone)
    day = _moved(local.date(), term, calendar.country, -1 if back else 1)
    return datetime.combine(day, local.timetz()).astimezone(UTC).astimezone(zone)
