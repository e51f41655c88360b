"""Estimate the weights that `spona.names.weighing` ships, from registers whose persons are known.

`python -m bench.names_weights REGISTERS.csv` says how good they are, each record judged by weights
that never saw its person; with `--write` it also writes weights.json, estimated from all records.

m is how often a level is met between two records of one person, u between records of two. Few are
estimated: twenty coefficients of names, a weight for each band and level. What such data cannot
tell is assumed and marked so: companions (no register has them), and a floor, since invented
children never give two offices two days of birth.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spona.names.linking import blocks, registers
from spona.names.linking.judging import measured
from spona.names.linking.registers import Registers
from spona.names.linking.words import Column, Ints, Lexicon, column
from spona.names.weighing import Feature, Level, levels
from spona.names.weighing.evidence import MOST_EXTRA, MOST_WORDS, WIDTH, Coefficients
from spona.names.weighing.weights import FILE, FORMAT, Weights, read

VERSION = 1
CUTS = (0.3, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93)  # bands of closeness
STEP = 2.0  # bits of evidence to a band
SAMPLE = 1_500_000
FOLDS = 4
FLOOR = -7.0  # bits: no single feature may speak more strongly against
UNSEEN = 0.5
COMPANIONS = (0.02, 0.0005)  # assumed: a shared companion raises the odds forty times
WORDED = (  # from the weakest evidence
    (-4.0, Level.UNLIKE),
    (0.0, Level.DOUBTFUL),
    (5.0, Level.RELATED),
    (9.0, Level.ALIKE),
    (12.0, Level.VERY_ALIKE),
    (np.inf, Level.RARE_AND_ALIKE),
)

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
PLAIN = Coefficients(CUTS, *((0.0,) * n for n in (len(CUTS) + 1,) * 2 + (MOST_WORDS + 1, 3)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows with what is compared: `weight` is how many pairs of the registers each stands
    for, `candidate` whether linking would look at it."""

    left: Ints
    right: Ints
    same: Flags
    candidate: Flags
    weight: Numbers

    def only(self, chosen: Flags) -> Pairs:
        return Pairs(*(getattr(self, one)[chosen] for one in self.__slots__))


@dataclass(frozen=True, slots=True)
class Compared:
    """Registers with their names read, and the design of each pair's names and fathers."""

    records: Registers
    names: Column
    fathers: Column
    pairs: Pairs
    design: Numbers
    of_fathers: Numbers
    found: dict[Feature, npt.NDArray[np.object_]]


def compared(records: Registers) -> Compared:
    lexicon = Lexicon()
    names = column(records.names, lexicon, PLAIN, ())
    fathers = column(records.fathers, lexicon, PLAIN, ())
    pairs = _pairs(records, names, fathers)
    known = (fathers.count[pairs.left] > 0) & (fathers.count[pairs.right] > 0)
    of_fathers = np.full((len(known), _design_width()), np.nan)
    of_fathers[known] = _designed(fathers, pairs.left[known], pairs.right[known])
    design = _designed(names, pairs.left, pairs.right)
    return Compared(records, names, fathers, pairs, design, of_fathers, _levels(records, pairs))


def estimated(of: Compared, use: Flags, made: dict[str, Any]) -> dict[str, Any]:
    """Weights as weights.json writes them, from the pairs in use."""
    pairs = of.pairs
    fit = use & pairs.candidate
    flat = logistic(of.design[fit], pairs.same[fit]) / np.log(2)
    coefficients = _coefficients(flat)
    bands = {
        feature: _bands(design[chosen] @ flat, pairs.only(chosen))
        for feature, design, chosen in (
            (Feature.NAMES, of.design, use),
            (Feature.FATHER, of.of_fathers, use & ~np.isnan(of.of_fathers[:, 0])),
        )
    }
    chances = {
        feature: _chances(found[use], pairs.only(use)) for feature, found in of.found.items()
    }
    chances[Feature.COMPANIONS] = {Level.SHARED: COMPANIONS}
    return {
        "format": FORMAT,
        "version": VERSION,
        "made": made,
        "evidence": coefficients,
        "bands": bands,
        "chances": chances,
    }


def scores(of: Compared, rows: Flags, weights: Weights) -> Numbers:
    """What the weights give the pairs, without a prior."""
    total = np.zeros(int(rows.sum()))
    for feature, design in ((Feature.NAMES, of.design), (Feature.FATHER, of.of_fathers)):
        flat = _flat(weights.coefficients)
        bands = weights.bands[feature]
        each = np.asarray([band.weight for band in bands])
        cut = np.asarray([band.least for band in bands[1:]])
        known = ~np.isnan(design[rows][:, 0])
        total[known] += each[np.digitize(design[rows][known] @ flat, cut)]
    for feature, found in of.found.items():
        of_level = {level: weights.of(feature, Level(level)) for level in set(found)}
        total += np.asarray([of_level[level] for level in found[rows]])
    return total


