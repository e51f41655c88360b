"""Why is this owed, why not yet, what if it is not done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct.book import Kind, Row, Strength
from spona.conduct.marking import Block
from spona.conduct.tests.small_book import LADDER, TAUGHT, book_with
from spona.conduct.text import (
    what_if,
    why_not,
    why_owed,
)

NOW = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 20, 10, tzinfo=UTC)


def test_what_follows_if_a_duty_is_not_done() -> None:
    book = book_with(TAUGHT, extra=LADDER)
    assert what_if(book, book.rules[0], LATER, "sr-latn").startswith(
        "Ako se ne uradi do 24. 11. 2026. u 21.10, obaveštava se rukovodilac službe,"
    )
    midnight = datetime(2026, 12, 23, 23, 0, tzinfo=UTC)
    assert "do kraja dana 23. 12. 2026, obaveštava" in what_if(
        book, book.rules[0], midnight, "sr-latn"
    )
    assert what_if(book, book.rules[0], None, "en").startswith("If it is not done, the head of")
    quiet = book_with(TAUGHT)
    assert what_if(quiet, quiet.rules[0], LATER, "sr-latn").endswith("obaveza ostaje otvorena.")


def test_why_a_duty_is_owed() -> None:
    assert why_owed(book_with(TAUGHT), "taught", "T-1", NOW, LATER, "sr-latn") == (
        "Zašto: zato što je pitanje postavljeno, 23. 11. 2026. u 21.10. "
        "Rok je 24 sata, do 24. 11. 2026. u 21.10 (pravilo T-1). "
        "Pročitano u navedenom izvoru. Pravnik još nije potvrdio."
    )


def test_a_read_term_in_a_partly_read_rule_is_said_to_be_read() -> None:
    book = book_with(TAUGHT, "{text: partly, deadline: read}")
    assert "Rok je pročitan;" in why_owed(book, "taught", "T-1", NOW, LATER, "sr-latn")


def test_why_a_duty_without_a_number_is_owed() -> None:
    row = "{when: asked, must: taught, within: urgently, measure: PT24H}"
    told = why_owed(book_with(row), "taught", "T-1", NOW, LATER, "sr-latn")
    assert "Pravilo kaže „po hitnom postupku“; dogovoreno merilo: do 24. 11. 2026." in told
    english = why_owed(book_with(row), "taught", "T-1", NOW, LATER, "en")
    assert "The rule says “urgently”; agreed measure: by 24 " in english
    free = book_with("{when: asked, must: taught}")
    assert "Rok nije određen" in why_owed(free, "taught", "T-1", NOW, None, "sr-latn")


def test_why_a_duty_until_a_named_day_is_owed() -> None:
    book = book_with("{when: asked, must: taught, within: {until: agreed}}")
    told = why_owed(book, "taught", "T-1", NOW, LATER, "sr-latn")
    assert "Rok je naveden: do 24. 11. 2026. u 21.10 (pravilo T-1)." in told
    assert "It is due on the day named: by 24 " in why_owed(book, "taught", "T-1", NOW, LATER, "en")
    assert "Dan još nije naveden (pravilo T-1)." in why_owed(
        book, "taught", "T-1", NOW, None, "sr-latn"
    )
    assert "not been named yet (rule T-1)" in why_owed(book, "taught", "T-1", NOW, None, "en")


def test_why_a_duty_of_a_fact_or_of_the_calendar_is_owed() -> None:
    fact = book_with("{when: {fact: urgent, becomes: true}, must: asked, within: PT2H}")
    assert "utvrđeno (hitnost), 23. 11." in why_owed(fact, "asked", "T-1", NOW, LATER, "sr-latn")
    assert "established (urgency), 23 " in why_owed(fact, "asked", "T-1", NOW, LATER, "en")
    monthly = book_with("{every: P15D, must: asked}")
    assert "traje od 23. 11." in why_owed(monthly, "asked", "T-1", NOW, LATER, "sr-latn")


def test_a_rule_that_is_not_in_the_book_explains_nothing() -> None:
    with pytest.raises(StopIteration):
        why_owed(book_with(TAUGHT), "taught", "T-9", NOW, LATER, "en")


def block(kind: str, strength: Strength = Strength.HARD, row: Row | None = None) -> Block:
    until = LATER if kind == "delay" else None
    return Block(kind, "T-1", "asked", strength, until, row)


def test_why_an_act_must_wait() -> None:
    book = book_with(TAUGHT)
    names = {"police": "PS Vranje"}
    assert why_not(book, "taught", block("condition"), names, "sr-latn") == (
        "Ne može još: potrebno je da PS Vranje postavi pitanje (pravilo T-1)."
    )
    assert why_not(book, "taught", block("milestone"), {}, "en") == (
        "Not yet: the police has to ask a question (rule T-1)."
    )


def test_a_soft_block_says_that_one_may_go_on() -> None:
    book = book_with(TAUGHT)
    soft = block("condition", Strength.REASON)
    assert why_not(book, "taught", soft, {}, "sr-latn") == (
        "Pre ovoga potrebno je da policija postavi pitanje (pravilo T-1). "
        "Možete nastaviti uz obrazloženje; rukovodilac će biti obavešten."
    )
    assert "You may go on with a reason" in why_not(book, "taught", soft, {}, "en")


def test_a_delay_names_the_moment() -> None:
    book = book_with("{may_not: taught, before: asked, wait: P15D}")
    row = book.rules[0].rows[0]
    assert row.kind is Kind.CONDITION
    assert why_not(book, "taught", block("delay", row=row), {}, "sr-latn") == (
        "Ne može pre 24. 11. 2026. u 21.10: čeka se istek 15 dana od postavljanja pitanja "
        "(pravilo T-1)."
    )
    assert "15 days since the question must pass" in why_not(
        book, "taught", block("delay", row=row), {}, "en"
    )


def test_what_is_closed_says_after_what_it_opens() -> None:
    book = book_with("{when: asked, opens: taught}, {when: heard, must: taught}")
    closed = Block("excluded", "", "", Strength.HARD, None, None)
    assert why_not(book, "taught", closed, {}, "sr-latn") == (
        "Sada nije moguće. Postaje moguće posle postavljanja pitanja ili posle glasa."
    )
    assert why_not(book, "asked", closed, {}, "en") == "Not possible now."


def test_an_act_of_anybody_is_asked_for_by_its_name() -> None:
    book = book_with(TAUGHT)
    free = Block("condition", "T-1", "heard", Strength.HARD, None, None)
    assert why_not(book, "taught", free, {}, "sr-latn") == (
        "Ne može još: potrebno je: glas (pravilo T-1)."
    )
