"""DCR graphs of other programs are read and written, or refused by name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from spona.conduct.book import Kind, Term, Unit
from spona.conduct.dcrxml import Plain, Refused, read_dcr, write_dcr
from spona.conduct.tests.books import MONDAY

GRAPHS = Path(__file__).parents[4] / "shared" / "data" / "dcr"
needs_graphs = pytest.mark.skipif(not GRAPHS.exists(), reason="../shared/data/dcr is absent")


def own(inside: str) -> str:
    space = "xmlns:dcr='http://tk/schema/dcr'"
    return f"<dcr:definitions {space}><dcr:dcrGraph>{inside}</dcr:dcrGraph></dcr:definitions>"


def event(key: str, **flags: str) -> str:
    marked = {"included": "true", "executed": "false", "pending": "false", **flags}
    told = " ".join(f"{name}='{value}'" for name, value in marked.items())
    return f"<dcr:event id='{key}' description='The {key}' {told} />"


def relation(kind: str, source: str, target: str, more: str = "") -> str:
    ends = f"sourceRef='{source}' targetRef='{target}'"
    return f"<dcr:relation id='r' type='{kind}' {ends} {more} />"


def pairs(plain: Plain) -> list[tuple[str, str, str]]:
    return [(r.kind.value, r.source, r.targets[0]) for r in plain.relations]


def test_a_graph_is_read_with_its_marking() -> None:
    told = event("a", executed="true") + event("b", pending="true") + event("c", included="false")
    plain = read_dcr(own(told + relation("condition", "b", "c") + relation("include", "a", "c")))
    assert plain.acts == {"a": "The a", "b": "The b", "c": "The c"}
    assert pairs(plain) == [("condition", "b", "c"), ("include", "a", "c")]
    graph = plain.graph()
    marking = plain.begin(graph, MONDAY)
    assert graph.executed(marking) == {"a": MONDAY}
    assert graph.included(marking) == ("a", "b")
    assert not graph.may_end(marking)


def test_times_are_lengths() -> None:
    told = event("a") + relation("response", "a", "a", "time='P30D'")
    plain = read_dcr(own(told + relation("condition", "a", "a", "time='PT5H'")))
    assert [r.length for r in plain.relations] == [Term(Unit.DAYS, 30), timedelta(hours=5)]


def test_a_nesting_is_flattened() -> None:
    nested = f"<dcr:nesting id='n'>{event('a')}{event('b')}</dcr:nesting>{event('c')}"
    plain = read_dcr(own(nested + relation("response", "c", "n")))
    assert pairs(plain) == [("response", "c", "a"), ("response", "c", "b")]


def test_what_is_written_is_read_again() -> None:
    kinds = [(kind, "a", "b", "") for kind in ("condition", "milestone", "include", "exclude")]
    times = [("response", "b", "a", f"time='{time}'") for time in ("P3D", "P3M", "PT5H")]
    told = event("a", executed="true") + event("b", included="false", pending="true")
    plain = read_dcr(own(told + "".join(relation(*one) for one in kinds + times)))
    again = read_dcr(write_dcr(plain))
    assert (pairs(again), again.acts, again[2:]) == (pairs(plain), plain.acts, plain[2:])
    assert [r.length for r in again.relations] == [r.length for r in plain.relations]


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ("<a", "no XML that may be read"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "no XML that may be read"),
        (own(""), "has no event at all"),
        (own(event("a") + relation("include", "a", "z")), "has no event z"),
        (own(event("a") + event("a")), "The event a stands there twice"),
        (own(event("a") + relation("spawn", "a", "a")), "not executed here: spawn"),
        (own(event("a") + relation("response", "a", "a", "guard='x = 1'")), "The guard of the"),
        (own(event("a") + relation("response", "a", "a", "time='soon'")), "cannot be read: soon"),
        (own("<dcr:subProcess id='s' />"), "The subProcess s is not executed here"),
        (own("<dcr:spawn />"), "The spawn without a name is not executed here"),
        (own(event("s", type="subprocess")), "The subprocess s is not executed here"),
    ],
)
def test_what_is_not_executed_is_refused_by_name(xml: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_dcr(xml)


@needs_graphs
@pytest.mark.parametrize("path", sorted(GRAPHS.glob("*.xml")), ids=lambda path: path.stem[:2])
def test_mined_graphs_are_read_and_can_run(path: Path) -> None:
    plain = read_dcr(path.read_bytes())
    graph = plain.graph()
    marking = plain.begin(graph, MONDAY)
    assert graph.enabled(marking, MONDAY)
    assert pairs(read_dcr(write_dcr(plain))) == pairs(plain)


@needs_graphs
def test_the_examples_are_read_or_refused_by_name() -> None:
    refused = {}
    for path in sorted((GRAPHS / "examples").glob("*.xml")):
        try:
            assert read_dcr(path.read_bytes()).graph().acts
        except Refused as error:
            refused[path.stem] = str(error)
    assert all("is not executed here" in sentence for sentence in refused.values()), refused
    prescription = "Multi-perspective Medical Prescription"
    assert set(refused) == {prescription, "Pizza delivery process", "Subprocess"}


@needs_graphs
def test_a_nesting_of_the_other_form_is_flattened() -> None:
    plain = read_dcr((GRAPHS / "examples" / "Nesting.xml").read_bytes())
    inside = [r.targets[0] for r in plain.relations if r.source == "Event_0bt2eht"]
    assert len(inside) == 3
    assert all(r.kind is Kind.CONDITION for r in plain.relations if r.source == "Event_0bt2eht")
    assert sorted(set(plain.acts.values())) == ["A", "B", "C", "D", "E"]
