"""What is wrong with a rule book, so that its author can mend it: file, line, place, sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault; `line` counts from 1, `where` names the rule, act, fact or party."""

    path: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{self.path}:{self.line}: {place}{self.message}"


class BookFaults(Exception):  # noqa: N818 -- many faults, not one error
    """Every fault of one rule book at once, sorted by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
