"""A rule book is read, or every fault of it is told at once with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spona.conduct.book import Book, Kind, Term, Unit, Verified, Word
from spona.conduct.build import term
from spona.conduct.faults import BookFaults
from spona.conduct.form import schema
from spona.conduct.reader import digest, read, read_text, sound
from spona.conduct.tests.books import act, both, document, rule
from spona.conduct.tests.faulty import Given, faults, of_act, of_row
from spona.conduct.yamltree import parse

ROW = {"when": "a", "must": "b"}


def read_rule(**more: Any) -> Book:
    return read_text(json.dumps(document([rule(ROW, **more)])))


# -- what is read


def test_terms_are_lengths_as_the_law_counts_them() -> None:
    assert term("PT24H") == Term(Unit.HOURS, 24)
    assert term("P30D") == Term(Unit.DAYS, 30)
    assert term("P18Y") == Term(Unit.MONTHS, 216)
    assert term("-P2D") == Term(Unit.DAYS, 2)
    assert term({"working_days": 5}) == Term(Unit.WORKING_DAYS, 5)
    with pytest.raises(ValueError, match="is not a term"):
        term("P1W")


def test_a_rule_keeps_its_badges_its_tells_and_its_warnings() -> None:
    signed = {"by": "Made Up", "on": "2026-11-23"}
    verified = {"text": "read", "deadline": "signed", "signed": signed}
    tell = [{"after": "PT6H", "tell": "director"}]
    made = read_rule(verified=verified, source="made up", on_breach=tell, warn=["-P2D"], of="R-1")
    badge = made.rule("R-1").badge
    assert (badge.text, badge.deadline, badge.article) == (
        Verified.READ,
        Verified.SIGNED,
        Verified.READ,
    )
    assert (badge.signed_by, badge.signed_on) == ("Made Up", "2026-11-23")
    assert made.rule("R-1").on_breach[0].whom == "director"
    assert made.rule("R-1").warn == (Term(Unit.DAYS, 2),)


def test_every_form_of_a_row_is_read() -> None:
    rows: list[Given] = [
        {"when": "a", "must": {"any_of": ["b", "c"], "prefers": "c"}, "on_behalf": "csr"},
        {"when": {"fact": "age", "becomes": {"gte": 18}}, "must": "b"},
        {"every": "P15D", "must": "b", "anchored": "calendar"},
        {"may_not": "b", "before": "a", "wait": "P15D", "strength": "reason"},
        {"while_owed": "b", "may_not": "c"},
        {"when": "a", "opens": "b", "if": {"not": {"any": [{"age": {"lt": 7}}, {"age": 9}]}}},
        {"when": "a", "closes": "b", "says": both("why")},
        {"when": "a", "extends": "b", "by": "P3M", "max": "P12M"},
        {"never": both("never")},
        {"principle": both("principle")},
        {"when": "a", "must": "b", "within": "urgently", "measure": "PT24H"},
    ]
    made = read_text(json.dumps(document([rule(*rows)], facts={"age": "integer"})))
    found = made.rules[0].rows
    assert [row.kind for row in found] == [
        Kind.RESPONSE,
        Kind.RESPONSE,
        Kind.RESPONSE,
        Kind.CONDITION,
        Kind.MILESTONE,
        Kind.INCLUDE,
        Kind.EXCLUDE,
        Kind.EXTENDS,
        Kind.NEVER,
        Kind.PRINCIPLE,
        Kind.RESPONSE,
    ]
    assert (found[0].targets, found[0].prefers) == (("b", "c"), "c")
    assert found[6].why_closed
    assert found[10].within is not None
    assert found[10].within.word is Word.URGENTLY
    assert found[10].within.counted == Term(Unit.HOURS, 24)


def test_an_act_keeps_what_its_form_asks() -> None:
    question = {"key": "who", "type": "person", "label": both(), "required": True}
    made = act(["csr", "anyone"], form=[question], binds={"csr": "who"}, lasts="P21D", to="csr")
    found = read_text(json.dumps(document([], acts={"a": made}))).acts["a"]
    assert (found.by_anyone, found.by_clock, found.to) == (True, False, ("csr",))
    assert (found.form[0].key, found.form[0].required) == ("who", True)
    assert found.lasts == Term(Unit.DAYS, 21)


def test_words_that_yaml_would_guess_at_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    text = json.dumps(document([])).replace('"version": "1"', '"version": 2026-11-23')
    path.write_text(text.replace('"en": "made up"', '"en": no'), encoding="utf-8")
    made = read(path)
    assert (made.version, made.title["en"]) == ("2026-11-23", "no")


def test_the_digest_does_not_know_the_order_or_form_of_the_file() -> None:
    data = document([rule(ROW)])
    turned = dict(reversed(data.items()))
    assert read_text(json.dumps(data)).digest == read_text(json.dumps(turned, indent=2)).digest
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1}) != digest({"a": 1, "b": 2})
    assert len(digest({})) == 64


def test_the_schema_is_published_as_2020_12() -> None:
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


# -- text that is no document


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "The file is empty."),
        ("a: [", 2, "This is not YAML"),
        ("a: 1\nb: *x\n", 2, "Anchors and aliases"),
        ("a: &x 1\n", 1, "Anchors and aliases"),
        ("a: 1\n---\nb: 1\n", 2, "A rule book is one document"),
        ("a: 1\n[b]: 1\n", 2, "A key is one word."),
        ("a: \x07", 1, "This is not YAML"),
        ("[" * 60 + "]" * 60, 1, "nested deeper than 40"),
    ],
)
def test_what_is_no_document_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BookFaults, match=r"book\.yaml") as found:
        read_text(text)
    (fault,) = found.value.faults
    assert fault.line == line
    assert message in fault.message


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(b"id: a\ntitle: \xff\n")
    with pytest.raises(BookFaults, match="2: This is not UTF-8 text"):
        read(path)


def test_a_key_that_stands_twice_is_told() -> None:
    text = json.dumps(document([rule(ROW)])).replace('"id": "R-1"', '"id": "R-1", "id": "R-2"')
    with pytest.raises(BookFaults, match="R-2: The key 'id' stands here twice"):
        read_text(text)


@pytest.mark.parametrize("data", [[], "x", 1.5, {"acts": []}, {"rules": {}}])
def test_a_document_of_another_kind_is_refused(data: object) -> None:
    assert faults(data)


def test_faults_are_sorted_by_line_and_told_all_at_once() -> None:
    text = "id: X\nversion: 1\nparties: {}\nacts: {a: {by: no_one}}\nrules: [1, {id: 3, rows: 2}]\n"
    with pytest.raises(BookFaults) as found:
        read_text(text, "kid.yaml")
    lines = [fault.line for fault in found.value.faults]
    assert lines == sorted(lines)
    assert len(lines) > 8
    assert str(found.value).startswith("kid.yaml:1: ")


def test_a_place_that_is_not_in_the_file_has_the_line_of_what_holds_it() -> None:
    assert parse("a:\n  b: 1\n").line(("a", "c", 0)) == 1


# -- what departs from the form


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"when": "a"}, "no known form"),
        (["a"], "no known form"),
        ({"when": "a", "must": "b", "x_y": 1}, "'x_y' is no key here"),
        ({"must": "b"}, "The key 'when' is missing"),
        ({"when": "a", "must": "b", "within": "P3X"}, '"P3X" is not a term'),
        ({"when": "a", "must": "b", "within": "soon"}, '"soon" is not a term'),
        ({"when": "a", "must": {"any_of": ["b"]}}, "is not an act"),
        ({"when": "a", "must": "b", "opens": True}, "true can only be false here"),
        ({"when": "a", "opens": "b", "unknown": "maybe"}, "is not one of applies, waits"),
        ({"when": "a", "must": "b", "renews": "yes"}, "is not true or false"),
        ({"when": "a", "must": "b", "if": {"all": []}}, "too short a list"),
        ({"never": {"sr-latn": "", "en": "x"}}, "it is empty"),
    ],
)
def test_a_row_of_another_form_is_told(row: Given, message: str) -> None:
    (told,) = of_row(row)
    assert told.startswith("R-1: ")
    assert message in told


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"verified": "true"}, "is not one of read, partly, memory, local, signed"),
        ({"verified": {"deadline": "read"}}, "is not one of read"),
        ({"on_breach": [{"after": "PT1H", "tell": "boss"}]}, "head_of_service, director"),
        ({"warn": ["P2D"]}, "is not a time before the due moment"),
        (
            {"law": {"act": "ZSZ", "article": 42}},
            "is not text (numbers and dates in quotes) or null",
        ),
        ({"id": "r 1"}, "is not a rule id"),
        ({"rows": []}, "it needs 1 or more"),
        ({"of": "R-9"}, "There is no rule 'R-9'"),
        ({"verified": "read"}, "names its source"),
        ({"verified": "signed", "source": "made up"}, "who signed it"),
    ],
)
def test_a_rule_of_another_form_is_told(more: Given, message: str) -> None:
    (told,) = faults(document([{**rule(ROW), **more}]))
    assert message in told


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ([{"key": "k", "type": "code", "label": both()}], "names no choices"),
        ([{"key": "k", "type": "text", "label": both()}] * 2, "asks 'k' twice"),
        ([{"key": "k", "type": "text", "label": both(), "sets": "f"}], "no fact 'f'"),
        ([{"key": "k", "type": "code", "label": both(), "choices": {}}], "it is empty"),
    ],
)
def test_a_form_is_checked(form: list[Given], message: str) -> None:
    assert message in of_act(act(form=form))[0]


def test_the_values_of_a_fact_are_choices_enough() -> None:
    form = [{"key": "k", "type": "code", "label": both(), "sets": "f"}]
    fact = {"type": "code", "label": both(), "values": ["one", "two"]}
    read_text(json.dumps(document([], acts={"a": act(form=form)}, facts={"f": fact})))


# --- what can be read of a faulty book


def test_of_a_faulty_book_the_sound_rules_are_read() -> None:
    rows = [rule({"when": "a", "must": "b"}), rule({"when": "a", "must": "nowhere"}, rule_id="R-2")]
    found = sound(json.dumps(document(rows)))
    assert [one.where for one in found.faults] == ["R-2"]
    assert found.book is not None
    assert [one.id for one in found.book.rules] == ["R-1"]


def test_a_rule_of_a_faulty_act_is_left_out_too() -> None:
    acts = {"a": act(), "b": act(wrong=1), "c": act("nobody")}
    rows = [rule({"when": "a", "must": "b"}), rule({"when": "a", "must": "c"}, rule_id="R-2")]
    found = sound(json.dumps(document(rows, acts=acts)))
    assert found.book is not None
    assert list(found.book.acts) == ["a"]
    assert found.book.rules == ()
    assert len(found.faults) == 2


@pytest.mark.parametrize("text", ["", "[", "- a", "id: x", "{id: x, version: 1, title: 2}"])
def test_of_what_is_no_book_nothing_is_read(text: str) -> None:
    found = sound(text)
    assert found.book is None
    assert found.faults


def test_of_a_sound_book_everything_is_read() -> None:
    text = json.dumps(document([rule({"when": "a", "must": "b"})]))
    assert sound(text) == (read_text(text), ())
