"""Tables that anyone understands: what was measured, beside a peer, and whether the limit holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

NAME = 46
HEAD = (
    f"{'':<{NAME}}{'one at a time':>16}{'eight at once':>16}{'work':>8}{'SQL alone':>16}"
    f"{'reads: secured / free':>24}{'rows: meant / met':>20}\n"
    f"{'':<{NAME}}{'p50     p95':>16}{'p50     p95':>16}{'CPU':>8}{'p50     p95':>16}"
    f"{'p50     p50   ratio':>24}{'':>20}  limit of p95"
)


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
        return f"{self.p50:>8.0f}{self.p95:>8.0f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One page as one kind of person opens it; `secured` and `free` are its reads alone, with row
    security and without, `meant` and `met` the rows of the step that the planner misjudged most."""

    title: str
    alone: Figure
    together: Figure
    work_ms: float
    sql: Figure
    limit_ms: float
    queries: int
    secured: Figure | None = None
    free: Figure | None = None
    rows: tuple[int, int] | None = None

    def _kept(self, figure: Figure) -> str:
        return "kept" if figure.p95 <= self.limit_ms else "MISSED"

    def __str__(self) -> str:
        reads = rows = ""
        if self.secured and self.free:
            ratio = self.secured.p50 / self.free.p50
            reads = f"{self.secured.p50:.0f} {self.free.p50:>7.0f} {ratio:>6.1f}x"
        if self.rows:
            rows = f"{self.rows[0]:,} / {self.rows[1]:,}"
        kept = f"1: {self._kept(self.alone)}  8: {self._kept(self.together)}"
        return (
            f"{self.title:<{NAME}}{self.alone}{self.together}{self.work_ms:>8.0f}{self.sql}{reads:>24}{rows:>20}"
            f"  {self.limit_ms:.0f}  {kept}  ({self.queries} queries)"
        )


def missing(name: str, why: str) -> None:
    print(f"{name:<{NAME}}{why:>16}")


def beside_limit(name: str, measured: float, limit: float, unit: str) -> None:
    """A figure that has a limit and no peer."""
    kept = "kept" if measured <= limit else "MISSED"
    print(f"{name:<{NAME + 12}}{measured:>12,.2f} {unit:<6} limit {limit:,g}  {kept}")


def beside_nothing(name: str, measured: float, unit: str) -> None:
    """A figure to know, for which no limit was set."""
    print(f"{name:<{NAME + 12}}{measured:>12,.2f} {unit}")
