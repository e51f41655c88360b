"""Columns: what comes after what. Cycles are cut, then each lane is filled from the left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log

from spona.conduct.book import Kind
from spona.conduct.draw.picture import KINDS, Link, Picture

COLUMN, ROW = 245, 82  # what a column and a row take, roughly
SHAPE = 1.55  # width to height that we aim at: a sheet on its side, less title and legend
DEEPEST = 24
LOOSE = (Kind.EXCLUDE.value, Kind.EXTENDS.value)


def columns(picture: Picture) -> dict[str, int]:
    """The column of each box, for the number of rows a lane that suits a sheet best."""
    after = _acyclic(picture)
    order = _order(picture, after)
    lanes = {node.key: node.lane for node in picture.nodes}
    tried = []
    for deep in range(1, DEEPEST + 1):
        tried.append(_fill(order, picture.told, after, lanes, deep))
        if _shape(tried[-1], lanes) <= SHAPE:
            break
    return min(tried[-2:], key=lambda placed: abs(log(_shape(placed, lanes) / SHAPE)))


def _shape(placed: Mapping[str, int], lanes: Mapping[str, str]) -> float:
    """Width to height; fewer rows are wider."""
    cells = Counter((lanes[key], column) for key, column in placed.items())
    rows: dict[str, int] = defaultdict(int)
    for (lane, _), count in cells.items():
        rows[lane] = max(rows[lane], count)
    wide, high = (max(placed.values()) + 1) * COLUMN, sum(rows.values()) * ROW
    return wide / high


def _acyclic(picture: Picture) -> dict[str, set[str]]:
    """For each box those before it: the strongest links first, none that closes a circle."""
    slots = {node.key: 1 << at for at, node in enumerate(picture.nodes)}
    reach = dict(slots)
    before: dict[str, set[str]] = {key: set() for key in slots}
    ranked = sorted(_ordering(picture), key=lambda link: KINDS.index(link.kind))
    for source, target in dict.fromkeys((link.source, link.target) for link in ranked):
        if reach[target] & slots[source]:
            continue
        before[target].add(source)
        gained, bit = reach[target], slots[source]
        for key, known in reach.items():
            if known & bit:
                reach[key] = known | gained
    return before


def _ordering(picture: Picture) -> Iterator[Link]:
    """Lines that say what comes after what; closing does so only for boxes with no other line."""
    bound = {key for ln in picture.links if ln.kind not in LOOSE for key in (ln.source, ln.target)}
    for link in picture.links:
        if link.kind not in LOOSE or link.source not in bound or link.target not in bound:
            yield link


def _order(picture: Picture, before: Mapping[str, set[str]]) -> list[str]:
    """Topological, in the order of the book wherever that leaves a choice."""
    keys = [node.key for node in picture.nodes]
    done: dict[str, None] = {}
    while len(done) < len(keys):
        for key in keys:
            if key not in done and before[key] <= done.keys():
                done[key] = None
    return list(done)


def _fill(
    order: Sequence[str],
    told: Sequence[Link],
    before: Mapping[str, set[str]],
    lanes: Mapping[str, str],
    deep: int,
) -> dict[str, int]:
    after: dict[str, list[str]] = defaultdict(list)
    for key, sources in before.items():
        for source in sources:
            after[source].append(key)
    placed: dict[str, int] = {}
    used: Counter[tuple[str, int]] = Counter()
    for key in order:
        if before[key] or after[key]:
            column = max((placed[source] + 1 for source in before[key]), default=0)
            _place(key, column, placed, used, lanes, deep)
    _later(order, before, after, placed, used, lanes, deep)
    _alone(order, told, placed, used, lanes, deep)
    return placed


def _place(
    key: str,
    column: int,
    placed: dict[str, int],
    used: Counter[tuple[str, int]],
    lanes: Mapping[str, str],
    deep: int,
) -> None:
    while used[lanes[key], column] >= deep:
        column += 1
    placed[key] = column
    used[lanes[key], column] += 1


def _later(
    order: Sequence[str],
    before: Mapping[str, set[str]],
    after: Mapping[str, list[str]],
    placed: dict[str, int],
    used: Counter[tuple[str, int]],
    lanes: Mapping[str, str],
    deep: int,
) -> None:
    """What waits for nothing stands just before the first that waits for it."""
    for key in reversed(order):
        if before[key] or not after[key]:
            continue
        lane = lanes[key]
        latest = min(placed[target] for target in after[key]) - 1
        for column in range(latest, placed[key], -1):
            if used[lane, column] < deep:
                used[lane, placed[key]] -= 1
                used[lane, column] += 1
                placed[key] = column
                break


def _alone(
    order: Sequence[str],
    told: Sequence[Link],
    placed: dict[str, int],
    used: Counter[tuple[str, int]],
    lanes: Mapping[str, str],
    deep: int,
) -> None:
    """Boxes without a line stand near what their notes name, or beside the box before them."""
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for link in told:
        named[link.source].append((link.target, -1))
        named[link.target].append((link.source, 1))
    wish = 0
    for key in order:
        if key not in placed:
            near = [placed[other] + step for other, step in named[key] if other in placed]
            want = max(0, round(sum(near) / len(near))) if near else wish
            lane, last = lanes[key], max(placed.values(), default=0)
            free = [c for c in range(last + 2) if used[lane, c] < deep]
            _place(key, min(free, key=lambda c: (abs(c - want), c)), placed, used, lanes, deep)
        wish = placed[key]
