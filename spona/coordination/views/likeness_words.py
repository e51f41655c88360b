"""Why two records may be one child, in words and bars; `coordination/waterfall.html` draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.names.letters import ARABIC, script_of
from spona.names.likeness import Pair, Reason
from spona.names.weighing import Bar, Feature, Level, Waterfall

WIDTH = 240
LITTLE = 1.0  # bits; what moves the odds by less than twice says little

FEATURES: dict[Feature, str | Promise] = {
    Feature.NAMES: gettext_lazy("Names"),
    Feature.FATHER: gettext_lazy("Father's name"),
    Feature.BIRTH: gettext_lazy("Birth"),
    Feature.SEX: gettext_lazy("Sex"),
    Feature.CITIZENSHIP: gettext_lazy("Citizenship, as said"),
    Feature.COMPANIONS: gettext_lazy("Who is with the child"),
    Feature.THROUGH: gettext_lazy("A third record"),
}
LEVELS: dict[Level, str | Promise] = {
    Level.UNLIKE: gettext_lazy("hardly anything in common"),
    Level.DOUBTFUL: gettext_lazy("little in common"),
    Level.RELATED: gettext_lazy("some words alike"),
    Level.ALIKE: gettext_lazy("alike"),
    Level.VERY_ALIKE: gettext_lazy("very much alike"),
    Level.RARE_AND_ALIKE: gettext_lazy("alike in every word"),
    Level.SAME_DAY: gettext_lazy("the same day"),
    Level.SWAPPED: gettext_lazy("day and month changed places"),
    Level.SAME_MONTH: gettext_lazy("the same month, another day"),
    Level.SAME_YEAR: gettext_lazy("the same year, another day"),
    Level.ONE_FIGURE: gettext_lazy("one figure of the date differs"),
    Level.YEAR_FITS: gettext_lazy("born in the same year"),
    Level.YEAR_NEXT: gettext_lazy("born a year apart"),
    Level.ESTIMATE_FITS: gettext_lazy("the estimated years fit"),
    Level.ESTIMATES_NEAR: gettext_lazy("two estimates, some years apart"),
    Level.APART: gettext_lazy("born years apart"),
    Level.SHARED: gettext_lazy("the same companions"),
    Level.RESEMBLES_BOTH: gettext_lazy("resembles both"),
    Level.SAME: gettext_lazy("the same"),
    Level.DIFFERENT: gettext_lazy("not the same"),
}
REASONS: dict[Reason, str | Promise] = {
    Reason.SAME: gettext_lazy("the same word"),
    Reason.SCRIPT: gettext_lazy("the same word in the other script"),
    Reason.SOUND: gettext_lazy("the same sounds"),
    Reason.VOWELS: gettext_lazy("same sounds, a short vowel differs"),
    Reason.LETTER: gettext_lazy("a consonant differs"),
    Reason.BEGINNING: gettext_lazy("begins so"),
    Reason.INITIAL: gettext_lazy("an initial"),
    Reason.JOINED: gettext_lazy("in one word here, in two there"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name as it is written; `is_arabic` reads from the right."""

    text: str
    is_arabic: bool


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words of names and why they are a pair."""

    one: Word
    other: Word
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: what it is about, in words, how many points, and where it stands in the picture.
    `kind` is rise, fall or none."""

    what: str
    words: str
    pairs: tuple[WordPair, ...]
    points: str
    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A waterfall: steps whose points sum to `total` as they are shown. `zero` is where the picture
    has even odds."""

    steps: tuple[Step, ...]
    total: str
    means: str
    zero: float
    width: int = WIDTH


class _Place(TypedDict):
    """Of a step: its points, and where its bar stands."""

    points: str
    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """From points into the picture."""

    least: float
    most: float

    def at(self, points: float) -> float:
        return round((points - self.least) / (self.most - self.least) * WIDTH, 1)


def drawn(waterfall: Waterfall) -> Drawn:
    """The prior first, then a bar for each feature that is known of both."""
    edges = _edges(waterfall)
    scale = _Scale(min(0.0, *edges), max(0.0, *edges, min(edges) + 1))
    first = Step(
        what=_("Before anything is compared"),
        words=_("assumed: one file in a thousand is this child's"),
        pairs=(),
        **_placed(scale, 0.0, edges[0]),
    )
    rest = [
        Step(
            what=str(FEATURES[bar.feature]),
            words=level_words(bar),
            pairs=tuple(_pairs(bar.pairs)),
            **_placed(scale, before, after),
        )
        for bar, before, after in zip(waterfall.bars, edges, edges[1:], strict=False)
    ]
    return Drawn((first, *rest), signed(edges[-1]), meaning(edges[-1]), scale.at(0.0))


def _edges(waterfall: Waterfall) -> list[float]:
    """Where each bar ends, in tenths: the bars shown are their differences, so that what a reader
    adds up is the score that stands below."""
    ends, total = [], waterfall.prior
    for weight in (0.0, *(bar.weight for bar in waterfall.bars)):
        total += weight
        ends.append(round(total, 1))
    return ends


def _placed(scale: _Scale, before: float, after: float) -> _Place:
    points = round(after - before, 1)
    start, end = sorted((scale.at(before), scale.at(after)))
    kind = "rise" if points > 0 else "fall" if points < 0 else "none"
    return {"points": signed(points), "x": start, "width": round(end - start, 1), "kind": kind}


def level_words(bar: Bar) -> str:
    """`born in the same year`, `not the same: says little`, `not known: says nothing`."""
    if bar.level is Level.MISSING:
        return _("not known: says nothing")
    words = str(LEVELS[bar.level])
    if abs(bar.weight) < LITTLE:
        return _("%(words)s: says little") % {"words": words}
    return words


def signed(points: float) -> str:
    """`+4,2`, `−7,0`, `0,0`."""
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return sign + number_format(abs(points), 1)


def meaning(points: float) -> str:
    """The score in a sentence; no share of a hundred, which invented data could not promise."""
    if points >= 5:
        return _("Very much speaks for one child.")
    if points >= 0:
        return _("More speaks for one child than against it.")
    return _("It may be one child; more speaks against it.")


def _pairs(pairs: tuple[Pair, ...]) -> Iterator[WordPair]:
    for pair in pairs:
        yield WordPair(_word(pair.asked), _word(pair.found), str(REASONS[pair.reason]))


def _word(text: str) -> Word:
    return Word(text, script_of(text) == ARABIC)
