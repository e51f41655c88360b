"""Two versions of a rule book, compared in the words in which people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.compare import Difference, How, compare, part_name
from spona.conduct.editing import Document
from spona.conduct.reader import read_text

TEXT = Path("protocols/referral.yaml").read_text(encoding="utf-8")
BOOK = read_text(TEXT)
DOCUMENT = Document(TEXT)
NAMED = {act.fires.breach_of for act in BOOK.acts.values() if act.fires}


def after(document: Document, lang: str = "en") -> tuple[Difference, ...]:
    return compare(BOOK, read_text(document.text), lang)


def number_of(rule_id: str) -> int:
    return next(n for n, rule in enumerate(BOOK.rules) if rule.id == rule_id)


@pytest.mark.parametrize("lang", ["sr-latn", "en"])
def test_nothing_differs_from_itself(lang: str) -> None:
    assert compare(BOOK, BOOK, lang) == ()


def test_a_comment_is_no_difference() -> None:
    assert compare(BOOK, read_text(f"# said\n\n{TEXT}"), "en") == ()


def test_a_changed_term_is_told_as_the_old_sentence_and_the_new_one() -> None:
    number, row = next(
        (n, r)
        for n, rule in enumerate(DOCUMENT.data["rules"])
        for r, row in enumerate(rule["rows"])
        if row.get("within") == "PT24H"
    )
    [found] = after(DOCUMENT.put(("rules", number, "rows", row, "within"), "PT12H"))
    assert found.how is How.CHANGED
    assert found.key == BOOK.rules[number].id
    sentence = next(said for said in found.said if said.part == "sentence")
    assert "24 hours" in sentence.old
    assert "12 hours" in sentence.new


def test_of_a_rule_only_the_sentences_that_changed_are_told() -> None:
    number = next(n for n, rule in enumerate(BOOK.rules) if len(rule.rows) > 2)
    found = after(DOCUMENT.remove(("rules", number, "rows", 0)))
    told = next(said for said in found[0].said if said.part == "sentence")
    assert told.old
    assert not told.new


def test_a_rule_that_came_and_one_that_went_are_told_in_their_sentences() -> None:
    rule = {"id": "NEW-1", "verified": "local", "rows": [{"when": "sent", "must": "acknowledged"}]}
    gone = BOOK.rules[0].id
    found = after(DOCUMENT.insert(("rules", 1), rule).remove(("rules", 0)))
    by_key = {one.key: one for one in found}
    assert by_key["NEW-1"].how is How.ADDED
    assert "confirm receipt" in by_key["NEW-1"].said[0].new
    assert by_key[gone].how is How.GONE
    assert by_key[gone].said[0].old


def test_a_phrase_of_an_act_is_a_difference_of_the_act() -> None:
    changed = DOCUMENT.put(("acts", "sent", "sr-latn", "label"), "Slanje uputa")
    [found] = after(changed, "sr-latn")
    assert (found.section, found.key, found.name) == ("acts", "sent", "Slanje uputa")
    assert [(said.old, said.new) for said in found.said] == [("Slanje", "Slanje uputa")]


def test_parties_facts_and_the_title_are_compared_too() -> None:
    changed = DOCUMENT.put(("title", "en"), "Referral")
    changed = changed.put(("parties", "guardian", "en", "name"), "the legal guardian")
    changed = changed.put(("facts", "urgency", "unknown"), "waits")
    found = after(changed)
    assert [one.section for one in found] == ["book", "parties", "facts"]


def test_what_only_the_execution_shows_is_told_too() -> None:
    """A sentence stays the same where a row no longer opens what it asks for."""
    number, row = next(
        (n, r)
        for n, rule in enumerate(DOCUMENT.data["rules"])
        for r, row in enumerate(rule["rows"])
        if isinstance(row.get("must"), str) and "opens" not in row
    )
    [found] = after(DOCUMENT.put(("rules", number, "rows", row, "opens"), False))
    assert "opens: false" in next(one.new for one in found.said if one.part == "execution")


def test_parts_have_names_in_serbian() -> None:
    assert part_name("sentence", "sr-latn") == "rečenica"
    assert part_name("sentence", "en") == "sentence"


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(sorted({rule.id for rule in BOOK.rules} - NAMED)), max_size=5))
def test_comparing_the_other_way_round_swaps_what_came_and_what_went(gone: set[str]) -> None:
    kept = [rule for rule in DOCUMENT.data["rules"] if rule["id"] not in gone]
    smaller = read_text(DOCUMENT.put(("rules",), kept).text)
    assert {one.key for one in compare(BOOK, smaller, "en") if one.how is How.GONE} == gone
    assert {one.key for one in compare(smaller, BOOK, "en") if one.how is How.ADDED} == gone
