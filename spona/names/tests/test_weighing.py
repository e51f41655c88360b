"""Two records of one child, weighed: every bar can be defended before the people it is about."""

import json
from datetime import date
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.names import weighing
from spona.names.weighing import Birth, Feature, Level, Precision, Traits, levels, shipped, weigh
from spona.names.weighing.weights import FILE, read

PRIOR = weighing.one_in(1000)
DAY = date(2009, 2, 23)
BORN = Birth(DAY, Precision.DAY)

births = st.builds(
    Birth,
    st.none() | st.dates(date(1990, 1, 1), date(2020, 12, 31)),
    st.sampled_from(Precision),
)
written = st.sampled_from(
    [
        "",
        "Muhamed Džavad",
        "محمد جواد",
        "Мухамед Џавад Хусеини",
        "Mohammad J.",
        "Zabih Ullah",
        "Ana",
    ]
)
records = st.builds(
    Traits,
    given=written,
    family=written,
    father=written,
    sex=st.sampled_from(["", "M", "F"]),
    birth=births,
    citizenship=st.sampled_from(["", "AF", "SY"]),
    companions=st.frozensets(st.sampled_from("abc")),
)


def total(one: Traits, other: Traits) -> float:
    return weigh(one, other, prior=PRIOR).total


def level(one: Birth, other: Birth) -> Level:
    return levels.of_births(one, other)


def of_birth(one: Birth, other: Birth) -> float:
    return shipped().of(Feature.BIRTH, level(one, other))


@given(records, records)
def test_the_bars_sum_to_the_score(one: Traits, other: Traits) -> None:
    waterfall = weigh(one, other, prior=PRIOR)
    assert waterfall.total == fsum([PRIOR, *(bar.weight for bar in waterfall.bars)])
    assert 0 <= waterfall.probability <= 1


@given(records, records)
def test_it_does_not_matter_who_was_there_first(one: Traits, other: Traits) -> None:
    assert total(one, other) == pytest.approx(total(other, one))


@given(records)
def test_what_is_unknown_says_nothing(one: Traits) -> None:
    assert total(one, Traits(given="")) == PRIOR


@given(births, st.integers(-2, 2), st.sampled_from([Precision.YEAR, Precision.ESTIMATED]))
def test_an_exact_day_never_weighs_less_than_a_year_that_fits(
    one: Birth, off: int, coarser: Precision
) -> None:
    if one.on is None or one.known_to is not Precision.DAY:
        return
    other = Birth(date(one.on.year + off, 6, 1), coarser)
    assert of_birth(one, one) > of_birth(one, other)


@given(births, births)
def test_births_compare_alike_in_either_order(one: Birth, other: Birth) -> None:
    assert level(one, other) is level(other, one)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (BORN, Level.SAME_DAY),
        (Birth(date(2009, 2, 3), Precision.DAY), Level.SAME_MONTH),
        (Birth(date(2019, 2, 23), Precision.DAY), Level.ONE_FIGURE),
        (Birth(date(2009, 11, 8), Precision.DAY), Level.SAME_YEAR),
        (Birth(date(2001, 11, 8), Precision.DAY), Level.APART),
        (Birth(date(2009, 2, 1), Precision.MONTH), Level.SAME_MONTH),
        (Birth(date(2009, 1, 1), Precision.DAY), Level.YEAR_FITS),
        (Birth(date(2010, 1, 1), Precision.YEAR), Level.YEAR_NEXT),
        (Birth(date(2011, 1, 1), Precision.ESTIMATED), Level.ESTIMATE_FITS),
        (Birth(date(2012, 1, 1), Precision.ESTIMATED), Level.APART),
        (Birth(), Level.MISSING),
    ],
)
def test_births_compare_by_what_is_known_of_them(other: Birth, found: Level) -> None:
    assert level(BORN, other) is found


def test_a_day_and_a_month_that_changed_places_are_seen() -> None:
    one, other = Birth(date(2009, 2, 11), Precision.DAY), Birth(date(2009, 11, 2), Precision.DAY)
    assert level(one, other) is Level.SWAPPED


def test_two_estimates_may_be_further_apart_than_one() -> None:
    one, other = (Birth(date(year, 6, 1), Precision.ESTIMATED) for year in (2005, 2009))
    assert level(one, other) is Level.ESTIMATES_NEAR


def test_a_child_is_known_in_another_script_and_another_order() -> None:
    at_the_border = Traits("محمد جواد حسینی", birth=BORN, sex="M")
    in_the_centre = Traits("Huseini", "Muhamed Džavad", birth=BORN, sex="M")
    brother = Traits("Ali", "Huseini", birth=Birth(date(2012, 5, 4), Precision.DAY), sex="M")
    assert weigh(at_the_border, in_the_centre, prior=PRIOR).probability > 0.99
    assert weigh(at_the_border, brother, prior=PRIOR).probability < 0.1


def test_a_rare_name_says_more_than_a_common_one() -> None:
    counts = weighing.counted(["Muhamed"] * 400 + ["Nikšahr"])
    often = weighing.shared_by(counts, 401)
    common, rare = (
        weigh(Traits(name), Traits(name), prior=PRIOR, frequency=often).total
        for name in ("Muhamed", "Nikšahr")
    )
    assert rare > common


def test_companions_that_are_not_shared_say_nothing() -> None:
    alone, together = Traits("Ana", companions=frozenset("a")), frozenset("ab")
    assert total(alone, Traits("Ana", companions=frozenset("c"))) == total(alone, Traits("Ana"))
    assert total(alone, Traits("Ana", companions=together)) > total(alone, Traits("Ana"))


def test_neither_end_of_the_scale_overflows() -> None:
    assert weighing.probability_of(5000) == 1
    assert weighing.probability_of(-5000) == pytest.approx(0)


def test_the_weights_say_how_they_were_made() -> None:
    told = json.loads(FILE.read_text("utf-8"))
    assert told["version"] >= 1
    assert told["made"]["by"] == "bench.names_weights"
    assert "companions" in told["made"]["assumed"]


def test_every_level_of_every_feature_has_a_chance_in_both_worlds() -> None:
    weights = shipped()
    for chances in weights.chances.values():
        for m, u in chances.values():
            assert 0 < m < 1
            assert 0 < u < 1


def test_more_evidence_of_names_never_weighs_less() -> None:
    for bands in shipped().bands.values():
        assert [band.least for band in bands] == sorted(band.least for band in bands)
        assert [band.weight for band in bands] == sorted(band.weight for band in bands)


def test_weights_of_another_format_are_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        read({"format": 99})
