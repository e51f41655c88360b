"""Registers as CSV: one row for a record, whatever its register."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from spona.names.weighing import Birth, Precision, Traits

COLUMNS = (
    "record_id",
    "register",
    "given",
    "family",
    "father",
    "sex",
    "dob",
    "dob_quality",
    "nationality",
)
PRECISIONS = {
    "declared": Precision.DAY,
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
    "estimated": Precision.ESTIMATED,
    "missing": Precision.UNKNOWN,
    "unknown": Precision.UNKNOWN,
    "": Precision.UNKNOWN,
}


class WrongFile(ValueError):  # noqa: N818 - a sentence for whoever chose the file
    """What is wrong with a file and what to do, as a sentence."""


@dataclass(slots=True)
class Registers:
    """Records side by side, column by column; a record is its row. `persons` is the truth where a
    file tells it, for judging alone: nothing that links ever reads it."""

    ids: list[str] = field(default_factory=list)
    registers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    fathers: list[str] = field(default_factory=list)
    sexes: list[str] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    citizenships: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    def traits(self, row: int) -> Traits:
        return Traits(
            given=self.names[row],
            father=self.fathers[row],
            sex=self.sexes[row],
            birth=self.births[row],
            citizenship=self.citizenships[row],
        )


def read(path: Path) -> Registers:
    """Columns by name, in any order; others are ignored. `WrongFile` says which row is wrong."""
    found = Registers()
    births: dict[tuple[str, str], Birth] = {}
    with _opened(path) as rows:
        header = next(rows, [])
        at = _places(header)
        truth = header.index("person_id") if "person_id" in header else None
        for line, row in enumerate(rows, start=2):
            if not row:
                continue
            if len(row) != len(header):
                raise WrongFile(
                    f"Row {line} has {len(row)} cells where the header has {len(header)}."
                )
            one = [row[place].strip() for place in at]
            born = one[6], one[7]
            if born not in births:
                births[born] = _birth(*born, line)
            _add(found, one, births[born])
            if truth is not None:
                found.persons.append(row[truth])
    _refuse_doubles(found)
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[list[str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield csv.reader(file, strict=True)
    except OSError as fault:
        raise WrongFile(f"{path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise WrongFile(f"{path} is not UTF-8: save it as CSV UTF-8 and try again.") from fault
    except csv.Error as fault:
        raise WrongFile(f"{path} is not CSV with commas: {fault}.") from fault


def _places(header: list[str]) -> list[int]:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise WrongFile(
            f"The first row lacks {', '.join(missing)}. A register needs the columns "
            f"{', '.join(COLUMNS)}; cells may be empty, columns may not be absent."
        )
    return [header.index(column) for column in COLUMNS]


def _birth(on: str, quality: str, line: int) -> Birth:
    if quality not in PRECISIONS:
        raise WrongFile(
            f"Row {line}: dob_quality {quality!r} is none of {', '.join(filter(None, PRECISIONS))}."
        )
    if not on:
        return Birth()
    try:
        return Birth(date.fromisoformat(on), PRECISIONS[quality])
    except ValueError as fault:
        raise WrongFile(
            f"Row {line}: dob {on!r} is no date. Write it as 2009-02-23; where only the year is "
            "known, 2009-01-01 with dob_quality year."
        ) from fault


def _add(found: Registers, one: list[str], birth: Birth) -> None:
    found.ids.append(one[0])
    found.registers.append(one[1])
    found.names.append(f"{one[2]} {one[3]}".strip())
    found.fathers.append(one[4])
    found.sexes.append(one[5])
    found.births.append(birth)
    found.citizenships.append(one[8])


def _refuse_doubles(found: Registers) -> None:
    if not found.ids:
        raise WrongFile("The file has a header but no records.")
    if len(set(found.ids)) != len(found):
        seen: set[str] = set()
        twice = next(one for one in found.ids if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        raise WrongFile(f"record_id {twice!r} stands twice: every record needs an id of its own.")
