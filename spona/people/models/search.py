"""Find people by what was typed, in any script: candidates by index, the order in Python.

First the words whose skeleton is equal; where nobody answers well, those with one consonant wrong;
then, of three words asked, people with any two; at last people with the rarest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from spona.people.models.finding import Entry, SearchEntry, Word, opened
from spona.people.rules import ranking
from spona.people.rules.ranking import Candidates, Likely, Ranked, Slot

FEW = 10
MOST_WORDS = 4_000  # candidates for all words asked together
MOST_OF_A_SLOT = 60  # of which a person may have one
RARE = 4_000  # people expected to have two words; of more the actor's own are looked through
PARTS = 3  # a question is seldom longer, and a person with three of its words is found


def find(
    asked: str, *, typing: bool = False, few: int = FEW, anywhere: bool = False
) -> list[Ranked]:
    """People whom the actor may see, best first, each with why. `typing`: the last word may be half
    typed. `anywhere` looks among all people and is for the engine room alone."""
    cut = ranking.slots(asked, typing=typing)
    if not cut:
        return []
    look = Look(anywhere)
    same = look.words(cut, ranking.exact_keys)
    found = look.people(same)
    if not _is_certain(found):
        near = look.words(cut, ranking.near_keys)
        both = {slot: _most_alike({**near[slot], **same[slot]}) for slot in cut}
        found = look.people(both) or look.any_of(both)
    return found[:few]


def _is_certain(found: Sequence[Ranked]) -> bool:
    return bool(found) and found[0].score >= ranking.CERTAIN


class Look:
    """One question: which words are candidates, and who has them."""

    def __init__(self, anywhere: bool) -> None:
        self.anywhere = anywhere
        self.people_of: dict[int, int] = {}
        self.all_people = max(1, SearchEntry.objects.how_many())

    def words(self, cut: Iterable[Slot], keys_of: Callable[[Slot], frozenset[str]]) -> Candidates:
        """For each slot the best candidates, by their ids."""
        asked = {slot: keys_of(slot) for slot in cut}
        under = {key for keys in asked.values() for key in keys}
        found = SearchEntry.objects.words_under(under, MOST_WORDS)
        self.people_of |= {word.id: max(1, word.people) for word in found}
        return {slot: _best(slot, keys, found) for slot, keys in asked.items()}

    def people(self, candidates: Candidates) -> list[Ranked]:
        """Those who have a word of each of two parts of the question, or of its only one."""
        parts = self._parts(candidates)
        if len(parts) == 1:
            return ranking.ranked(self._having(parts[0], parts[0]), candidates)
        best: list[Ranked] = []
        for one, other in combinations(parts[:PARTS], 2):
            more = ranking.ranked(self._having(one, other), candidates)
            best = _merged(best, more)
            if _is_certain(best):
                break
        return best

    def any_of(self, candidates: Candidates) -> list[Ranked]:
        """Those who have only the rarest of the words."""
        parts = self._parts(candidates)
        return ranking.ranked(self._having(parts[0], parts[0]), candidates) if parts else []

    def _parts(self, candidates: Candidates) -> list[tuple[int, ...]]:
        """Ids of the words that answer each typed word, the part of fewest people first."""
        count = 1 + max(max(slot.covers) for slot in candidates)
        parts = []
        for at in range(count):
            about = [known for slot, known in candidates.items() if at in slot.covers]
            if not _is_particle(candidates, at) and (ids := {id_ for one in about for id_ in one}):
                parts.append(tuple(ids))
        return sorted(parts, key=self._expected)

    def _expected(self, part: Sequence[int]) -> int:
        return sum(self.people_of[word] for word in part)

    def _having(self, one: Sequence[int], other: Sequence[int]) -> list[Entry]:
        if self.anywhere:
            return SearchEntry.objects.with_words_anywhere(one, other)
        expected = self._expected(one)
        if one is not other:
            expected = expected * self._expected(other) // self.all_people
        return SearchEntry.objects.with_words(one, other, few=expected <= RARE)


def _best(slot: Slot, keys: frozenset[str], words: Sequence[Word]) -> dict[int, Likely]:
    return _most_alike(dict(_likely(slot, keys, words)))


def _most_alike(known: Mapping[int, Likely]) -> dict[int, Likely]:
    return dict(sorted(known.items(), key=lambda one: -one[1].score)[:MOST_OF_A_SLOT])


def _likely(
    slot: Slot, keys: frozenset[str], words: Sequence[Word]
) -> Iterator[tuple[int, Likely]]:
    for word in words:
        text = opened(word.sealed)
        if not keys.isdisjoint(ranking.stored_keys(text)) and (one := ranking.likely(slot, text)):
            yield word.id, one


def _is_particle(candidates: Candidates, at: int) -> bool:
    """Bin or von alone brings nobody, unless it is all that was asked."""
    alone = [slot for slot in candidates if slot.covers == {at}]
    return len(candidates) > 1 and all(slot.word.is_particle for slot in alone)


def _merged(one: Sequence[Ranked], other: Sequence[Ranked]) -> list[Ranked]:
    by_person = {found.person_id: found for found in (*one, *other)}
    return sorted(by_person.values(), key=lambda found: (-found.score, found.person_id))
