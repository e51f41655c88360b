"""A rule book goes out as a DCR graph and comes back as it was; a graph comes in as a draft."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from spona.conduct.book import Book
from spona.conduct.dcrxml import NAMESPACE, Plain, Refused, read_dcr, write_dcr
from spona.conduct.draw.tests.drawings import GRAPHS, PROTOCOLS, graph
from spona.conduct.interchange.fromdcr import from_dcr
from spona.conduct.interchange.todcr import to_dcr
from spona.conduct.reader import read_text
from spona.conduct.tests.books import Data, document, rule
from spona.conduct.yamltree import parse


def made(*rows: Data, **more: Any) -> tuple[str, str]:
    """The XML of a book of one rule, and all that it cannot say."""
    data = document([rule(*rows)], **more)
    xml, lost = to_dcr(read_text(json.dumps(data)), data)
    return xml, " ".join(lost)


def again(data: Data) -> Book:
    return read_text(json.dumps(data))


def told(plain: Plain) -> list[tuple[str, str, str, str]]:
    return [(r.kind.value, r.source, r.targets[0], str(r.length)) for r in plain.relations]


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_a_protocol_comes_back_as_it_was(path: Path) -> None:
    data = parse(path.read_text(encoding="utf-8")).data
    book = again(data)
    xml, lost = to_dcr(book, data)
    assert len(lost)
    back, changed = from_dcr(xml.encode(), "any")
    assert again(back).digest == book.digest
    assert not len(changed)
    assert read_dcr(xml).acts.keys() == book.acts.keys()


def test_the_graph_says_only_what_the_book_says() -> None:
    rows: list[Data] = [
        {"when": "a", "must": "b", "within": "P3D"},
        {"may_not": "c", "before": "b", "wait": "PT5H"},
        {"may_not": "d", "while_owed": "b"},
        {"when": "a", "closes": "a"},
    ]
    xml, lost = made(*rows)
    assert lost == ""
    assert [kind for kind, *_ in told(read_dcr(xml))] == [
        "response", "include", "condition", "milestone", "exclude",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"when": "a", "must": {"any_of": ["b", "c"]}}, "A choice between acts"),
        ({"may_not": "b", "before": "a", "strength": "reason"}, "gives way to a reason"),
        ({"may_not": "b", "before": "a", "if": {"x": True, "phrase": {}}}, "Rows with 'if'"),
        ({"must": "a", "every": "P15D"}, "again and again"),
        ({"when": {"fact": "x", "becomes": True}, "must": "a"}, "because of a fact"),
        ({"when": "a", "extends": "b", "by": "P1D", "max": "P9D"}, "kind 'extends'"),
        ({"may_not": "b", "before": "a", "wait": {"working_days": 2}}, "A wait in working days"),
    ],
)
def test_what_the_graph_cannot_say_is_left_out_and_named(row: Data, sentence: str) -> None:
    if "if" in row:
        row = row | {"if": {"x": True, "phrase": {"sr-latn": "x", "en": "x"}}}
    xml, lost = made(row, facts={"x": "boolean"})
    assert read_dcr(xml).relations == ()
    assert sentence in lost
    assert "R-1" in lost


def test_a_deadline_in_working_days_leaves_the_duty() -> None:
    xml, lost = made({"when": "a", "must": "b", "within": {"working_days": 5}, "opens": False})
    assert told(read_dcr(xml)) == [("response", "a", "b", "None")]
    assert "its deadline is not a number of hours or days: R-1" in lost


def test_a_graph_that_was_changed_does_not_bring_the_old_book_back() -> None:
    xml, _ = made({"when": "a", "closes": "b"})
    for before, after in (('type="exclude"', 'type="include"'), ('description="l"', "")):
        data, lost = from_dcr(xml.replace(before, after, 1).encode(), "changed")
        assert "was changed since" in " ".join(lost)
        assert data["rules"][0]["verified"] == "memory"


def test_a_book_that_cannot_be_read_is_refused() -> None:
    xml, _ = made({"when": "a", "closes": "b"})
    with pytest.raises(Refused, match="cannot be read"):
        from_dcr(xml.replace('"id":"made-up"', '"id":7').encode(), "x")


def test_who_does_an_act_is_kept() -> None:
    plain = Plain({"A 1": "Ask"}, (), frozenset(), frozenset({"A 1"}), frozenset(), {"A 1": "Čika"})
    xml = write_dcr(plain)
    assert read_dcr(xml) == plain
    data, _ = from_dcr(xml.encode(), "Pitanje 1")
    assert data["id"] == "pitanje-1"
    assert data["acts"]["a_1"]["by"] == "ika"
    assert data["parties"]["ika"]["sr-latn"]["gen"] == "uloge „Čika“"


def test_names_that_look_the_same_stay_apart() -> None:
    acts = {"A b": "x", "a_b": "y", "1": "z", "clock": "u"}
    plain = Plain(acts, (), frozenset({"1"}), frozenset(acts), frozenset())
    data, lost = from_dcr(write_dcr(plain).encode(), "1")
    assert list(data["acts"]) == ["a_b", "a_b_2", "act_1", "clock_2"]
    assert "nothing done and nothing owed: act_1" in " ".join(lost)


@pytest.mark.skipif(not GRAPHS, reason="../shared/data/dcr is absent")
@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: path.stem)
def test_a_graph_of_others_becomes_a_book_that_says_the_same(path: Path) -> None:
    plain = graph(path)
    if isinstance(plain, str):
        assert "is not executed here" in plain
        return
    data, _ = from_dcr(path.read_bytes(), path.stem)
    book = again(data)
    assert [act.phrases["en"]["label"] for act in book.acts.values()] == list(plain.acts.values())
    keys = dict(zip(plain.acts, book.acts, strict=True))
    there = {(k, keys[s], keys[t], time) for k, s, t, time in told(plain)}
    xml, lost = to_dcr(book, data)
    assert set(told(read_dcr(xml))) == there
    assert not len(lost)
    assert fromstring(xml).find(f"{{{NAMESPACE}}}dcrGraph") is not None
