"""Sentences agree in number, show by their verb how sure we are, and never mix languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spona.conduct.book import Book, Kind, Row, Strength
from spona.conduct.marking import Block
from spona.conduct.reader import read_text
from spona.conduct.text import (
    counted,
    deadline,
    explain,
    moment,
    rule_text,
    sentence,
    what_if,
    why_not,
    why_owed,
)

COUNTED = {
    "days": ("1 dan", "2 dana", "5 dana", "11 dana", "12 dana", "21 dan", "0 dana", "112 dana"),
    "working_days": (
        *("1 radni dan", "2 radna dana", "5 radnih dana", "11 radnih dana"),
        *("12 radnih dana", "21 radni dan", "0 radnih dana", "112 radnih dana"),
    ),
    "hours": ("1 sat", "2 sata", "5 sati", "11 sati", "12 sati", "21 sat", "0 sati", "112 sati"),
    "cas": (
        *("1 čas", "2 časa", "5 časova", "11 časova"),
        *("12 časova", "21 čas", "0 časova", "112 časova"),
    ),
    "months": (
        *("1 mesec", "2 meseca", "5 meseci", "11 meseci"),
        *("12 meseci", "21 mesec", "0 meseci", "112 meseci"),
    ),
    "years": (
        *("1 godina", "2 godine", "5 godina", "11 godina"),
        *("12 godina", "21 godina", "0 godina", "112 godina"),
    ),
    "weeks": (
        *("1 nedelja", "2 nedelje", "5 nedelja", "11 nedelja"),
        *("12 nedelja", "21 nedelja", "0 nedelja", "112 nedelja"),
    ),
    "minutes": (
        *("1 minut", "2 minuta", "5 minuta", "11 minuta"),
        *("12 minuta", "21 minut", "0 minuta", "112 minuta"),
    ),
}
NUMBERS = (1, 2, 5, 11, 12, 21, 0, 112)


@pytest.mark.parametrize(
    ("unit", "number", "expected"),
    [
        (unit, number, said)
        for unit, row in COUNTED.items()
        for number, said in zip(NUMBERS, row, strict=True)
    ],
)
def test_a_number_agrees_with_its_unit(unit: str, number: int, expected: str) -> None:
    assert counted(number, unit) == expected


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (1, "days", "1 dana"),
        (2, "days", "2 dana"),
        (21, "days", "21 dana"),
        (1, "working_days", "1 radnog dana"),
        (5, "working_days", "5 radnih dana"),
        (21, "working_days", "21 radnog dana"),
        (1, "hours", "1 sata"),
        (24, "hours", "24 sata"),
        (48, "hours", "48 sati"),
        (72, "hours", "72 sata"),
        (1, "cas", "1 časa"),
        (24, "cas", "24 časa"),
        (48, "cas", "48 časova"),
        (1, "weeks", "1 nedelje"),
        (1, "months", "1 meseca"),
        (3, "months", "3 meseca"),
        (6, "months", "6 meseci"),
        (1, "years", "1 godine"),
        (18, "years", "18 godina"),
        (30, "minutes", "30 minuta"),
    ],
)
def test_after_od_the_number_stands_in_the_genitive(number: int, unit: str, expected: str) -> None:
    assert counted(number, unit, "gen") == expected


def test_one_week_and_one_year_have_their_own_accusative() -> None:
    assert counted(1, "weeks", "acc") == "1 nedelju"
    assert counted(21, "years", "acc") == "21 godinu"


def test_a_decimal_number_takes_a_comma_and_the_last_form() -> None:
    assert counted(1.5, "hours") == "1,5 sati"


def test_english_counts_one_hour_and_two_hours() -> None:
    assert counted(1, "hours", lang="en") == "1 hour"
    assert counted(5, "working_days", lang="en") == "5 working days"


def test_an_unknown_unit_or_case_is_refused() -> None:
    with pytest.raises(KeyError):
        counted(2, "fortnights")
    with pytest.raises(ValueError, match="dat"):
        counted(2, "days", "dat")


def test_dates_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
    assert moment(at, "sr-latn") == "23. 11. 2026. u 21.10"
    assert moment(at, "en") == "23 November 2026 at 21:10"


def test_an_hour_before_ten_has_one_digit() -> None:
    assert moment(datetime(2026, 12, 8, 8, 5, tzinfo=UTC), "sr-latn") == "8. 12. 2026. u 9.05"


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    due = datetime(2026, 12, 23, 23, 0, tzinfo=UTC)
    assert deadline(due, "sr-latn") == "kraja dana 23. 12. 2026."
    assert deadline(due, "en") == "the end of 23 December 2026"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 11, 23, 21, 10), "en")  # noqa: DTZ001 -- the fault under test


# -- a small synthetic book: one court, two ministries, three acts

HEAD = """
id: small
version: "1"
title: {sr-latn: Mala knjiga, en: Small book}
parties:
  police:
    type: MUP
    gender: f
    sr-latn: {nom: policija, gen: policije, dat: policiji, acc: policiju, ins: policijom, loc: policiji}
    en: {name: the police}
  ministry:
    type: MRZBSP
    gender: n
    sr-latn: {nom: ministarstvo, gen: ministarstva, dat: ministarstvu, acc: ministarstvo, ins: ministarstvom, loc: ministarstvu}
    en: {name: the ministry}
  schools:
    type: SKOLA
    gender: f
    plural: true
    sr-latn: {nom: škole, gen: škola, dat: školama, acc: škole, ins: školama, loc: školama}
    en: {name: the schools}
