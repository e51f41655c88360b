"""Names of many pairs of records compared at once.

What `weighing.evidence` does for one pair, with the same coefficients: a word is read once however
often it stands, two words are compared once however many pairs they meet in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from spona.names import keys
from spona.names.likeness import UNLIKE, alike, compare_words
from spona.names.tokens import Token, tokens
from spona.names.weighing.evidence import (
    MOST_EXTRA,
    MOST_WORDS,
    WIDTH,
    Band,
    Coefficients,
    spoken,
)
from spona.names.weighing.rarity import bits, shrunk, sound

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

NOBODY = -1
CHUNK = 200_000  # pairs at once: some tens of megabytes


@dataclass(slots=True)
class Lexicon:
    """Every word that stands in the registers, numbered, and how alike two of them are."""

    words: list[Token] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    keys: list[frozenset[str]] = field(default_factory=list)
    initials: set[int] = field(default_factory=set)
    _codes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    _closeness: Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    def number(self, word: Token) -> int:
        found = self.numbers.get(word.text)
        if found is None:
            found = self.numbers[word.text] = len(self.words)
            self.words.append(word)
            self.keys.append(keys.exact(word) | {key for key in keys.near(word) if len(key) > 2})
            if word.is_initial:
                self.initials.add(found)
        return found

    def closeness(self, one: Ints, other: Ints) -> Floats:
        """Of words by number, elementwise; 0 where either is nobody's or they share no key (of a
        single consonant they may share a near one: hardly ever is that one name)."""
        low, high = np.minimum(one, other), np.maximum(one, other)
        codes = low * len(self.words) + high
        codes[low < 0] = NOBODY
        self._learn(distinct(codes))
        known: Floats = self._closeness[np.searchsorted(self._codes, codes)]
        return known

    def _learn(self, codes: Ints) -> None:
        if len(self._codes):
            at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
            codes = codes[self._codes[at] != codes]
        if not len(codes):
            return
        low, high = np.divmod(codes, len(self.words))
        new = np.fromiter(map(self._compared, low.tolist(), high.tolist()), np.float32, len(codes))
        at = np.searchsorted(self._codes, codes)
        self._codes = np.insert(self._codes, at, codes)
        self._closeness = np.insert(self._closeness, at, new)

    def _compared(self, one: int, other: int) -> float:
        if one < 0:
            return 0.0
        a, b = self.words[one], self.words[other]
        if one in self.initials or other in self.initials:
            found = compare_words((a,), (b,)).pairs
            return found[0].score if found else 0.0
        if one != other and self.keys[one].isdisjoint(self.keys[other]):
            return 0.0
        score = alike(a, b)
        return score if score >= UNLIKE else 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One name of each record: `words` by number, `count` of them, `bits` of their rarity."""

    lexicon: Lexicon
    words: Ints
    count: Ints
    bits: Floats
    coefficients: Coefficients
    bands: Sequence[Band]

    def levels(self, left: Ints, right: Ints) -> npt.NDArray[np.int8]:
        """The band of each pair of records, by row; NOBODY where a name is missing."""
        found = np.empty(len(left), np.int8)
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            found[part] = self._levels(left[part], right[part])
        return found

    def evidence(self, left: Ints, right: Ints) -> Floats:
        closeness, rarity = self.aligned(left, right)
        by = self.coefficients
        band = np.digitize(closeness, by.cuts)
        each = np.asarray(by.base)[band] + rarity * np.asarray(by.per_bit)[band]
        shorter, extra = self.lengths(left, right)
        stands = np.arange(WIDTH) < np.minimum(shorter, WIDTH)[:, None]
        total = np.where(stands, each, 0.0).sum(axis=1)
        total += np.asarray(by.compared)[np.minimum(shorter, MOST_WORDS)]
        total += np.asarray(by.extra)[np.minimum(extra, MOST_EXTRA)]
        found: Floats = total.astype(np.float32)
        return found

    def lengths(self, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Words of the shorter name, and how many more the longer has."""
        one, other = self.count[left], self.count[right]
        return np.minimum(one, other), np.abs(one - other)

    def aligned(self, left: Ints, right: Ints) -> tuple[Floats, Floats]:
        """Closeness and rarity of words that belong together, the most alike first; each word is
        taken once, and zeros stand for those without a counterpart."""
        a, b = self.words[left], self.words[right]
        table = self.lexicon.closeness(
            np.repeat(a, WIDTH, axis=1).ravel(), np.tile(b, (1, WIDTH)).ravel()
        ).reshape(len(left), WIDTH, WIDTH)
        closeness = np.zeros((len(left), WIDTH), np.float32)
        rarity = np.zeros((len(left), WIDTH), np.float32)
        each = np.arange(len(left))
        for nth in range(WIDTH):
            best = table.reshape(len(left), -1).argmax(axis=1)
            i, j = np.divmod(best, WIDTH)
            score = table[each, i, j]
            closeness[:, nth] = score
            rare = np.minimum(self.bits[a[each, i]], self.bits[b[each, j]])
            rarity[:, nth] = np.where(score > 0, rare, 0.0)
            table[each, i, :] = 0
            table[each, :, j] = 0
        return closeness, rarity

    def _levels(self, left: Ints, right: Ints) -> npt.NDArray[np.int8]:
        least = np.asarray([band.least for band in self.bands[1:]], np.float32)
        found = np.digitize(self.evidence(left, right), least).astype(np.int8)
        found[(self.count[left] == 0) | (self.count[right] == 0)] = NOBODY
        return found


def column(
    names: Sequence[str], lexicon: Lexicon, coefficients: Coefficients, bands: Sequence[Band]
) -> Column:
    """One name of each record, read."""
    read: dict[str, list[int]] = {}
    for name in names:
        if name not in read:
            read[name] = [lexicon.number(word) for word in spoken(tokens(name))]
    rows = [read[name] for name in names]
    words = np.full((len(rows), WIDTH), NOBODY, np.int64)
    for nth in range(WIDTH):
        words[:, nth] = [row[nth] if len(row) > nth else NOBODY for row in rows]
    count = np.asarray([len(row) for row in rows], np.int64)
    return Column(lexicon, words, count, _rarity(rows, lexicon), coefficients, bands)


def distinct(numbers: Ints) -> Ints:
    """Sorted, each once: `np.unique` of NumPy 2.4 hashes, which takes ten times as long."""
    found = np.sort(numbers, axis=None)
    new = np.ones(len(found), bool)
    new[1:] = found[1:] != found[:-1]
    once: Ints = found[new]
    return once


def _rarity(rows: Iterable[list[int]], lexicon: Lexicon) -> Floats:
    sounds: dict[str, int] = {}
    of_word = [sounds.setdefault(sound(word), len(sounds)) for word in lexicon.words]
    counts = [0] * len(sounds)
    known = 0
    for row in rows:
        known += bool(row)
        for one in {of_word[number] for number in row}:
            counts[one] += 1
    rare = [bits(shrunk(count, known)) for count in counts]
    return np.asarray([rare[one] for one in of_word], np.float32)
