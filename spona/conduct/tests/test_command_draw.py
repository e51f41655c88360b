"""`spona conduct draw`: a file, a part, and a sentence for what cannot be drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spona.conduct.command import main
from spona.conduct.tests.books import document, rule

Out = pytest.CaptureFixture[str]
XML = (
    "<d:definitions xmlns:d='http://tk/schema/dcr'><d:dcrGraph>"
    "<d:event id='a' description='Ask' included='true'/></d:dcrGraph></d:definitions>"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "book.yaml"
    made.write_text(json.dumps(document([rule({"when": "a", "must": "b"})])), encoding="utf-8")
    return made


def test_a_book_is_drawn(path: Path, tmp_path: Path, capsys: Out) -> None:
    assert main(["draw", str(path)]) == 0
    drawing = capsys.readouterr().out
    assert drawing.startswith("<svg ")
    assert main(["draw", str(path), "-o", str(tmp_path / "out.svg")]) == 0
    assert (tmp_path / "out.svg").read_text(encoding="utf-8") == drawing
    assert capsys.readouterr().out == ""


def test_a_graph_of_another_program_is_drawn(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "graph.xml").write_text(XML, encoding="utf-8")
    assert main(["draw", str(tmp_path / "graph.xml"), "--lang", "en"]) == 0
    assert ">Ask<" in capsys.readouterr().out


def test_a_part_is_drawn(path: Path, capsys: Out) -> None:
    for part in (["--party", "csr"], ["--rule", "R-1"], ["--acts", "a", "c"]):
        assert main(["draw", str(path), *part]) == 0
        assert "<svg " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (["--party", "police"], "has no party police; it has anyone, clock, csr."),
        (["--rule", "R-9"], "has no rule R-9; it has R-1."),
        (["--acts", "z"], "has no act z; it has a, b, c, d."),
        (["--party", "clock"], "no act stands in that part."),
    ],
)
def test_a_part_that_is_not_there(path: Path, capsys: Out, part: list[str], told: str) -> None:
    assert main(["draw", str(path), *part]) == 2
    assert told in capsys.readouterr().err


def test_faults_are_told_and_nothing_is_drawn(tmp_path: Path, capsys: Out) -> None:
    wrong = tmp_path / "book.yaml"
    wrong.write_text(json.dumps(document([rule({"when": "a", "must": "z"})])), encoding="utf-8")
    assert main(["draw", str(wrong)]) == 1
    assert "z" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["absent.yaml", "absent.xml", "broken.xml"])
def test_what_cannot_be_read(tmp_path: Path, capsys: Out, name: str) -> None:
    (tmp_path / "broken.xml").write_text("<a", encoding="utf-8")
    assert main(["draw", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err


def test_what_cannot_be_written(path: Path, tmp_path: Path, capsys: Out) -> None:
    assert main(["draw", str(path), "-o", str(tmp_path / "no" / "out.svg")]) == 2
    assert "cannot be written" in capsys.readouterr().err
