"""Where things stand in the river of a case. Pure: no clock, no database, no words of its own.

Time runs from left to right around the line of *now*. Both sides are compressed logarithmically,
so that the next hours are wide and the next month still fits. Labels are placed above or below
their point; none crosses the line of now, leaves the drawing or lies on another of its lane.
All lengths are in units of the SVG's viewBox.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from spona.base.clock import State
from spona.base.letters import cut, fitting, text_width

WIDTH = 1160.0
LEFT = 176.0  # the first point; institutions are named left of it
RIGHT = WIDTH - 12
TOP = 44.0
LANE = 66.0
FOOT = 34.0
CLEAR = 8.0  # between a label and what it must not touch
MERGE = 13.0  # events nearer than this on one lane become one point
PAST = timedelta(hours=24)  # up to here the scale is nearly even
FUTURE = timedelta(hours=8)
LANE_NAME = 22  # characters
DAY_NAME = 84.0  # between the dates of two midnights


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    label: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `came_from` is the lane that passed the ball.

    `when` (a date or an hour) follows the label in the drawing; the list has its own column.
    """

    lane: str
    at: datetime
    label: str
    state: State = State.DONE
    came_from: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    lane: str
    due: datetime
    label: str
    state: State
    when: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Point:
    """`label` is None where no place was left; the list below the drawing has every word."""

    x: float
    y: float
    state: State
    title: str
    at: datetime
    label: Label | None
    owed: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class LaneRow:
    label: str
    title: str
    y: float
    own: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A midnight whose date has room at `x`."""

    x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list that says the same as the drawing."""

    at: datetime
    lane: str
    label: str
    state: State


@dataclass(frozen=True, slots=True)
class River:
    width: float
    height: float
    now: datetime
    now_x: float
    lanes: tuple[LaneRow, ...]
    ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    curves: tuple[str, ...]
    late: tuple[str, ...]
    past: tuple[Row, ...]
    owed: tuple[Row, ...]


@dataclass(slots=True)
class _Mark:
    x: float
    at: datetime
    label: str
    state: State
    owed: bool
    count: int = 1

    @property
    def title(self) -> str:
        return f"{self.label} (+{self.count - 1})" if self.count > 1 else self.label


def _mark(thing: Event | Duty, at: datetime, x: float, count: int = 1) -> _Mark:
    label = f"{thing.label}, {thing.when}" if thing.when else thing.label
    return _Mark(x, at, label, thing.state, isinstance(thing, Duty), count)


@dataclass(slots=True)
class _Slot:
    """A strip above or below a lane, with the labels that lie in it already."""

    y: float
    taken: list[tuple[float, float]] = field(default_factory=list)

    def gap(self, x: float, low: float, high: float) -> tuple[float, float]:
        """The free stretch around `x`; empty where a label already lies over it."""
        for start, end in self.taken:
            if start <= x <= end:
                return x, x
            if end < x:
                low = max(low, end + CLEAR)
            else:
                high = min(high, start - CLEAR)
        return low, high

    def put(self, text: str, width: float, x: float, low: float, high: float) -> Label:
        left = max(low, min(x - 6, high - width))
        self.taken.append((left, left + width))
        return Label(round(left, 1), self.y, text, width)


def river(
    lanes: Sequence[Lane], events: Iterable[Event], duties: Iterable[Duty], *, now: datetime
) -> River:
    """Lays out a case. Events and duties of a lane that is not in `lanes` are a KeyError."""
    past = sorted(events, key=lambda event: event.at)
    owed = sorted(duties, key=lambda duty: duty.due)
    times = [now, *(event.at for event in past), *(duty.due for duty in owed)]
    place, now_x = _scale(min(times), now, max(times))
    heights = {lane.key: TOP + LANE * (index + 0.5) for index, lane in enumerate(lanes)}
    names = {lane.key: lane.label for lane in lanes}
    return River(
        width=WIDTH,
        height=TOP + LANE * len(lanes) + FOOT,
        now=now,
        now_x=round(now_x, 1),
        lanes=tuple(_lane_row(lane, heights[lane.key]) for lane in lanes),
        ticks=tuple(_ticks(min(times), max(times), now, place)),
        points=tuple(_points(heights, past, owed, place, now_x)),
        curves=tuple(_curves(past, heights, place)),
        late=tuple(_late(owed, heights, place, now_x)),
        past=tuple(Row(e.at, names[e.lane], e.label, e.state) for e in past),
        owed=tuple(Row(d.due, names[d.lane], d.label, d.state) for d in owed),
    )


