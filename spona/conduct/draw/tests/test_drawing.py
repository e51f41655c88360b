"""What a drawing shows, and that a reader of it needs neither colour, script nor style sheet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from spona.conduct.book import Kind
from spona.conduct.draw import Part, Progress, draw, picture, progress
from spona.conduct.draw.lines import ranges
from spona.conduct.draw.marks import STROKES, entry, leave
from spona.conduct.draw.measure import width, wrap
from spona.conduct.draw.picture import FIRES
from spona.conduct.draw.tests import drawings as see
from spona.conduct.graph import Graph
from spona.conduct.tests.books import MONDAY, act, book, both, clock, rule

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows: Any, lang: str = "en", **more: Any) -> Element:
    root: Element = fromstring(draw(book(rule(*rows), **more), lang))
    return root


def words(root: Element) -> str:
    return " ".join(" ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).split())


def named(root: Element, name: str) -> list[Element]:
    return [e for e in root.iter() if name in e.get("class", "").split()]


@pytest.mark.parametrize("path", see.PROTOCOLS, ids=lambda path: path.stem)
def test_a_drawing_is_an_image_with_a_name_and_a_description(path: Path) -> None:
    root = fromstring(draw(see.book(path)))
    assert (root.get("role"), root.get("lang")) == ("img", "sr-Latn")
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == desc.get("id")
    assert see.book(path).title["sr-latn"] in (title.text or "")
    assert not [e for e in root.iter() if e.tag in (f"{SVG}script", f"{SVG}style")]
    assert not [key for e in root.iter() for key in e.attrib if key.startswith(("on", "style"))]


def test_every_act_stands_there_once() -> None:
    path = next(p for p in see.PROTOCOLS if p.stem == "unaccompanied-child")
    root = fromstring(draw(see.book(path), "en"))
    titles = [(e.findtext(f"{SVG}title") or "").split("\n")[0] for e in named(root, "d-box")]
    for number, known in enumerate(see.book(path).acts.values(), 1):
        told = f"{number}. {known.phrases['en']['label']}"
        assert titles.count(told) == 1


def test_a_drawing_is_the_same_each_time() -> None:
    assert draw(see.book(see.PROTOCOLS[-1])) == draw(see.book(see.PROTOCOLS[-1]))


def test_relations_are_told_apart_without_colour() -> None:
    looks = {
        (STROKES[kind][1], entry((kind,), 0, 0)[0], leave((kind,), 0, 0)) for kind in STROKES
    }  # fmt: skip
    assert len(looks) == len(STROKES)
    assert {kind.value for kind in Kind} - STROKES.keys() == {"never", "principle"}
    assert FIRES in STROKES


def test_only_what_is_drawn_is_explained() -> None:
    legend = words(named(drawn({"when": "a", "must": "b", "within": "PT24H"}), "d-legend")[0])
    assert "after the first act, the second is owed" in legend
    assert "closes" not in legend


def test_a_deadline_and_a_guard_stand_beside_the_arrow() -> None:
    guard = {"ripe": True, "phrase": {"sr-latn": "x", "en": "x"}}
    row = {"when": "a", "must": "b", "within": {"working_days": 5}, "if": guard}
    root = drawn(row, facts={"ripe": "boolean"})
    assert "5\u00a0working\u00a0days, if" in "".join(named(root, "d-labels")[0].itertext())
    assert named(root, "d-response")[0].findtext(f"{SVG}path/{SVG}title")


def test_two_relations_of_one_pair_are_one_line() -> None:
    rows = {"when": "a", "must": "b"}, {"may_not": "b", "before": "a"}
    lines = named(drawn(*rows), "d-lines")
    assert [len(group.findall(f"{SVG}path")) for group in lines] == [1]


def test_what_an_act_does_to_itself_is_told_in_its_box() -> None:
    root = drawn({"when": "a", "closes": "a"}, {"must": "b", "every": "P15D"})
    assert "only once" in words(root)
    assert "again: every 15 days" in words(root)
    assert named(root, "d-lines") == []


def test_closing_many_is_told_by_numbers() -> None:
    rows = [{"when": "a", "closes": key} for key in "bcde"]
    assert "closes 2–5" in words(drawn(*rows, acts="a b c d e"))
    assert ranges({1, 2, 4, 5, 6, 9}) == "1, 2, 4–6, 9"


def test_protective_closed_and_clock_acts_have_a_look_of_their_own() -> None:
    acts = {
        "a": act(protective=True),
        "b": act(included=False),
        "c": clock(after="a", wait="P15D"),
    }
    root = drawn({"when": "a", "opens": "b"}, acts=acts)
    assert len(named(root, "d-protective")) == 1
    assert len(named(root, "d-closed")) == 1
    assert "after 15 days" in words(root)
    assert "The clock" in words(root)


def test_a_fact_that_makes_something_owed_is_drawn() -> None:
    row = {"when": {"fact": "ill", "becomes": True}, "must": "a"}
    root = drawn(row, facts={"ill": "boolean"})
    assert len(named(root, "d-fact")) == 1


def test_both_scripts() -> None:
    path = next(p for p in see.PROTOCOLS if p.stem == "conference-decision")
    assert "Odluka konferencije" in words(fromstring(draw(see.book(path), "sr-latn")))
    cyrillic = fromstring(draw(see.book(path), "sr"))
    assert "Одлука конференције" in words(cyrillic)
    assert "само једном" in words(cyrillic)
    assert cyrillic.get("lang") == "sr-Cyrl"


def test_names_cannot_break_the_drawing() -> None:
    acts = {"a": act(en={"label": "<b> & 'c'", "when": "w", "do": "d", "noun": "n"})}
    assert "<b> & 'c'" in words(drawn({"never": both()}, acts=acts))


def test_a_part_shows_what_is_around_it_and_no_more() -> None:
    rows = {"when": "a", "must": "b"}, {"when": "b", "must": "c"}, {"when": "c", "must": "d"}
    chain = book(rule(*rows[:1], rule_id="R-1"), rule(*rows[1:], rule_id="R-2"))
    of_acts = picture(chain, part=Part(acts=("b",)))
    assert {n.key: n.around for n in of_acts.nodes} == {"a": True, "b": False, "c": True}
    of_rule = picture(chain, part=Part(rules=("R-1",)))
    assert {n.key: n.around for n in of_rule.nodes} == {"a": False, "b": False}
    assert len(picture(chain, part=Part(parties=("csr",))).nodes) == 4
    with pytest.raises(KeyError):
        picture(chain, part=Part(rules=("R-9",)))


def test_a_run_is_shown_in_words_and_marks() -> None:
    made = book(
        rule(
            {"when": "a", "must": "b", "within": "P1D"},
            {"when": "a", "must": "c", "within": "P9D"},
            {"may_not": "d", "before": "c"},
        )
    )
    graph = Graph.of(made)
    marking = graph.force(graph.start(MONDAY), "a", MONDAY).marking
    now = progress(graph, marking, MONDAY + timedelta(days=3))
    assert [now.state(key) for key in "abcd"] == ["done", "late", "owed", "blocked"]
    root = fromstring(draw(made, "en", now))
    for state in ("done", "late", "owed", "blocked"):
        assert len(named(root, f"d-{state}")) >= 1
    assert "not possible yet" in words(root)
    assert Progress().state("a") == ""


def test_text_is_measured_and_wrapped() -> None:
    assert width("i", 10) < width("m", 10) < width("\u2603", 10)
    assert wrap("one two", 10, 22) == ("one", "two")
    assert all(width(line, 10) <= 30 for line in wrap("Dvadesetčetvoročasovni", 10, 30))
    assert wrap("", 10, 30) == ()
    assert wrap("24\u00a0sata", 10, 20) != ("24", "sata")
