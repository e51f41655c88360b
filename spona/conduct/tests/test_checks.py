"""A rule book of the right form may still make no sense: every such fault is told."""

from __future__ import annotations

import json

import pytest

from spona.conduct.reader import read_text
from spona.conduct.tests.books import act, both, clock, document, party, rule
from spona.conduct.tests.faulty import Given, faults, of_act, of_row

ROW = {"when": "a", "must": "b"}


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (act("nobody"), "There is no party 'nobody'"),
        (act(to=["csr", "nobody"]), "There is no party 'nobody'"),
        (act(**{"with": ["nobody"]}), "There is no party 'nobody'"),
        (act(without=["nobody"]), "There is no party 'nobody'"),
        (act(on_behalf="nobody"), "There is no party 'nobody'"),
        (act(["csr", "clock"]), "The clock acts alone"),
        (act("clock"), "needs 'fires'"),
        (act(fires={"after": "a", "wait": "PT1H"}), "Only an act of the clock fires"),
        (clock(wait="PT1H"), "one of an act, a fact or a breach"),
        (clock(after="a"), "'wait' says how long"),
        (clock(after="a", wait="PT1H", plus="P1D"), "moved by 'plus' and 'minus'"),
        (clock(after="z", wait="PT1H"), "There is no act 'z'"),
        (clock(breach_of="R-9", wait="PT1H"), "There is no rule 'R-9'"),
        (clock(fact="f"), "There is no fact 'f'"),
        (clock(fact="age"), "'age' is no date"),
        (act(binds={"csr": "who"}), "no question 'who' to bind"),
        ({"by": "csr", "sr-latn": act()["sr-latn"]}, "The phrase 'label' in en is missing"),
        (act(en={"label": "l", "when": "w", "do": "d"}), "The phrase 'noun' in en is missing"),
    ],
)
def test_an_act_without_sense_is_told(made: Given, message: str) -> None:
    told = of_act(made, facts={"age": "integer"})
    assert any(message in one and one.startswith("a: ") for one in told), told


def test_the_clock_needs_no_phrase_for_what_it_does() -> None:
    made = clock(after="a", wait="PT1H")
    made["sr-latn"], made["en"] = {"label": "l", "kada": "k"}, {"label": "l", "when": "w"}
    read_text(json.dumps(document([], acts={"a": act(), "t": made})))


def test_a_role_that_is_bound_must_be_a_party() -> None:
    question = {"key": "who", "type": "person", "label": both()}
    assert "no party 'nobody'" in of_act(act(form=[question], binds={"nobody": "who"}))[0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"when": "z", "must": "b"}, "There is no act 'z'"),
        ({"when": "a", "must": {"any_of": ["b", "z"]}}, "There is no act 'z'"),
        ({"when": "a", "must": {"any_of": ["b", "c"], "prefers": "d"}}, "none of those in any_of"),
        ({"when": "a", "must": "b", "on_behalf": "nobody"}, "There is no party 'nobody'"),
        ({"when": "a", "must": "b", "within": "urgently"}, "needs a measure"),
        ({"when": "a", "must": "b", "within": "P3D", "measure": "PT1H"}, "not beside a term"),
        ({"when": "a", "must": "b", "within": {"until": "z"}}, "There is no fact 'z'"),
        ({"when": "a", "must": "b", "within": {"until": "age"}}, "'age' is no date"),
        (
            {"when": "a", "must": "b", "within": {"until": "born"}, "measure": "PT1H"},
            "not beside a day",
        ),
        ({"when": "a", "must": "b", "if": {"at": {"lt": "2026-11-23"}}}, "never equals"),
        ({"when": "a", "must": "b", "if": {"z": True}}, "There is no fact 'z'"),
        ({"when": "a", "must": "b", "if": {"age": 1, "hurt": True}}, "A guard names one fact"),
        ({"when": "a", "must": "b", "unknown": "waits"}, "this row has no 'if'"),
        ({"when": "a", "must": "b", "if": {"all": [{"hurt": 1}]}}, "never equals 1"),
        ({"when": "a", "must": "b", "if": {"age": True}}, "never equals True"),
        ({"when": "a", "must": "b", "if": {"born": {"lt": "soon"}}}, "never equals 'soon'"),
        ({"when": "a", "must": "b", "if": {"how": "slowly"}}, "none of the values of 'how'"),
        ({"when": "a", "must": "b", "if": {"how": {"lt": "well"}}}, "has no order"),
        ({"when": {"fact": "z", "becomes": True}, "must": "b"}, "There is no fact 'z'"),
        ({"every": "PT0H", "must": "b"}, "needs a time between"),
        ({"may_not": "safe", "before": "a"}, "No hard guard may stand before 'safe'"),
        ({"while_owed": "a", "may_not": "safe"}, "No hard guard may stand before 'safe'"),
    ],
)
def test_a_row_without_sense_is_told(row: Given, message: str) -> None:
    how = {"type": "code", "label": both(), "values": ["well"]}
    facts = {"age": "integer", "hurt": "boolean", "born": "date", "how": how, "at": "datetime"}
    acts = {name: act() for name in "abcd"} | {"safe": act(protective=True)}
    (told,) = of_row(row, acts=acts, facts=facts)
    assert told.startswith("R-1: ")
    assert message in told


def test_a_soft_guard_may_stand_before_what_protects() -> None:
    acts = {"a": act(), "safe": act(protective=True)}
    soft = {"may_not": "safe", "before": "a", "strength": "reason"}
    read_text(json.dumps(document([rule(soft)], acts=acts)))


def test_rule_ids_stand_once() -> None:
    assert faults(document([rule(ROW), rule(ROW)])) == ["R-1: The rule id 'R-1' stands here twice."]


def test_only_codes_list_their_values() -> None:
    fact = {"type": "integer", "label": both(), "values": ["one"]}
    assert "Only a fact of the type code" in faults(document([], facts={"f": fact}))[0]


def test_one_bad_row_hides_no_other_fault() -> None:
    data = document([rule({"foo": 1}, {"when": "z", "must": "b"}, verified="read")])
    assert len(faults(data)) == 3


def test_a_party_without_a_case_is_told() -> None:
    broken = party()
    del broken["sr-latn"]["loc"]
    assert faults(document([], parties={"csr": broken})) == ["csr: The key 'loc' is missing."]


@pytest.mark.parametrize(("days", "word"), [(-1, "at least 0"), (10_001, "at most 10000")])
def test_working_days_have_bounds(days: int, word: str) -> None:
    row = {"when": "a", "must": "b", "within": {"working_days": days}}
    assert "is not a term" in of_row(row)[0]
