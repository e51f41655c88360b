"""Verification of the shipped protocols and of graphs of other programs; the command."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from spona.conduct.command import main
from spona.conduct.dcrxml import Refused, read_dcr
from spona.conduct.graph import Graph
from spona.conduct.guards import Value
from spona.conduct.tests.books import Data, act, book, document, rule
from spona.conduct.tests.runs import book_of
from spona.conduct.tests.test_dcrxml import GRAPHS, event, needs_graphs, own, relation
from spona.conduct.verify import Code, Severity, verify, verify_graph
from spona.conduct.verify.trace import MONDAY

Out = pytest.CaptureFixture[str]
BOOKS = ("carried-duty", "conference-decision", "handover", "referral")
GUARDED = {"Multi-perspective Medical Prescription": "Relation_1el34pd"}
NESTED = {"Pizza delivery process": "SubProcess_1wyn6rl", "Subprocess": "SubProcess_1fhz1v1"}


@pytest.mark.parametrize("name", BOOKS)
def test_a_shipped_book_has_no_fault_and_is_verified_in_two_seconds(name: str) -> None:
    made = book_of(name)
    graph = Graph.of(made)
    graph.execute(graph.start(MONDAY), graph.enabled(graph.start(MONDAY), MONDAY)[0], MONDAY)
    begun = process_time()
    report = verify(made)
    assert process_time() - begun < 2
    assert report.faults == ()


def test_every_closing_of_what_is_owed_in_the_referral_is_intended_by_a_rule() -> None:
    closed = [f for f in verify(book_of("referral")).findings if f.code is Code.OWED_WHILE_CLOSED]
    assert closed
    assert all(f.severity is Severity.INTENDED and f.rules and f.trace for f in closed)
    withdrawn = next(f for f in closed if f.acts == ("acknowledged", "withdrawn"))
    assert withdrawn.rules == ("LOC-REF-05", "LOC-REF-17")
    assert [move.act for move in withdrawn.trace] == ["basis_recorded", "sent", "withdrawn"]
    assert [move.party for move in withdrawn.trace] == ["sender", "sender", "sender"]


def test_traces_can_be_executed() -> None:
    made = book_of("handover")
    graph = Graph.of(made)
    for finding in verify(made).findings:
        marking, known = graph.start(MONDAY), dict[str, Value]()
        for move in finding.trace:
            facts = {**known, **move.facts}
            if not move.act:
                step = graph.fact_changed(marking, known, facts, move.at)
            elif made.acts[move.act].by_clock:
                step = graph.force(marking, move.act, move.at, facts)
            else:
                step = graph.execute(marking, move.act, move.at, facts, "reason", known)
            marking, known = step.marking, facts


def test_a_search_that_was_cut_off_says_so() -> None:
    report = verify(book_of("referral"), cap=50)
    assert not report.exhaustive
    assert any(search.states > 50 for search in report.searches if not search.exhaustive)


@needs_graphs
@pytest.mark.parametrize("path", sorted(GRAPHS.rglob("*.xml")), ids=lambda path: path.stem)
def test_graphs_of_others_are_verified_or_refused_by_name(path: Path) -> None:
    refused = GUARDED | NESTED
    if path.stem in refused:
        with pytest.raises(Refused, match=refused[path.stem]):
            read_dcr(path.read_bytes())
        return
    report = verify_graph(read_dcr(path.read_bytes()), cap=50)
    assert report.searches
    assert report.faults == ()


def test_a_graph_without_words_is_told_by_its_labels() -> None:
    xml = event("a") + event("b") + relation("response", "a", "b") + relation("response", "b", "a")
    (found,) = verify_graph(read_dcr(own(xml))).faults
    assert found.code is Code.NO_WAY_TO_END
    assert "After “The a”, there is no way to the end" in found.said["en"]


# --- the command


def run(tmp_path: Path, out: Out, data: Any, *options: str) -> tuple[int, str]:
    path = tmp_path / "book.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    code = main(["verify", *options, str(path)])
    printed = out.readouterr()
    return code, printed.out + printed.err


DEAD = document([rule({"when": "a", "must": "b"}, {"may_not": "b", "before": "b"})])
WELL = document([rule({"when": "a", "must": "b"})])


def test_a_book_without_a_fault_is_well(tmp_path: Path, capsys: Out) -> None:
    code, text = run(tmp_path, capsys, WELL, "--lang", "en")
    assert code == 0
    assert "0 faults, 0 intended, 0 notes; " in text


def test_a_fault_is_told_with_the_rules_in_their_words(tmp_path: Path, capsys: Out) -> None:
    code, text = run(tmp_path, capsys, DEAD)
    assert code == 1
    assert "GREŠKA [dead-duty] Posle ovoga: „l“ – obaveza „l“ (pravilo R-1) ostaje" in text
    assert "    R-1: " in text


def test_a_fault_is_told_in_cyrillic_and_in_english(tmp_path: Path, capsys: Out) -> None:
    assert "ГРЕШКА" in run(tmp_path, capsys, DEAD, "--lang", "sr")[1]
    assert "FAULT [dead-duty] After “l”, the duty" in run(tmp_path, capsys, DEAD, "--lang", "en")[1]


def test_what_is_intended_is_told_when_asked_for(tmp_path: Path, capsys: Out) -> None:
    why = {"sr-latn": "Jednom.", "en": "Once."}
    rows: list[Data] = [{"when": "a", "must": "b"}, {"when": "c", "closes": "b", "says": why}]
    data = document([rule(*rows)])
    assert "[owed-while-closed]" not in run(tmp_path, capsys, data)[1]
    code, text = run(tmp_path, capsys, data, "--all")
    assert code == 0
    assert "namerno [owed-while-closed]" in text


def test_findings_are_printed_as_json(tmp_path: Path, capsys: Out) -> None:
    code, text = run(tmp_path, capsys, DEAD, "--json")
    (told,) = json.loads(text)
    assert code == 1
    dead = next(one for one in told["findings"] if one["code"] == "dead-duty")
    assert dead["severity"] == "fault"
    assert dead["rules"] == ["R-1"]
    assert dead["trace"] == [
        {"act": "a", "party": "csr", "at": "2026-11-23T09:00:00+00:00", "facts": {}}
    ]
    assert told["exhaustive"] is True


def test_what_cannot_be_verified_is_named(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "graph.xml"
    path.write_text(own("<dcr:subProcess id='inner' />"))
    assert main(["verify", str(path)]) == 2
    assert "inner is not executed here" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "absent.xml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_book_with_faults_of_form_is_checked_first(tmp_path: Path, capsys: Out) -> None:
    code, text = run(tmp_path, capsys, document([rule({"when": "a", "must": "z"})]))
    assert code == 2
    assert "There is no act 'z'" in text
    assert "see spona conduct check" in text


def test_a_cap_is_a_number_of_states(tmp_path: Path, capsys: Out) -> None:
    assert run(tmp_path, capsys, WELL, "--cap", "0")[0] == 2


def test_the_facts_of_a_step_are_printed(tmp_path: Path, capsys: Out) -> None:
    guard = {"if": {"hurt": True, "phrase": {"sr-latn": "x", "en": "x"}}, "unknown": "waits"}
    rows: list[Data] = [{"when": "a", "must": "b", **guard}, {"may_not": "b", "before": "b"}]
    hurt = {"type": "boolean", "label": {"sr-latn": "Povređeno", "en": "Hurt"}}
    text = run(tmp_path, capsys, document([rule(*rows)], facts={"hurt": hurt}))[1]
    assert "„l“ (Povređeno: da)" in text


def test_the_graph_of_a_book_is_not_changed_by_verifying_it() -> None:
    made = book(rule({"when": "a", "must": "b"}), acts={"a": act(), "b": act()})
    assert verify(made) == verify(made)
