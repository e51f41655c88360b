"""Levels on which two records agree or not, feature by feature.

The levels of births are cut so that what real registers do is told apart from what speaks against:
a day and a month swapped, 1 January for a year, an estimate that is off by two years.
"""

from __future__ import annotations

from enum import StrEnum

from spona.names.weighing.traits import Birth, Precision

ESTIMATE_REACHES = 2  # years


class Feature(StrEnum):
    """What is compared; THROUGH is a third record that both resemble (registers only)."""

    NAMES = "names"
    FATHER = "father"
    BIRTH = "birth"
    SEX = "sex"
    CITIZENSHIP = "citizenship"
    COMPANIONS = "companions"
    THROUGH = "through"


class Level(StrEnum):
    """How it compares. MISSING weighs nothing, for every feature."""

    MISSING = "missing"
    SAME = "same"
    DIFFERENT = "different"
    SHARED = "shared"
    # names and fathers, from the weakest evidence to the strongest
    UNLIKE = "unlike"
    DOUBTFUL = "doubtful"
    RELATED = "related"
    ALIKE = "alike"
    VERY_ALIKE = "very_alike"
    RARE_AND_ALIKE = "rare_and_alike"
    # births
    SAME_DAY = "same_day"
    SWAPPED = "day_and_month_swapped"
    SAME_MONTH = "same_month"
    SAME_YEAR = "same_year"
    ONE_FIGURE = "one_figure_differs"
    YEAR_FITS = "year_fits"
    YEAR_NEXT = "year_next"
    ESTIMATE_FITS = "estimate_fits"
    ESTIMATES_NEAR = "estimates_near"
    APART = "apart"
    # a third record
    RESEMBLES_BOTH = "resembles_both"


def of_births(one: Birth, other: Birth) -> Level:
    """By the coarser of the two: what is not known cannot contradict."""
    if one.on is None or other.on is None:
        return Level.MISSING
    coarser = min(one.known_to, other.known_to)
    apart = abs(one.on.year - other.on.year)
    if coarser is Precision.UNKNOWN:
        return Level.MISSING
    if coarser is Precision.ESTIMATED:
        return _estimated(apart, both=one.known_to == other.known_to)
    if coarser is Precision.YEAR:
        return (Level.YEAR_FITS, Level.YEAR_NEXT, Level.APART)[min(apart, 2)]
    return _precise(one, other, to_the_day=coarser is Precision.DAY)


def _estimated(apart: int, *, both: bool) -> Level:
    if apart <= ESTIMATE_REACHES:
        return Level.ESTIMATE_FITS
    return Level.ESTIMATES_NEAR if both and apart <= 2 * ESTIMATE_REACHES else Level.APART


def _precise(one: Birth, other: Birth, *, to_the_day: bool) -> Level:
    here, there = f"{one.on:%Y%m%d}", f"{other.on:%Y%m%d}"
    if here[:6] == there[:6]:
        return Level.SAME_DAY if to_the_day and here == there else Level.SAME_MONTH
    if here == there[:4] + there[6:] + there[4:6]:
        return Level.SWAPPED
    if sum(a != b for a, b in zip(here, there, strict=True)) == 1:
        return Level.ONE_FIGURE
    return Level.SAME_YEAR if here[:4] == there[:4] else Level.APART


def of_words(one: str, other: str) -> Level:
    """Of sexes and citizenships, which are equal or not."""
    if not one or not other:
        return Level.MISSING
    return Level.SAME if one.casefold() == other.casefold() else Level.DIFFERENT


def of_companions(one: frozenset[str], other: frozenset[str]) -> Level:
    """That nobody is shared says nothing: people part, and offices write down whom they see."""
    return Level.SHARED if one & other else Level.MISSING
