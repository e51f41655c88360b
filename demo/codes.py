"""The code lists of `spona/cases/codes` and `spona/directory/codes` as frozen values.

Pure: no Django. A list or system says its source and how far it was read; a code that was not read
with the rest says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

import spona.cases
import spona.directory
from demo.rows import Row, RowError

OF_CASES = Path(spona.cases.__file__).parent / "codes"
SHARED = Path(spona.directory.__file__).parent / "codes"


class CodeVerified(StrEnum):
    """As for rows of the network, and `LOCAL` for lists that are our own."""

    READ = "read"
    PARTLY = "partly"
    MEMORY = "memory"
    LOCAL = "local"


class Layer(StrEnum):
    """Who needs to know: the layer under which a recorded code is kept."""

    GENERAL = "general"
    HEALTH = "health"
    GBV = "gbv"
    TRAFFICKING = "trafficking"
    ASYLUM = "asylum"


class Direction(StrEnum):
    """Which way a script runs."""

    LTR = "ltr"
    RTL = "rtl"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a simple list."""

    code: str
    sr_latn: str
    en: str


@dataclass(frozen=True, slots=True)
class Need(Code):
    """`unhcr` is our own mapping; a need that is not `recordable` is never stored of a person."""

    layer: Layer
    verified: CodeVerified
    source: str
    unhcr: str | None
    recordable: bool


@dataclass(frozen=True, slots=True)
class Language(Code):
    """ISO 639-3 code, own name, ISO 15924 script."""

    native: str
    script: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class NeedSystem:
    """One system of needs, codes by code."""

    id: str
    sr_latn: str
    en: str
    source: str
    verified: CodeVerified
    note: str
    needs: Mapping[str, Need]


def load_needs(folder: Path = SHARED) -> Mapping[str, NeedSystem]:
    """Systems by id. Raises RowError."""
    top = _top(folder / "needs.yaml")
    systems = {system.id: system for system in map(_system, top.rows("systems"))}
    top.end()
    return systems


def load_languages(folder: Path = SHARED) -> Mapping[str, Language]:
    """Languages by ISO 639-3 code. Raises RowError."""
    return _by_code(_language(row) for row in _items(folder / "languages.yaml"))


def load_obstacles(folder: Path = OF_CASES) -> Mapping[str, Code]:
    """Why a duty cannot be done now. Raises RowError."""
    return _by_code(_code(row) for row in _items(folder / "obstacles.yaml"))


def load_places(folder: Path = OF_CASES) -> Mapping[str, Code]:
    """Kinds of places where somebody was met. Raises RowError."""
    return _by_code(_code(row) for row in _items(folder / "places.yaml"))


def _top(path: Path) -> Row:
    return Row(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def _items(path: Path) -> Iterable[Row]:
    top = _top(path)
    top.text("source")
    top.choice("verified", CodeVerified)
    items = tuple(top.rows("items"))
    top.end()
    return items


Coded = TypeVar("Coded", bound=Code)


def _by_code(codes: Iterable[Coded]) -> Mapping[str, Coded]:
    found: dict[str, Coded] = {}
    for code in codes:
        if code.code in found:
            raise RowError(f"two rows with the code {code.code}")
        found[code.code] = code
    return found


def _code(row: Row) -> Code:
    code = Code(row.text("code"), row.text("sr-latn"), row.text("en"))
    row.end()
    return code


def _language(row: Row) -> Language:
    language = Language(
        code=row.text("code"),
        sr_latn=row.text("sr-latn"),
        en=row.text("en"),
        native=row.text("native"),
        script=row.text("script"),
        direction=row.choice("direction", Direction),
    )
    row.end()
    return language


def _system(row: Row) -> NeedSystem:
    label = row.row("name")
    source, verified = row.text("source"), row.choice("verified", CodeVerified)
    system = NeedSystem(
        id=row.text("id"),
        sr_latn=label.text("sr-latn"),
        en=label.text("en"),
        source=source,
        verified=verified,
        note=row.text("note"),
        needs=_by_code(_need(item, source, verified) for item in row.rows("items")),
    )
    row.end()
    return system


def _need(row: Row, source: str, verified: CodeVerified) -> Need:
    """A need follows its system unless it says otherwise of itself."""
    need = Need(
        code=row.text("code"),
        sr_latn=row.text("sr-latn"),
        en=row.text("en"),
        layer=row.choice("layer", Layer),
        verified=row.choice("verified", CodeVerified) if row.has("verified") else verified,
        source=row.maybe("source", row.text) or source,
        unhcr=row.maybe("unhcr", row.text),
        recordable=row.flag("recordable") if row.has("recordable") else True,
    )
    row.end()
    return need
