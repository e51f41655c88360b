"""A row of a rule becomes the fields of a form and the same row again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spona.conduct.editing.splices import same
from spona.conduct.yamltree import parse
from spona.protocols.rules import rows, terms

BOOKS = {
    path.stem: parse(path.read_text(encoding="utf-8")).data
    for path in Path("protocols").glob("*.yaml")
}


def all_rows(book: Any) -> list[dict[str, Any]]:
    return [row for rule in book["rules"] for row in rule["rows"]]


@pytest.mark.parametrize("name", BOOKS)
def test_every_row_of_every_book_is_itself_again(name: str) -> None:
    book = BOOKS[name]
    for row in all_rows(book):
        again = rows.join(rows.kind_of(row), rows.split(row), row, book["facts"])
        assert same(again, row)
        assert list(again) == list(row)


def test_a_new_row_stands_as_the_house_writes_it() -> None:
    fields = rows.split({"when": "a", "must": "b"}) | {"within": "hours", "amount": 24}
    assert rows.join("must", fields, {}, {}) == {"when": "a", "must": "b", "within": "PT24H"}


def test_a_value_has_the_type_of_its_fact() -> None:
    facts = {"age": {"type": "integer"}, "alone": {"type": "boolean"}}
    fields = rows.split({"when": "a", "opens": "b"})
    older = rows.join("opens", fields | {"fact": "age", "op": "gte", "value": "14"}, {}, facts)
    assert older["if"] == {"age": {"gte": 14}}
    alone = rows.join("opens", fields | {"fact": "alone", "value": "true"}, {}, facts)
    assert alone["if"] == {"alone": True}


def test_a_guard_of_several_facts_is_shown_as_it_is_written() -> None:
    row = {"when": "a", "opens": "b", "if": {"any": [{"x": True}, {"y": 1}]}}
    fields = rows.split(row)
    assert fields["compound"] == "{any: [{x: true}, {y: 1}]}"
    with pytest.raises(ValueError, match="names facts"):
        rows.join("opens", fields | {"compound": "x"}, row, {})
    with pytest.raises(ValueError, match="YAML"):
        rows.join("opens", fields | {"compound": "{x"}, row, {})


def test_what_has_no_form_has_no_kind() -> None:
    assert rows.kind_of({"says": 1}) == ""
    assert rows.kind_of("a") == ""


@pytest.mark.parametrize("raw", ["PT24H", "P30D", "P3M", "P18Y", {"working_days": 5}])
def test_terms_are_a_unit_and_a_number(raw: Any) -> None:
    assert terms.join(*terms.split(raw)) == raw
    assert terms.join_within(*terms.split_within(raw)) == raw


@pytest.mark.parametrize("raw", ["immediately", {"until": "day"}, None])
def test_deadlines_are_words_and_days_too(raw: Any) -> None:
    assert terms.join_within(*terms.split_within(raw)) == raw
