"""The table and the text of a rule book are one document: an edit touches only what it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.editing import CannotEdit, Document
from spona.conduct.editing.document import hull
from spona.conduct.editing.splices import applied, same
from spona.conduct.yamltree import parse

BOOKS = sorted(Path("protocols").glob("*.yaml"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in BOOKS}

SMALL = """\
# A book for tests; it states no law.
id: small            # the name
version: "1"
title: {sr-latn: Mala, en: "Small"}   # two languages
acts:
  # before anything
  asked:
    by: police       # who
    en: {label: Question, when: asked}
  answered: {by: [ministry, police], en: {label: 'It''s an answer'}}

rules:
  # --- first
  - id: A-1
    verified: local
    rows:
      - {when: asked, must: answered, within: PT24H}   # soon
      - when: asked
        opens: answered

  # --- second
  - id: A-2
    note:
      sr-latn: |
        dva
        reda
      en: two
    verified: {text: read,
               deadline: local}  # over two lines
    rows: []
"""


def changed(path: Any, value: Any) -> str:
    return Document(SMALL).put(path, value).text


def test_a_scalar_changes_alone() -> None:
    after = changed(("acts", "asked", "by"), "school")
    assert after == SMALL.replace("by: police       # who", "by: school       # who")


def test_quotes_stay_quotes() -> None:
    assert 'version: "2"  ' not in SMALL
    assert changed(("version",), "2") == SMALL.replace('version: "1"', 'version: "2"')
    said = changed(("acts", "answered", "en", "label"), "That's it")
    assert said == SMALL.replace("'It''s an answer'", "'That''s it'")


def test_what_would_be_read_as_something_else_is_quoted() -> None:
    for text in ("true", "12", "1.5", "", " a", "a: b", "a #b", "- a", "[x", "a\nb", "~", "null"):
        assert Document(SMALL).put(("title", "sr-latn"), text).data["title"]["sr-latn"] == text
        assert (
            Document(SMALL).put(("acts", "asked", "by"), text).data["acts"]["asked"]["by"] == text
        )


def test_a_key_comes_behind_the_one_before_it_and_goes_again() -> None:
    document = Document(SMALL)
    act = {"by": "police", "to": ["school"], "en": document.get(("acts", "asked", "en"))}
    with_to = document.put(("acts", "asked"), act)
    assert "by: police       # who\n    to: [school]\n    en:" in with_to.text
    assert with_to.remove(("acts", "asked", "to")).text == SMALL


def test_a_key_in_brackets_comes_and_goes() -> None:
    document = Document(SMALL)
    row = ("rules", 0, "rows", 0)
    longer = document.put((*row, "measure"), "PT1H")
    assert "within: PT24H, measure: PT1H}   # soon" in longer.text
    assert longer.remove((*row, "measure")).text == SMALL
    over_two_lines = document.put(("rules", 1, "verified", "article"), "memory")
    assert "{text: read,\n               deadline: local, article: memory}" in over_two_lines.text


def test_a_rule_comes_in_the_middle_and_goes_again() -> None:
    document = Document(SMALL)
    rule = {"id": "A-3", "verified": "local", "rows": [{"when": "asked", "must": "answered"}]}
    longer = document.insert(("rules", 1), rule)
    assert "- id: A-3\n    verified: local\n    rows:\n      - {when: asked, must: answered}\n" in (
        longer.text
    )
    assert longer.remove(("rules", 1)).text == SMALL


def test_a_rule_goes_and_the_comments_around_stay() -> None:
    after = Document(SMALL).remove(("rules", 0)).text
    assert "# --- first" in after
    assert "# --- second" in after
    assert "A-1" not in after


def test_an_empty_list_becomes_lines_and_empty_again() -> None:
    document = Document(SMALL)
    with_row = document.put(("rules", 1, "rows"), [{"when": "asked", "must": "answered"}])
    assert "    rows:\n      - when: asked\n        must: answered" in with_row.text
    assert with_row.put(("rules", 1, "rows"), []).text == SMALL


def test_a_text_over_lines_becomes_another() -> None:
    after = Document(SMALL).put(("rules", 1, "note", "sr-latn"), "jedan")
    assert '      sr-latn: "jedan"\n      en: two' in after.text


def test_a_row_in_lines_changes_its_form() -> None:
    row: dict[str, Any] = {"may_not": "answered", "before": "asked"}
    after = Document(SMALL).put(("rules", 0, "rows", 1), row)
    assert "      - may_not: answered\n        before: asked\n" in after.text


def test_a_book_without_rules_gets_its_first() -> None:
    document = Document("id: x\nrules: []\nacts: {}\n")
    act = {"by": "p", "sr-latn": {"label": "a"}, "en": {"label": "b"}}
    both = document.put(("rules",), [{"id": "A-1", "rows": []}]).put(("acts", "a"), act)
    assert both.text == (
        "id: x\nrules:\n  - id: A-1\n    rows: []\nacts:\n  a:\n    by: p\n"
        "    sr-latn: {label: a}\n    en: {label: b}\n"
    )


# --- random edits

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | WORDS
KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value but the whole."""
    steps = (
        list(value)
        if isinstance(value, dict)
        else range(len(value) if isinstance(value, list) else 0)
    )
    return [one for step in steps for one in ((*at, step), *paths(value[step], (*at, step)))]


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from([SMALL, "a: [1, {b: c}]\n", "- a\n- b:\n    c\n- - d\n"]))
def test_any_value_at_any_place_reads_back_and_is_undone_byte_by_byte(data: Any, text: str) -> None:
    document, steps = Document(text), list[tuple[str, str]]()
    for _ in range(3):
        path = data.draw(st.sampled_from(paths(document.data) or [()]))
        gone = data.draw(st.booleans()) if path else False
        edited = _tried(document, gone, path, data.draw(VALUES | SCALARS))
        assert same(edited.data, parse(edited.text).data)
        steps.append((document.text, edited.text))
        document = edited
    for before, later in reversed(steps):
        assert applied(later, [hull(later, before)]) == before
    assert steps[0][0] == text


