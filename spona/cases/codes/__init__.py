"""The code lists of cases: places, languages, needs, obstacles. Data is in the YAML beside this.

A code is kept, its words are read here in the language of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from spona.base.script import said

HERE = Path(__file__).parent
OWN = "own"  # the short list of a first meeting
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Code:
    """`layer` says who needs to know; what is not `recordable` is never kept of a person."""

    code: str
    name_sr: str
    name_en: str
    system: str = ""
    layer: str = GENERAL
    recordable: bool = True

    def __str__(self) -> str:
        return said({"sr-latn": self.name_sr, "en": self.name_en})

    @property
    def sensitive(self) -> bool:
        return self.layer != GENERAL


@dataclass(frozen=True, slots=True)
class System:
    """A code system of needs with its own name."""

    id: str
    name: Code
    codes: tuple[Code, ...]


@cache
def places() -> dict[str, Code]:
    return _by_code(load("places")["items"])


@cache
def languages() -> dict[str, Code]:
    """By ISO 639-3, in the order of the list: the most often met first."""
    return _by_code(load("languages")["items"])


@cache
def obstacles() -> dict[str, Code]:
    return _by_code(load("obstacles")["items"])


@cache
def need_systems() -> dict[str, System]:
    return {
        system["id"]: System(
            system["id"],
            Code(system["id"], system["name"]["sr-latn"], system["name"]["en"]),
            tuple(_by_code(system["items"], system["id"]).values()),
        )
        for system in load("needs")["systems"]
    }


@cache
def needs() -> dict[tuple[str, str], Code]:
    """Needs that may be recorded, by system and code."""
    return {
        (system.id, code.code): code
        for system in need_systems().values()
        for code in system.codes
        if code.recordable
    }


def choices(codes: dict[str, Code]) -> list[tuple[str, str]]:
    """For a form, in the language of the page."""
    return [(key, str(code)) for key, code in codes.items()]


def load(name: str) -> Any:
    """A code list as it is written."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def _by_code(items: list[dict[str, Any]], system: str = "") -> dict[str, Code]:
    return {
        item["code"]: Code(
            item["code"],
            item["sr-latn"],
            item["en"],
            system,
            item.get("layer", GENERAL),
            item.get("recordable", True),
        )
        for item in items
    }
