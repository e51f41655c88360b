"""Columns of a chart as numbers; the template draws them, and the same data stands in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, LEFT = 640, 240, 28, 36
GAP = 0.3  # of a column


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column; `kind` is what it counts."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place: under a column, or beside a line across."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    base: int
    left: int
    bars: tuple[Bar, ...]
    under: tuple[Tick, ...]
    beside: tuple[Tick, ...]


def columns(parts: Sequence[tuple[str, Mapping[str, int]]], kinds: Sequence[str]) -> Chart:
    """One column a label, its parts one on the other in the order of `kinds`."""
    most = max((sum(cells[kind] for kind in kinds) for _label, cells in parts), default=0)
    base, step = HEIGHT - FOOT, (WIDTH - LEFT) / max(len(parts), 1)
    scale = (base - 16) / max(most, 1)
    bars: list[Bar] = []
    for number, (_label, cells) in enumerate(parts):
        top = float(base)
        for kind in kinds:
            height = round(cells[kind] * scale, 1)
            top = round(top - height, 1)
            x = round(LEFT + step * (number + GAP / 2), 1)
            if height:
                bars.append(Bar(x, top, round(step * (1 - GAP), 1), height, kind))
    under = tuple(
        Tick(round(LEFT + step * (number + 0.5), 1), label)
        for number, (label, _cells) in enumerate(parts)
    )
    beside = tuple(Tick(round(base - scale * n, 1), str(n)) for n in _round_numbers(most))
    return Chart(WIDTH, HEIGHT, base, LEFT, tuple(bars), under, beside)


def _round_numbers(most: int) -> tuple[int, ...]:
    """Zero, the half and the whole, as whole numbers."""
    return tuple(sorted({0, most // 2, most}))
