"""The rule book of the unaccompanied child: what it says, whence, what it may never do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from spona.conduct.book import Kind, Rule, Strength, Verified
from spona.conduct.tests.child_run import NEVER_WAITS, ROOT, book
from spona.conduct.text import explain, rule_text, sentence

# -- what it says

EXAMPLES = {
    "UASC-01": "Kada terenski socijalni radnik sretne lice koje kaže da je mlađe od 18 godina ili "
    "tako izgleda, a bez roditelja je i staratelja, dužan je da ga prihvati kao dete i da odmah "
    "obavesti organ starateljstva (dogovoreno merilo: 1 sat).",
    "UASC-02": "Kada je primljeno obaveštenje o detetu bez pratnje, centar za socijalni rad dužan "
    "je da po hitnom postupku postavi privremenog staratelja (dogovoreno merilo: 24 sata).",
    "UASC-02a": "Ako dete nema utvrđeno prebivalište ni boravište, nadležan je centar za socijalni "
    "rad mesta u kome je dete nađeno.",
    "UASC-03": "Kada je privremeni staratelj postavljen, dužan je da obavi prvi razgovor sa "
    "detetom, uz prisustvo terenskog socijalnog radnika i prevodioca, a bez prisustva pratioca "
    "(dogovoren rok: 24 sata; izvor ga ne određuje).",
    "UASC-04": "Kada je prvi razgovor sa detetom obavljen, zdravstvena ustanova dužna je da obavi "
    "prvi lekarski pregled deteta, uz prisustvo privremenog staratelja (dogovoren rok: 24 sata; "
    "izvor ga ne određuje).",
    "UASC-06": "Najkasnije u roku od 21 dana od hitnog smeštaja centar za socijalni rad dužan je "
    "da u najboljem interesu deteta odluči o privremenom smeštaju, i to: 1) u hraniteljsku "
    "porodicu, prvenstveno dete do 14 godina; 2) u ustanovu socijalne zaštite; 3) u zdravstvenu "
    "ustanovu, ako to zahteva zdravstveno stanje; 4) u centar za azil, samo ako je dete starije "
    "od 16 godina i ako je zahtev za azil podnet.",
    "UASC-07": "Centar za socijalni rad dužan je da u roku od 24 sata od prijema obaveštenja "
    "donese privremeni zaključak o obezbeđenju smeštaja.",
    "UASC-08": "Centar za socijalni rad dužan je da u roku od 30 dana od prijema obaveštenja "
    "donese rešenje o stavljanju pod starateljstvo sa planom staranja.",
    "UASC-08a": "Ako štićenik ima imovinu, centar za socijalni rad dužan je da u roku od 8 dana "
    "od prijema obaveštenja popiše imovinu štićenika.",
    "UASC-08b": "Staratelj ne može biti lice koje na to nije pristalo ili čiji su interesi "
    "suprotni interesima deteta.",
    "UASC-09": "Pre postavljanja privremenog staratelja policija ne može da registruje nameru "
    "deteta da podnese zahtev za azil.",
    "UASC-10": "Kada je namera za podnošenje zahteva za azil registrovana, policija dužna je da "
    "odmah izda potvrdu o registraciji u dva primerka, jedan detetu i jedan za arhivu "
    "(rok: neprovereno; dogovoreno merilo: 24 sata).",
    "ASY-01": "Ako je u potvrdi određen centar, privremeni staratelj se stara da se dete javi u "
    "taj centar u roku od 72 sata od registracije namere.",
    "ASY-02": "Kancelarija za azil dužna je da u roku od 15 dana od registracije namere omogući "
    "podnošenje zahteva za azil.",
    "ASY-04": "Kancelarija za azil dužna je da u roku od 3 meseca od podnošenja zahteva za azil "
    "odluči o zahtevu za azil.",
    "UASC-15": "Saslušanje deteta bez pratnje ne može se održati bez prisustva staratelja.",
    "UASC-16": "Staratelj je dužan da redovno posećuje dete i da se lično uveri u uslove u kojima "
    "dete živi (dogovoreno merilo za prvu posetu: 3 dana).",
    "UASC-17": "Staratelj bi trebalo da do kraja februara podnese izveštaj za prethodnu godinu.",
    "UASC-19": "Za utvrđivanje uzrasta ne postoji propisan postupak. Dok se ne utvrdi drugačije, "
    "postupa se kao sa detetom.",
    "UASC-20": "Škola je dužna da detetu koje traži azil omogući obrazovanje odmah, a najkasnije "
    "u roku od 3 meseca od podnošenja zahteva.",
    "MISS-01": "Kada je primećeno da deteta nema, ustanova u kojoj dete boravi dužna je da odmah "
    "prijavi nestanak deteta policiji na broj 192 (dogovoreno merilo: 1 sat). To može da učini i "
    "centar za socijalni rad, privremeni staratelj, terenski socijalni radnik ili radnik koji je "
    "sreo dete.",
    "THB-05": "Ni na uputu ni na ispravi koja se svakodnevno koristi nikada se ne navodi da je "
    "osoba žrtva trgovine ljudima.",
}


@pytest.mark.parametrize(("rule_id", "expected"), EXAMPLES.items())
def test_a_rule_reads_as_a_lawyer_would_write_it(rule_id: str, expected: str) -> None:
    assert rule_text(book(), book().rule(rule_id), "sr-latn").sentences[0] == expected


ENGLISH = re.compile(
    r"\b(the|must|child|when|within|and|of|is|not|before|after|none|null|placeholder)\b|[{}_*]",
    re.IGNORECASE,
)
SERBIAN = re.compile(r"[čćšžđ]|\b(dete|centar|staratelj|rok)\b", re.IGNORECASE)


@pytest.mark.parametrize("lang", ["sr-latn", "en"])
def test_every_row_is_one_or_more_whole_sentences(lang: str) -> None:
    for rule in book().rules:
        for row in rule.rows:
            said = sentence(book(), rule, row, lang)
            assert said[0].isupper(), said
            assert said.endswith("."), said
            assert not re.search(r"  |\.\.| ,", said), said


def test_no_english_is_left_in_the_serbian_book() -> None:
    lines = [line for line in explain(book(), "sr-latn") if not line.startswith("Izvor: ")]
    assert [line for line in lines if ENGLISH.search(line)] == []


def test_no_serbian_is_left_in_the_english_book() -> None:
    lines = [line for line in explain(book(), "en") if not line.startswith("Source: ")]
    assert [ln for ln in lines if SERBIAN.search(ln.replace("Pronađi me", ""))] == []


def test_every_phrase_of_the_law_that_was_not_read_says_so() -> None:
    for rule in book().rules:
        text = " ".join(rule_text(book(), rule, "sr-latn").sentences)
        if rule.badge.text is Verified.MEMORY:
            assert not re.search(r"\bdužn?[aeio]", text), rule.id
        if rule.badge.article in (Verified.MEMORY, Verified.LOCAL) and rule.law.article:
            assert rule.law.article not in rule_text(book(), rule, "sr-latn").law, rule.id


# -- where it comes from

DOMAIN = ROOT / "../shared/domain/domain.yaml"


@cache
def domain() -> dict[str, dict[str, Any]]:
    if not DOMAIN.exists():
        pytest.skip("the domain facts are kept beside the repository and are not here")
    found: dict[str, dict[str, Any]] = {}
    for section in yaml.safe_load(DOMAIN.read_text(encoding="utf-8")).values():
        if isinstance(section, list):
            found.update({item["id"]: item for item in section if "id" in item})
    return found


def from_domain() -> Iterator[tuple[Rule, dict[str, Any]]]:
    known = domain()
    return ((rule, known[rule.id]) for rule in book().rules if rule.id in known)


def test_a_rule_names_the_source_in_which_it_was_read() -> None:
    assert [rule.id for rule, fact in from_domain() if rule.source != (fact["source"] or "")] == []


def test_a_rule_names_the_same_regulation_and_article() -> None:
    for rule, fact in from_domain():
        assert rule.law.act == fact["legal"]["law"], rule.id
        assert rule.law.article in (None, fact["legal"].get("article")), rule.id


def test_no_rule_claims_more_than_was_read() -> None:
    rank = {"memory": 0, "local": 0, "partly": 1, "read": 2, "signed": 3}
    allowed = {True: 2, "partial": 1, False: 0}
    for rule, fact in from_domain():
        assert rank[rule.badge.text] <= allowed[fact["verified"]], rule.id
        if rule.badge.article is Verified.READ and rule.law.article:
            assert fact["legal"].get("article_verified") is True, rule.id


def test_every_rule_that_is_not_in_the_domain_facts_is_only_agreed() -> None:
    known = domain()
    assert {r.badge.text for r in book().rules if r.id not in known} == {Verified.LOCAL}


# -- what it may never do


def test_no_hard_guard_stands_before_a_protective_act() -> None:
    guards = (Kind.CONDITION, Kind.MILESTONE)
    hard = {
        row.targets[0]
        for rule in book().rules
        for row in rule.rows
        if row.kind in guards and row.strength is Strength.HARD
    }
    assert not {key for key in hard if book().acts[key].protective}
    assert book().acts["intention_voiced"].protective
    assert book().acts["missing_reported"].protective


def test_what_may_never_wait_is_never_closed() -> None:
    closed = {
        row.targets[0] for rule in book().rules for row in rule.rows if row.kind is Kind.EXCLUDE
    }
    assert closed.isdisjoint(NEVER_WAITS)
    assert all(book().acts[key].included for key in NEVER_WAITS)


def test_no_guard_waits_for_an_act_that_is_closed_at_the_start() -> None:
    # An act that is closed guards nothing: the way would be open in silence.
    guards = [
        row.source for rule in book().rules for row in rule.rows if row.kind is Kind.CONDITION
    ]
    assert [key for key in guards if not book().acts[key].included] == []


def test_every_closing_says_why() -> None:
    silent = [
        r.id for r in book().rules for row in r.rows if row.kind is Kind.EXCLUDE and not row.says
    ]
    assert silent == []


def test_no_form_asks_for_what_was_said() -> None:
    asked = {question.key for act in book().acts.values() for question in act.form}
    assert asked.isdisjoint({"content", "statement", "transcript", "findings", "religion", "route"})
    assert not book().acts["thb_reported"].form
    assert not book().acts["gbv_health_care"].form


def test_trafficking_and_sexual_violence_are_in_the_restricted_part() -> None:
    assert book().acts["thb_reported"].sensitive
    assert book().acts["gbv_health_care"].sensitive
    assert book().facts["thb_suspected"].sensitive
    assert book().facts["gbv_disclosed"].sensitive


def test_the_night_has_four_questions_and_the_rest_may_wait() -> None:
    needed = [q.key for q in book().acts["child_met"].form if q.required]
    assert len(needed) <= 4
