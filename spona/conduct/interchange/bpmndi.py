"""The diagram of a BPMN document, in the places that `draw` found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, register_namespace

from spona.conduct.draw.boxes import WIDTH
from spona.conduct.draw.layout import Layout, Line, Placed, Point
from spona.conduct.draw.picture import Shape
from spona.conduct.draw.ports import Wire

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
POOL_HEAD = 30
EVENT, TIMER = 36, 20
NOTE_WIDTH, NOTE_LINE = 900, 15


class Drawn(NamedTuple):
    """What is to be drawn; `timers` by id, each with the key of its task."""

    layout: Layout
    timers: Mapping[str, str]
    lost: Sequence[str]


class Bounds(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def diagram(root: Element, drawn: Drawn, flows: Mapping[Wire, str]) -> None:
    from spona.conduct.interchange.bpmn import element_id

    for prefix, space in (("bpmndi", BPMNDI), ("dc", DC), ("di", DI)):
        register_namespace(prefix, space)
    layout = drawn.layout
    made = SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram")
    plane = SubElement(made, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement="collaboration")
    _shape(plane, "pool", Bounds(0, 0, layout.width, layout.height), {"isHorizontal": "true"})
    for number, band in enumerate(layout.bands):
        bounds = Bounds(POOL_HEAD, band.y, layout.width - POOL_HEAD, band.height)
        _shape(plane, f"lane_{number}", bounds, {"isHorizontal": "true"})
    for placed in layout.boxes:
        _box(plane, element_id(placed.box.node.key), placed)
    for timer, bounds in _timers(drawn):
        _shape(plane, timer, bounds)
    high = NOTE_LINE * (2 * len(drawn.lost) + 1)
    _shape(plane, "unsaid", Bounds(0, layout.height + 20, NOTE_WIDTH, high))
    places = {placed.box.node.key: placed for placed in layout.boxes}
    for line in layout.lines:
        _edge(plane, flows[line.wire], list(_points(line, places)))


def _shape(
    plane: Element, key: str, bounds: Bounds, more: Mapping[str, str] | None = None
) -> Element:
    told = {"id": f"{key}_di", "bpmnElement": key, **(more or {})}
    shape = SubElement(plane, f"{{{BPMNDI}}}BPMNShape", told)
    _bounds(shape, bounds)
    return shape


def _bounds(parent: Element, bounds: Bounds) -> None:
    numbers = {name: f"{value:.1f}" for name, value in bounds._asdict().items()}
    SubElement(parent, f"{{{DC}}}Bounds", numbers)


def _box(plane: Element, key: str, placed: Placed) -> None:
    """A task fills its box; an event stands at its right end, with its name to the left."""
    box, x, y = placed
    if box.node.shape is Shape.ACT:
        _shape(plane, key, Bounds(x, y, WIDTH, box.height))
        return
    bounds = Bounds(x + WIDTH - EVENT, y + box.up - EVENT / 2, EVENT, EVENT)
    label = SubElement(_shape(plane, key, bounds), f"{{{BPMNDI}}}BPMNLabel")
    _bounds(label, Bounds(x, y, WIDTH - EVENT - 4, box.height))


def _timers(drawn: Drawn) -> Iterator[tuple[str, Bounds]]:
    """Timers stand on the lower edge of their task, one beside the other."""
    places = {placed.box.node.key: placed for placed in drawn.layout.boxes}
    stood: dict[str, int] = {}
    for timer, task in drawn.timers.items():
        number = stood[task] = stood.get(task, -1) + 1
        box, x, y = places[task]
        left = x + 8 + number * (TIMER + 4)
        yield timer, Bounds(left, y + box.height - TIMER / 2, TIMER, TIMER)


def _points(line: Line, places: Mapping[str, Placed]) -> Iterator[Point]:
    """The corners, up to the box itself; into an event from below, so that its name stays free."""
    target = places[line.wire.target]
    *corners, (_, y) = line.points
    yield from corners
    yield target.x, y
    if target.box.node.shape is not Shape.ACT:
        middle, floor = target.x + WIDTH - EVENT / 2, target.y + target.box.height
        yield target.x, floor
        yield middle, floor
        yield middle, target.y + target.box.up + EVENT / 2


def _edge(plane: Element, key: str, points: Sequence[Point]) -> None:
    edge = SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"{key}_di", "bpmnElement": key})
    for x, y in points:
        SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:.1f}", "y": f"{y:.1f}"})
