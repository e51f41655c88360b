"""What linking gives: pairs of records, each with the waterfall that explains it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt

from spona.names.linking.words import Ints
from spona.names.weighing import Bar, Feature, Level, Waterfall

Numbers = npt.NDArray[np.float64]

RESEMBLES = 0.05  # a third record counts where it resembles both at least so much
STEPS = 30
LEAST_EXPECTED = 0.01  # pairs
LIKELIEST = 0.9999  # and never makes anything surer than this


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs of rows. `numbers[feature]` is the level by Splink's number, -1 where missing;
    `meaning[feature][number]` its name and weight in bits. `lift` is what third records add."""

    left: Ints
    right: Ints
    weight: Numbers
    numbers: Mapping[Feature, Ints]
    meaning: Mapping[Feature, Mapping[int, tuple[Level, float]]]
    prior: float
    lift: Numbers

    @property
    def total(self) -> Numbers:
        return self.weight + self.lift

    @property
    def probability(self) -> Numbers:
        return chance(self.total)

    def waterfall(self, at: int) -> Waterfall:
        """Its bars sum to `total[at]`."""
        bars = [self._bar(feature, int(found[at])) for feature, found in self.numbers.items()]
        lift = float(self.lift[at])
        level = Level.RESEMBLES_BOTH if lift else Level.MISSING
        bars.append(Bar(Feature.THROUGH, level, lift))
        return Waterfall(self.prior, tuple(bars))

    def likely(self, threshold: float) -> Iterator[int]:
        """Positions of pairs whose probability is at least so much, the likeliest first."""
        order = np.argsort(-self.total, kind="stable")
        found = self.probability[order] >= threshold
        yield from order[found].tolist()

    def _bar(self, feature: Feature, number: int) -> Bar:
        level, weight = self.meaning[feature].get(number, (Level.MISSING, 0.0))
        return Bar(feature, level, weight)


def chance(weight: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp2(-np.clip(weight, -1000, 1000))))


def from_splink(found: Any, meaning: Mapping[Feature, Any], records: int) -> Linked:
    """From Splink's predictions as an Arrow table, with a prior that fits these registers."""
    numbers = {feature: _numbers(found[f"mw_{feature}"], meaning[feature]) for feature in meaning}
    weight = np.zeros(found.num_rows)
    for feature, number in numbers.items():
        bits = np.zeros(max(meaning[feature]) + 2)
        for one, (_level, each) in meaning[feature].items():
            bits[one] = each
        weight += bits[number]  # -1, what is missing, reads the last: nought
    prior = fitted(weight, records)
    left, right = _ints(found["record_row_l"]), _ints(found["record_row_r"])
    linked = Linked(left, right, weight + prior, numbers, meaning, prior, np.zeros(len(left)))
    return replace(linked, lift=through(linked))


def fitted(weight: Numbers, records: int) -> float:
    """The prior, in bits, under which as many pairs of all that the registers hold are expected to
    be one person as it says: expectation-maximisation of that share alone."""
    pairs = max(records * (records - 1) / 2, 2)
    share = 1 / max(records, 2)
    for _step in range(STEPS):
        expected = float(chance(weight + log2(share / (1 - share))).sum())
        share = min(max(expected, LEAST_EXPECTED) / pairs, 0.5)
    return log2(share / (1 - share))


def through(linked: Linked) -> Numbers:
    """What third records add: where both resemble a third, they resemble each other at least as
    much as both do together."""
    chances = linked.probability
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for i in np.flatnonzero(chances >= RESEMBLES).tolist():
        a, b, p = int(linked.left[i]), int(linked.right[i]), float(chances[i])
        near[a][b] = near[b][a] = p
    lift = np.zeros(len(chances))
    for i in np.flatnonzero(chances < LIKELIEST).tolist():
        here, there = near.get(int(linked.left[i])), near.get(int(linked.right[i]))
        if here and there and (both := here.keys() & there.keys()):
            best = min(max(here[c] * there[c] for c in both), LIKELIEST)
            lift[i] = max(0.0, log2(best / (1 - best)) - linked.weight[i])
    return lift


def _ints(column: Any) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)


def _numbers(found: Any, meaning: Mapping[int, tuple[Level, float]]) -> Ints:
    """The level by its weight, which is what Splink keeps; what is missing weighs nothing."""
    known = sorted([(weight, number) for number, (_level, weight) in meaning.items()] + [(0.0, -1)])
    weights = np.asarray([weight for weight, _number in known])
    between = (weights[1:] + weights[:-1]) / 2
    numbers = np.asarray([number for _weight, number in known], np.int64)
    level: Ints = numbers[np.searchsorted(between, found.to_numpy())]
    return level
