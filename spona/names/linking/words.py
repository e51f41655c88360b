"""Names of many pairs of records compared at once.

What `weighing.evidence` does for one pair, with the same coefficients: a word is read once however
often it stands, two words are compared once however many pairs they meet in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

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
_LEARNING = Lock()  # threads of a backend ask at once
CHUNK = 200_000  # pairs at once: some tens of megabytes


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pairs of words by code, sorted. Of two shelves a long one seldom grows and a short one often:
    putting something into a sorted array costs its length."""

    codes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    closeness: Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    def has(self, codes: Ints) -> npt.NDArray[np.bool_]:
        if not len(self.codes):
            return np.zeros(len(codes), bool)
        found: npt.NDArray[np.bool_] = self.codes[self._at(codes)] == codes
        return found

    def of(self, codes: Ints) -> Floats:
        """0 for those on another shelf."""
        if not len(self.codes):
            return np.zeros(len(codes), np.float32)
        at = self._at(codes)
        found: Floats = np.where(self.codes[at] == codes, self.closeness[at], np.float32(0))
        return found

    def with_more(self, codes: Ints, closeness: Floats) -> Shelf:
        at = np.searchsorted(self.codes, codes)
        return Shelf(np.insert(self.codes, at, codes), np.insert(self.closeness, at, closeness))

    def _at(self, codes: Ints) -> Ints:
        return np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)


@dataclass(slots=True)
class Lexicon:
    """Every word that stands in the registers, numbered, and how alike two of them are."""

    words: list[Token] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    keys: list[frozenset[str]] = field(default_factory=list)
    initials: set[int] = field(default_factory=set)
    _known: tuple[Shelf, Shelf] = field(default_factory=lambda: (Shelf(), Shelf()))

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
        stand = (one >= 0) & (other >= 0)
        low, high = np.minimum(one, other)[stand], np.maximum(one, other)[stand]
        codes = low * len(self.words) + high
        found = np.zeros(len(one), np.float32)
        found[stand] = sum(shelf.of(codes) for shelf in self._learned(distinct(codes)))
        return found

    def _learned(self, codes: Ints) -> tuple[Shelf, Shelf]:
        """What is known, with these pairs of words among it."""
        with _LEARNING:
            long, short = self._known
            new = codes[~(long.has(codes) | short.has(codes))]
            if len(new):
                low, high = np.divmod(new, len(self.words))
                compared = map(self._compared, low.tolist(), high.tolist())
                short = short.with_more(new, np.fromiter(compared, np.float32, len(new)))
                if len(short.codes) > CHUNK:
                    long, short = long.with_more(short.codes, short.closeness), Shelf()
                self._known = long, short
            return self._known

    def _compared(self, one: int, other: int) -> float:
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
        for nth in range(min(WIDTH, int(self.lengths(left, right)[0].max(initial=0)))):
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
