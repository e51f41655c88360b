"""Rows: the order in each column that leaves the shortest lines, by sweeps of barycentres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from spona.conduct.draw.picture import Picture

SWEEPS = 8


def rows(picture: Picture, placed: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """The row of each box, counted from the top over all lanes; and how many rows a lane has."""
    cells: dict[tuple[int, str], list[str]] = defaultdict(list)
    for node in picture.nodes:
        cells[placed[node.key], node.lane].append(node.key)
    deep = {lane: max(len(b) for (_, k), b in cells.items() if k == lane) for lane in picture.lanes}
    tops = dict(zip(deep, _sums(deep.values()), strict=True))
    near = _near(picture, placed)
    at = {key: tops[lane] + n for (_, lane), boxes in cells.items() for n, key in enumerate(boxes)}
    movable = [cell for cell in cells if deep[cell[1]] > 1]
    best, cost = dict(at), _cost(picture, at)
    for sweep in range(SWEEPS):
        for cell in sorted(movable, reverse=sweep % 2 == 1):
            _arrange(cells[cell], tops[cell[1]], deep[cell[1]], at, near)
        if (now := _cost(picture, at)) < cost:
            best, cost = dict(at), now
    return best, deep


def _sums(counts: Iterable[int]) -> Iterable[int]:
    total = 0
    for count in counts:
        yield total
        total += count


def _near(
    picture: Picture, placed: Mapping[str, int]
) -> dict[str, list[tuple[str, float]]]:  # fmt: skip
    """The neighbours of each box; those in the next column pull most."""
    near: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in picture.links:
        weight = 1 / max(1, abs(placed[link.target] - placed[link.source]))
        near[link.source].append((link.target, weight))
        near[link.target].append((link.source, weight))
    return near


def _cost(picture: Picture, at: Mapping[str, int]) -> int:
    return sum(abs(at[link.source] - at[link.target]) for link in picture.links)


def _arrange(
    boxes: list[str],
    top: int,
    deep: int,
    at: dict[str, int],
    near: Mapping[str, Sequence[tuple[str, float]]],
) -> None:
    """Each box as near to its wish as those above it and the room below it leave."""
    wish = {key: _wish(key, at, near) for key in boxes}
    boxes.sort(key=lambda key: wish[key])
    least = top
    for left, key in enumerate(boxes):
        most = top + deep - (len(boxes) - left)
        at[key] = min(max(round(wish[key]), least), most)
        least = at[key] + 1


def _wish(
    key: str, at: Mapping[str, int], near: Mapping[str, Sequence[tuple[str, float]]]
) -> float:
    pull = total = 0.0
    for other, weight in near.get(key, ()):
        pull += at[other] * weight
        total += weight
    return pull / total if total else at[key]