facts:
  urgent: {type: boolean, label: {sr-latn: Hitnost, en: Urgency}}
acts:
  asked:
    by: police
    sr-latn: {label: Pitanje, kada: je pitanje postavljeno, da: postavi pitanje, gen: postavljanja pitanja}
    en: {label: Question, when: a question has been asked, do: ask a question, noun: the question}
  answered:
    by: ministry
    with: [police, schools]
    without: [ministry]
    sr-latn: {label: Odgovor, kada: je odgovor dat, da: odgovori, gen: odgovora}
    en: {label: Answer, when: an answer has been given, do: answer, noun: the answer}
  taught:
    by: [schools, police]
    sr-latn: {label: Nastava, kada: je nastava održana, da: održe nastavu, gen: nastave}
    en: {label: Teaching, when: teaching has been held, do: teach, noun: the teaching}
  heard:
    by: anyone
    sr-latn: {label: Glas, kada: se glas čuo, da: zabeleži glas, gen: glasa}
    en: {label: Voice, when: a voice has been heard, do: record the voice, noun: the voice}
rules:
"""


def book_with(row: str, verified: str = "read", extra: str = "") -> Book:
    rule = (
        f'  - {{id: T-1, source: "http://example.org", verified: {verified}, {extra}rows: [{row}]}}'
    )
    return read_text(HEAD + rule)


def said(row: str, lang: str = "sr-latn", verified: str = "read", extra: str = "") -> str:
    book = book_with(row, verified, extra)
    return sentence(book, book.rules[0], book.rules[0].rows[0], lang)


TAUGHT = "{when: asked, must: taught, within: PT24H}"
ANSWER = "{when: asked, must: answered, within: {working_days: 5}}"


def test_what_was_read_is_a_duty_and_the_deadline_precedes_the_verb() -> None:
    assert said(ANSWER) == (
        "Ministarstvo dužno je da u roku od 5 radnih dana od postavljanja pitanja odgovori, "
        "uz prisustvo policije i škola, a bez prisustva ministarstva."
    )


def test_the_plural_has_its_own_duty_and_others_may_do_it_too() -> None:
    assert said(TAUGHT) == (
        "Škole dužne su da u roku od 24 sata od postavljanja pitanja održe nastavu. "
        "To može da učini i policija."
    )


def test_what_is_remembered_should_be_done_and_what_is_agreed_is_agreed() -> None:
    assert said(TAUGHT, verified="memory").startswith("Trebalo bi da škole u roku od")
    assert said(TAUGHT, verified="local").startswith("Dogovoreno je da škole u roku od")
    assert said(TAUGHT, "en", "memory").startswith("As far as we know, the schools should,")
    assert said(TAUGHT, "en", "local").startswith("It is agreed that the schools will,")
    assert said(TAUGHT, "en").startswith("The schools must, within 24 hours of the question,")


def test_hours_of_a_source_that_says_cas_are_casovi() -> None:
    assert "u roku od 24 časa od" in said(TAUGHT, extra="unit_words: cas, ")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("immediately", "odmah"),
        ("urgently", "po hitnom postupku"),
        ("without_delay", "bez odlaganja"),
        ("regularly", "redovno"),
    ],
)
def test_a_word_of_the_law_stays_a_word_beside_the_agreed_measure(word: str, expected: str) -> None:
    row = f"{{when: heard, must: asked, within: {word}, measure: PT2H}}"
    assert said(row) == (
        f"Kada se glas čuo, policija dužna je da {expected} postavi pitanje "
        "(dogovoreno merilo: 2 sata)."
    )


def test_an_agreed_term_is_not_shown_as_the_term_of_the_source() -> None:
    local = "{text: read, deadline: local}"
    assert said("{when: heard, must: asked, within: PT24H}", verified=local) == (
        "Kada se glas čuo, policija dužna je da postavi pitanje "
        "(dogovoren rok: 24 sata; izvor ga ne određuje)."
    )


def test_a_remembered_term_says_so() -> None:
    memory = "{text: read, deadline: memory}"
    assert "(rok: neprovereno)" in said(
        "{when: heard, must: asked, within: PT24H}", verified=memory
    )


def test_a_preferred_option_is_named_among_the_options() -> None:
    row = "{when: heard, must: {any_of: [asked, taught], prefers: taught}, within: P3M}"
    assert said(row) == (
        "Policija dužna je da u roku od 3 meseca od glasa izabere jednu od mogućnosti: "
        "1) postavi pitanje; 2) održe nastavu, što ima prednost."
    )
    assert "choose one of: (1) ask a question; (2) teach, which is preferred" in said(row, "en")


def test_a_guard_opens_the_sentence() -> None:
    row = (
        "{when: heard, must: asked, within: urgently, measure: PT2H,"
        " if: {urgent: true, phrase: {sr-latn: je hitno, en: it is urgent}}}"
    )
    assert said(row).startswith("Ako je hitno, policija dužna je da posle glasa po hitnom postupku")
    assert said(row, "en").startswith("If it is urgent, the police must, after the voice, urgently")


def test_a_fact_that_becomes_so_opens_the_sentence() -> None:
    row = "{when: {fact: urgent, becomes: true}, must: asked, within: PT2H}"
    assert said(row).startswith("Čim se utvrdi (hitnost), policija dužna je da u roku od 2 sata")
    assert said(row, "en").startswith("As soon as it is established (urgency), the police must,")


def test_a_clock_without_a_genitive_is_named_by_its_clause() -> None:
    clock = """
  rung:
    by: clock
    fires: {after: asked, wait: P15D}
    sr-latn: {label: Zvono, kada: je zvono zvonilo}
    en: {label: Bell, when: the bell has rung}
