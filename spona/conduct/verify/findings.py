"""What verification finds, with the shortest trace that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from spona.conduct.guards import Value


class Severity(StrEnum):
    """A fault is mended before publication; what is intended says which rule intends it."""

    FAULT = "fault"
    INTENDED = "intended"
    NOTE = "note"


class Code(StrEnum):
    DEAD_DUTY = "dead-duty"
    NEVER_HAPPENS = "never-happens"
    CONTRADICTION = "contradiction"
    DEADLINE_TOO_SHORT = "deadline-too-short"
    HARD_BEFORE_PROTECTIVE = "hard-before-protective"
    SILENT_WAY = "silent-way"
    OWED_WHILE_CLOSED = "owed-while-closed"
    NO_SOURCE = "no-source"
    UNFILLABLE_PARTY = "unfillable-party"
    NO_WAY_TO_END = "no-way-to-end"
    NOBODY_FINDS_OUT = "nobody-finds-out"
    NOBODY_TOLD = "nobody-told"


class Move(NamedTuple):
    """One step of a trace: `party` did `act` at `at` (the act is empty where only facts changed),
    with the facts that were established by then and not before."""

    act: str
    party: str
    facts: Mapping[str, Value]
    at: datetime


class Search(NamedTuple):
    """How a question was answered: `states` seen (none where the structure of the graph decides),
    and whether that was all of them."""

    code: Code
    acts: tuple[str, ...]
    states: int
    exhaustive: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `said` is its sentence in each language; `exhaustive` is false where the cap
    was hit, so that a shorter trace or more of the kind may exist."""

    code: Code
    severity: Severity
    rules: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    trace: tuple[Move, ...] = ()
    exhaustive: bool = True
    detail: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found, faults first, and how far each question was searched."""

    findings: tuple[Finding, ...]
    searches: tuple[Search, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.FAULT)

    @property
    def exhaustive(self) -> bool:
        return all(search.exhaustive for search in self.searches)
