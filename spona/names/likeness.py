"""How alike two names are, whatever their scripts, and why.

Words are compared by `costs` (short vowels are forgiven, consonants are not) and paired so that the
sum is greatest. Order, a missing father's name, an initial, a name written in one word or in two
cost little: they say nothing against its being the same child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from spona.names import costs, keys
from spona.names.letters import ARABIC, Graphemes, family_of, plain, script_of
from spona.names.tokens import Token, tokens

UNLIKE = 0.3  # below it two words are no pair
INITIAL = 0.7
PARTICLE = 0.25  # what bin or von weighs beside a name
UNASKED = 0.15  # what a word that was not asked for costs
UNFOUND = 0.6


class Reason(StrEnum):
    """Why a word was found for another."""

    SAME = "same"
    SCRIPT = "script"  # letter by letter the same, in the other script of Serbian
    SOUND = "sound"  # written alike as often as not, across scripts or spellings
    VOWELS = "vowels"  # same skeleton, a vowel differs
    LETTER = "letter"  # a consonant differs
    BEGINNING = "beginning"
    INITIAL = "initial"
    JOINED = "joined"  # in one word here, in two there


@dataclass(frozen=True, slots=True)
class Pair:
    """A word asked for, the word found, how alike from 0 to 1, and why."""

    asked: str
    found: str
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 1; `swapped` if the words stand in another order."""

    score: float
    pairs: tuple[Pair, ...]
    swapped: bool


NOTHING = Likeness(0.0, (), False)


def compare(asked: str, found: str) -> Likeness:
    """How alike two names are. Symmetric in its score."""
    return compare_words(tokens(asked), tokens(found))


def compare_words(asked: Sequence[Token], found: Sequence[Token]) -> Likeness:
    if not asked or not found:
        return NOTHING
    paired = _paired(asked, found)
    matched = [(pair, _weight(asked[i], found[j])) for i, j, pair in paired]
    less, more = sorted(
        (
            sum(
                _alone(one) for at, one in enumerate(asked) if at not in {i for i, _j, _p in paired}
            ),
            sum(
                _alone(one) for at, one in enumerate(found) if at not in {j for _i, j, _p in paired}
            ),
        )
    )
    whole = sum(weight for _pair, weight in matched) + UNFOUND * less + UNASKED * more
    score = sum(pair.score * weight for pair, weight in matched) / whole if whole else 0.0
    order = [j for _i, j, _pair in sorted(paired, key=lambda one: one[0])]
    return Likeness(score, tuple(pair for pair, _weight in matched), order != sorted(order))


def alike(one: Token, other: Token) -> float:
    """From 0 to 1; the better of their readings."""
    return max(0.0, min(1.0, max(of_forms(x, y) for x in one.forms for y in other.forms)))


@lru_cache(maxsize=262_144)
def of_forms(one: Graphemes, other: Graphemes) -> float:
    families = family_of(one[0]), family_of(other[0])
    return costs.likeness(one, other, costs.tables()[families])


def begins(part: Token, whole: Token) -> float:
    """How well a half typed word is the beginning of another, from 0 to 1."""
    return max(_begins(x, y) for x in part.forms for y in whole.forms)


@lru_cache(maxsize=65_536)
def _begins(part: Graphemes, whole: Graphemes) -> float:
    table = costs.tables()[family_of(part[0]), family_of(whole[0])]
    return min(1.0, costs.begun(part, whole, table))


def reason(one: Token, other: Token) -> Reason:
    """Why the two are a pair."""
    if plain(one.text) == plain(other.text):
        return Reason.SAME if script_of(one.text) == script_of(other.text) else Reason.SCRIPT
    if one.is_initial or other.is_initial:
        return Reason.INITIAL
    if not set(keys.exact(one)) & set(keys.exact(other)):
        return Reason.LETTER
    crossed = (family_of(one.text) == ARABIC) != (family_of(other.text) == ARABIC)
    return Reason.SOUND if crossed or one.forms == other.forms else Reason.VOWELS


def _paired(asked: Sequence[Token], found: Sequence[Token]) -> list[tuple[int, int, Pair]]:
    """Pairs of words, the most alike first; each word once."""
    ranked = sorted(
        (
            (_together(one, other), -abs(i - j), i, j)
            for i, one in enumerate(asked)
            for j, other in enumerate(found)
        ),
        reverse=True,
    )
    taken: list[tuple[int, int, Pair]] = []
    for score, _near, i, j in ranked:
        if score < UNLIKE:
            break
        if all(i != i_ and j != j_ for i_, j_, _pair in taken):
            why = reason(asked[i], found[j])
            taken.append((i, j, Pair(asked[i].text, found[j].text, score, why)))
    return taken


def _together(one: Token, other: Token) -> float:
    if one.is_initial != other.is_initial:
        initials = keys.asked_as_initial(one), keys.asked_as_initial(other)
        return INITIAL if initials[0] & initials[1] else 0.0
    return alike(one, other)


def _weight(one: Token, other: Token) -> float:
    return min(_alone(one), _alone(other))


def _alone(one: Token) -> float:
    return PARTICLE if one.is_particle or one.is_initial else 1.0