def _scale(
    start: datetime, now: datetime, end: datetime
) -> tuple[Callable[[datetime], float], float]:
    """A monotonic map of time to x, and the x of now, never nearer to an end than three tenths."""
    back = math.log1p(max(now - start, PAST) / PAST)
    ahead = math.log1p(max(end - now, PAST) / FUTURE)
    now_x = LEFT + (RIGHT - LEFT) * min(0.7, max(0.3, back / (back + ahead)))
    room_back, room_ahead = now_x - LEFT - 24, RIGHT - now_x - 24

    def place(at: datetime) -> float:
        if at <= now:
            return now_x - room_back * math.log1p((now - at) / PAST) / back
        return now_x + room_ahead * math.log1p((at - now) / FUTURE) / ahead

    return place, now_x


def _lane_row(lane: Lane, y: float) -> LaneRow:
    return LaneRow(label=cut(lane.label, LANE_NAME), title=lane.label, y=y, own=lane.own)


def _ticks(
    start: datetime, end: datetime, now: datetime, place: Callable[[datetime], float]
) -> Iterable[Tick]:
    """Midnights in the time zone of `now`, thinned out where days grow narrow."""
    day = start.astimezone(now.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    last = LEFT - 100
    while (day := day + timedelta(days=1)) <= end:
        x = round(place(day), 1)
        if x - last >= DAY_NAME and x <= RIGHT - 48:
            yield Tick(x, day)
            last = x


def _points(
    heights: dict[str, float],
    past: Sequence[Event],
    owed: Sequence[Duty],
    place: Callable[[datetime], float],
    now_x: float,
) -> Iterable[Point]:
    for lane, y in heights.items():
        events = _merged([event for event in past if event.lane == lane], place)
        marks = [_mark(duty, duty.due, place(duty.due)) for duty in owed if duty.lane == lane]
        slots = (_Slot(y - 15), _Slot(y + 25))
        # What is owed gets its words first, then the latest of what happened.
        for mark in [*marks, *reversed(events)]:
            label = _label(mark, slots, now_x)
            yield Point(
                round(mark.x, 1), y, mark.state, mark.title, mark.at, label, mark.owed, mark.count
            )


def _merged(events: Sequence[Event], place: Callable[[datetime], float]) -> list[_Mark]:
    """Events of one lane in order of time; near neighbours become one mark with a count."""
    marks: list[_Mark] = []
    for event in events:
        x = place(event.at)
        if marks and x - marks[-1].x < MERGE and marks[-1].state == event.state:
            last = marks.pop()
            marks.append(_mark(event, event.at, last.x, last.count + 1))
        else:
            marks.append(_mark(event, event.at, x))
    return marks


def _label(mark: _Mark, slots: tuple[_Slot, _Slot], now_x: float) -> Label | None:
    """The whole text in the first strip that takes it, else cut in the roomier one, else none."""
    low, high = (LEFT - 24, now_x - CLEAR) if mark.x <= now_x else (now_x + CLEAR, RIGHT)
    gaps = [(slot, *slot.gap(mark.x, low, high)) for slot in slots]
    width = text_width(mark.title, bold=mark.owed)
    for slot, start, end in gaps:
        if width <= end - start:
            return slot.put(mark.title, width, mark.x, start, end)
    slot, start, end = max(gaps, key=lambda gap: gap[2] - gap[1])
    text = fitting(mark.title, end - start, bold=mark.owed)
    return slot.put(text, text_width(text, bold=mark.owed), mark.x, start, end) if text else None


def _curves(
    past: Sequence[Event], heights: dict[str, float], place: Callable[[datetime], float]
) -> Iterable[str]:
    """Paths along which the ball went from one institution to the next."""
    for index, event in enumerate(past):
        before = [other for other in past[:index] if other.lane == event.came_from]
        if not event.came_from or not before:
            continue
        x1, x2 = place(before[-1].at), place(event.at)
        y1, y2 = heights[event.came_from], heights[event.lane]
        bend = (x1 + x2) / 2
        yield f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _late(
    owed: Sequence[Duty],
    heights: dict[str, float],
    place: Callable[[datetime], float],
    now_x: float,
) -> Iterable[str]:
    """From a missed deadline to now: the length of the line is how late it is."""
    for duty in owed:
        if duty.state is State.OVERDUE and (x := place(duty.due)) < now_x:
            yield f"M{x:.1f} {heights[duty.lane]:.1f}H{now_x:.1f}"
