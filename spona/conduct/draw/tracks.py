"""Lines run only between rows and between columns, each on a track of its own.

A net is all that leaves a box by one port. It runs down or up beside its box, along one of the two
gaps that border its row, and down or up again before its targets; so no line meets a box.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from spona.conduct.draw.ports import Out, Ports, Wire, is_straight

Gap = int  # the gap above the row, or left of the column, of that number
Bus = tuple[Out, Gap]
Stem = tuple[Out, Gap]


class Span(NamedTuple):
    low: float
    high: float


def buses(
    made: Sequence[Wire], row: Mapping[str, int], column: Mapping[str, int]
) -> dict[Wire, Gap]:
    """For each wire that runs along a gap between rows: which gap."""
    chosen: dict[Wire, Gap] = {}
    load: Counter[Gap] = Counter()
    by_net: dict[Out, set[Gap]] = defaultdict(set)
    for wire in sorted(made, key=lambda w: row[w.target] == row[w.source]):
        if column[wire.target] == column[wire.source] + 1:
            continue
        here, there = row[wire.source], row[wire.target]
        sides = [here + 1] if there > here else [here] if there < here else [here, here + 1]
        gap = min(sides, key=lambda g: (g not in by_net[wire.out], load[g]))
        load[gap] += gap not in by_net[wire.out]
        by_net[wire.out].add(gap)
        chosen[wire] = gap
    return chosen


def bus_tracks(
    chosen: Mapping[Wire, Gap], column: Mapping[str, int]
) -> tuple[dict[Bus, int], dict[Gap, int]]:
    """The track of each bus in its gap, and how many tracks a gap has."""
    spans: dict[Bus, list[int]] = defaultdict(list)
    for wire, gap in chosen.items():
        spans[wire.out, gap] += [column[wire.source] + 1, column[wire.target]]
    by_gap: dict[Gap, list[tuple[Bus, Span]]] = defaultdict(list)
    for bus, ends in spans.items():
        by_gap[bus[1]].append((bus, Span(min(ends), max(ends))))
    tracks: dict[Bus, int] = {}
    for found in by_gap.values():
        tracks |= _fit(sorted(found, key=lambda item: item[1]), 0)
    return tracks, _counts(tracks)


def stems(
    made: Sequence[Wire],
    chosen: Mapping[Wire, Gap],
    place: Places,
) -> tuple[dict[Stem, int], dict[Gap, int]]:
    """The track of each stem: what runs up or down in a gap between columns."""
    ends: dict[Stem, list[float]] = defaultdict(list)
    for wire in made:
        near, far = place.column[wire.source] + 1, place.column[wire.target]
        if is_straight(wire, place.row, place.column):
            continue
        if wire in chosen:
            bus = place.bus_y(wire.out, chosen[wire])
            ends[wire.out, near] += [place.out_y(wire), bus]
            ends[wire.out, far] += [bus, place.in_y(wire)]
        else:
            ends[wire.out, near] += [place.out_y(wire), place.in_y(wire)]
    by_gap: dict[Gap, list[tuple[Stem, Sequence[float]]]] = defaultdict(list)
    for stem, ys in ends.items():
        by_gap[stem[1]].append((stem, ys))
    tracks: dict[Stem, int] = {}
    for found in by_gap.values():
        found.sort(key=lambda item: _left_first(item, place.column))
        tracks |= _fit([(stem, Span(min(ys), max(ys))) for stem, ys in found], 5)
    return tracks, _counts(tracks)


def _left_first(
    item: tuple[Stem, Sequence[float]], column: Mapping[str, int]
) -> tuple[bool, bool, float]:  # fmt: skip
    """The order in which stems cross each other least: those of the next box before passers-by."""
    (net, gap), ys = item
    own = gap == column[net[0]] + 1
    start = ys[0] if own else ys[1]
    down = sum(ys) / len(ys) > ys[0]
    return not own, down, -start if down else start


K = TypeVar("K")


def _fit(items: Iterable[tuple[K, Span]], apart: float) -> dict[K, int]:
    """The first track of each on which nothing stands in its way."""
    tracks: list[list[Span]] = []
    fitted: dict[K, int] = {}
    for key, span in items:
        at = next((n for n, taken in enumerate(tracks) if _free(span, taken, apart)), len(tracks))
        if at == len(tracks):
            tracks.append([])
        tracks[at].append(span)
        fitted[key] = at
    return fitted


def _free(span: Span, taken: Sequence[Span], apart: float) -> bool:
    return all(span.high + apart < t.low or t.high + apart < span.low for t in taken)


def _counts(tracks: Mapping[tuple[Out, Gap], int]) -> dict[Gap, int]:
    counts: dict[Gap, int] = defaultdict(int)
    for (_, gap), track in tracks.items():
        counts[gap] = max(counts[gap], track + 1)
    return counts


class Places(NamedTuple):
    """Where things stand from top to bottom, once the rows are known."""

    row: Mapping[str, int]
    column: Mapping[str, int]
    ports: Ports
    middles: Sequence[float]  # of the rows
    gaps: Sequence[float]  # the first track above each row
    tracks: Mapping[Bus, int]

    def out_y(self, wire: Wire) -> float:
        return self.middles[self.row[wire.source]] + self.ports.out[wire.out]

    def in_y(self, wire: Wire) -> float:
        return self.middles[self.row[wire.target]] + self.ports.into[wire.into]

    def bus_y(self, net: Out, gap: Gap) -> float:
        return self.gaps[gap] + self.tracks[net, gap] * TRACK


TRACK = 7  # from one line to the next beside it
