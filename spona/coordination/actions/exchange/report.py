"""What came of a file: counts and names of fields, and never a value."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


def _ids() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Imported:
    """`left_out` counts by reason, `dropped` by the name of the field that is never kept,
    `unknown` by the word for which there is none here (`field` or `services_section: agency`).
    A conflict is a field that was changed here and there; the one here stands."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    conflicts: list[tuple[UUID, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    case_ids: array[int] = field(default_factory=_ids)

    @property
    def is_clean(self) -> bool:
        """Nothing that a person should look at."""
        return not self.conflicts and not self.refused

    def detail(self) -> dict[str, Any]:
        """For the log: codes and counts only."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "left_out": dict(self.left_out),
            "dropped": dict(self.dropped),
            "conflicts": [[str(uuid), name] for uuid, name in self.conflicts],
            "refused": len(self.refused),
        }


@dataclass(slots=True)
class Exported:
    """`left_out` counts cases by the reason for which they are not in the file, `hidden` what of a
    case that is in it was left out."""

    left_out: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    case_ids: array[int] = field(default_factory=_ids)
    bases: set[int] = field(default_factory=set)

    @property
    def cases(self) -> int:
        return len(self.case_ids)

    def detail(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "left_out": dict(self.left_out),
            "hidden": dict(self.hidden),
            "bases": sorted(self.bases),
        }
