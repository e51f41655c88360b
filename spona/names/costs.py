"""What it costs to write one name with the letters of another: a learned edit distance.

The stochastic edit distance of Ristad and Yianilos (IEEE PAMI 20(5), 1998) over graphemes: each
pair of graphemes, and each one that is left out, has a probability at the beginning, in the middle
and at the end of a word. So a short vowel that Arabic does not write costs little and a consonant
much. `costs.json` holds negative logarithms (nats) for Arabic with Latin and for each family with
itself; `bench/names_costs.py` says from what they were estimated. They speak of letters and hold
no name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from spona.names.letters import ARABIC, LATIN, Graphemes

FIRST, MIDDLE, LAST = 0, 1, 2
NEVER = 13.0  # of two graphemes that were never seen for one another
NOT_LEFT_OUT = 10.0
TURNED = 4.0  # two neighbours that changed places, by a slip of the hand
RARE = 9.0
_FILE = Path(__file__).with_name("costs.json")
_NONE: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """Costs of one side's graphemes against the other's, by place in the word.

    `pairs[place][one][other]`, `left_out[place][one]`, `put_in[place][other]`; `alone` and
    `other_alone` are what a grapheme costs by itself, by how rare it is.
    """

    pairs: tuple[dict[str, dict[str, float]], ...]
    left_out: tuple[dict[str, float], ...]
    put_in: tuple[dict[str, float], ...]
    alone: dict[str, float]
    other_alone: dict[str, float]


Tables = dict[tuple[str, str], Table]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """By the families of the two words: (Arab, Latn), (Latn, Arab), (Latn, Latn), (Arab, Arab)."""
    return read(json.loads(_FILE.read_text(encoding="utf-8")))


def read(told: dict[str, Any]) -> Tables:
    """The tables of a file of costs."""
    crossed = told["arabic_latin"]
    return {
        (ARABIC, LATIN): _table(crossed),
        (LATIN, ARABIC): _table(_turned(crossed)),
        (LATIN, LATIN): _table(told["latin_latin"]),
        (ARABIC, ARABIC): _table(told["arabic_arabic"]),
    }


def likeness(one: Graphemes, other: Graphemes, table: Table) -> float:
    """1.0 for words written alike as often as they can be, 0 for what has nothing in common.

    Their evidence as a share of what the two say by themselves; to rank by, since it goes a little
    above one and far below zero.
    """
    alone = _alone(one, table.alone) + _alone(other, table.other_alone)
    return 2 * (alone - cost(one, other, table)) / alone


def evidence(one: Graphemes, other: Graphemes, table: Table) -> float:
    """How much more often the two stand for one name than by chance: nats, may be negative."""
    apart = _alone(one, table.alone) + _alone(other, table.other_alone)
    return apart - cost(one, other, table)


def begun(part: Graphemes, whole: Graphemes, table: Table) -> float:
    """The likeness of a half typed word with the beginning of another that is most like it."""
    alone = _alone(part, table.alone)
    best = 0.0
    for read, spent in enumerate(edges(part, whole, table, ended=False)):
        both = alone + _alone(whole[:read], table.other_alone)
        best = max(best, 2 * (both - spent) / both)
    return best


def cost(one: Graphemes, other: Graphemes, table: Table) -> float:
    """The cheapest way from one word to the other, in nats; all that is in `other` is read."""
    return edges(one, other, table)[-1]


def edges(one: Graphemes, other: Graphemes, table: Table, *, ended: bool = True) -> list[float]:
    """Costs of the whole of `one` against each beginning of `other`, from none of it to all. Where
    `one` has not `ended`, neither word is taken to be at its end."""
    ends = len(other) - 1 if ended else len(other)
    put_in = [
        table.put_in[FIRST if at == 0 else LAST if at == ends else MIDDLE].get(here, NOT_LEFT_OUT)
        for at, here in enumerate(other)
    ]
    row = [0.0]
    for step in put_in:
        row.append(row[-1] + step)
    before: list[float] = []
    for at in range(len(one)):
        before, row = row, _next_row(before, row, one, at, other, put_in, table, ended)
    return row


def _next_row(
    before: list[float],
    row: list[float],
    one: Graphemes,
    at: int,
    other: Graphemes,
    put_in: list[float],
    table: Table,
    ended: bool,
) -> list[float]:
    """One more grapheme of `one`. `before` is the row before `row`: two that changed places."""
    here, is_last = one[at], ended and at == len(one) - 1
    ends = len(other) - 1
    out = table.left_out[FIRST if at == 0 else LAST if is_last else MIDDLE].get(here, NOT_LEFT_OUT)
    inside = table.pairs[MIDDLE].get(here, _NONE)
    at_first = table.pairs[FIRST].get(here, _NONE) if at == 0 else inside
    at_last = table.pairs[LAST].get(here, _NONE) if is_last else inside
    earlier = table.pairs[MIDDLE].get(one[at - 1], _NONE) if at else _NONE
    best = row[0] + out
    new = [best]
    for there, letter in enumerate(other):
        known = at_first if there == 0 else at_last if there == ends else inside
        swapped = row[there] + known.get(letter, NEVER)
        left = row[there + 1] + out
        best += put_in[there]
        if swapped < best:
            best = swapped
        if left < best:
            best = left
        if at and there and letter in earlier:
            crossed = before[there - 1] + earlier[letter] + inside.get(other[there - 1], NEVER)
            if crossed + TURNED < best:
                best = crossed + TURNED
        new.append(best)
    return new


def _alone(word: Graphemes, costs: dict[str, float]) -> float:
    return sum(costs.get(one, RARE) for one in word)


def _table(told: dict[str, Any]) -> Table:
    """`told["pairs"]` is `one other first middle last` a line, in hundredths; `-` is nothing."""
    pairs: tuple[dict[str, dict[str, float]], ...] = ({}, {}, {})
    left_out: tuple[dict[str, float], ...] = ({}, {}, {})
    put_in: tuple[dict[str, float], ...] = ({}, {}, {})
    for line in told["pairs"]:
        one, other, *costs = line.split()
        for place, hundredths in enumerate(costs):
            nats = int(hundredths) / 100
            if one == "-":
                put_in[place][other] = nats
            elif other == "-":
                left_out[place][one] = nats
            else:
                pairs[place].setdefault(one, {})[other] = nats
    alone = {one: value / 100 for one, value in told["alone"].items()}
    other_alone = {one: value / 100 for one, value in told["other_alone"].items()}
    return Table(pairs, left_out, put_in, alone, other_alone)


def _turned(told: dict[str, Any]) -> dict[str, Any]:
    turned = [
        " ".join((line.split()[1], line.split()[0], *line.split()[2:])) for line in told["pairs"]
    ]
    return {"pairs": turned, "alone": told["other_alone"], "other_alone": told["alone"]}
