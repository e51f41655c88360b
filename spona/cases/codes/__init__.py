"""The code lists of cases: places and obstacles are here, languages and needs in the directory.

A code is kept, its words are read here in the language of the page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from spona.directory.codes import (
    GENERAL,
    OWN,
    Code,
    System,
    by_code,
    choices,
    languages,
    need_systems,
    needs,
    read,
)

__all__ = [
    "GENERAL",
    "OWN",
    "Code",
    "System",
    "choices",
    "languages",
    "need_systems",
    "needs",
    "obstacles",
    "places",
]

HERE = Path(__file__).parent


@cache
def places() -> dict[str, Code]:
    return by_code(read(HERE / "places.yaml")["items"])


@cache
def obstacles() -> dict[str, Code]:
    return by_code(read(HERE / "obstacles.yaml")["items"])
