"""Which pairs of records are looked at: those that share a block.

A block is what records have in common: a key of a word, two of them, a key and a birth date or
year, a date alone. Large blocks say little and cost most (a Muhamed of 2008), so the smallest are
kept for as long as the pairs in them stay within a budget: few records are compared with nearly all
that share anything, millions only with what is rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

import numpy as np
import numpy.typing as npt

from spona.names import keys
from spona.names.linking.registers import Registers
from spona.names.linking.words import NOBODY, Column, Ints, distinct
from spona.names.weighing import Birth, Precision
from spona.names.weighing.levels import ESTIMATE_REACHES

LEAST_PAIRS = 2_500_000
PAIRS_PER_RECORD = 4
BUCKETS = 1 << 24
CROWD = 20_000  # entries of a bucket, which holds several blocks
FEW = 100_000  # records up to which a misspelt word and a year make a block together

Blocks = tuple[Ints, Ints]  # block and row, sorted by row


def blocks(registers: Registers, names: Column, fathers: Column) -> Blocks:
    """Blocks within the budget, with the rows that stand in them."""
    parts = list(_all(registers, names, fathers))
    block = np.concatenate([hashed for hashed, _rows in parts])
    rows = np.concatenate([rows for _hashed, rows in parts])
    budget = max(LEAST_PAIRS, PAIRS_PER_RECORD * len(registers))
    return within(block, rows, budget)


def within(block: Ints, rows: Ints, budget: int) -> Blocks:
    """The smallest blocks that together hold no more pairs than the budget."""
    block, rows = _crowded(block, rows, most=isqrt(2 * budget) + 1)
    if not len(block):
        return block, rows
    order = np.argsort(block)
    begins = np.diff(block[order], prepend=block[order[0]] - 1) != 0
    width = int(rows.max()) + 1
    entries = distinct((np.cumsum(begins) - 1) * width + rows[order])  # a row once in a block
    number, rows = np.divmod(entries, width)
    size = np.bincount(number)
    pairs = size * (size - 1) // 2
    by_size = np.argsort(size, kind="stable")
    kept = np.zeros(len(size), bool)
    kept[by_size[np.cumsum(pairs[by_size]) <= budget]] = True
    kept &= size > 1
    stays = kept[number]
    return number[stays], rows[stays]


def _crowded(block: Ints, rows: Ints, most: int) -> Blocks:
    """Without blocks of one row, nearly all of them, and those that alone break the budget: by
    counts of a part of each number, before anything is sorted."""
    part = block & (BUCKETS - 1)
    count = np.bincount(part, minlength=BUCKETS)
    stays = ((count > 1) & (count <= max(most, CROWD)))[part]
    return block[stays], rows[stays]


def _all(registers: Registers, names: Column, fathers: Column) -> Iterator[Blocks]:
    exact = _Keys.of(names, keys.exact)
    near = _Keys.of(names, keys.near)
    day, years = _days(registers.births), _years(registers.births)
    yield _mixed(1, *near.entries)
    yield _mixed(2, *_couples(exact))
    yield _mixed(3, *_joined(near.entries, day))
    yield _mixed(4, *day)
    for year in years:
        yield _mixed(5, *_joined(exact.entries, year))
        if len(registers) <= FEW:
            yield _mixed(6, *_joined(near.entries, year))
    yield _mixed(7, *_joined(exact.entries, _first(_Keys.of(fathers, keys.exact))))


class _Keys:
    """Keys of the words of a column: `entries` are (key, row), a row for each."""

    def __init__(self, entries: Blocks) -> None:
        self.entries = entries

    @classmethod
    def of(cls, column: Column, keys_of: object) -> _Keys:
        numbers: dict[str, int] = {}
        each = [
            [numbers.setdefault(key, len(numbers)) for key in sorted(keys_of(word))]  # type: ignore[operator]
            for word in column.lexicon.words
        ]
        lengths = np.asarray([len(one) for one in each], np.int64)
        flat = np.asarray([key for one in each for key in one], np.int64)
        starts = np.cumsum(lengths) - lengths
        rows, places = np.nonzero(column.words != NOBODY)
        words = column.words[rows, places]
        times = lengths[words]
        total = int(times.sum())
        within_word = np.arange(total) - np.repeat(np.cumsum(times) - times, times)
        return cls((flat[np.repeat(starts[words], times) + within_word], np.repeat(rows, times)))


def _couples(found: _Keys) -> Blocks:
    """Two keys of one record, in either order."""
    block, rows = found.entries
    starts = np.searchsorted(rows, rows, side="left")
    ends = np.searchsorted(rows, rows, side="right")
    at = np.arange(len(rows))
    parts = []
    for step in range(1, int((ends - starts).max(initial=1))):
        here = at[at + step < ends]
        low = np.minimum(block[here], block[here + step])
        high = np.maximum(block[here], block[here + step])
        parts.append((_mix(low, high), rows[here]))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([a for a, _b in parts]), np.concatenate([b for _a, b in parts])


def _joined(keys_of: Blocks, also: Blocks) -> Blocks:
    """Each key of a record together with what it has but once; those without it fall out."""
    block, rows = keys_of
    value = np.full(int(max(rows.max(initial=0), also[1].max(initial=0))) + 1, NOBODY, np.int64)
    value[also[1]] = also[0]
    has = value[rows] != NOBODY
    return _mix(block[has], value[rows[has]]), rows[has]


def _first(found: _Keys) -> Blocks:
    """The first key of each record."""
    rows, at = np.unique(found.entries[1], return_index=True)
    return found.entries[0][at], rows


def _days(births: Sequence[Birth]) -> Blocks:
    known = [
        (one.on.toordinal(), row)
        for row, one in enumerate(births)
        if one.on is not None and one.known_to is Precision.DAY
    ]
    return _columns(known)


def _years(births: Sequence[Birth]) -> list[Blocks]:
    """The year of each birth, and for estimates the years around it."""
    found = []
    for off in range(-ESTIMATE_REACHES, ESTIMATE_REACHES + 1):
        known = [
            (one.on.year + off, row)
            for row, one in enumerate(births)
            if one.on is not None and (off == 0 or one.known_to is Precision.ESTIMATED)
        ]
        found.append(_columns(known))
    return found


def _columns(pairs: list[tuple[int, int]]) -> Blocks:
    table = np.asarray(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _mixed(kind: int, block: Ints, rows: Ints) -> Blocks:
    return _mix(block, np.full(len(block), kind, np.int64)), rows


def _mix(one: Ints, other: Ints) -> npt.NDArray[np.int64]:
    """Two numbers as one, by the finaliser of SplitMix64: collisions only cost a comparison."""
    mixed = one.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + other.astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)
