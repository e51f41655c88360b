"""What may leave a case: purposes, categories of data, fields, and the law it may rest on, as
`sharing.yaml` has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from spona.cases.codes import GENERAL, HERE, Code
from spona.directory.codes import by_code, read

NEED_FIELDS = {
    GENERAL: "need",
    "health": "need_sensitive",
    "gbv": "need_violence",
    "trafficking": "need_trafficking",
    "asylum": "need_asylum",
}


@dataclass(frozen=True, slots=True)
class SharedField:
    """One field of a package; `typed` words are written for one sharing and kept nowhere else."""

    name: Code
    category: str
    typed: bool = False

    def __str__(self) -> str:
        return str(self.name)

    @property
    def layer(self) -> str:
        return self.name.layer


@dataclass(frozen=True, slots=True)
class Law:
    """What a duty (or vital interest: `kind`) rests on; `verified` is how far it was read."""

    name: Code
    kind: str
    verified: str
    rule: str = ""

    def __str__(self) -> str:
        return str(self.name)


@cache
def laws() -> dict[str, Law]:
    rows: list[dict[str, Any]] = _all()["laws"]
    names = by_code(rows)
    return {
        row["code"]: Law(names[row["code"]], row["kind"], row["verified"], row.get("rule", ""))
        for row in rows
    }


@cache
def emergencies() -> dict[str, Code]:
    """Reasons for which a case that is not one's own is opened."""
    return by_code(_all()["emergencies"])


@cache
def purposes() -> dict[str, Code]:
    return by_code(_all()["purposes"])


@cache
def categories() -> dict[str, Code]:
    return by_code(_all()["categories"])


def are_restricted(named: Iterable[str]) -> bool:
    """Whether any of these categories belongs to the restricted part of a case."""
    known = categories()
    return any(known[one].layer != GENERAL for one in named if one in known)


@cache
def shared_fields() -> dict[str, SharedField]:
    """By key, in the order in which a package is read."""
    rows: list[dict[str, Any]] = _all()["fields"]
    names = by_code(rows)
    return {
        row["code"]: SharedField(names[row["code"]], row["category"], row.get("typed", False))
        for row in rows
    }


def _all() -> Any:
    return read(HERE / "sharing.yaml")
