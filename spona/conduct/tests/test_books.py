"""What holds for every rule book beside that of the child: language, sources, what never waits."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from spona.conduct.book import Book, Kind, Rule, Strength, Verified
from spona.conduct.tests import runs
from spona.conduct.tests.runs import GAPS, REASON, Pick, book_of, walk
from spona.conduct.tests.test_unaccompanied_child import ENGLISH, SERBIAN, domain
from spona.conduct.text import explain, rule_text, sentence
from spona.names.cyrillic import to_cyrillic

# The first acts of a run, and the last ones: nothing may come after them.
BEGINS = {
    "referral": ("basis_recorded", "child_view", "sent"),
    "handover": ("move_planned",),
    "conference-decision": ("decision_made",),
    "carried-duty": ("duty_carried",),
    "asylum": ("intention_voiced",),
    "domestic-violence": ("violence_learned", "reported"),
    "feedback": ("message_received",),
    "health-and-psychosocial": ("received",),
    "intake": ("report_received",),
    "missing-child": ("absence_noticed",),
    "school-inclusion": ("school_wanted",),
    "special-reception-needs": ("arrived",),
    "trafficking": ("indicators_noticed",),
    "violence-against-child": ("suspicion_noticed",),
}
ENDS = {
    "referral": {"closed"},
    "handover": {"cancelled"},
    "conference-decision": {"decision_done", "decision_dropped"},
    "carried-duty": {"duty_done", "duty_dropped"},
    "feedback": {"erased"},
}
NAMES = tuple(BEGINS)
every_book = pytest.mark.parametrize("name", NAMES)


def rows_of(book: Book, *kinds: Kind) -> list[tuple[Rule, str, str]]:
    return [
        (rule, row.source, row.targets[0])
        for rule in book.rules
        for row in rule.rows
        if row.kind in kinds
    ]


# -- what it says


@every_book
@pytest.mark.parametrize("lang", ["sr-latn", "en"])
def test_every_row_is_one_or_more_whole_sentences(name: str, lang: str) -> None:
    book = book_of(name)
    for rule in book.rules:
        for row in rule.rows:
            said = sentence(book, rule, row, lang)
            assert said[0].isupper(), said
            assert said.endswith("."), said
            assert not re.search(r"  |\.\.| ,|\{|\}", said), said


@every_book
def test_no_language_is_left_in_another(name: str) -> None:
    serbian = [ln for ln in explain(book_of(name), "sr-latn") if not ln.startswith("Izvor: ")]
    english = [ln for ln in explain(book_of(name), "en") if not ln.startswith("Source: ")]
    assert [line for line in serbian if ENGLISH.search(line)] == []
    assert [line for line in english if SERBIAN.search(line.replace("Pronađi me", ""))] == []


@every_book
def test_in_cyrillic_no_latin_letter_is_left(name: str) -> None:
    for rule in book_of(name).rules:
        text = rule_text(book_of(name), rule, "sr-latn")
        for said in (*text.sentences, text.note, text.breach, text.law):
            assert not re.search("[a-zA-Z]", to_cyrillic(said)), said


# -- where it comes from


@every_book
def test_a_rule_claims_no_more_than_was_read_and_where(name: str) -> None:
    rank = {"memory": 0, "local": 0, "partly": 1, "read": 2, "signed": 3}
    allowed = {True: 2, "partial": 1, False: 0}
    for rule in book_of(name).rules:
        fact = domain().get(rule.id)
        if fact is None:
            assert rule.badge.text is Verified.LOCAL, rule.id
            assert rule.law.act is None, rule.id
            continue
        assert rule.source == (fact["source"] or ""), rule.id
        assert rank[rule.badge.text] <= allowed[fact["verified"]], rule.id
        assert rule.law.act == fact["legal"]["law"], rule.id
        assert rule.law.article in (None, fact["legal"].get("article")), rule.id
        if rule.badge.article is Verified.READ and rule.law.article:
            assert fact["legal"].get("article_verified") is True, rule.id


# -- what it may never do


@every_book
def test_no_hard_guard_stands_before_a_protective_act(name: str) -> None:
    book = book_of(name)
    hard = {
        row.targets[0]
        for rule in book.rules
        for row in rule.rows
        if row.kind in (Kind.CONDITION, Kind.MILESTONE) and row.strength is Strength.HARD
    }
    assert not {key for key in hard if book.acts[key].protective}


@every_book
def test_no_guard_is_open_in_silence(name: str) -> None:
    # An act that is closed guards nothing: what it guards must be closed with it.
    book = book_of(name)
    for _, source, target in rows_of(book, Kind.CONDITION):
        assert book.acts[source].included or not book.acts[target].included, source
    run = runs.Run(name)
    for seed in range(30):
        run = walked(name, seed)
        for rule, source, target in rows_of(book, Kind.CONDITION):
            waits = not run.done(source) and source not in run.graph.included(run.marking)
            assert not (waits and run.may(target)), (rule.id, source, target)


@every_book
def test_every_closing_says_why(name: str) -> None:
    silent = [
        (rule.id, row.targets)
        for rule in book_of(name).rules
        for row in rule.rows
        if row.kind is Kind.EXCLUDE and not row.says
    ]
    assert silent == []


@every_book
def test_no_form_asks_for_what_was_said(name: str) -> None:
    asked = {question.key for act in book_of(name).acts.values() for question in act.form}
    assert asked.isdisjoint({"content", "statement", "transcript", "findings", "religion", "route"})


# -- walks


def picks(run: runs.Run, chance: random.Random) -> Iterator[Pick]:
    """Every other act is one that is owed, so that long chains are walked to their end."""
    for _ in range(40):
        run.later(chance.choice(GAPS))
        possible, owed = run.possible(), run.owed()
        ready = [number for number, act in enumerate(possible) if act in owed]
        pool = ready if ready and chance.random() < 0.5 else list(range(len(possible)))
        yield chance.choice(pool or [0]) + len(possible) * chance.randrange(1_000), timedelta()


def walked(name: str, seed: int) -> runs.Run:
    chance = random.Random(seed)
    run = runs.Run(name)
    for act in BEGINS[name]:
        run.do(act, reason=REASON, **runs.answers(run, run.book.acts[act], seed))
    for act, _ in walk(run, picks(run, chance)):
        if act in ENDS.get(name, ()):
            break
    return run


@every_book
def test_every_act_is_reached(name: str) -> None:
    left = set(book_of(name).acts)
    for seed in range(400):
        run = walked(name, seed)
        left -= run.graph.executed(run.marking).keys()
        if not left:
            break
    assert left == set()