def cross_validated(of: Compared) -> dict[str, float]:
    """Each pair scored by weights that saw neither of its persons."""
    fold = _folds(of.records.persons)
    here, there = fold[of.pairs.left], fold[of.pairs.right]
    total = np.zeros(len(here))
    for one in range(FOLDS):
        weights = read(estimated(of, (here != one) & (there != one), {}))
        total[here == one] = scores(of, here == one, weights)
    candidate = of.pairs.candidate
    return measured(total[candidate], of.pairs.same[candidate], int(of.pairs.same.sum()))


def logistic(design: Numbers, answer: Flags, ridge: float = 1.0) -> Numbers:
    """Coefficients by Newton's method, in nats."""
    found = np.zeros(design.shape[1])
    for _step in range(25):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (answer - chance) - ridge * found
        curve = (design * (chance * (1 - chance))[:, None]).T @ design
        moved = np.linalg.solve(curve + ridge * np.eye(len(found)), slope)
        found += moved
        if np.abs(moved).max() < 1e-4:
            break
    return found


def _design_width() -> int:
    return 2 * (len(CUTS) + 1) + MOST_WORDS + 1 + MOST_EXTRA + 1


def _designed(names: Column, left: Ints, right: Ints) -> Numbers:
    """How many words in each band, their bits, one-hot the words compared and left over."""
    closeness, rarity = names.aligned(left, right)
    shorter, extra = names.lengths(left, right)
    band = np.digitize(closeness, CUTS)
    stands = np.arange(WIDTH) < np.minimum(shorter, WIDTH)[:, None]
    counts = [((band == one) & stands).sum(axis=1) for one in range(len(CUTS) + 1)]
    of_bits = [
        np.where((band == one) & stands, rarity, 0).sum(axis=1) for one in range(len(CUTS) + 1)
    ]
    return np.column_stack(
        [
            *counts,
            *of_bits,
            *(np.minimum(shorter, MOST_WORDS) == n for n in range(MOST_WORDS + 1)),
            *(np.minimum(extra, MOST_EXTRA) == n for n in range(MOST_EXTRA + 1)),
        ]
    ).astype(float)


def _coefficients(flat: Numbers) -> dict[str, Sequence[float]]:
    n = len(CUTS) + 1
    parts = np.split(np.round(flat, 3), [n, 2 * n, 2 * n + MOST_WORDS + 1])
    names = ("base", "per_bit", "compared", "extra")
    return {"cuts": CUTS, **{name: part.tolist() for name, part in zip(names, parts, strict=True)}}


def _flat(by: Coefficients) -> Numbers:
    return np.asarray([*by.base, *by.per_bit, *by.compared, *by.extra])


def _bands(evidence: Numbers, pairs: Pairs) -> list[dict[str, Any]]:
    """Bands of equal width, weaker ones drawn together until more evidence always weighs more."""
    number = np.floor(evidence / STEP).astype(int)
    found: list[list[float]] = []  # least, of one person, of two
    for one in range(number.min(), number.max() + 1):
        chosen = number == one
        same = float((pairs.weight * pairs.same)[chosen].sum())
        found.append([one * STEP, same, float((pairs.weight * ~pairs.same)[chosen].sum())])
        while len(found) > 1 and not _rises(found[-2], found[-1]):
            _least, *more = found.pop()
            found[-1][1:] = [a + b for a, b in zip(found[-1][1:], more, strict=True)]
    m, u = _shares(found)
    return [
        {"least": one[0] if at else None, "level": _worded(m[at], u[at]), "m": m[at], "u": u[at]}
        for at, one in enumerate(found)
    ]


def _rises(low: list[float], high: list[float]) -> bool:
    enough = high[1] + high[2] >= 10 and low[1] + low[2] >= 10
    return enough and (high[1] + UNSEEN) * (low[2] + UNSEEN) > (low[1] + UNSEEN) * (
        high[2] + UNSEEN
    )


def _shares(found: Iterable[Sequence[float]]) -> tuple[list[float], list[float]]:
    counts = np.asarray([one[-2:] for one in found]) + UNSEEN
    share = counts / counts.sum(axis=0)
    share[:, 0] = np.maximum(share[:, 0], share[:, 1] * 2**FLOOR)
    return _rounded(share[:, 0]), _rounded(share[:, 1])


