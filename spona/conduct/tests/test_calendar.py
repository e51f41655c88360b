"""How the law counts time; examples by hand, years beside the package by our own computation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.book import Term, Unit
from spona.conduct.calendar import BELGRADE, due, is_working_day, midnight, shift

days = st.dates(date(2010, 1, 1), date(2090, 1, 1))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BELGRADE)


def counted(start: str, unit: Unit, amount: int, *, protective: bool = False) -> str:
    found = due(at(start), Term(unit, amount), protective=protective)
    return found.strftime("%Y-%m-%d %H:%M")


def test_hours_are_exact_also_when_clocks_change() -> None:
    assert counted("2026-10-24 20:00", Unit.HOURS, 24) == "2026-10-25 19:00"
    assert counted("2026-03-28 20:00", Unit.HOURS, 24) == "2026-03-29 21:00"
    assert counted("2026-11-23 10:00", Unit.HOURS, 0) == "2026-11-23 10:00"


def test_the_day_of_the_event_does_not_count() -> None:
    assert counted("2026-11-23 00:01", Unit.DAYS, 3) == "2026-11-27 00:00"
    assert counted("2026-11-23 23:59", Unit.DAYS, 3) == "2026-11-27 00:00"
    assert counted("2026-11-23 10:00", Unit.DAYS, 0) == "2026-11-24 00:00"


def test_a_last_day_on_saturday_moves_to_monday() -> None:
    assert counted("2026-11-23 10:00", Unit.DAYS, 5) == "2026-12-01 00:00"


def test_a_deadline_that_protects_does_not_move() -> None:
    assert counted("2026-11-23 10:00", Unit.DAYS, 5, protective=True) == "2026-11-29 00:00"


def test_a_month_without_the_day_ends_on_its_last_day() -> None:
    assert counted("2026-01-31 10:00", Unit.MONTHS, 1, protective=True) == "2026-03-01 00:00"
    assert counted("2028-01-31 10:00", Unit.MONTHS, 1) == "2028-03-01 00:00"
    assert counted("2026-08-31 10:00", Unit.MONTHS, 18) == "2028-03-01 00:00"


def test_working_days_pass_over_the_new_year() -> None:
    assert counted("2026-12-30 10:00", Unit.WORKING_DAYS, 2) == "2027-01-05 00:00"
    assert counted("2026-11-28 10:00", Unit.WORKING_DAYS, 0) == "2026-12-01 00:00"


@pytest.mark.parametrize(
    "day",
    ["2026-02-17", "2027-05-04", "2022-01-03", "2023-01-03", "2026-04-10", "2026-04-13"],
)
def test_a_holiday_on_sunday_frees_the_next_working_day(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


def test_christmas_on_sunday_frees_no_other_day() -> None:
    assert is_working_day(date(2035, 1, 8))


def easter(year: int) -> date:
    """Orthodox Easter by Meeus's Julian algorithm."""
    epact = (19 * (year % 19) + 15) % 30
    to_sunday = (2 * (year % 4) + 4 * (year % 7) - epact + 34) % 7
    month, day = divmod(epact + to_sunday + 114, 31)
    return date(year, month, day + 1) + timedelta(year // 100 - year // 400 - 2)


@pytest.mark.parametrize("year", range(2007, 2100))
def test_holidays_agree_with_the_law_as_noted(year: int) -> None:
    state = [
        date(year, *day) for day in ((1, 1), (1, 2), (2, 15), (2, 16), (5, 1), (5, 2), (11, 11))
    ]
    free = {*state, date(year, 1, 7), *(easter(year) + timedelta(n) for n in (-2, -1, 0, 1))}
    for day in state:
        other = day + timedelta(1)
        while day.weekday() == 6 and (other in free or other.weekday() > 4):
            other += timedelta(1)
        free |= {other} if day.weekday() == 6 else set()
    for number in range(365):
        day = date(year, 1, 1) + timedelta(number)
        assert is_working_day(day) == (day.weekday() < 5 and day not in free), day


@settings(deadline=None)
@given(days, st.integers(1, 700))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    found = due(midnight(day), Term(Unit.WORKING_DAYS, count)).date()
    passed = (day + timedelta(n) for n in range(1, (found - day).days))
    assert sum(map(is_working_day, passed)) == count
    assert is_working_day(found - timedelta(1))


@settings(deadline=None)
@given(days, st.integers(0, 300))
def test_working_days_back_and_forth_come_home(day: date, count: int) -> None:
    start = datetime.combine(day, datetime.min.time(), BELGRADE) + timedelta(hours=9)
    there = shift(start, Term(Unit.WORKING_DAYS, count), back=True)
    if is_working_day(day):
        assert shift(there, Term(Unit.WORKING_DAYS, count)) == start


def test_a_plain_shift_keeps_the_hour_of_the_day() -> None:
    born = midnight(date(2009, 8, 31))
    adult = shift(born, Term(Unit.MONTHS, 216))
    assert adult == midnight(date(2027, 8, 31))
    assert shift(adult, Term(Unit.MONTHS, 6), back=True) == midnight(date(2027, 2, 28))
    assert shift(at("2026-10-24 20:00"), Term(Unit.DAYS, 1)) == at("2026-10-25 20:00")
    assert shift(at("2026-10-24 20:00"), Term(Unit.HOURS, 24), back=True) == at("2026-10-23 20:00")


def test_a_moment_without_a_time_zone_begins_nothing() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 23), Term(Unit.DAYS, 1))  # noqa: DTZ001


def test_the_same_event_told_in_another_zone_is_due_at_the_same_moment() -> None:
    here = at("2026-11-23 00:30")
    assert due(here.astimezone(UTC), Term(Unit.DAYS, 3)) == due(here, Term(Unit.DAYS, 3))
