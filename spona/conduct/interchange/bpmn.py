"""BPMN 2.0 to be read and printed: a lane for each institution, the layout of `draw`.

A duty becomes a sequence flow, its deadline in hours, days or months a timer on the task that is
owed. What BPMN has no sign for is a dotted association whose documentation is the sentence of the
rule, and is listed in the process and in a note below the pool. It is not meant to be executed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from spona.conduct.book import Book, Kind, Term, Unit
from spona.conduct.dcrxml import Plain
from spona.conduct.draw import picture
from spona.conduct.draw.layout import Layout, lay_out
from spona.conduct.draw.picture import FIRES, Node, Picture, Shape
from spona.conduct.draw.ports import Wire
from spona.conduct.draw.wording import script
from spona.conduct.interchange.bpmndi import Drawn, diagram
from spona.conduct.interchange.unsaid import unsaid
from spona.conduct.relations import Length

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
HERE = "https://spona.rs/bpmn"
FLOWS = (Kind.RESPONSE.value, FIRES)


class Timer(NamedTuple):
    """A deadline that BPMN can count, on the task that is owed."""

    id: str
    task: str
    duration: str


def to_bpmn(drawn: Book | Plain, lang: str) -> tuple[str, list[str]]:
    """The XML, and the list of what BPMN cannot say, as it also stands in the document."""
    settled = picture(drawn, lang)
    layout = lay_out(settled)
    lost = [script(lang)(line) for line in unsaid(drawn, lang)]
    register_namespace("", MODEL)
    register_namespace("xsi", XSI)
    root = Element(
        _in("definitions"),
        {"id": "definitions", "targetNamespace": HERE, "exporter": "spona conduct convert"},
    )
    collaboration = SubElement(root, _in("collaboration"), id="collaboration")
    pool = {"id": "pool", "name": settled.title, "processRef": "process"}
    SubElement(collaboration, _in("participant"), pool)
    timers = list(_timers(drawn))
    _process(root, settled, layout, timers, lost)
    drawn_timers = {timer.id: timer.task for timer in timers}
    diagram(root, Drawn(layout, drawn_timers, lost), {w: flow_id(w) for w in _wires(layout)})
    indent(root)
    return tostring(root, encoding="unicode") + "\n", lost


def _in(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def element_id(key: str) -> str:
    """An XML name for a key of a box."""
    return f"n_{re.sub('[^A-Za-z0-9_.-]', '_', key)}"


def flow_id(wire: Wire) -> str:
    kind = "flow" if is_flow(wire) else "link"
    return f"{kind}_{element_id(wire.source)}_{element_id(wire.target)}"


def is_flow(wire: Wire) -> bool:
    return any(kind in FLOWS for kind in wire.kinds)


def _wires(layout: Layout) -> Iterator[Wire]:
    return (line.wire for line in layout.lines)


def _process(
    root: Element, settled: Picture, layout: Layout, timers: Iterable[Timer], lost: Iterable[str]
) -> None:
    told = {"id": "process", "name": settled.title, "isExecutable": "false"}
    process = SubElement(root, _in("process"), told)
    for line in lost:
        _documented(process, line)
    _lanes(process, settled, timers)
    ends = _ends(layout)
    for node in settled.nodes:
        _node(process, node, ends)
    for timer in timers:
        _timer(process, timer)
    _joined(process, layout)
    note = SubElement(process, _in("textAnnotation"), id="unsaid")
    SubElement(note, _in("text")).text = "\n".join(lost)


def _lanes(process: Element, settled: Picture, timers: Iterable[Timer]) -> None:
    lanes = SubElement(process, _in("laneSet"), id="lanes")
    lane_of = {node.key: node.lane for node in settled.nodes}
    inside = [(element_id(key), lane) for key, lane in lane_of.items()]
    inside += [(timer.id, lane_of[timer.task]) for timer in timers]
    for number, (key, label) in enumerate(settled.lanes.items()):
        lane = SubElement(lanes, _in("lane"), id=f"lane_{number}", name=label)
        for element, its in inside:
            if its == key:
                SubElement(lane, _in("flowNodeRef")).text = element


def _documented(element: Element, text: str) -> None:
    if text:
        SubElement(element, _in("documentation")).text = text


def _ends(layout: Layout) -> dict[str, list[tuple[str, str]]]:
    """For each box the flows that come in and then those that go out, as BPMN lists them."""
    ends: dict[str, list[tuple[str, str]]] = defaultdict(list)
    flows = [wire for wire in _wires(layout) if is_flow(wire)]
    for wire in flows:
        ends[wire.target].append(("incoming", flow_id(wire)))
    for wire in flows:
        ends[wire.source].append(("outgoing", flow_id(wire)))
    return ends


def _node(process: Element, node: Node, ends: Mapping[str, list[tuple[str, str]]]) -> None:
    name = "userTask" if node.shape is Shape.ACT else "intermediateCatchEvent"
    made = SubElement(process, _in(name), id=element_id(node.key), name=node.label)
    _documented(made, node.under)
    for _, note in node.notes:
        _documented(made, note)
    for way, flow in ends.get(node.key, ()):
        SubElement(made, _in(way)).text = flow
    if node.shape is Shape.CLOCK:
        SubElement(made, _in("timerEventDefinition"))
    if node.shape is Shape.FACT:
        event = SubElement(made, _in("conditionalEventDefinition"))
        SubElement(event, _in("condition")).text = node.label


def _timer(process: Element, timer: Timer) -> None:
    told = {"id": timer.id, "name": timer.duration, "attachedToRef": element_id(timer.task)}
    event = SubElement(process, _in("boundaryEvent"), {**told, "cancelActivity": "false"})
    definition = SubElement(event, _in("timerEventDefinition"))
    expression = {f"{{{XSI}}}type": "tFormalExpression"}
    SubElement(definition, _in("timeDuration"), expression).text = timer.duration


def _joined(process: Element, layout: Layout) -> None:
    """Sequence flows first, as the schema has it, then associations."""
    for wire in sorted(_wires(layout), key=is_flow, reverse=True):
        ends = {"sourceRef": element_id(wire.source), "targetRef": element_id(wire.target)}
        told = {"id": flow_id(wire), **ends}
        if is_flow(wire):
            made = SubElement(process, _in("sequenceFlow"), {**told, "name": wire.label})
        else:
            made = SubElement(process, _in("association"), {**told, "associationDirection": "One"})
        for sentence in wire.told or wire.kinds:
            _documented(made, sentence)


def _timers(drawn: Book | Plain) -> Iterator[Timer]:
    """Each length of time once for each task; terms that BPMN can count."""
    for task, duration in dict.fromkeys(_durations(drawn)):
        mark = duration.lower()
        yield Timer(f"timer_{element_id(task)}_{mark}", task, duration)


def _durations(drawn: Book | Plain) -> Iterator[tuple[str, str]]:
    if isinstance(drawn, Plain):
        for relation in drawn.relations:
            if relation.kind is Kind.RESPONSE and relation.length is not None:
                yield relation.targets[0], duration(relation.length)
        return
    for row in (row for rule in drawn.rules for row in rule.rows):
        term = row.within.term if row.within else None
        if term and term.amount and term.unit is not Unit.WORKING_DAYS and not row.every:
            for target in row.targets:
                yield target, duration(term)


def duration(length: Length) -> str:
    """ISO 8601."""
    if isinstance(length, timedelta):
        return f"PT{length // timedelta(hours=1)}H"
    return _of_term(length)


def _of_term(term: Term) -> str:
    if term.unit is Unit.HOURS:
        return f"PT{term.amount}H"
    return f"P{term.amount}{'M' if term.unit is Unit.MONTHS else 'D'}"
