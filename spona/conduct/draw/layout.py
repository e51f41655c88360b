"""Where everything stands: lanes, boxes, wires and their labels, in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spona.conduct.draw import boxes as sizes
from spona.conduct.draw.boxes import Box
from spona.conduct.draw.layers import columns
from spona.conduct.draw.measure import wrap
from spona.conduct.draw.picture import Picture, Progress
from spona.conduct.draw.ports import In, Reach, Wire, label_width, parted, ports, wires
from spona.conduct.draw.rows import rows
from spona.conduct.draw.tracks import TRACK, Bus, Gap, Places, bus_tracks, buses, stems

HEAD = 104  # width of the head of a lane
HEAD_SIZE, HEAD_LINE = 12, 15
GAP_ROW, GAP_LANE = 10, 16  # above the first track of a gap between rows, between lanes
OUT, MARK = 14, 11  # room for the mark of what leaves, and for each mark of what enters
GAP_COLUMN = 34

Point = tuple[float, float]


class Placed(NamedTuple):
    """A box with its left upper corner."""

    box: Box
    x: float
    y: float


class Line(NamedTuple):
    """A wire with its corners; `ends` is false where another line goes on to the box for it."""

    wire: Wire
    points: tuple[Point, ...]


class Entry(NamedTuple):
    """Where wires enter a box, with what stands beside the arrow (right-aligned at `x`)."""

    kinds: tuple[str, ...]
    x: float
    y: float
    label: tuple[str, ...]
    label_x: float


class Exit(NamedTuple):
    kinds: tuple[str, ...]
    x: float
    y: float


class Band(NamedTuple):
    """A lane from left to right; `label` in lines."""

    key: str
    label: tuple[str, ...]
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    bands: tuple[Band, ...]
    boxes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    exits: tuple[Exit, ...]


def lay_out(picture: Picture, progress: Progress | None = None) -> Layout:
    """The whole drawing without its title and legend; `picture` is settled."""
    column = columns(picture)
    row, deep = rows(picture, column)
    made = parted(wires(picture), row, column)
    chosen = buses(made, row, column)
    tracks, counts = bus_tracks(chosen, column)
    found = ports(made, row, column)
    reach = found.reaches()
    drawn = {n.key: sizes.box(n, picture.lang, progress, reach[n.key]) for n in picture.nodes}
    heads = _heads(picture, deep)
    levels = _levels(heads, _reaches(drawn, row, reach), counts)
    place = Places(row, column, found, levels.middles, levels.gaps, tracks)
    return _across(drawn, made, chosen, place, levels, heads)


class Head(NamedTuple):
    """A lane: the lines of its name, and its rows."""

    key: str
    label: tuple[str, ...]
    rows: range


class Levels(NamedTuple):
    middles: list[float]
    gaps: list[float]
    borders: list[float]  # where each lane begins, and where the last ends


def _heads(picture: Picture, deep: Mapping[str, int]) -> list[Head]:
    heads, first = [], 0
    for key, label in picture.lanes.items():
        lines = wrap(label, HEAD_SIZE, HEAD - 20, bold=True)
        heads.append(Head(key, lines, range(first, first + deep[key])))
        first += deep[key]
    return heads


def _reaches(
    drawn: Mapping[str, Box], row: Mapping[str, int], reach: Mapping[str, Reach]
) -> dict[int, tuple[float, float]]:
    """How far each row reaches up and down from its middle: boxes, and labels above ports."""
    reaches: dict[int, tuple[float, float]] = {}
    for key, box in drawn.items():
        known = reaches.get(row[key], (0.0, 0.0))
        up = max(known[0], box.up, reach[key].label + 4)
        reaches[row[key]] = up, max(known[1], box.height - box.up)
    return reaches


def _levels(
    heads: Sequence[Head],
    reaches: Mapping[int, tuple[float, float]],
    counts: Mapping[Gap, int],
) -> Levels:
    levels = Levels([], [], [])
    y = 0.0
    for head in heads:
        levels.borders.append(y)
        need = y + len(head.label) * HEAD_LINE + 16
        for row in head.rows:
            gap = GAP_LANE if row == head.rows.start else GAP_ROW
            levels.gaps.append(round(y + gap) + 0.5)
            up, down = reaches.get(row, (0.0, 0.0))
            y += gap + counts.get(row, 0) * TRACK + (4 if counts.get(row) else 0) + up
            levels.middles.append(float(round(y)) + 0.5)
            y += down
        y = max(y, need - GAP_ROW)
        y += GAP_ROW
    last = heads[-1].rows.stop
    levels.gaps.append(round(y) + 0.5)
    levels.borders.append(y + counts.get(last, 0) * TRACK + (GAP_ROW if counts.get(last) else 0))
    return levels


def _across(
    drawn: Mapping[str, Box],
    made: Sequence[Wire],
    chosen: Mapping[Wire, Gap],
    place: Places,
    levels: Levels,
    heads: Sequence[Head],
) -> Layout:
    tracks, counts = stems(made, chosen, place)
    head = HEAD if any(head.label for head in heads) else 0
    lefts, starts, right = _lefts(head, place, counts)
    placed = tuple(
        Placed(
            box,
            lefts[place.column[key]],
            levels.middles[place.row[key]] - box.up,
        )
        for key, box in drawn.items()
    )
    paths = _Paths(place, chosen, tracks, lefts, starts)
    lines = [Line(wire, paths.points(wire)) for wire in made]
    return Layout(
        width=right,
        height=levels.borders[-1],
        bands=tuple(
            Band(head.key, head.label, top, bottom - top)
            for head, top, bottom in zip(heads, levels.borders, levels.borders[1:], strict=False)
        ),
        boxes=placed,
        lines=tuple(_once(lines)),
        entries=tuple(_entries(made, place, lefts)),
        exits=tuple(_exits(made, place, lefts)),
    )


def _lefts(
    head: int, place: Places, counts: Mapping[Gap, int]
) -> tuple[list[float], list[float], float]:  # fmt: skip
    """Where each column begins, the first track of each gap, and the right edge of all."""
    last = max(place.column.values(), default=0)
    labels, marks = [0.0] * (last + 2), [0] * (last + 2)
    for entry, lines in place.ports.labels.items():
        gap = place.column[entry[0]]
        labels[gap] = max(labels[gap], label_width(lines))
        marks[gap] = max(marks[gap], len(entry[1]))
    lefts, starts = [], []
    x = head + 4.5
    for gap in range(last + 2):
        starts.append(x + OUT)
        room = OUT + counts.get(gap, 0) * TRACK + labels[gap] + 8 + marks[gap] * MARK + 6
        least = GAP_COLUMN if 0 < gap <= last else 16
        x += max(least, round(room) if counts.get(gap) or marks[gap] else least)
        lefts.append(x)
        x += sizes.WIDTH
    return lefts[:-1], starts, lefts[-1]


class _Paths:
    """The corners of each wire."""

    def __init__(
        self,
        place: Places,
        chosen: Mapping[Wire, Gap],
        tracks: Mapping[Bus, int],
        lefts: Sequence[float],
        starts: Sequence[float],
    ) -> None:
        self.place, self.chosen, self.tracks = place, chosen, tracks
        self.lefts, self.starts = lefts, starts

    def _stem(self, wire: Wire, gap: Gap) -> float:
        return self.starts[gap] + self.tracks[wire.out, gap] * TRACK

    def points(self, wire: Wire) -> tuple[Point, ...]:
        place = self.place
        near, far = place.column[wire.source] + 1, place.column[wire.target]
        y, end = place.out_y(wire), place.in_y(wire)
        first = (self.lefts[near - 1] + sizes.WIDTH, y)
        final = (self.lefts[far], end)
        if y == end and wire not in self.chosen:
            return first, final
        one = self._stem(wire, near)
        if wire not in self.chosen:
            return first, (one, y), (one, end), final
        bus, two = place.bus_y(wire.out, self.chosen[wire]), self._stem(wire, far)
        return first, (one, y), (one, bus), (two, bus), (two, end), final


def _once(lines: Sequence[Line]) -> Iterator[Line]:
    """The last stretch into a port is drawn by the wire that comes from farthest left."""
    first: dict[In, float] = {}
    for line in lines:
        into, x = line.wire.into, line.points[-2][0]
        first[into] = min(first.get(into, x), x)
    for line in lines:
        *before, (x, y), (_, end) = line.points
        if x > first[line.wire.into]:
            yield Line(line.wire, (*before, (x, y), (x + TRACK, end)))
        else:
            yield line


def _entries(made: Sequence[Wire], place: Places, lefts: Sequence[float]) -> Iterator[Entry]:
    for into, wire in {wire.into: wire for wire in made}.items():
        x = lefts[place.column[into[0]]]
        room = len(into[1]) * MARK + 6
        yield Entry(into[1], x, place.in_y(wire), place.ports.labels[into], x - room)


def _exits(made: Sequence[Wire], place: Places, lefts: Sequence[float]) -> Iterator[Exit]:
    for out, wire in {wire.out: wire for wire in made}.items():
        yield Exit(out[1], lefts[place.column[out[0]]] + sizes.WIDTH, place.out_y(wire))