def _tried(document: Document, gone: bool, path: Any, value: Any) -> Document:
    """The text may be written in a way that cannot be edited; then it stays as it is."""
    try:
        return document.remove(path) if gone else document.put(path, value)
    except CannotEdit:
        return document


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_edits_of_a_real_book_touch_one_place_and_keep_each_comment(name: str, data: Any) -> None:
    """And the way back by the table, value by value, gives the text byte by byte."""
    text = TEXTS[name]
    document = Document(text)
    comments = [line for line in text.splitlines() if line.strip().startswith("#")]
    leaves = [p for p in paths(document.data) if isinstance(document.get(p), str)]
    chosen = data.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=3, unique=True))
    edited = document
    for path in chosen:
        edited = edited.put(path, "izmenjeno")
        lines = zip(text.splitlines(), edited.text.splitlines(), strict=True)
        assert sum(one != other for one, other in lines) <= len(chosen)
    assert [line for line in edited.text.splitlines() if line.strip().startswith("#")] == comments
    for path in reversed(chosen):
        edited = edited.put(path, document.get(path))
    assert edited.text == text


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_rule_added_to_a_real_book_and_taken_out_again_leaves_no_trace(
    name: str, data: Any
) -> None:
    document = Document(TEXTS[name])
    at = data.draw(st.integers(0, len(document.data["rules"])))
    rule = {"id": "NOVO-1", "verified": "local", "rows": [{"when": "a", "must": "b"}]}
    longer = document.insert(("rules", at), rule)
    assert longer.get(("rules", at)) == rule
    assert longer.remove(("rules", at)).text == document.text
    key = {"by": "anyone", "en": {"label": "x"}}
    longer = document.put(("acts", "novo"), key)
    assert longer.remove(("acts", "novo")).text == document.text
