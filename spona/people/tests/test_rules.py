"""An age that is not certain is counted in favour of the child."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.people.rules import (
    Better,
    Birth,
    Fault,
    ImpossibleBirth,
    Precision,
    Proposal,
    Side,
    age_on,
    better_birth,
    better_value,
    birth_of_age,
    birth_of_parts,
    checked,
    oldest_age_on,
)

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1950, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("parts", "on", "precision"),
    [
        ((None, None, None), None, Precision.UNKNOWN),
        ((None, None, 2010), date(2010, 1, 1), Precision.YEAR),
        ((None, 6, 2010), date(2010, 6, 1), Precision.MONTH),
        ((1, 6, 2010), date(2010, 6, 1), Precision.DAY),
        ((29, 2, 2008), date(2008, 2, 29), Precision.DAY),
        ((23, 11, 2026), TODAY, Precision.DAY),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(
    parts: tuple[int | None, int | None, int | None], on: date | None, precision: Precision
) -> None:
    assert birth_of_parts(*parts, today=TODAY) == Birth(on, precision)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ((31, 2, 2010), Fault.NO_SUCH_DAY),
        ((29, 2, 2010), Fault.NO_SUCH_DAY),
        ((1, 13, 2010), Fault.NO_SUCH_DAY),
        ((1, 1, 0), Fault.NO_SUCH_DAY),
        ((1, 1, 20100), Fault.NO_SUCH_DAY),
        ((24, 11, 2026), Fault.FUTURE),
        ((None, 12, 2026), Fault.FUTURE),
        ((None, None, 1905), Fault.TOO_OLD),
        ((1, None, 2010), Fault.INCOMPLETE),
        ((1, 6, None), Fault.INCOMPLETE),
        ((None, 6, None), Fault.INCOMPLETE),
    ],
)
def test_an_impossible_date_is_named(
    parts: tuple[int | None, int | None, int | None], fault: Fault
) -> None:
    with pytest.raises(ImpossibleBirth) as impossible:
        birth_of_parts(*parts, today=TODAY)
    assert impossible.value.fault is fault


@pytest.mark.parametrize(
    "birth",
    [
        Birth(None, Precision.DAY),
        Birth(date(2010, 1, 1), Precision.UNKNOWN),
        Birth(date(2010, 6, 2), Precision.MONTH),
        Birth(date(2010, 6, 1), Precision.YEAR),
        Birth(date(2010, 6, 1), Precision.ESTIMATED),
    ],
)
def test_a_date_and_its_precision_agree(birth: Birth) -> None:
    with pytest.raises(ImpossibleBirth) as impossible:
        checked(birth, today=TODAY)
    assert impossible.value.fault is Fault.PRECISION


@pytest.mark.parametrize(
    ("birth", "age", "oldest"),
    [
        (Birth(date(2008, 11, 23), Precision.DAY), 18, 18),
        (Birth(date(2008, 11, 24), Precision.DAY), 17, 17),
        (Birth(date(2008, 11, 1), Precision.MONTH), 17, 18),
        (Birth(date(2008, 1, 1), Precision.YEAR), 17, 18),
        (Birth(date(2011, 1, 1), Precision.ESTIMATED), 14, 15),
        (Birth(date(2026, 1, 1), Precision.YEAR), 0, 0),
        (Birth(None, Precision.UNKNOWN), None, None),
    ],
)
def test_the_younger_age_stands(birth: Birth, age: int | None, oldest: int | None) -> None:
    assert age_on(TODAY, birth) == age
    assert oldest_age_on(TODAY, birth) == oldest


@given(DAYS, st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]))
def test_the_age_is_never_more_than_the_true_one(born: date, precision: Precision) -> None:
    """Whatever day it really was: the age we act on is not above it, nor a year and more below."""
    known = {Precision.DAY: born, Precision.MONTH: born.replace(day=1)}
    birth = Birth(known.get(precision, date(born.year, 1, 1)), precision)
    true = TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))
    young, old = age_on(TODAY, birth), oldest_age_on(TODAY, birth)
    assert young is not None
    assert old is not None
    assert young <= true <= old <= young + 1


@given(st.integers(0, 120), DAYS)
def test_an_age_said_is_within_a_year_of_the_age_kept(age: int, day: date) -> None:
    kept = age_on(day, birth_of_age(age, today=day))
    assert kept in (max(0, age - 1), age)


@pytest.mark.parametrize(("age", "fault"), [(-1, Fault.FUTURE), (121, Fault.TOO_OLD)])
def test_an_impossible_age_is_named(age: int, fault: Fault) -> None:
    with pytest.raises(ImpossibleBirth) as impossible:
        birth_of_age(age, today=TODAY)
    assert impossible.value.fault is fault


@given(DAYS, st.integers(0, 4000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    birth = Birth(born, Precision.DAY)
    now, later = age_on(TODAY, birth), age_on(TODAY + timedelta(days=days), birth)
    assert now is not None
    assert later is not None
    assert now <= later


# --- two records of one person


def test_a_document_is_proposed_before_what_was_said() -> None:
    day = Birth(date(2011, 5, 3), Precision.DAY)
    year = Birth(date(2010, 1, 1), Precision.YEAR)
    proposed = better_birth((day, "child"), (year, "document"))
    assert proposed == Proposal(Side.OTHER, Better.DOCUMENT)


def test_a_day_is_proposed_before_a_year() -> None:
    day = Birth(date(2011, 5, 3), Precision.DAY)
    year = Birth(date(2010, 1, 1), Precision.YEAR)
    assert better_birth((day, "child"), (year, "child")) == Proposal(Side.KEPT, Better.PRECISE)


def test_what_is_known_is_proposed_before_what_is_not() -> None:
    nothing = Birth(None, Precision.UNKNOWN)
    year = Birth(date(2010, 1, 1), Precision.YEAR)
    assert better_birth((nothing, "child"), (year, "child")) == Proposal(Side.OTHER, Better.ONLY)
    assert better_value("", "AF", empty=("",)) == Proposal(Side.OTHER, Better.ONLY)


def test_two_days_that_differ_are_nobodys_to_choose_by_rule() -> None:
    one, two = (Birth(date(2011, 5, day), Precision.DAY) for day in (3, 4))
    assert better_birth((one, "child"), (two, "child")) == Proposal(None, Better.OPEN)
    assert better_value("AF", "PK", empty=("",)) == Proposal(None, Better.OPEN)


@given(DAYS, DAYS, st.sampled_from(["child", "document"]), st.sampled_from(["child", "document"]))
def test_the_proposal_does_not_depend_on_which_record_is_kept(
    first: date, second: date, one: str, two: str
) -> None:
    sides = {Side.KEPT: Side.OTHER, Side.OTHER: Side.KEPT}
    births = (Birth(first, Precision.DAY), one), (Birth(second, Precision.DAY), two)
    straight, turned = better_birth(*births), better_birth(*reversed(births))
    assert straight.why == turned.why
    if straight.why not in (Better.SAME, Better.OPEN):
        assert straight.side is not None
        assert turned.side == sides[straight.side]
