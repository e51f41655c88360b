"""What two names say together: how alike their words are, how rare, and which are left over.

One number from all words, and bands of it as levels. Word by word would count too much: that a
second word agrees says less once the first has agreed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2

from spona.names.likeness import Pair, compare_words
from spona.names.tokens import Token, tokens
from spona.names.weighing.levels import Level
from spona.names.weighing.rarity import Frequency, bits

MOST_WORDS = 3  # beyond them the number of words says nothing new
MOST_EXTRA = 2
WIDTH = 4  # words of a name that are compared; the rest only count as words


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Closeness is cut into bands from 0 up; a word in band `b` of rarity `r` bits adds
    `base[b] + r * per_bit[b]`. `compared` and `extra` by number of words."""

    cuts: tuple[float, ...]
    base: tuple[float, ...]
    per_bit: tuple[float, ...]
    compared: tuple[float, ...]
    extra: tuple[float, ...]

    def of(self, words: Iterable[tuple[float, float]], *, compared: int, extra: int) -> float:
        """`words` are (closeness, bits), one for each word of the shorter name."""
        total = self.compared[min(compared, MOST_WORDS)] + self.extra[min(extra, MOST_EXTRA)]
        for closeness, rarity in words:
            band = bisect_right(self.cuts, closeness)
            total += self.base[band] + rarity * self.per_bit[band]
        return total


@dataclass(frozen=True, slots=True)
class Band:
    """Evidence from `least` on (the first band from anywhere), as a level with its weight."""

    least: float
    level: Level
    m: float
    u: float

    @property
    def weight(self) -> float:
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Heard:
    """What two names said: `band` is None where one of them is unknown."""

    band: Band | None
    pairs: tuple[Pair, ...] = ()


def of_names(
    one: str,
    other: str,
    frequency: Frequency,
    coefficients: Coefficients,
    bands: Sequence[Band],
) -> Heard:
    """Symmetric. Words of the shorter name that found no pair count as unlike."""
    here, there = spoken(tokens(one)), spoken(tokens(other))
    if not here or not there:
        return Heard(None)
    pairs = compare_words(here[:WIDTH], there[:WIDTH]).pairs
    shorter, longer = sorted((len(here), len(there)))
    words = [(pair.score, _bits(pair, frequency)) for pair in pairs]
    words += [(0.0, 0.0)] * (min(shorter, WIDTH) - len(pairs))
    found = coefficients.of(words, compared=shorter, extra=longer - shorter)
    return Heard(band_of(found, bands), pairs)


def spoken(words: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without bin, von and the like, which stand in one register and not in the other."""
    return tuple(word for word in words if not word.is_particle) or words


def band_of(evidence: float, bands: Sequence[Band]) -> Band:
    return bands[index_of(evidence, bands)]


def index_of(evidence: float, bands: Sequence[Band]) -> int:
    return bisect_right([band.least for band in bands[1:]], evidence)


def _bits(pair: Pair, frequency: Frequency) -> float:
    return bits(max(frequency(pair.asked), frequency(pair.found)))
