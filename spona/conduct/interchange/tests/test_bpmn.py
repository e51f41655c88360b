"""A BPMN document hangs together: every reference leads somewhere, everything has its place.

The documents were also validated against the OMG's own BPMN20.xsd, which is not kept here because
it carries no licence of its own; what it demands of order and references is tested below.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from spona.conduct.book import Book
from spona.conduct.dcrxml import Plain
from spona.conduct.draw.tests.drawings import GRAPHS, PROTOCOLS, READABLE, book, graph
from spona.conduct.interchange.bpmn import MODEL, to_bpmn
from spona.conduct.interchange.bpmndi import BPMNDI, DC, DI
from spona.conduct.tests import books

FLOW_NODES = ("userTask", "intermediateCatchEvent", "boundaryEvent")
ARTIFACTS = ("association", "textAnnotation")
ORDER = ("documentation", "laneSet", (*FLOW_NODES, "sequenceFlow"), ARTIFACTS)


def name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def every(root: Element, tag: str) -> list[Element]:
    return list(root.iter(f"{{{MODEL}}}{tag}"))


def assert_hangs_together(drawn: Book | Plain, lang: str = "sr-latn") -> Element:
    root: Element = fromstring(to_bpmn(drawn, lang)[0])
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    nodes = {e.get("id"): e for tag in FLOW_NODES for e in every(root, tag)}
    assert len(every(root, "userTask")) <= len(drawn.acts) <= len(nodes)
    flows = {e.get("id"): e for e in every(root, "sequenceFlow")}
    for flow in (*flows.values(), *every(root, "association")):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= nodes.keys()
    for way, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        said = [(key, e.text) for key, node in nodes.items() for e in node if name(e) == way]
        assert set(said) == {(flow.get(end), key) for key, flow in flows.items()}
        assert len(said) == len(flows)
    assert sorted(e.text or "" for e in every(root, "flowNodeRef")) == sorted(map(str, nodes))
    assert all(event.get("attachedToRef") in nodes for event in every(root, "boundaryEvent"))
    _assert_order(every(root, "process")[0])
    _assert_drawn(root, nodes.keys() | flows.keys())
    return root


def _assert_order(process: Element) -> None:
    """The parts of a process in the order of the schema."""
    ranks = [next(n for n, names in enumerate(ORDER) if name(e) in names) for e in process]
    assert ranks == sorted(ranks)


def _assert_drawn(root: Element, known: set[str | None]) -> None:
    shapes = {e.get("bpmnElement"): e for e in root.iter(f"{{{BPMNDI}}}BPMNShape")}
    edges = {e.get("bpmnElement"): e for e in root.iter(f"{{{BPMNDI}}}BPMNEdge")}
    assert known <= shapes.keys() | edges.keys()
    assert {"pool", "unsaid"} <= shapes.keys()
    assert all(len(list(e.iter(f"{{{DI}}}waypoint"))) >= 2 for e in edges.values())
    assert all(e.find(f"{{{DC}}}Bounds") is not None for e in shapes.values())


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_a_protocol_becomes_a_document_that_hangs_together(path: Path) -> None:
    root = assert_hangs_together(book(path), "en")
    assert len(every(root, "lane")) > 1


@pytest.mark.skipif(not GRAPHS, reason="../shared/data/dcr is absent")
@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_a_graph_of_others_becomes_a_document_that_hangs_together(path: Path) -> None:
    plain = graph(path)
    assert isinstance(plain, Plain)
    assert_hangs_together(plain)


def test_a_duty_is_a_flow_and_its_deadline_a_timer() -> None:
    made = books.book(
        books.rule(
            {"when": "a", "must": "b", "within": "PT24H"},
            {"when": "c", "must": "b", "within": {"working_days": 5}},
            {"may_not": "d", "before": "b"},
        )
    )
    root = assert_hangs_together(made, "en")
    assert [e.get("name") for e in every(root, "sequenceFlow")] == [
        "24\u00a0hours", "5\u00a0working\u00a0days",
    ]  # fmt: skip
    (timer,) = every(root, "boundaryEvent")
    assert timer.get("attachedToRef") == "n_b"
    assert [e.text for e in every(root, "timeDuration")] == ["PT24H"]
    (link,) = every(root, "association")
    assert (link.get("sourceRef"), link.get("targetRef")) == ("n_b", "n_d")


def test_the_clock_and_facts_are_events() -> None:
    acts = {"a": books.act(), "b": books.clock(after="a", wait="P15D")}
    row = {"when": {"fact": "ill", "becomes": True}, "must": "a"}
    made = books.book(books.rule(row), acts=acts, facts={"ill": "boolean"})
    root = assert_hangs_together(made)
    assert len(every(root, "timerEventDefinition")) == 1
    assert len(every(root, "conditionalEventDefinition")) == 1


def test_what_bpmn_cannot_say_stands_in_the_document() -> None:
    made = books.book(books.rule({"may_not": "b", "before": "a", "strength": "reason"}))
    xml, lost = to_bpmn(made, "en")
    assert "A condition sets nothing off: a dotted line and no flow: R-1." in lost
    root = fromstring(xml)
    process = every(root, "process")[0]
    assert [e.text for e in process if name(e) == "documentation"] == lost
    note = every(root, "textAnnotation")[0]
    assert "".join(note.itertext()).strip() == "\n".join(lost)