def _rounded(numbers: Numbers) -> list[float]:
    return [float(f"{one:.4g}") for one in numbers]


def _worded(m: float, u: float) -> Level:
    weight = np.log2(m / u)
    return next(level for most, level in WORDED if weight < most)


def _chances(found: npt.NDArray[np.object_], pairs: Pairs) -> dict[Level, tuple[float, float]]:
    seen = sorted(set(found) - {Level.MISSING})
    counts = [
        [float((pairs.weight * one)[found == level].sum()) for one in (pairs.same, ~pairs.same)]
        for level in seen
    ]
    m, u = _shares(counts)
    return {Level(level): (m[at], u[at]) for at, level in enumerate(seen)}


def _levels(records: Registers, pairs: Pairs) -> dict[Feature, npt.NDArray[np.object_]]:
    rows = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    births, sexes, citizenships = records.births, records.sexes, records.citizenships
    return {
        Feature.BIRTH: _column(levels.of_births(births[i], births[j]) for i, j in rows),
        Feature.SEX: _column(levels.of_words(sexes[i], sexes[j]) for i, j in rows),
        Feature.CITIZENSHIP: _column(
            levels.of_words(citizenships[i], citizenships[j]) for i, j in rows
        ),
    }


def _column(found: Iterable[Level]) -> npt.NDArray[np.object_]:
    return np.asarray([str(one) for one in found], object)


def _pairs(records: Registers, names: Column, fathers: Column) -> Pairs:
    """Every pair that linking would look at, every pair of one person, and a sample of the rest."""
    size = len(records)
    candidates = pairs_of(blocks.blocks(records, names, fathers), size)
    true = true_pairs(records.persons)
    drawn = np.sort(np.random.default_rng(0).integers(0, size, (SAMPLE, 2)), axis=1)
    sample = np.unique(drawn[drawn[:, 0] < drawn[:, 1]] @ np.asarray([size, 1]))
    rest = np.setdiff1d(np.setdiff1d(sample, candidates), true)
    everything = np.concatenate([candidates, np.setdiff1d(true, candidates), rest])
    weight = np.ones(len(everything))
    all_pairs = size * (size - 1) / 2
    weight[-len(rest) :] = (all_pairs - len(everything) + len(rest)) / len(rest)
    return Pairs(
        *np.divmod(everything, size),
        same=np.isin(everything, true),
        candidate=np.arange(len(everything)) < len(candidates),
        weight=weight,
    )


def true_pairs(persons: Sequence[str]) -> Ints:
    rows = defaultdict(list)
    for row, person in enumerate(persons):
        rows[person].append(row)
    found = [pair for those in rows.values() for pair in combinations(those, 2)]
    return np.sort(np.asarray(found, np.int64) @ np.asarray([len(persons), 1]))


def pairs_of(found: blocks.Blocks, size: int) -> Ints:
    """The pairs of blocks, each once, as one number."""
    block, rows = found
    _names, start, count = np.unique(block, return_index=True, return_counts=True)
    parts = []
    for length in np.unique(count):
        those = rows[start[count == length][:, None] + np.arange(length)]
        i, j = np.triu_indices(length, 1)
        parts.append((those[:, i] * size + those[:, j]).ravel())
    return np.unique(np.concatenate(parts))


def _folds(persons: Sequence[str]) -> Ints:
    numbers = {person: n for n, person in enumerate(sorted(set(persons)))}
    fold = np.random.default_rng(0).integers(0, FOLDS, len(numbers))
    return fold[[numbers[person] for person in persons]]


def main(argv: list[str]) -> int:
    path = Path(argv[0])
    of = compared(registers.read(path))
    judged = cross_validated(of)
    print("cross-validated by person:", judged)
    made = {
        "by": "bench.names_weights",
        "from": "11 thousand records of four synthetic registers whose persons are known",
        "records": len(of.records),
        "pairs_of_one_person": int(of.pairs.same.sum()),
        "cross_validated_by_person": judged,
        "assumed": {
            "companions": "no register has them",
            "floor": f"no feature weighs less than {FLOOR:g} bits: invented data do not contradict "
            "themselves as real registers do",
        },
    }
    everything = np.ones(len(of.pairs.same), bool)
    written = estimated(of, everything, made)
    candidate = of.pairs.candidate
    total = scores(of, candidate, read(written))
    print("on all:", measured(total, of.pairs.same[candidate], int(of.pairs.same.sum())))
    if "--write" in argv:
        FILE.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
