"""Services that answer a need: who fits comes first, who does not is shown with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.directory.rules import Met
from spona.directory.rules.matching import (
    CAPACITY_HOLDS,
    Capacity,
    Match,
    Near,
    Observed,
    Offer,
    Point,
    capacity_now,
    match,
)

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
TALK, FOOD = "own:psychosocial", "own:food"
SUPPORT = Offer(
    key="podrska",
    needs=frozenset({TALK}),
    seat="vranje",
    covers=frozenset({"vranje", "presevo"}),
    languages=frozenset({"prs", "eng"}),
    minimum_age=12,
    maximum_age=17,
    capacity=Capacity.OPEN,
)


def matched(offer: Offer = SUPPORT, **asked: object) -> Match:
    person = {
        "needs": [TALK],
        "municipality": "vranje",
        "age": 15,
        "sex": "m",
        "languages": ["prs", "pus"],
    } | asked
    (found,) = match([offer], **person)  # type: ignore[arg-type]
    return found


def answer(found: Match, point: Point) -> Met | None:
    return next((reason.met for reason in found.reasons if reason.point is point), None)


def test_a_service_that_agrees_in_everything_fits_and_says_why() -> None:
    found = matched()
    assert found.fits
    assert found.near is Near.HERE
    assert {reason.met for reason in found.reasons} == {Met.YES}
    assert [r.codes for r in found.reasons if r.point is Point.LANGUAGE] == [("prs",)]


@pytest.mark.parametrize(
    ("asked", "offer", "point"),
    [
        ({"needs": [FOOD]}, SUPPORT, Point.NEED),
        ({"municipality": "nis"}, SUPPORT, Point.PLACE),
        ({"age": 11}, SUPPORT, Point.AGE),
        ({"age": 18}, SUPPORT, Point.AGE),
        ({"languages": ["som"]}, SUPPORT, Point.LANGUAGE),
        ({}, replace(SUPPORT, sex="f"), Point.SEX),
        ({}, replace(SUPPORT, capacity=Capacity.FULL), Point.CAPACITY),
        ({}, replace(SUPPORT, capacity=Capacity.WAITING_LIST), Point.CAPACITY),
    ],
)
def test_one_thing_in_the_way_is_named(
    asked: dict[str, object], offer: Offer, point: Point
) -> None:
    found = matched(offer, **asked)
    (hindrance,) = found.hindrances
    assert not found.fits
    assert hindrance.point is point
    assert hindrance.words.sr_latn
    assert hindrance.words.en
    assert found.answers_the_need is (point is not Point.NEED)


@pytest.mark.parametrize(
    ("asked", "offer", "point"),
    [
        ({"municipality": None}, SUPPORT, Point.PLACE),
        ({"age": None}, SUPPORT, Point.AGE),
        ({"sex": "unknown"}, replace(SUPPORT, sex="f"), Point.SEX),
        ({}, replace(SUPPORT, languages=frozenset()), Point.LANGUAGE),
        ({}, replace(SUPPORT, capacity=Capacity.UNKNOWN), Point.CAPACITY),
        ({}, replace(SUPPORT, covers=frozenset()), Point.PLACE),
    ],
)
def test_what_is_unknown_is_asked_and_hinders_nobody(
    asked: dict[str, object], offer: Offer, point: Point
) -> None:
    found = matched(offer, **asked)
    assert found.fits
    assert [reason.point for reason in found.to_ask] == [point]


def test_what_nobody_asks_about_is_not_answered() -> None:
    found = matched(needs=[], languages=[])
    assert answer(found, Point.NEED) is None
    assert answer(found, Point.LANGUAGE) is None


def test_the_same_town_is_nearer_than_a_visit_and_a_visit_nearer_than_the_whole_country() -> None:
    everywhere = replace(SUPPORT, key="a", covers=frozenset(), nationwide=True, seat="beograd")
    elsewhere = replace(SUPPORT, key="b", covers=frozenset({"nis"}), seat="nis")
    visiting = replace(SUPPORT, key="c", seat="nis")
    found = match([elsewhere, everywhere, visiting, SUPPORT], municipality="vranje")
    assert [one.near for one in found] == [
        Near.HERE,
        Near.COMES_HERE,
        Near.NATIONWIDE,
        Near.ELSEWHERE,
    ]


def test_a_service_of_the_whole_country_with_its_seat_here_is_here() -> None:
    everywhere = replace(SUPPORT, covers=frozenset(), nationwide=True)
    assert matched(everywhere).near is Near.HERE
    assert matched(everywhere, municipality=None).near is Near.NATIONWIDE


def test_an_age_without_a_lower_or_an_upper_bound() -> None:
    assert answer(matched(replace(SUPPORT, minimum_age=None)), Point.AGE) is Met.YES
    old = matched(replace(SUPPORT, minimum_age=18, maximum_age=None))
    assert "18+" in old.hindrances[0].words.en
    assert answer(matched(replace(SUPPORT, minimum_age=None, maximum_age=None)), Point.AGE) is None


def test_who_accepts_more_often_comes_first_but_only_once_it_was_asked_often() -> None:
    often = replace(SUPPORT, key="c", observed=Observed(10, 9, 9, 20.0))
    rarely = replace(SUPPORT, key="a", observed=Observed(10, 2, 1, 90.0))
    hardly_asked = replace(SUPPORT, key="b", observed=Observed(4, 0, 0))
    found = match([rarely, hardly_asked, often])
    assert [one.offer.key for one in found] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("said_at", "known"),
    [
        (None, Capacity.UNKNOWN),
        (NOW, Capacity.OPEN),
        (NOW - CAPACITY_HOLDS, Capacity.OPEN),
        (NOW - CAPACITY_HOLDS - timedelta(seconds=1), Capacity.UNKNOWN),
    ],
)
def test_free_places_of_last_week_are_a_rumour(said_at: datetime | None, known: Capacity) -> None:
    assert capacity_now("open", said_at, NOW) is known


TOWN = st.sampled_from(["vranje", "presevo", "nis"])
AGE = st.one_of(st.none(), st.integers(0, 25))
LANGUAGES = st.frozensets(st.sampled_from(["prs", "pus", "eng"]))
NEEDS = st.frozensets(st.sampled_from([TALK, FOOD, "own:school"]))
OFFER = st.builds(
    Offer,
    key=st.text("abc", min_size=1, max_size=3),
    needs=NEEDS,
    seat=st.one_of(st.none(), TOWN),
    covers=st.frozensets(TOWN),
    nationwide=st.booleans(),
    languages=LANGUAGES,
    minimum_age=AGE,
    maximum_age=AGE,
    sex=st.sampled_from(["any", "f", "m"]),
    capacity=st.sampled_from(Capacity),
    observed=st.one_of(
        st.none(),
        st.integers(0, 20).flatmap(
            lambda asked: st.builds(
                Observed, st.just(asked), st.integers(0, asked), st.integers(0, asked)
            )
        ),
    ),
)
OFFERS = st.lists(OFFER, unique_by=lambda offer: offer.key, max_size=8)
ASKED = st.fixed_dictionaries(
    {
        "needs": NEEDS,
        "municipality": st.one_of(st.none(), TOWN),
        "age": AGE,
        "sex": st.sampled_from([None, "f", "m", "other", "unknown"]),
        "languages": LANGUAGES,
    }
)


@given(OFFERS, ASKED)
def test_nothing_is_hidden_and_who_fits_comes_first(
    offers: list[Offer], asked: dict[str, object]
) -> None:
    found = match(offers, **asked)  # type: ignore[arg-type]
    assert sorted(one.offer.key for one in found) == sorted(offer.key for offer in offers)
    hindrances = [len(one.hindrances) for one in found]
    assert hindrances == sorted(hindrances)
    for one in found:
        assert one.fits is all(reason.met is not Met.NO for reason in one.reasons)
        assert all(reason.words.sr_latn and reason.words.en for reason in one.reasons)
        assert [r.point for r in one.reasons] == [
            p for p in Point if p in {r.point for r in one.reasons}
        ]


@given(OFFERS, ASKED, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_the_directory(
    offers: list[Offer], asked: dict[str, object], shuffled: object
) -> None:
    again = list(offers)
    shuffled.shuffle(again)  # type: ignore[attr-defined]
    assert match(offers, **asked) == match(again, **asked)  # type: ignore[arg-type]


@given(OFFER, ASKED)
def test_knowing_less_of_the_person_never_puts_anything_in_the_way(
    offer: Offer, asked: dict[str, object]
) -> None:
    (known,) = match([offer], **asked)  # type: ignore[arg-type]
    (unknown,) = match([offer])
    assert {r.point for r in unknown.hindrances} <= {r.point for r in known.hindrances}


@given(OFFER, ASKED)
def test_a_person_is_never_sent_where_age_sex_or_place_are_known_to_be_wrong(
    offer: Offer, asked: dict[str, object]
) -> None:
    (found,) = match([offer], **asked)  # type: ignore[arg-type]
    age, sex, town = asked["age"], asked["sex"], asked["municipality"]
    if not found.fits:
        return
    if isinstance(age, int):
        assert offer.minimum_age is None or age >= offer.minimum_age
        assert offer.maximum_age is None or age <= offer.maximum_age
    assert offer.sex == "any" or sex not in {"f", "m"} or sex == offer.sex
    assert offer.nationwide or town is None or not offer.covers or town in offer.covers
    assert offer.capacity in {Capacity.OPEN, Capacity.UNKNOWN}
