"""What two records are compared by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum


class Precision(IntEnum):
    """How exactly a birth date is known; the finer, the greater."""

    UNKNOWN = 0
    ESTIMATED = 1
    YEAR = 2
    MONTH = 3
    DAY = 4


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date as far as it is known. 1 January stands for the year alone: it is what offices
    write when nothing but the year was said."""

    on: date | None = None
    precision: Precision = Precision.UNKNOWN

    @property
    def known_to(self) -> Precision:
        if self.on is None:
            return Precision.UNKNOWN
        conventional = (self.on.month, self.on.day) == (1, 1)
        return min(self.precision, Precision.YEAR) if conventional else self.precision


@dataclass(frozen=True, slots=True)
class Traits:
    """One record. Whatever is empty is unknown and says nothing.

    `given` may hold the whole name; the order of names does not matter. `companions` are opaque
    identifiers of people who are known to travel with this one.
    """

    given: str
    family: str = ""
    father: str = ""
    sex: str = ""
    birth: Birth = field(default_factory=Birth)
    citizenship: str = ""
    companions: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()
