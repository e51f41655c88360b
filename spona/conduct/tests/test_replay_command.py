"""`spona conduct replay`: what it prints, its exit codes, and what it says it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spona.conduct.command import main
from spona.conduct.tests.books import document, rule

Out = pytest.CaptureFixture[str]
HEAD = "case,activity,time,resource,case:ended,case:planned_end,case:channel\n"
IN_TIME = "1,a,2026-11-23T10:00+01:00,csr,2026-11-24T09:00+01:00,2026-11-25T09:00+01:00,Desk\n"
LATE = "2,a,2026-11-23T10:00+01:00,csr,2026-11-27T09:00+01:00,2026-11-25T09:00+01:00,Post\n"
DONE = "1,b,2026-11-23T11:00+01:00,csr,,,\n"
DCR = """<definitions><dcrGraph id="g"><event id="e1" description="a" included="true"/>
<event id="e2" description="b" included="true"/>
<relation id="r" type="response" sourceRef="e1" targetRef="e2"/></dcrGraph></definitions>"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rows = [{"when": "a", "must": "b", "within": "PT24H"}]
    (tmp_path / "book.yaml").write_text(json.dumps(document([rule(*rows)])))
    (tmp_path / "good.csv").write_text(HEAD + IN_TIME + DONE)
    (tmp_path / "late.csv").write_text(HEAD + IN_TIME + DONE + LATE)
    (tmp_path / "model.xml").write_text(DCR)
    return tmp_path


def run(files: Path, line: str) -> int:
    named = [
        str(files / word) if "." in word and "/" not in word else word for word in line.split()
    ]
    return main(["replay", *named])


def test_a_log_that_keeps_the_rules_is_well(files: Path, capsys: Out) -> None:
    assert run(files, "good.csv --book book.yaml") == 0
    assert "Cases without a finding: 1 of 1." in capsys.readouterr().out


def test_findings_are_told_and_the_exit_code_says_so(files: Path, capsys: Out) -> None:
    assert run(files, "late.csv --book book.yaml") == 1
    text = capsys.readouterr().out
    assert "Ends (case:ended) held against planned ends (case:planned_end)." in text
    assert "held against made-up 1." in text
    assert "Working days: public holidays of RS; days begin in Europe/Belgrade." in text


def test_without_a_book_the_planned_ends_are_enough(files: Path, capsys: Out) -> None:
    assert run(files, "late.csv --by channel") == 1
    text = capsys.readouterr().out
    assert "channel: Post" in text
    assert "made-up" not in text
    assert run(files, "good.csv") == 0


def test_with_suppression_one_table_stands_and_names_nobody(files: Path, capsys: Out) -> None:
    assert run(files, "late.csv --book book.yaml --suppress 5") == 0
    text = capsys.readouterr().out
    assert "Ends" not in text
    assert "few" in text
    assert run(files, "late.csv --suppress 5 --json") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["ends"]["groups"][0]["late"] is None


def test_a_dcr_graph_takes_a_log_too(files: Path, capsys: Out) -> None:
    assert run(files, "late.csv --book model.xml") == 1
    assert "Of these, cases that owe nothing at their end: 1." in capsys.readouterr().out
    assert run(files, "late.csv --book model.xml --json") == 1
    graph = json.loads(capsys.readouterr().out)["graph"]
    assert (graph["kept"], graph["owed"], graph["verdicts"]["2"]["owed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nowhere.csv", "cannot be read: no such file"),
        ("book.yaml", "no log of a known kind"),
        ("good.csv --book nowhere.yaml", "cannot be read: no such file"),
        ("good.csv --book nowhere.xml", "cannot be read: no such file"),
        ("good.csv --map nowhere.yaml", "cannot be read: no such file"),
        ("good.csv --calendar XX", "no public holidays of XX"),
        ("good.csv --zone Nowhere", "no time zone Nowhere"),
        ("good.csv --by colour --book book.yaml", "No case has an attribute colour"),
        ("good.csv --book model.xml --suppress 5", "no small groups to withhold"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    files: Path, capsys: Out, line: str, sentence: str
) -> None:
    assert run(files, line) == 2
    assert sentence in capsys.readouterr().err


def test_a_log_without_planned_ends_needs_a_book(files: Path, capsys: Out) -> None:
    (files / "short.csv").write_text("case,activity,time\n1,a,2026-11-23T10:00+01:00\n")
    assert run(files, "short.csv") == 2
    assert "Name a rule book with --book." in capsys.readouterr().err


def test_a_book_with_faults_and_a_graph_that_is_none_are_named(files: Path, capsys: Out) -> None:
    (files / "bad.yaml").write_text("{}")
    assert run(files, "good.csv --book bad.yaml") == 1
    (files / "bad.xml").write_text("<a")
    assert run(files, "good.csv --book bad.xml") == 2
    assert "no XML that may be read" in capsys.readouterr().err
