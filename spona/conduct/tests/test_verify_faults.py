"""Planted faults: each is found with its shortest trace, and said in two languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spona.conduct.book import Badge, Book, Verified
from spona.conduct.tests.books import act, book, both, clock, rule
from spona.conduct.verify import Code, Finding, Severity, verify

Given = dict[str, Any]
WHY = both("because it is done once")


def found(of: Book, code: Code, severity: Severity = Severity.FAULT) -> list[Finding]:
    """The findings of a kind; each is said in both languages."""
    findings = [f for f in verify(of).findings if f.code is code and f.severity is severity]
    for finding in findings:
        assert finding.said["sr-latn"].endswith(".")
        assert finding.said["en"].endswith(".")
    return findings


def traces(of: Book, code: Code, severity: Severity = Severity.FAULT) -> list[list[str]]:
    return [[move.act for move in finding.trace] for finding in found(of, code, severity)]


def must(when: str, act_key: str, **more: Any) -> Given:
    return {"when": when, "must": act_key, **more}


def of(*rows: Given, **more: Any) -> Book:
    return book(*([rule(*rows)] if rows else []), **more)


# --- duties


def test_a_duty_that_blocks_itself_with_another_is_dead() -> None:
    rows = [
        must("a", "b"),
        must("c", "d"),
        {"while_owed": "b", "may_not": "d"},
        {"while_owed": "d", "may_not": "b"},
    ]
    dead = found(of(*rows), Code.DEAD_DUTY)
    assert [(one.acts, [move.act for move in one.trace]) for one in dead] == [
        (("b",), ["a", "c"]),
        (("d",), ["a", "c"]),
    ]
    assert dead[0].rules == ("R-1",)
    assert dead[0].exhaustive


def test_a_duty_that_waits_for_an_act_that_is_barred_for_ever_is_dead() -> None:
    rows = [
        must("a", "b"),
        {"may_not": "b", "before": "c"},
        {"may_not": "c", "before": "d"},
        {"may_not": "d", "before": "c"},
    ]
    assert traces(of(*rows), Code.DEAD_DUTY) == [["a"]]


def test_the_facts_of_a_trace_are_told() -> None:
    rows = [
        must("a", "b", **{"if": {"hurt": True, "phrase": both()}}, unknown="waits"),
        {"may_not": "b", "before": "b"},
    ]
    (dead,) = found(of(*rows, facts={"hurt": "boolean"}), Code.DEAD_DUTY)
    assert [(move.act, dict(move.facts)) for move in dead.trace] == [("a", {"hurt": True})]
    assert dead.trace[0].party == "csr"


def test_what_can_be_discharged_is_no_finding() -> None:
    assert verify(of(must("a", "b"), {"may_not": "b", "before": "c"})).findings == ()


def test_duties_that_make_each_other_owed_have_no_end() -> None:
    assert traces(of(must("a", "b"), must("b", "a")), Code.NO_WAY_TO_END) == [["a"]]


def test_a_duty_of_every_day_ends_only_where_something_closes_it() -> None:
    every = {"every": "P1D", "must": "a"}
    assert traces(of(every), Code.NO_WAY_TO_END) == [[]]
    assert traces(of(every, {"when": "b", "closes": "a", "says": WHY}), Code.NO_WAY_TO_END) == []


# --- acts


def test_an_act_that_nothing_opens_never_happens() -> None:
    (never,) = found(of(acts={"a": act(), "b": act(included=False)}), Code.NEVER_HAPPENS)
    assert never.acts == ("b",)
    assert never.exhaustive
    assert "do nje ne vodi nijedan put" in never.said["sr-latn"]


def test_the_clock_can_never_act_on_the_breach_of_a_rule_that_makes_nothing_owed() -> None:
    acts = {"a": act(), "b": act(), "t": clock(breach_of="R-1", wait="PT1H")}
    closes = {"when": "a", "closes": "b", "says": WHY}
    assert [f.acts for f in found(of(closes, acts=acts), Code.NEVER_HAPPENS)] == [("t",)]
    assert found(of(must("a", "b", within="PT1H"), acts=acts), Code.NEVER_HAPPENS) == []


def test_an_act_after_the_clock_happens() -> None:
    acts = {"a": act(), "t": clock(after="a", wait="P30D"), "b": act(included=False)}
    assert found(of({"when": "t", "opens": "b"}, acts=acts), Code.NEVER_HAPPENS) == []


# --- contradictions


@pytest.mark.parametrize(
    ("rows", "acts", "words"),
    [
        (
            [must("a", "b", opens=False), {"when": "a", "closes": "b", "says": WHY}],
            ("b", "a"),
            "u istom trenutku se zatvara",
        ),
        ([{"may_not": "a", "before": "a"}], ("a",), "pre nje same"),
        ([must("b", "a"), {"while_owed": "a", "may_not": "a"}], ("a",), "baš ona"),
        (
            [{"may_not": "a", "before": "b"}, {"may_not": "b", "before": "a"}],
            ("b", "a"),
            "čekaju jedna drugu",
        ),
    ],
)
def test_rules_that_contradict_are_found(
    rows: list[Given], acts: tuple[str, ...], words: str
) -> None:
    (clash,) = found(of(*rows), Code.CONTRADICTION)
    assert set(clash.acts) == set(acts)
    assert words in clash.said["sr-latn"]


def test_to_owe_what_another_rule_closes_is_no_contradiction() -> None:
    assert found(of(must("a", "b"), {"when": "c", "closes": "b"}), Code.CONTRADICTION) == []


# --- deadlines


@pytest.mark.parametrize(
    "rows",
    [
        [must("a", "b", within="PT24H"), {"may_not": "b", "before": "a", "wait": "P2D"}],
        [must("a", "b", within="PT24H"), {"may_not": "b", "before": "c", "wait": "PT25H"}],
        [
            must("a", "b", within="P3D"),
            {"may_not": "b", "before": "c", "wait": "P4D"},
            {"may_not": "c", "before": "a", "wait": "P4D"},
        ],
    ],
)
def test_a_deadline_shorter_than_what_it_waits_for_is_found(rows: list[Given]) -> None:
    assert traces(of(*rows), Code.DEADLINE_TOO_SHORT) == [["a"]]


def test_a_deadline_that_is_too_short_on_some_days_is_noted() -> None:
    rows = [must("a", "b", within={"working_days": 3}), {"may_not": "b", "before": "a"}]
    assert found(of(*rows), Code.DEADLINE_TOO_SHORT, Severity.NOTE) == []
    rows[1]["wait"] = "P4D"
    (short,) = found(of(*rows), Code.DEADLINE_TOO_SHORT, Severity.NOTE)
    assert 100 < int(short.detail["days"]) < 183


def test_a_delay_that_the_clock_keeps_counts_too() -> None:
    acts = {"a": act(), "b": act(), "t": clock(after="a", wait="P30D")}
    rows = [must("a", "b", within="P10D"), {"may_not": "b", "before": "t"}]
    assert traces(of(*rows, acts=acts), Code.DEADLINE_TOO_SHORT) == [["a"]]


# --- closing


def test_what_is_closed_while_owed_is_a_fault_without_a_word() -> None:
    closes = {"when": "c", "closes": "b"}
    assert traces(of(must("a", "b"), closes), Code.OWED_WHILE_CLOSED) == [["a", "c"]]


def test_what_is_closed_while_owed_is_intended_where_its_rule_says_why() -> None:
    closing = rule({"when": "c", "closes": "b", "says": WHY}, rule_id="R-2")
    made = book(rule(must("a", "b")), closing)
    (told,) = found(made, Code.OWED_WHILE_CLOSED, Severity.INTENDED)
    assert told.rules == ("R-1", "R-2")
    assert [move.act for move in told.trace] == ["a", "c"]
    assert "pravilo R-2 kaže zašto" in told.said["sr-latn"]


def test_what_falls_due_before_it_is_open_is_a_fault_unless_it_counts_from_the_opening() -> None:
    acts = {"a": act(), "b": act(included=False), "c": act()}
    late = must("a", "b", opens=False)
    assert traces(of(late, {"when": "c", "opens": "b"}, acts=acts), Code.OWED_WHILE_CLOSED) == [
        ["a"]
    ]
    fresh = of({**late, "fresh": True}, {"when": "c", "opens": "b"}, acts=acts)
    assert traces(fresh, Code.OWED_WHILE_CLOSED, Severity.INTENDED) == [["a"]]


def test_what_is_opened_again_by_what_makes_it_owed_is_not_hidden() -> None:
    closes = {"when": "a", "closes": "b", "says": WHY}
    assert found(of(must("a", "b"), closes), Code.OWED_WHILE_CLOSED) == []


def test_a_condition_that_is_closed_opens_a_way_in_silence() -> None:
    acts = {"a": act(), "b": act(), "c": act(included=False)}
    rows = [{"may_not": "b", "before": "c"}, {"when": "a", "opens": "c"}]
    (silent,) = found(of(*rows, acts=acts), Code.SILENT_WAY)
    assert (silent.acts, silent.trace) == (("b", "c"), ())
    assert "nikada nije ni bilo otvoreno" in silent.said["sr-latn"]


def test_a_way_that_a_rule_opens_by_closing_its_condition_is_intended() -> None:
    rows: list[Given] = [
        {"may_not": "b", "before": "c"},
        {"when": "a", "closes": "c", "says": WHY},
    ]
    assert traces(of(*rows), Code.SILENT_WAY, Severity.INTENDED) == [["a"]]
    rows[1].pop("says")
    assert traces(of(*rows), Code.SILENT_WAY) == [["a"]]


# --- people, facts, sources


def test_a_hard_guard_before_what_protects_is_refused() -> None:
    made = of({"may_not": "b", "before": "a"})
    acts = {**made.acts, "b": replace(made.acts["b"], protective=True)}
    (hard,) = found(replace(made, acts=acts), Code.HARD_BEFORE_PROTECTIVE)
    assert (hard.rules, hard.acts) == (("R-1",), ("b", "a"))


def test_a_rule_that_was_read_names_its_source() -> None:
    made = of(must("a", "b"))
    read = Badge(Verified.READ, Verified.READ, Verified.READ)
    unread = replace(made, rules=(replace(made.rules[0], badge=read),))
    assert [f.rules for f in found(unread, Code.NO_SOURCE)] == [("R-1",)]
    remembered = book(rule(must("a", "b"), verified="memory"))
    assert len(found(remembered, Code.NO_SOURCE, Severity.NOTE)) == 1


def test_a_party_that_must_be_there_and_away_cannot_be_filled() -> None:
    acts = {"a": act(**{"with": ["csr"]}, without=["csr"])}
    assert len(found(of(acts=acts), Code.UNFILLABLE_PARTY)) == 1


def test_a_party_that_only_it_itself_names_cannot_be_filled() -> None:
    question = {"key": "who", "type": "person", "label": both()}
    acts = {"a": act(form=[question], binds={"csr": "who"})}
    assert [f.detail["how"] for f in found(of(acts=acts), Code.UNFILLABLE_PARTY)] == ["circular"]


def test_a_fact_that_only_an_impossible_act_asks_for_is_never_found_out() -> None:
    question = {"key": "q", "type": "boolean", "label": both(), "sets": "hurt"}
    acts = {"a": act(), "b": act(), "c": act(included=False, form=[question])}
    rows = [must("a", "b", **{"if": {"hurt": True, "phrase": both()}}, unknown="waits")]
    (lost,) = found(of(*rows, acts=acts, facts={"hurt": "boolean"}), Code.NOBODY_FINDS_OUT)
    assert lost.acts == ("c",)


def test_a_fact_that_no_form_asks_for_is_noted() -> None:
    rows = [must("a", "b", **{"if": {"hurt": True, "phrase": both()}})]
    made = of(*rows, facts={"hurt": "boolean"})
    assert len(found(made, Code.NOBODY_FINDS_OUT, Severity.NOTE)) == 1


def test_nobody_is_told_that_what_protects_is_late() -> None:
    acts = {"a": act(), "b": act(), "safe": act(protective=True)}
    (quiet,) = found(of(must("a", "safe", within="PT1H"), acts=acts), Code.NOBODY_TOLD)
    assert quiet.acts == ("safe",)
    assert len(found(of(must("a", "b", within="PT1H")), Code.NOBODY_TOLD, Severity.NOTE)) == 1
    ladder = [{"after": "PT0H", "tell": "director"}]
    told = book(rule(must("a", "safe", within="PT1H"), on_breach=ladder), acts=acts)
    assert found(told, Code.NOBODY_TOLD) == []


def test_a_ladder_that_tells_only_whom_the_book_does_not_know_tells_nobody() -> None:
    ladder = [{"after": "PT0H", "tell": "finder"}]
    made = book(rule(must("a", "b", within="PT1H"), on_breach=ladder))
    assert [f.detail["how"] for f in found(made, Code.NOBODY_TOLD)] == ["lost"]