rules:
"""
    rule = "  - {id: T-1, verified: local, rows: [{when: rung, must: asked, within: P3D}]}"
    book = read_text(HEAD.replace("\nrules:\n", clock) + rule)
    assert sentence(book, book.rules[0], book.rules[0].rows[0], "sr-latn") == (
        "Kada je zvono zvonilo, dogovoreno je da policija u roku od 3 dana postavi pitanje."
    )


def test_what_repeats_says_again() -> None:
    row = "{when: asked, must: asked, within: P30D, renews: true}"
    assert "u roku od 30 dana od postavljanja pitanja ponovo postavi pitanje" in said(row)
    assert "u razmacima od najviše 15 dana" in said("{every: P15D, must: asked}")
    assert "at intervals of at most 15 days" in said("{every: P15D, must: asked}", "en")


def test_an_act_of_anybody_is_a_duty_of_everybody() -> None:
    row = "{when: asked, must: heard, within: immediately, measure: PT1H}"
    assert said(row).startswith(
        "Kada je pitanje postavljeno, svako je dužan da odmah zabeleži glas"
    )


def test_somebody_sees_to_it_that_a_person_is_in_time() -> None:
    row = "{when: asked, must: heard, within: PT72H, on_behalf: police}"
    assert said(row) == (
        "Policija stara se da zabeleži glas u roku od 72 sata od postavljanja pitanja."
    )


def test_a_guard_before_an_act() -> None:
    row = "{may_not: asked, before: heard}"
    assert said(row) == "Pre glasa policija ne može da postavi pitanje."
    assert said(row, verified="memory").startswith("Ne bi trebalo da policija pre glasa")
    assert said(row, "en", "memory").startswith("As far as we know, before the voice, the police")
    assert said(row, "en") == "Before the voice, the police may not ask a question."


def test_a_soft_guard_names_the_way_through() -> None:
    row = "{may_not: asked, before: heard, strength: reason}"
    assert said(row).endswith(", osim iz razloga koji se upisuje.")
    assert said(row, "en").endswith(", except for a reason that is recorded.")


def test_a_delay_is_waited_out() -> None:
    row = "{may_not: asked, before: heard, wait: P15D}"
    assert said(row) == "Pre isteka 15 dana od glasa policija ne može da postavi pitanje."
    assert "Until 15 days have passed since the voice" in said(row, "en")


def test_while_one_thing_is_owed_another_may_not_be_done() -> None:
    assert said("{while_owed: answered, may_not: asked}") == (
        "Dok ministarstvo ne odgovori, policija ne može da postavi pitanje."
    )


def test_opening_closing_and_extending() -> None:
    assert said("{when: asked, opens: answered}") == (
        "Posle postavljanja pitanja postaje moguće: odgovor."
    )
    assert said("{when: asked, closes: answered}") == (
        "Kada je pitanje postavljeno, više nije moguće: odgovor."
    )
    assert said("{when: asked, extends: answered, by: P3M, max: P12M}") == (
        "Kada je pitanje postavljeno, rok odgovora produžava se za 3 meseca, "
        "a ukupno ne može biti duži od 12 meseci."
    )
    assert said("{when: asked, closes: answered}", "en").endswith("no longer possible: the answer.")


def test_a_remembered_article_is_not_printed() -> None:
    law = 'law: {act: PZ, article: "128"}, '
    read = book_with(TAUGHT, "read", law)
    remembered = book_with(TAUGHT, "{text: read, article: memory}", law)
    assert rule_text(read, read.rules[0], "sr-latn").law == "Porodični zakon, član 128"
    assert rule_text(read, read.rules[0], "en").law == "Family Law, Article 128"
    assert rule_text(remembered, remembered.rules[0], "sr-latn").law == "Porodični zakon"


def test_a_signature_is_shown_with_name_and_day() -> None:
    signed = "{text: signed, signed: {by: Izmišljena Pravnica, 'on': '2026-12-01'}}"
    book = book_with(TAUGHT, signed)
    assert rule_text(book, book.rules[0], "sr-latn").badge == (
        "potvrdio pravnik (Izmišljena Pravnica, 1. 12. 2026.)"
    )


def test_the_badge_of_a_deadline_is_shown_only_where_it_differs() -> None:
    same, other = book_with(TAUGHT), book_with(TAUGHT, "{text: read, deadline: local}")
    assert rule_text(same, same.rules[0], "sr-latn").deadline_badge == ""
    assert rule_text(other, other.rules[0], "sr-latn").deadline_badge == "lokalni dogovor"


def test_two_rows_with_one_sentence_print_it_once() -> None:
    book = book_with(f"{TAUGHT}, {TAUGHT}")
    assert len(rule_text(book, book.rules[0], "sr-latn").sentences) == 1


LADDER = (
    "on_breach: [{after: PT0H, tell: head_of_service}, {after: PT6H, tell: director},"
    " {after: P1D, tell: coordinator}], "
)


def test_the_printed_book_tells_whom_a_breach_reaches() -> None:
    lines = list(explain(book_with(TAUGHT, extra=LADDER), "sr-latn"))
    assert lines[0] == "Mala knjiga (verzija 1)"
    assert (
        "Ako se ne uradi u roku, obaveštava se rukovodilac službe, posle 6 sati direktor, "
        "a posle 1 dana koordinator." in lines
    )
    assert "Izvor: http://example.org" in lines


NOW = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 20, 10, tzinfo=UTC)


def test_what_follows_if_a_duty_is_not_done() -> None:
    book = book_with(TAUGHT, extra=LADDER)
    assert what_if(book, book.rules[0], LATER, "sr-latn").startswith(
        "Ako se ne uradi do 24. 11. 2026. u 21.10, obaveštava se rukovodilac službe,"
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


def test_why_a_duty_without_a_number_is_owed() -> None:
    row = "{when: asked, must: taught, within: urgently, measure: PT24H}"
    told = why_owed(book_with(row), "taught", "T-1", NOW, LATER, "sr-latn")
    assert "Pravilo kaže „po hitnom postupku“; dogovoreno merilo: do 24. 11. 2026." in told
    free = book_with("{when: asked, must: taught}")
    assert "Rok nije određen" in why_owed(free, "taught", "T-1", NOW, None, "sr-latn")


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
