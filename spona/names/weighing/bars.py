"""The waterfall of two records: a prior, a bar for each feature, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log2

from spona.names.likeness import Pair
from spona.names.weighing import levels
from spona.names.weighing.evidence import Heard, of_names
from spona.names.weighing.levels import Feature, Level
from spona.names.weighing.rarity import Frequency, unknown
from spona.names.weighing.traits import Traits
from spona.names.weighing.weights import Weights, shipped


@dataclass(frozen=True, slots=True)
class Bar:
    """What one feature adds, in bits: each doubles the odds. `pairs` are the words of names."""

    feature: Feature
    level: Level
    weight: float
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`prior` is what is believed before anything is compared, in bits."""

    prior: float
    bars: tuple[Bar, ...]

    @property
    def total(self) -> float:
        return fsum((self.prior, *(bar.weight for bar in self.bars)))

    @property
    def probability(self) -> float:
        return probability_of(self.total)


def probability_of(total: float) -> float:
    """Of odds in bits; neither end overflows."""
    if total >= 0:
        return float(1 / (1 + 2.0 ** -min(total, 1000)))
    odds = 2.0 ** max(total, -1000)
    return float(odds / (1 + odds))


def one_in(people: int) -> float:
    """The prior, in bits, that a person is a certain one of so many."""
    return -log2(max(people, 1))


def weigh(
    one: Traits,
    other: Traits,
    *,
    prior: float,
    frequency: Frequency = unknown,
    weights: Weights | None = None,
) -> Waterfall:
    """Compare two records, symmetrically. `frequency` tells how common a word of a name is among
    the records searched; without it every name is taken for typical."""
    by = weights or shipped()
    names = [
        _heard(feature, of_names(a, b, frequency, by.coefficients, by.bands[feature]))
        for feature, a, b in (
            (Feature.NAMES, one.name, other.name),
            (Feature.FATHER, one.father, other.father),
        )
    ]
    found = (
        (Feature.BIRTH, levels.of_births(one.birth, other.birth)),
        (Feature.SEX, levels.of_words(one.sex, other.sex)),
        (Feature.CITIZENSHIP, levels.of_words(one.citizenship, other.citizenship)),
        (Feature.COMPANIONS, levels.of_companions(one.companions, other.companions)),
    )
    rest = [Bar(feature, level, by.of(feature, level)) for feature, level in found]
    return Waterfall(prior, (*names, *rest))


def _heard(feature: Feature, heard: Heard) -> Bar:
    if heard.band is None:
        return Bar(feature, Level.MISSING, 0.0)
    return Bar(feature, heard.band.level, heard.band.weight, heard.pairs)
