"""How well words are found in another script, measured on spellings with known answers."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from spona.names import costs, keys
from spona.names.letters import family_of
from spona.names.tokens import Token, token

WAYS = {"ar_latn": ("A", "L"), "latn_ar": ("L", "A"), "cyrl_latn": ("C", "L")}
FEW = 10
TOO_LONG = 6  # a word so much longer is not the same


def variants_measured(
    rows: Iterable[Mapping[str, str]],
    *,
    only: Collection[str] | None = None,
    tables: costs.Tables | None = None,
) -> dict[str, dict[str, float]]:
    """Shares of words whose best, or one of whose ten best forms in the other script is right.

    `rows` are those of a variants file: component, group_qid, script (L, C, A), form. All forms of
    the other script are the index; a form is right if its component is one of the word's. `only`
    asks for words of these components alone.
    """
    forms: dict[str, dict[str, set[str]]] = {script: defaultdict(set) for script in "LCA"}
    for row in rows:
        forms[row["script"]][row["form"]].add(row["component"])
    known = tables or costs.tables()
    return {
        way: _measured(forms[asked], forms[index], only, known)
        for way, (asked, index) in WAYS.items()
    }


@dataclass(frozen=True)
class Index:
    """Words to look among, each with the classes of its consonants."""

    words: tuple[tuple[Token, frozenset[str]], ...]

    @classmethod
    def of(cls, forms: Iterable[str]) -> Index:
        return cls(tuple((token(form), _consonants(token(form))) for form in sorted(forms)))

    def nearest(self, word: Token, tables: costs.Tables, few: int = FEW) -> list[Token]:
        """The words that are most alike, the best first; what shares less than half of its
        consonants is not looked at."""
        asked = _consonants(word)
        near = (
            other
            for other, consonants in self.words
            if 2 * len(asked & consonants) >= min(len(asked), len(consonants))
        )
        return heapq.nlargest(few, near, key=lambda other: _alike(word, other, tables))


def _consonants(word: Token) -> frozenset[str]:
    return frozenset("".join(one for form in word.forms for one in keys.skeletons(form)))


def _measured(
    asked: Mapping[str, set[str]],
    index: Mapping[str, set[str]],
    only: Collection[str] | None,
    tables: costs.Tables,
) -> dict[str, float]:
    answers = set().union(*index.values()) if index else set()
    words = Index.of(index)
    first = among = total = 0
    for form, components in sorted(asked.items()):
        if not components & answers or (only is not None and not components & set(only)):
            continue
        total += 1
        right = [bool(index[one.text] & components) for one in words.nearest(token(form), tables)]
        first += right[0]
        among += any(right)
    return {"hit1": round(first / max(total, 1), 4), "hit10": round(among / max(total, 1), 4)}


def _alike(one: Token, other: Token, tables: costs.Tables) -> float:
    table = tables[family_of(one.text), family_of(other.text)]
    return max(
        (
            costs.likeness(x, y, table)
            for x in one.forms
            for y in other.forms
            if abs(len(x) - len(y)) <= TOO_LONG
        ),
        default=0.0,
    )
