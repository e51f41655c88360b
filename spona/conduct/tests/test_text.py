"""Sentences show by their verb how sure we are, and never mix languages."""

from __future__ import annotations

import pytest

from spona.conduct.reader import read_text
from spona.conduct.tests.small_book import ANSWER, HEAD, LADDER, TAUGHT, book_with, said
from spona.conduct.text import (
    explain,
    rule_text,
    sentence,
)


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


def test_a_duty_without_a_deadline_is_told_plainly() -> None:
    row = "{when: heard, must: asked}"
    assert said(row) == "Kada se glas čuo, policija dužna je da postavi pitanje."


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
        "Policija se stara da zabeleži glas u roku od 72 sata od postavljanja pitanja."
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


def test_the_printed_book_tells_whom_a_breach_reaches() -> None:
    lines = list(explain(book_with(TAUGHT, extra=LADDER), "sr-latn"))
    assert lines[0] == "Mala knjiga (verzija 1)"
    assert (
        "Ako se ne uradi u roku, obaveštava se rukovodilac službe, posle 6 sati direktor, "
        "a posle 1 dana koordinator." in lines
    )
    assert "Izvor: http://example.org" in lines


def test_english_follows_the_same_patterns() -> None:
    word = "{when: heard, must: asked, within: urgently, measure: PT2H}"
    assert said(word, "en") == (
        "When a voice has been heard, the police must urgently ask a question "
        "(agreed measure: 2 hours)."
    )
    assert said(ANSWER, "en") == (
        "The ministry must, within 5 working days of the question, answer, in the presence of "
        "the police and the schools and in the absence of the ministry."
    )
    assert said(TAUGHT, "en").endswith("teach. So may the police.")
    assert said("{while_owed: answered, may_not: asked}", "en") == (
        "While the ministry still has to answer, the police may not ask a question."
    )
    assert said("{when: asked, extends: answered, by: P3M, max: P12M}", "en") == (
        "When a question has been asked, the time for the answer is extended by 3 months "
        "and may not exceed 12 months in all."
    )
    assert said("{when: asked, opens: answered}", "en") == (
        "After the question the following becomes possible: the answer."
    )


def test_english_says_who_sees_to_it_and_what_anybody_owes() -> None:
    assert said("{when: asked, must: heard, within: PT72H, on_behalf: police}", "en") == (
        "It is for the police to see to it that the person can record the voice "
        "within 72 hours of the question."
    )
    row = "{when: asked, must: heard, within: immediately, measure: PT1H, on_behalf: police}"
    assert said(row, "en").endswith("record the voice at once (agreed measure: 1 hour).")
    assert said(row).endswith("da zabeleži glas odmah (dogovoreno merilo: 1 sat).")
    anybody = "{when: asked, must: heard, within: immediately, measure: PT1H}"
    assert "anybody must at once record the voice" in said(anybody, "en")


GUARD = "if: {urgent: true, phrase: {sr-latn: je hitno, en: it is urgent}}"


@pytest.mark.parametrize("lang", ["sr-latn", "en"])
@pytest.mark.parametrize(
    "row",
    [
        f"{{when: asked, opens: answered, {GUARD}}}",
        f"{{when: asked, closes: answered, {GUARD}}}",
        f"{{may_not: asked, before: heard, {GUARD}}}",
        f"{{while_owed: answered, may_not: asked, {GUARD}}}",
        f"{{when: asked, extends: answered, by: P3M, max: P12M, {GUARD}}}",
        f"{{when: heard, must: asked, within: PT2H, on_behalf: police, {GUARD}}}",
    ],
)
def test_no_pattern_forgets_its_guard(row: str, lang: str) -> None:
    assert said(row, lang).startswith("If it is urgent, " if lang == "en" else "Ako je hitno, ")


def test_the_sentence_of_the_author_comes_before_any_pattern() -> None:
    row = TAUGHT.replace("}", ", says: {sr-latn: tako je odlučeno, en: so it was decided}}")
    assert said(row) == "Tako je odlučeno."
    assert said(row, "en") == "So it was decided."


def test_notes_and_several_articles_are_printed() -> None:
    extra = 'law: {act: ZAPZ, article: "11-12"}, note: {sr-latn: Pazite., en: Take care.}, '
    book = book_with(TAUGHT, extra=extra)
    assert "Napomena: Pazite." in list(explain(book, "sr-latn"))
    assert rule_text(book, book.rules[0], "sr-latn").law == (
        "Zakon o azilu i privremenoj zaštiti, čl. 11–12"
    )
    assert rule_text(book, book.rules[0], "en").law.endswith("Articles 11–12")
    bare = book_with(TAUGHT, "memory")
    assert rule_text(bare, bare.rules[0], "en").law == "No regulation named"
