"""Where lines leave a box and where they enter: lines of one kind share a port.

Lines enter at whole steps from the middle of the row and leave at halves, so that a line that
leaves one box never runs into one that enters the next. Only the line from a box to its neighbour
in the same row is straight: it leaves and enters in the very middle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from spona.conduct.draw.measure import width, wrap
from spona.conduct.draw.picture import KINDS, Link, Picture

STEP = 14
LABEL_SIZE, LABEL_LINE, LABEL_ROOM = 10, 11, 76

Out = tuple[str, tuple[str, ...]]  # a box and the kinds of the lines that leave it together
# A box, kinds and label of the lines that enter together, and whether one enters by itself.
In = tuple[str, tuple[str, ...], str, bool]


class Wire(NamedTuple):
    """All that binds one box to another, as one line."""

    source: str
    target: str
    kinds: tuple[str, ...]
    label: str
    told: tuple[str, ...]
    apart: bool = False

    @property
    def out(self) -> Out:
        return self.source, self.kinds

    @property
    def into(self) -> In:
        return self.target, self.kinds, self.label, self.apart


class Reach(NamedTuple):
    """How far ports stand above and below the middle of the row, and labels above it."""

    up: float = 0
    down: float = 0
    label: float = 0

    def grown(self, y: float, label: float) -> Reach:
        return Reach(max(self.up, -y), max(self.down, y), max(self.label, label - y))


class Ports(NamedTuple):
    """How far from the middle of its row each port stands, and the labels of the entries."""

    out: Mapping[Out, float]
    into: Mapping[In, float]
    labels: Mapping[In, tuple[str, ...]]

    def reaches(self) -> dict[str, Reach]:
        """The reach of each box that has ports; of any other, nothing."""
        found: dict[str, Reach] = defaultdict(Reach)
        for (key, _), y in self.out.items():
            found[key] = found[key].grown(y, 0)
        for entry, y in self.into.items():
            found[entry[0]] = found[entry[0]].grown(y, len(self.labels[entry]) * LABEL_LINE)
        return found


def wires(picture: Picture) -> list[Wire]:
    """One wire for each pair of boxes, whatever number of links it stands for."""
    pairs: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in picture.links:
        pairs[link.source, link.target].append(link)
    return [_wire(source, target, links) for (source, target), links in pairs.items()]


def _wire(source: str, target: str, links: Sequence[Link]) -> Wire:
    ranked = sorted(links, key=lambda link: KINDS.index(link.kind))
    told = dict.fromkeys(link.told for link in ranked if link.told)
    kinds = tuple(dict.fromkeys(link.kind for link in ranked))
    by_kind = (_joined([k.label for k in ranked if k.kind == kind]) for kind in kinds)
    return Wire(source, target, kinds, "; ".join(filter(None, by_kind)), tuple(told))


def _joined(labels: Iterable[str]) -> str:
    """Labels that differ only in their first part, the term, share the others."""
    terms: dict[str, list[str]] = defaultdict(list)
    for label in dict.fromkeys(filter(None, labels)):
        term, _, tail = label.partition(", ")
        terms[tail].append(term)
    return "; ".join(
        ", ".join(filter(None, ("\u00a0/ ".join(t), tail))) for tail, t in terms.items()
    )


def ports(
    made: Sequence[Wire], row: Mapping[str, int], column: Mapping[str, int]
) -> Ports:  # fmt: skip
    straight = {w for w in made if is_straight(w, row, column)}
    leaving: dict[str, dict[Out, list[int]]] = defaultdict(lambda: defaultdict(list))
    coming: dict[str, dict[In, list[int]]] = defaultdict(lambda: defaultdict(list))
    for wire in made:
        leaving[wire.source][wire.out].append(row[wire.target])
        coming[wire.target][wire.into].append(row[wire.source])
    labels = {e: wrap(e[2], LABEL_SIZE, LABEL_ROOM) for es in coming.values() for e in es}
    out: dict[Out, float] = {}
    into: dict[In, float] = {}
    middle_out, middle_in = {w.out for w in straight}, {w.into for w in straight}
    for exits in leaving.values():
        out |= _exits(_sorted(exits), middle_out)
    for entries in coming.values():
        into |= _entries(_sorted(entries), middle_in, labels)
    return Ports(out, into, labels)


def parted(made: Sequence[Wire], row: Mapping[str, int], column: Mapping[str, int]) -> list[Wire]:
    """Wires, where a straight one whose port others leave by is not joined before they have."""
    leaving = Counter(wire.out for wire in made)
    return [
        wire._replace(apart=is_straight(wire, row, column) and leaving[wire.out] > 1)
        for wire in made
    ]


def is_straight(wire: Wire, row: Mapping[str, int], column: Mapping[str, int]) -> bool:
    same_row = row[wire.source] == row[wire.target]
    return same_row and column[wire.target] == column[wire.source] + 1


P = TypeVar("P")


def _sorted(ends: Mapping[P, Sequence[int]]) -> list[P]:
    """Ports from the top, by where their lines go or come from."""
    return sorted(ends, key=lambda port: sum(ends[port]) / len(ends[port]))


def _exits(exits: Sequence[Out], middle: set[Out]) -> dict[Out, float]:
    at = next((n for n, port in enumerate(exits) if port in middle), None)
    if at is None:
        first = -(len(exits) // 2) + 0.5
        return {port: (first + n) * STEP for n, port in enumerate(exits)}
    steps = [n - at + (0.5 if n < at else -0.5 if n > at else 0) for n in range(len(exits))]
    return {port: step * STEP for port, step in zip(exits, steps, strict=True)}


def _entries(
    entries: Sequence[In], middle: set[In], labels: Mapping[In, tuple[str, ...]]
) -> dict[In, float]:
    """Each entry stands under its label, which takes a step for every line."""
    steps = []
    last = -1
    for port in entries:
        last += max(1, len(labels[port]))
        steps.append(last)
    at = next((n for n, port in enumerate(entries) if port in middle), None)
    zero = (last + 1) // 2 if at is None else steps[at]
    return {port: (step - zero) * STEP for port, step in zip(entries, steps, strict=True)}


def label_width(lines: Sequence[str]) -> float:
    return max((width(line, LABEL_SIZE) for line in lines), default=0)
