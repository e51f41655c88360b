"""Nothing in a drawing lies on anything else: every protocol, every graph of others, any graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.book import Kind
from spona.conduct.dcrxml import Plain
from spona.conduct.draw import LANGUAGES, plan
from spona.conduct.draw.layout import Layout
from spona.conduct.draw.tests import drawings as see
from spona.conduct.relations import Relation

EXECUTED = (Kind.RESPONSE, Kind.CONDITION, Kind.MILESTONE, Kind.INCLUDE, Kind.EXCLUDE)


def assert_clear(layout: Layout) -> None:
    boxes, labels = see.box_areas(layout), see.label_areas(layout)
    assert see.overlaps([*boxes, *labels]) == []
    assert see.through_boxes(layout) == []
    assert see.through_labels(layout) == []
    assert see.shared(layout) == []
    assert see.too_wide(layout) == []
    assert all(box.left >= 0 and box.right <= layout.width for box in boxes)
    assert all(box.top >= 0 and box.bottom <= layout.height for box in boxes)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", see.PROTOCOLS, ids=lambda path: path.stem)
def test_nothing_overlaps_in_a_protocol(path: Path, lang: str) -> None:
    layout = plan(see.book(path), lang)
    assert_clear(layout)
    for placed in layout.boxes:  # each box stands in the lane of its party
        lane = next(band for band in layout.bands if band.key == placed.box.node.lane)
        assert lane.y <= placed.y
        assert placed.y + placed.box.height <= lane.y + lane.height


@pytest.mark.skipif(not see.GRAPHS, reason="../shared/data/dcr is absent")
@pytest.mark.parametrize("path", see.READABLE, ids=lambda path: path.stem)
def test_nothing_overlaps_in_a_graph_of_others(path: Path) -> None:
    graph = see.graph(path)
    assert isinstance(graph, Plain)
    assert_clear(plan(graph))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_overlaps_in_any_graph(data: st.DataObject) -> None:
    acts = [f"a{number}" for number in range(data.draw(st.integers(1, 14)))]
    act, kind = st.sampled_from(acts), st.sampled_from(EXECUTED)
    triples = data.draw(st.lists(st.tuples(kind, act, act), max_size=40))
    relations = tuple(Relation(kind, one, (other,)) for kind, one, other in triples)
    labels = {key: f"The act that is called {key}" for key in acts}
    plain = Plain(labels, relations, frozenset(), frozenset(acts), frozenset())
    assert_clear(plan(plain))
