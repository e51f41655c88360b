"""Synthetic registers of any size, their names drawn from a variants file; nobody is real."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from spona.names.linking.registers import Registers
from spona.names.weighing import Birth, Precision

OFFICES = {"border": "A", "ngo": "L", "centre": "L", "guardian": "C"}  # and the script they write
CITIZENSHIPS = ("AF", "AF", "AF", "SY", "SY", "PK", "MA", "IQ", "IR")
FIRST, DAYS = date(2002, 1, 1), 16 * 365
TYPO, SWAPPED, NO_FATHER, NO_FAMILY = 0.04, 0.05, 0.4, 0.15

Group = dict[str, list[str]]


def groups(variants: Path) -> list[Group]:
    """The names that are written in all three scripts."""
    found: dict[str, Group] = defaultdict(lambda: defaultdict(list))
    with variants.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found[row["component"]][row["script"]].append(row["form"])
    return [one for one in found.values() if {"L", "C", "A"} <= one.keys()]


def registers(variants: Path, size: int, seed: int = 7) -> Registers:
    """As many records; a person stands in one to four of them, now and then twice in one office."""
    dice = random.Random(seed)
    names = groups(variants)
    dice.shuffle(names)
    cumulated = list(accumulate(1 / (rank + 10) ** 0.5 for rank in range(len(names))))
    found = Registers()
    while len(found) < size:
        person = str(len(found))
        full = dice.choices(names, cum_weights=cumulated, k=3)
        born = FIRST + timedelta(days=dice.randrange(DAYS))
        sex, citizenship = dice.choice("MMMMMF"), dice.choice(CITIZENSHIPS)
        for _record in range(min(dice.choice((1, 1, 1, 2, 2, 3, 4)), size - len(found))):
            _write(found, dice, person, full)
            found.sexes.append(sex if dice.random() < 0.98 else "")
            found.births.append(_birth(dice, born))
            found.citizenships.append(citizenship if dice.random() < 0.95 else "")
    return found


def _write(found: Registers, dice: random.Random, person: str, full: Sequence[Group]) -> None:
    office, script = dice.choice(list(OFFICES.items()))
    given, family, father = (_misspelt(dice, dice.choice(one[script])) for one in full)
    parts = [given] if dice.random() < NO_FAMILY else [given, family]
    if dice.random() < SWAPPED:
        parts.reverse()
    found.ids.append(f"r{len(found)}")
    found.registers.append(office)
    found.persons.append(person)
    found.names.append(" ".join(parts))
    found.fathers.append("" if dice.random() < NO_FATHER else father)


def _misspelt(dice: random.Random, word: str) -> str:
    if len(word) < 4 or dice.random() >= TYPO:
        return word
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _birth(dice: random.Random, born: date) -> Birth:
    known = dice.random()
    if known < 0.5:
        return Birth(born, Precision.DAY)
    if known < 0.75:
        return Birth(date(born.year, 1, 1), Precision.YEAR)
    if known < 0.9:
        return Birth(date(born.year + dice.choice((-2, -1, 0, 1, 2)), 1, 1), Precision.ESTIMATED)
    return Birth()
