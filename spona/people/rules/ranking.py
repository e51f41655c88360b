"""Who of the candidates is meant, best first, and why. Pure: words and numbers, no database.

A question is cut into `Slot`s, one a word and one for each two that may be one word in the file
(`ali akbar`, `aliakbar`). Each candidate word gets a score for each slot; a person gets the best
way of giving each word asked a word of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from spona.names import keys, likeness
from spona.names.likeness import INITIAL, PARTICLE, Reason
from spona.names.tokens import Token, token, words

ALIKE = 0.28  # below it a word is not taken for the one asked
BEGUN = 0.4  # the same for a half typed word, and for one that is asked by a letter
CERTAIN = 0.78  # from it on no other candidates are looked for
ADDITIONAL = 0.02  # of a word that was not asked
OF_FATHER = 0.1
SWAPPED = 0.01
FATHER = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A word asked for; `covers` are the numbers of the typed words that it stands for."""

    word: Token
    covers: frozenset[int]
    is_begun: bool = False

    @property
    def weight(self) -> float:
        if self.word.is_particle:
            return PARTICLE
        return 0.4 if self.word.is_initial else float(len(self.covers))


@dataclass(frozen=True, slots=True)
class Match:
    """A word asked, the word of the file, how alike they are, why, and in which name it stands."""

    asked: str
    found: str
    score: float
    reason: Reason
    of_father: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """`score` from 0 to 1."""

    person_id: int
    score: float
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """A candidate word for one slot."""

    text: str
    score: float
    is_beginning: bool


Candidates = Mapping[Slot, Mapping[int, Likely]]


def slots(asked: str, *, typing: bool) -> tuple[Slot, ...]:
    """What was asked, cut up. While somebody is `typing` any word may be half of one: muh dzav."""
    found = [token(word) for word in words(asked)]
    single = [Slot(one, frozenset((at,))) for at, one in enumerate(found)]
    if typing:
        single += [Slot(one.word, one.covers, is_begun=True) for one in single]
    joined = [
        Slot(token(f"{one.text}{other.text}"), frozenset((at, at + 1)))
        for at, (one, other) in enumerate(pairwise(found))
        if not (one.is_initial or other.is_initial)
    ]
    return (*single, *joined)


def exact_keys(slot: Slot) -> frozenset[str]:
    if slot.is_begun or slot.word.is_initial:
        return frozenset(keys.asked_as_beginning(slot.word))
    return keys.exact(slot.word) | keys.asked_as_initial(slot.word)


def near_keys(slot: Slot) -> frozenset[str]:
    """None for two words in one: each of them is looked for by itself."""
    whole = not slot.is_begun and not slot.word.is_initial and len(slot.covers) == 1
    return keys.asked_near(slot.word) if whole else frozenset()


@lru_cache(maxsize=65_536)
def stored_keys(word: str) -> frozenset[str]:
    return keys.stored(token(word))


def likely(slot: Slot, word: str) -> Likely | None:
    """How well a word of a file answers a slot; none if it does not."""
    one = token(word)
    if slot.word.is_initial or one.is_initial:
        same = keys.asked_as_initial(slot.word) & keys.asked_as_initial(one)
        return Likely(word, INITIAL, slot.word.is_initial) if same else None
    if slot.is_begun:
        begun = likeness.begins(slot.word, one)
        return Likely(word, begun * 0.97, True) if begun >= BEGUN else None
    score = likeness.alike(slot.word, one)
    return Likely(word, score, False) if score >= ALIKE else None


def ranked(
    entries: Iterable[tuple[int, Sequence[int], Sequence[int]]], candidates: Candidates
) -> list[Ranked]:
    """People in the order of how well their words answer; `entries` are id, words, names."""
    best = [_person(*entry, candidates) for entry in entries]
    return sorted(best, key=lambda one: (-one.score, one.person_id))


def _person(
    person_id: int, file: Sequence[int], name_of: Sequence[int], candidates: Candidates
) -> Ranked:
    options = sorted(
        (
            (one.score * slot.weight, one.score, at, slot, one)
            for slot, known in candidates.items()
            for at, word in enumerate(file)
            if (one := known.get(word)) is not None
        ),
        key=lambda option: (-option[0], option[2]),
    )
    taken: list[tuple[Slot, int, Likely]] = []
    covered: set[int] = set()
    used: set[int] = set()
    total = 0.0
    for worth, _score, at, slot, one in options:
        if at not in used and not slot.covers & covered:
            taken.append((slot, at, one))
            covered |= slot.covers
            used.add(at)
            total += worth - (OF_FATHER if name_of[at] == FATHER else 0.0)
    weights = {
        at: slot.weight for slot in candidates if len(slot.covers) == 1 for at in slot.covers
    }
    score = total / (sum(weights.values()) or 1.0)
    return Ranked(person_id, _less(score, taken, name_of), tuple(_told(taken, name_of)))


def _less(score: float, taken: list[tuple[Slot, int, Likely]], name_of: Sequence[int]) -> float:
    """A little less for words that were not asked in the name that answers best, and for order."""
    names = [name_of[at] for _slot, at, _one in taken if name_of[at] != FATHER]
    name = max(set(names), key=names.count) if names else None
    additional = sum(one == name for one in name_of) - names.count(name) if name else 0
    order = [at for _slot, at, _one in sorted(taken, key=lambda one: min(one[0].covers))]
    return max(0.0, score - ADDITIONAL * additional - SWAPPED * (order != sorted(order)))


def _told(taken: list[tuple[Slot, int, Likely]], name_of: Sequence[int]) -> Iterable[Match]:
    for slot, at, one in sorted(taken, key=lambda one: min(one[0].covers)):
        why = Reason.BEGINNING if one.is_beginning else likeness.reason(slot.word, token(one.text))
        if len(slot.covers) > 1:
            why = Reason.JOINED
        yield Match(slot.word.text, one.text, one.score, why, name_of[at] == FATHER)
