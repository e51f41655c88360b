"""The weights that ship with the package, and how they were made: `weights.json`.

`bench.names_weights` estimates them and writes the file; nobody edits it by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, log2
from pathlib import Path
from typing import Any

from spona.names.weighing.evidence import Band, Coefficients
from spona.names.weighing.levels import Feature, Level

FORMAT = 1
FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """`chances[feature][level]` is (m, u): how often it is so for one person and for two."""

    version: int
    coefficients: Coefficients
    bands: Mapping[Feature, tuple[Band, ...]]
    chances: Mapping[Feature, Mapping[Level, tuple[float, float]]]
    made: Mapping[str, Any]

    def of(self, feature: Feature, level: Level) -> float:
        """In bits. What is missing weighs nothing."""
        if level is Level.MISSING:
            return 0.0
        m, u = self.chances[feature][level]
        return log2(m / u)


@lru_cache(maxsize=1)
def shipped() -> Weights:
    return read(json.loads(FILE.read_text("utf-8")))


def read(written: Mapping[str, Any]) -> Weights:
    """From what `weights.json` holds; `ValueError` if it is of another format."""
    if written["format"] != FORMAT:
        raise ValueError(f"weights of format {written['format']}, not {FORMAT}")
    names = written["evidence"]
    return Weights(
        version=written["version"],
        coefficients=Coefficients(**{key: tuple(value) for key, value in names.items()}),
        bands={Feature(key): _bands(value) for key, value in written["bands"].items()},
        chances={
            Feature(feature): {Level(level): (m, u) for level, (m, u) in levels.items()}
            for feature, levels in written["chances"].items()
        },
        made=written["made"],
    )


def _bands(written: list[dict[str, Any]]) -> tuple[Band, ...]:
    return tuple(
        Band(
            -inf if one["least"] is None else one["least"], Level(one["level"]), one["m"], one["u"]
        )
        for one in written
    )
