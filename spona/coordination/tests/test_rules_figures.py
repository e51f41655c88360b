"""What is counted: months, medians, hours without a guardian, and what stays unseen."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.coordination.rules import digest_at
from spona.coordination.rules.figures import (
    Alone,
    Count,
    Outcome,
    by_month,
    by_rule,
    first_of,
    has_nobody,
    median_wait,
    moments,
    plus,
    share_in_time,
    stretch,
    unanswered,
    unguarded,
    without_guardian,
)
from spona.coordination.rules.suppression import K, add, protect

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hour: int) -> datetime:
    return START + hour * HOUR


# --- months


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_months_forward_and_back_are_the_same_month(day: date, months: int) -> None:
    month = first_of(day)
    assert plus(plus(month, months), -months) == month


def test_a_quarter_begins_in_january_april_july_october() -> None:
    assert {first_of(date(2026, month, 9), 3).month for month in range(1, 13)} == {1, 4, 7, 10}
    assert stretch(date(2026, 2, 1), date(2026, 8, 1), 3) == (
        date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1),
    )  # fmt: skip


def test_a_month_is_a_month_of_belgrade_also_when_the_clock_moves() -> None:
    start, end = moments(date(2026, 3, 1), date(2026, 3, 1))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=31) - HOUR


def test_a_table_has_every_month_and_every_outcome() -> None:
    one = Count("R-1", date(2026, 2, 1), Outcome.LATE, 3)
    table = by_month([one, one], stretch(date(2026, 1, 1), date(2026, 2, 1)))
    assert [*table] == ["2026-01-01", "2026-02-01"]
    assert table["2026-01-01"]["late"] == 0
    assert table["2026-02-01"]["late"] == by_rule([one, one])["R-1"]["late"] == 6


def test_an_obstacle_and_what_was_recorded_for_others_spoil_no_share() -> None:
    cells = {"in_time": 3, "late": 1, "open_late": 0, "obstacle": 90, "by_proxy": 90}
    assert share_in_time(cells) == 75
    assert share_in_time(dict.fromkeys(Outcome, 0)) is None


# --- hours without a guardian

HOURS = st.integers(0, 90)
ENDED = st.tuples(HOURS, HOURS).map(lambda span: (at(span[0]), at(max(span))))
STANDING = HOURS.map(lambda hour: (at(hour), None))
OFFICES = st.lists(st.one_of(ENDED, STANDING), max_size=4)


@given(OFFICES, st.integers(0, 100), st.one_of(st.none(), st.integers(0, 100)))
def test_hours_alone_are_the_hours_in_which_nobody_was_in_office(
    offices: list[tuple[datetime, datetime | None]], now: int, until: int | None
) -> None:
    child = Alone(at(0), None if until is None else at(until), offices)
    end = now if until is None else min(now, until)
    alone = sum(
        not any(
            begins <= at(hour) and (ends is None or ends > at(hour)) for begins, ends in offices
        )
        for hour in range(end)
    )
    assert unguarded(child, at(now)) == alone * HOUR


def test_a_child_with_a_guardian_to_come_has_nobody_yet() -> None:
    waiting = Alone(at(0), None, [(at(5), None)])
    assert has_nobody(waiting, at(4))
    assert not has_nobody(waiting, at(5))
    assert not has_nobody(Alone(at(0), at(3), []), at(4))
    found = without_guardian([waiting, Alone(at(0), None, [(at(1), None)])], at(10))
    assert (found.children, found.total, found.median, found.now) == (2, 6 * HOUR, 3 * HOUR, 0)
    assert without_guardian([], at(1)).median is None


# --- waits


def test_what_has_no_answer_is_counted_and_spoils_no_median() -> None:
    waits = [(at(0), at(2)), (at(0), at(4)), (at(0), None), (at(9), None)]
    assert median_wait(waits) == 3 * HOUR
    assert unanswered(waits, at(10), 5 * HOUR) == 1
    assert median_wait([]) is None


# --- P18: small groups stay unseen

Cell = tuple[str, int, str]  # rule, quarter, outcome
CELLS = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.integers(1, 3)),
    st.fixed_dictionaries({key: st.integers(0, 9) for key in ("in_time", "late", "open_late")}),
    max_size=9,
)
FILTERS = st.lists(
    st.tuples(
        st.sets(st.sampled_from("ABC"), min_size=1),
        st.sets(st.integers(1, 3), min_size=1),
        st.sets(st.sampled_from(("in_time", "late", "open_late", "total")), min_size=1),
    ),
    max_size=12,
)
Filter = tuple[set[str], set[int], set[str]]
Table = dict[tuple[str, int], dict[str, int]]


@given(CELLS, FILTERS)
def test_no_difference_of_filters_gives_a_small_cell(table: Table, filters: list[Filter]) -> None:
    """Every answer is an equation over the cells; whatever they say together, no small cell
    follows."""
    released = protect(table)
    names = [(rule, quarter, key) for (rule, quarter), row in table.items() for key in row]
    place = {name: number for number, name in enumerate(names)}
    equations = [_equation(table, place, *asked) for asked in filters]
    for (rule, quarter), row in table.items():
        for key, count in row.items():
            if 0 < count < K:
                assert released[rule, quarter].cells[key] is None
                assert not _follows(place[rule, quarter, key], equations)


def _equation(
    table: Table, place: dict[Cell, int], rules: set[str], quarters: set[int], keys: set[str]
) -> list[Fraction]:
    """Which cells a shown sum adds up, as a vector, with the sum itself at the end."""
    released, vector = protect(table), [Fraction(0)] * (len(place) + 1)
    numbers = []
    for (rule, quarter), row in released.items():
        if rule not in rules or quarter not in quarters:
            continue
        for key in keys:
            shown = row.total if key == "total" else row.cells[key]
            numbers.append(shown)
            if shown is not None:
                for one in row.cells if key == "total" else (key,):
                    vector[place[rule, quarter, one]] += 1
    vector[-1] = Fraction(add(numbers).n)
    assert add(numbers).whole == (None not in numbers)
    return vector


def _follows(cell: int, equations: list[list[Fraction]]) -> bool:
    """Whether the cell is the only one of some combination of the equations."""
    rows = [row[:] for row in equations]
    width = len(rows[0]) - 1 if rows else 0
    columns = [number for number in range(width) if number != cell]
    for column in columns:  # eliminate every other cell
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [_less(row, pivot, column) for row in rows]
    return any(row[cell] for row in rows)


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column] / pivot[column]
    return [one - factor * other for one, other in zip(row, pivot, strict=True)]


@pytest.mark.parametrize("k", [2, 3, 5])
def test_who_knows_the_method_learns_no_more_than_that_a_cell_is_small(k: int) -> None:
    """All tables with the same release: a withheld cell may be each small number."""
    possible: dict[tuple[tuple[int | None, ...], int | None], list[tuple[int, ...]]]
    possible = defaultdict(list)
    for values in product(range(k + 2), repeat=3):
        row = protect({"R": dict(zip("abc", values, strict=True))}, k)["R"]
        possible[tuple(row.cells.values()), row.total].append(values)
    for (cells, _total), tables in possible.items():
        for number, shown in enumerate(cells):
            if shown is None:
                assert {values[number] for values in tables} == set(range(1, k))


def test_zero_and_five_are_shown_and_a_total_hides_with_its_cells() -> None:
    row = protect({"R": {"late": 4, "in_time": 5, "open_late": 0}})["R"]
    assert row.cells == {"late": None, "in_time": 5, "open_late": 0}
    assert row.total is None
    assert protect({"R": {"late": 5, "in_time": 6}})["R"].total == 11


# --- digests


def belgrade(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "digest"),
    [
        ("2026-11-23T07:29+01:00", None),
        ("2026-11-23T07:30+01:00", "2026-11-23T07:30+01:00"),
        ("2026-11-23T13:29+01:00", "2026-11-23T07:30+01:00"),
        ("2026-11-23T19:59+01:00", "2026-11-23T13:30+01:00"),
        ("2026-11-23T20:00+01:00", None),
        ("2026-11-22T13:30+01:00", None),  # a Sunday
        ("2026-11-11T13:30+01:00", None),  # Armistice Day
        ("2027-01-07T07:30+01:00", None),  # Christmas
        ("2027-05-03T07:30+02:00", None),  # Easter Monday
        (
            "2026-10-23T05:30+00:00",
            "2026-10-23T07:30+02:00",
        ),  # summer time, two days before it ends
        ("2026-10-26T05:30+00:00", None),  # winter time: 6.30
        ("2026-10-26T06:30+00:00", "2026-10-26T07:30+01:00"),
        ("2026-03-30T05:30+00:00", "2026-03-30T07:30+02:00"),  # the first Monday of summer time
    ],
)
def test_a_digest_goes_out_twice_on_working_days(moment: str, digest: str | None) -> None:
    assert digest_at(belgrade(moment)) == (belgrade(digest) if digest else None)


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_no_digest_is_of_the_future_or_of_another_day(minutes: int) -> None:
    moment = START + timedelta(minutes=minutes)
    digest = digest_at(moment)
    if digest is not None:
        assert timedelta() <= moment - digest < timedelta(hours=13)
        assert digest.strftime("%H:%M") in {"07:30", "13:30"}
        assert digest.weekday() < 5
