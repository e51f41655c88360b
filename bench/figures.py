"""One line a figure: p50 and p95 of ours and of the peer, their ratio, and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

NAME, COLUMN = 48, 9


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Figure:
        ordered = sorted(seconds)
        return cls(median(ordered) * 1e3, ordered[ceil(0.95 * len(ordered)) - 1] * 1e3)

    def __str__(self) -> str:
        return f"{self.p50:>{COLUMN}.1f}{self.p95:>{COLUMN}.1f}"


def say(
    name: str, ours: Figure | str, peer: Figure | str, *, limit: float = 0, note: str = ""
) -> None:
    """Words instead of figures make the head of a table."""
    if isinstance(ours, str) or isinstance(peer, str):
        print(f"\n{name:<{NAME}}{ours:>{2 * COLUMN}}{peer:>{2 * COLUMN}}{'ratio':>8}")
        return
    kept = f"  p95 limit {limit:.0f}, {ours.p95 / limit:.2f} x" if limit else ""
    tail = f"{kept}  {note}" if note else kept
    print(f"{name:<{NAME}}{ours}{peer}{ours.p50 / peer.p50:>7.2f}x{tail}")


def missing(name: str, why: str) -> None:
    print(f"{name:<{NAME}}{why:>{2 * COLUMN}}")


def beside_limit(name: str, measured: float, limit: float, unit: str) -> None:
    """A figure that has a limit and no peer."""
    kept = f"limit {limit:,g}, {measured / limit:.2f} x"
    print(f"{name:<{NAME}}{measured:>{2 * COLUMN},.2f} {unit:<6}{kept}")
