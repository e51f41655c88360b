"""`spona conduct convert`: by the endings of two files, with a list of what is not said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spona.conduct.command import main
from spona.conduct.reader import read
from spona.conduct.tests.books import document, rule

Out = pytest.CaptureFixture[str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "book.yaml"
    row = {"may_not": "b", "before": "a", "strength": "reason"}
    made.write_text(json.dumps(document([rule(row)])), encoding="utf-8")
    return made


def converted(source: Path, out: str, *more: str) -> tuple[int, Path]:
    target = source.parent / out
    return main(["convert", str(source), "-o", str(target), *more]), target


def test_a_book_goes_out_and_comes_back(path: Path, capsys: Out) -> None:
    code, graph = converted(path, "graph.xml")
    assert code == 0
    assert capsys.readouterr().out == "What gives way to a reason is not in the graph: R-1.\n"
    code, back = converted(graph, "back.yaml")
    assert (code, capsys.readouterr().out) == (0, "")
    assert read(back).digest == read(path).digest


@pytest.mark.parametrize("name", ["book.yaml", "graph.xml"])
def test_bpmn_is_written_from_both(path: Path, capsys: Out, name: str) -> None:
    converted(path, "graph.xml")
    capsys.readouterr()
    code, made = converted(path.parent / name, "made.bpmn", "--lang", "en")
    assert code == 0
    assert "BPMN has a start and an order" in capsys.readouterr().out
    assert "definitions" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "out", "told"),
    [
        ("book.yaml", "other.yaml", "cannot become"),
        ("made.bpmn", "book.yaml", "to be written only"),
        ("book.yaml", "book.svg", "cannot become"),
        ("absent.yaml", "graph.xml", "cannot be read"),
        ("absent.xml", "book2.yaml", "cannot be read"),
        ("broken.xml", "book2.yaml", "no XML that may be read"),
        ("book.yaml", "no/graph.xml", "cannot be written"),
    ],
)
def test_what_cannot_be_converted(
    path: Path, capsys: Out, source: str, out: str, told: str
) -> None:
    (path.parent / "broken.xml").write_text("<a", encoding="utf-8")
    assert converted(path.parent / source, out)[0] == 2
    assert told in capsys.readouterr().err


def test_labels_of_a_graph_are_latin(path: Path, capsys: Out) -> None:
    assert converted(path, "graph.xml", "--lang", "sr")[0] == 2
    assert "sr-latn or en" in capsys.readouterr().err


def test_a_book_with_faults_is_told_so(tmp_path: Path, capsys: Out) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(json.dumps(document([rule({"when": "a", "must": "z"})])), encoding="utf-8")
    assert converted(wrong, "graph.xml")[0] == 1
    assert "z" in capsys.readouterr().out
