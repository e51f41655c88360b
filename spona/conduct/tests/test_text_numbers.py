"""Numbers agree with their units, and dates are written as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct.text import (
    counted,
    deadline,
    moment,
)

COUNTED = {
    "days": ("1 dan", "2 dana", "5 dana", "11 dana", "12 dana", "21 dan", "0 dana", "112 dana"),
    "working_days": (
        *("1 radni dan", "2 radna dana", "5 radnih dana", "11 radnih dana"),
        *("12 radnih dana", "21 radni dan", "0 radnih dana", "112 radnih dana"),
    ),
    "hours": ("1 sat", "2 sata", "5 sati", "11 sati", "12 sati", "21 sat", "0 sati", "112 sati"),
    "cas": (
        *("1 čas", "2 časa", "5 časova", "11 časova"),
        *("12 časova", "21 čas", "0 časova", "112 časova"),
    ),
    "months": (
        *("1 mesec", "2 meseca", "5 meseci", "11 meseci"),
        *("12 meseci", "21 mesec", "0 meseci", "112 meseci"),
    ),
    "years": (
        *("1 godina", "2 godine", "5 godina", "11 godina"),
        *("12 godina", "21 godina", "0 godina", "112 godina"),
    ),
    "weeks": (
        *("1 nedelja", "2 nedelje", "5 nedelja", "11 nedelja"),
        *("12 nedelja", "21 nedelja", "0 nedelja", "112 nedelja"),
    ),
    "minutes": (
        *("1 minut", "2 minuta", "5 minuta", "11 minuta"),
        *("12 minuta", "21 minut", "0 minuta", "112 minuta"),
    ),
}
NUMBERS = (1, 2, 5, 11, 12, 21, 0, 112)


@pytest.mark.parametrize(
    ("unit", "number", "expected"),
    [
        (unit, number, said)
        for unit, row in COUNTED.items()
        for number, said in zip(NUMBERS, row, strict=True)
    ],
)
def test_a_number_agrees_with_its_unit(unit: str, number: int, expected: str) -> None:
    assert counted(number, unit) == expected


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (1, "days", "1 dana"),
        (2, "days", "2 dana"),
        (21, "days", "21 dana"),
        (1, "working_days", "1 radnog dana"),
        (5, "working_days", "5 radnih dana"),
        (21, "working_days", "21 radnog dana"),
        (1, "hours", "1 sata"),
        (24, "hours", "24 sata"),
        (48, "hours", "48 sati"),
        (72, "hours", "72 sata"),
        (1, "cas", "1 časa"),
        (24, "cas", "24 časa"),
        (48, "cas", "48 časova"),
        (1, "weeks", "1 nedelje"),
        (1, "months", "1 meseca"),
        (3, "months", "3 meseca"),
        (6, "months", "6 meseci"),
        (1, "years", "1 godine"),
        (18, "years", "18 godina"),
        (30, "minutes", "30 minuta"),
    ],
)
def test_after_od_the_number_stands_in_the_genitive(number: int, unit: str, expected: str) -> None:
    assert counted(number, unit, "gen") == expected


def test_one_week_and_one_year_have_their_own_accusative() -> None:
    assert counted(1, "weeks", "acc") == "1 nedelju"
    assert counted(21, "years", "acc") == "21 godinu"


def test_a_decimal_number_takes_a_comma_and_the_last_form() -> None:
    assert counted(1.5, "hours") == "1,5 sati"


def test_english_counts_one_hour_and_two_hours() -> None:
    assert counted(1, "hours", lang="en") == "1 hour"
    assert counted(5, "working_days", lang="en") == "5 working days"


def test_an_unknown_unit_or_case_is_refused() -> None:
    with pytest.raises(KeyError):
        counted(2, "fortnights")
    with pytest.raises(ValueError, match="dat"):
        counted(2, "days", "dat")


def test_dates_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
    assert moment(at, "sr-latn") == "23. 11. 2026. u 21.10"
    assert moment(at, "en") == "23 November 2026 at 21:10"


def test_an_hour_before_ten_has_one_digit() -> None:
    assert moment(datetime(2026, 12, 8, 8, 5, tzinfo=UTC), "sr-latn") == "8. 12. 2026. u 9.05"


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    due = datetime(2026, 12, 23, 23, 0, tzinfo=UTC)
    assert deadline(due, "sr-latn") == "kraja dana 23. 12. 2026."
    assert deadline(due, "en") == "the end of 23 December 2026"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 11, 23, 21, 10), "en")  # noqa: DTZ001 -- the fault under test
