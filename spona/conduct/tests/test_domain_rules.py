"""Every rule of law that a book claims stands in the domain facts, with the same badge.

`pytest -s` prints which facts no book uses, and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from spona.conduct.book import Book, Rule, Verified
from spona.conduct.tests.runs import ROOT, book_of
from spona.conduct.tests.test_unaccompanied_child import domain

NAMES = tuple(sorted(path.stem for path in (ROOT / "protocols").glob("*.yaml")))
CHECKED = {True: Verified.READ, "partial": Verified.PARTLY, False: Verified.MEMORY}

# Where a book says less than was read, and why.
WEAKER = {
    ("unaccompanied-child", "UASC-08"): "read for guardianship in general, not for a temporary one",
    ("unaccompanied-child", "UASC-18"): "only that a new guardian is named was read",
    ("handover", "UASC-18"): "only that a new guardian is named was read",
    ("handover", "MISS-01"): "read for a child in accommodation, not for one on the way",
    ("handover", "UASC-07"): "whether the 24 hours run anew for the receiving centre was not read",
    ("handover", "UASC-16"): "the term is that of a first visit after a handover",
}
UNUSED = {
    "UASC-16a": "practice of two institutions; with one guardian for many children it would only"
    " produce breaches",
    "DATA-01": "the controller owes it to the Commissioner for a breach, not for a case; memory",
    "DATA-02": "the controller owes it to the persons for a breach, not for a case; memory",
    "DATA-04": "owed once before the start, by whoever runs the software; memory",
}


def claims() -> Iterator[tuple[Book, Rule, dict[str, Any]]]:
    known = domain()
    for name in NAMES:
        for rule in book_of(name).rules:
            if rule.id in known:
                yield book_of(name), rule, known[rule.id]


def test_a_rule_of_law_stands_in_the_domain_facts_and_all_else_is_only_agreed() -> None:
    known = domain()
    for name in NAMES:
        for rule in book_of(name).rules:
            agreed = rule.id.startswith("LOC-")
            assert agreed is (rule.id not in known), (name, rule.id)
            assert not agreed or rule.badge.text is Verified.LOCAL, (name, rule.id)


def test_the_text_has_the_same_badge_as_the_fact() -> None:
    weaker = {
        (book.id, rule.id)
        for book, rule, fact in claims()
        if rule.badge.text is not CHECKED[fact["verified"]]
    }
    assert weaker <= set(WEAKER)


def test_the_deadline_has_the_same_badge_or_is_agreed() -> None:
    for book, rule, fact in claims():
        told = fact.get("deadline") or {}
        if not any(row.within for row in rule.rows) or (book.id, rule.id) in WEAKER:
            continue
        read = CHECKED.get(told.get("verified"), rule.badge.text)
        assert rule.badge.deadline in (read, Verified.LOCAL), (book.id, rule.id)


def test_a_number_of_the_law_is_the_number_that_was_read() -> None:
    """A rule whose fact names no number has words of the law, or a number that is agreed."""
    for book, rule, fact in claims():
        told = fact.get("deadline") or {}
        numbers = [row for row in rule.rows if row.within and row.within.term]
        named = told.get("iso") or fact.get("classes") or told.get("text")
        if numbers and not named:
            assert rule.badge.deadline is Verified.LOCAL, (book.id, rule.id)


def test_no_article_from_memory_is_printed() -> None:
    for book, rule, fact in claims():
        if rule.law.article and rule.badge.article in (Verified.READ, Verified.SIGNED):
            assert fact["legal"].get("article_verified") is True, (book.id, rule.id)


def test_two_books_say_the_same_of_one_rule() -> None:
    said: dict[str, set[Any]] = defaultdict(set)
    for book, rule, _ in claims():
        if (book.id, rule.id) not in WEAKER:
            said[rule.id].add((rule.law, rule.source, rule.badge))
    assert {rule_id for rule_id, ways in said.items() if len(ways) > 1} == set()


def test_every_rule_of_the_domain_is_used_or_left_out_for_a_reason() -> None:
    rules = {key for key, fact in domain().items() if "trigger" in fact}
    unused = rules - {rule.id for _, rule, _ in claims()}
    for rule_id in sorted(unused):
        print(f"{rule_id}: {UNUSED.get(rule_id, 'no book uses it')}")
    assert unused == UNUSED.keys()


def test_a_book_that_another_starts_is_there() -> None:
    started = {act.starts for name in NAMES for act in book_of(name).acts.values() if act.starts}
    assert started <= set(NAMES)
