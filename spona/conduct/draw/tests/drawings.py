"""What drawings are made of in tests, and the geometry that they are held to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from spona.conduct.book import Book
from spona.conduct.dcrxml import Plain, Refused, read_dcr
from spona.conduct.draw.boxes import EDGE, LABEL, MARK, SMALL, STRIP, WIDTH
from spona.conduct.draw.layout import Layout, Line
from spona.conduct.draw.measure import width
from spona.conduct.draw.ports import LABEL_LINE, LABEL_SIZE, label_width
from spona.conduct.reader import read

ROOT = Path(__file__).parents[4]
PROTOCOLS = sorted((ROOT / "protocols").glob("*.yaml"))
GRAPHS = sorted((ROOT.parent / "shared" / "data" / "dcr").rglob("*.xml"))


@cache
def book(path: Path) -> Book:
    return read(path)


@cache
def graph(path: Path) -> Plain | str:
    """The graph, or the sentence that refuses it."""
    try:
        return read_dcr(path.read_bytes())
    except Refused as refused:
        return str(refused)


READABLE = [path for path in GRAPHS if isinstance(graph(path), Plain)]
"""Those that are not refused by name; which are is the test of `dcrxml`."""


class Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Area) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def box_areas(layout: Layout) -> list[Area]:
    return [Area(p.x, p.y, p.x + WIDTH, p.y + p.box.height, p.box.node.label) for p in layout.boxes]


def label_areas(layout: Layout) -> list[Area]:
    areas = []
    for entry in layout.entries:
        top = entry.y - 4 - (len(entry.label) - 1) * LABEL_LINE - LABEL_SIZE * 0.75
        left = entry.label_x - label_width(entry.label)
        label = Area(left, top, entry.label_x, entry.y - 1, " ".join(entry.label))
        areas += [label] if entry.label else []
    return areas


def overlaps(areas: Iterable[Area]) -> list[tuple[str, str]]:
    return [(one.what, two.what) for one, two in combinations(areas, 2) if one.meets(two)]


def stretches(line: Line) -> Iterator[Area]:
    for (x, y), (to_x, to_y) in pairwise(line.points):
        yield Area(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y), str(line.wire[:2]))


def through_boxes(layout: Layout) -> list[tuple[str, str]]:
    """Lines that touch the inside of a box, their own two included."""
    boxes = box_areas(layout)
    found = []
    for line in layout.lines:
        for part in stretches(line):
            found += [(part.what, box.what) for box in boxes if _crosses(part, box)]
    return found


def through_labels(layout: Layout) -> list[tuple[str, str]]:
    labels = label_areas(layout)
    parts = [part for line in layout.lines for part in stretches(line)]
    return [(part.what, area.what) for part in parts for area in labels if _crosses(part, area)]


def _crosses(part: Area, box: Area) -> bool:
    across = part.left < box.right - 0.1 and part.right > box.left + 0.1
    return across and part.top < box.bottom - 0.1 and part.bottom > box.top + 0.1


def shared(layout: Layout) -> list[tuple[str, str]]:
    """Stretches of two lines on one track, where the lines share neither beginning nor end."""
    tracks: dict[tuple[str, float], list[tuple[Line, Area]]] = defaultdict(list)
    for line in layout.lines:
        for part in stretches(line):
            flat = part.top == part.bottom
            tracks[("y", part.top) if flat else ("x", part.left)].append((line, part))
    found = []
    for (way, _), parts in tracks.items():
        for (one, a), (two, b) in combinations(parts, 2):
            if one.wire.out == two.wire.out or one.wire.into == two.wire.into:
                continue
            across = a.left < b.right and b.left < a.right
            if across if way == "y" else a.top < b.bottom and b.top < a.bottom:
                found.append((a.what, b.what))
    return found


def too_wide(layout: Layout) -> list[str]:
    """Lines of text that are wider than their box."""
    room = WIDTH - STRIP - EDGE
    found = []
    for placed in layout.boxes:
        box = placed.box
        texts: list[tuple[str, float, float]] = [(line, LABEL, room) for line in box.label]
        texts += [(line, SMALL, room) for line in box.under]
        texts += [(line, SMALL, room - MARK) for _, lines in box.notes for line in lines]
        found += [text for text, size, most in texts if width(text, size) > most + 0.01]
    return found
