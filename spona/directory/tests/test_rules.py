"""Where a child may be placed, and what we do not know about a place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.directory.rules import (
    Approximate,
    Met,
    Operation,
    Option,
    Placement,
    Precision,
    Sighting,
    Validity,
    last_seen,
    operation,
    placement_options,
)

THREE_VALUED = st.sampled_from([True, False, None])
CHILD_AGE = st.one_of(st.none(), st.integers(min_value=0, max_value=17))
DAY = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def options(
    age: int | None = 15, lodged: bool | None = False, hospital: bool | None = False
) -> dict[Placement, Option]:
    found = placement_options(age=age, application_lodged=lodged, health_needs_hospital=hospital)
    return {option.placement: option for option in found}


def first(
    age: int | None = 15, lodged: bool | None = False, hospital: bool | None = False
) -> Placement:
    return next(iter(options(age, lodged, hospital)))


@pytest.mark.parametrize("age", [0, 8, 14])
def test_a_child_up_to_fourteen_goes_to_a_family_first(age: int) -> None:
    assert first(age) is Placement.FOSTER_FAMILY
    assert options(age)[Placement.FOSTER_FAMILY].prefers


def test_an_older_child_may_still_live_in_a_family() -> None:
    foster = options(16)[Placement.FOSTER_FAMILY]
    assert (foster.open, foster.met, foster.prefers) == (True, Met.NO, False)


@pytest.mark.parametrize(("age", "is_open"), [(15, False), (16, False), (17, True)])
def test_an_asylum_centre_is_only_for_a_child_older_than_sixteen(age: int, is_open: bool) -> None:
    assert options(age, lodged=True)[Placement.ASYLUM_CENTRE].open is is_open


def test_an_asylum_centre_waits_for_the_application() -> None:
    assert options(17, lodged=False)[Placement.ASYLUM_CENTRE].met is Met.NO
    assert options(17, lodged=None)[Placement.ASYLUM_CENTRE].met is Met.UNKNOWN
    assert not options(17, lodged=None)[Placement.ASYLUM_CENTRE].open


def test_a_child_of_unknown_age_is_protected_as_the_youngest() -> None:
    found = options(None, lodged=True)
    assert found[Placement.FOSTER_FAMILY].prefers
    assert found[Placement.FOSTER_FAMILY].met is Met.UNKNOWN
    assert not found[Placement.ASYLUM_CENTRE].open


def test_unknown_age_without_an_application_is_already_a_no() -> None:
    assert options(None, lodged=False)[Placement.ASYLUM_CENTRE].met is Met.NO


def test_a_child_who_needs_hospital_goes_there_first() -> None:
    assert first(10, hospital=True) is Placement.HEALTH_INSTITUTION


def test_a_hospital_stays_possible_until_a_physician_has_seen_the_child() -> None:
    assert options(hospital=None)[Placement.HEALTH_INSTITUTION].open
    assert not options(hospital=False)[Placement.HEALTH_INSTITUTION].open


def test_the_rule_has_nothing_to_say_about_an_adult() -> None:
    assert options(18) == {}


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        options(-1)


@given(CHILD_AGE, THREE_VALUED, THREE_VALUED)
def test_every_child_has_an_open_option_and_sees_all_four(
    age: int | None, lodged: bool | None, hospital: bool | None
) -> None:
    found = list(options(age, lodged, hospital).values())
    assert {option.placement for option in found} == set(Placement)
    assert found[0].open
    assert [option.open for option in found] == sorted((o.open for o in found), reverse=True)
    assert all(option.words.sr_latn and option.words.en for option in found)


@given(CHILD_AGE, THREE_VALUED, THREE_VALUED)
def test_what_is_unknown_never_opens_the_asylum_centre(
    age: int | None, lodged: bool | None, hospital: bool | None
) -> None:
    if options(age, lodged, hospital)[Placement.ASYLUM_CENTRE].open:
        assert age == 17
        assert lodged is True


@pytest.mark.parametrize(
    ("start", "precision", "latest"),
    [
        (date(2017, 5, 30), Precision.DAY, date(2017, 5, 30)),
        (date(2024, 2, 1), Precision.MONTH, date(2024, 2, 29)),
        (date(2024, 7, 1), Precision.HALF_YEAR, date(2024, 12, 31)),
        (date(2020, 1, 1), Precision.YEAR, date(2020, 12, 31)),
        (date(2020, 9, 1), Precision.HALF_YEAR, date(2021, 2, 28)),
    ],
)
def test_an_approximate_date_is_a_span(start: date, precision: Precision, latest: date) -> None:
    span = Approximate(start, precision)
    assert (span.earliest, span.latest) == (start, latest)


def test_a_place_is_closed_before_it_opened_and_after_it_closed() -> None:
    tents = Approximate(date(2020, 1, 1), Precision.YEAR)
    used = Validity(tents, tents)
    assert operation(used, date(2019, 12, 31)) is Operation.NOT_OPERATING
    assert operation(used, date(2020, 6, 1)) is Operation.UNKNOWN
    assert operation(used, date(2021, 1, 1)) is Operation.NOT_OPERATING


def test_between_two_certain_dates_a_place_was_in_use() -> None:
    used = Validity(
        Approximate(date(2017, 5, 30), Precision.DAY),
        Approximate(date(2024, 1, 1), Precision.MONTH),
    )
    assert operation(used, date(2017, 5, 30)) is Operation.OPERATING
    assert operation(used, date(2023, 12, 31)) is Operation.OPERATING
    assert operation(used, date(2024, 1, 15)) is Operation.UNKNOWN


def test_a_source_is_believed_for_the_days_it_speaks_of() -> None:
    seen = Sighting(Operation.OPERATING, date(2024, 12, 31), date(2024, 12, 31))
    assert operation(Validity(seen=(seen,)), date(2024, 12, 31)) is Operation.OPERATING
    assert operation(Validity(seen=(seen,)), date(2025, 1, 1)) is Operation.UNKNOWN


def test_the_newest_word_of_the_sources_is_shown_beside_an_unknown() -> None:
    older = Sighting(Operation.OPERATING, date(2017, 7, 1), date(2017, 7, 31))
    newer = Sighting(Operation.NOT_OPERATING, date(2024, 12, 31), date(2024, 12, 31))
    assert last_seen(Validity(seen=(newer, older))) == newer
    assert last_seen(Validity()) is None


@given(DAY)
def test_a_place_of_which_nothing_is_known_is_unknown_on_every_day(day: date) -> None:
    assert operation(Validity(), day) is Operation.UNKNOWN
