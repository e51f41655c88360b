"""Pure: small groups stay unseen in statistics of many institutions (trust.md P18).

A table is protected once, at its finest grain, and everything that is shown is a sum of numbers
that were released. So no filter, and no difference of two filters, says more than the release.
The total of a row is withheld with any of its cells. Hiding a second cell in its stead would tell
more: whoever knows that the smallest one is chosen can often count back.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

K = 5  # fewer than this is a small group

Row = TypeVar("Row", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Released:
    """A row after protection: none where a number is withheld."""

    cells: Mapping[str, int | None]
    total: int | None


def protect(table: Mapping[Row, Mapping[str, int]], k: int = K) -> dict[Row, Released]:
    """Withhold every cell from 1 to `k` - 1, and the total of a row in which one is withheld.
    Zero is shown: it is nobody."""
    return {row: _protected(cells, k) for row, cells in table.items()}


def _protected(cells: Mapping[str, int], k: int) -> Released:
    shown = {key: None if 0 < count < k else count for key, count in cells.items()}
    total = None if None in shown.values() else sum(cells.values())
    return Released(shown, total)


@dataclass(frozen=True, slots=True)
class Sum:
    """At least `n`; `whole` says that nothing was left out."""

    n: int
    whole: bool


def add(numbers: Iterable[int | None]) -> Sum:
    """A sum of released numbers: what is withheld is left out, and that is said."""
    found = list(numbers)
    return Sum(sum(n for n in found if n is not None), None not in found)
