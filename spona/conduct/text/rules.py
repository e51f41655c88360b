"""A row as a sentence, a rule as a paragraph, a book as a printed rule book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from spona.conduct.book import Book, Row, Rule, Term
from spona.conduct.text import english, serbian
from spona.conduct.text.clauses import Clause
from spona.conduct.text.numbers import term_text
from spona.conduct.text.words import badge_words, deadline_badge_words, law_line, stop, told

PATTERNS = {"sr-latn": serbian.PATTERNS, "en": english.PATTERNS}


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words; `deadline_badge`, `source`, `note` and `breach` may be empty."""

    sentences: tuple[str, ...]
    badge: str
    deadline_badge: str
    source: str
    law: str
    note: str
    breach: str


def sentence(book: Book, rule: Rule, row: Row, lang: str) -> str:
    """One row as a sentence: the author's own (`says`), or built from the phrases of its acts."""
    if said := row.says.get(lang):
        return stop(said)
    return PATTERNS[lang][row.kind](Clause(book, rule, row, lang))


def rule_text(book: Book, rule: Rule, lang: str) -> RuleText:
    """The whole rule; a sentence that two rows share stands once."""
    sentences = dict.fromkeys(sentence(book, rule, row, lang) for row in rule.rows)
    return RuleText(
        sentences=tuple(sentences),
        badge=badge_words(rule.badge, lang),
        deadline_badge=deadline_badge_words(rule, lang),
        source=rule.source,
        law=law_line(rule, lang),
        note=rule.note.get(lang, ""),
        breach=_breach(rule, lang),
    )


def ladder(rule: Rule, lang: str) -> str:
    """Who is told of a breach: *obaveštava se rukovodilac službe, a posle 6 sati direktor*."""
    english = lang == "en"
    first, *later = [
        (after, [told(tell.whom, lang) for tell in tells])
        for after, tells in groupby(rule.on_breach, key=lambda tell: tell.after)
    ]
    said = _told_first(*first, rule, lang)
    for number, (after, whom) in enumerate(later, 1):
        last = (" and" if english else " a") if number == len(later) else ""
        said += f",{last} {_after(after, rule, lang)}{_and(whom, lang)}"
    return said


def _told_first(after: Term, whom: list[str], rule: Rule, lang: str) -> str:
    wait = _after(after, rule, lang) if after.amount else ""
    if lang == "en":
        return f"{wait}{_and(whom, lang)} {'is' if len(whom) == 1 else 'are'} told"
    return f"{wait}obaveštava{'' if len(whom) == 1 else 'ju'} se {_and(whom, lang)}"


def _after(after: Term, rule: Rule, lang: str) -> str:
    word = "after" if lang == "en" else "posle"
    return f"{word} {term_text(after, 'gen', lang, rule.unit_words)} "


def _and(words: list[str], lang: str) -> str:
    return (" and " if lang == "en" else " i ").join(words)


def _breach(rule: Rule, lang: str) -> str:
    if not rule.on_breach:
        return ""
    undone = "If it is not done in time" if lang == "en" else "Ako se ne uradi u roku"
    return stop(f"{undone}, {ladder(rule, lang)}")


def explain(book: Book, lang: str) -> Iterator[str]:
    """The printed rule book, line by line; an empty line stands before each rule."""
    version = "version" if lang == "en" else "verzija"
    yield f"{book.title[lang]} ({version} {book.version})"
    if summary := book.summary.get(lang):
        yield summary
    for rule in book.rules:
        yield ""
        yield from _paragraph(rule.id, rule_text(book, rule, lang), lang)


def _paragraph(rule_id: str, text: RuleText, lang: str) -> Iterator[str]:
    note, term, source = (
        ("Note", "term", "Source") if lang == "en" else ("Napomena", "rok", "Izvor")
    )
    yield f"{rule_id} {' '.join(text.sentences)}"
    if text.note:
        yield f"{note}: {text.note}"
    if text.breach:
        yield text.breach
    extra = f"; {term}: {text.deadline_badge}" if text.deadline_badge else ""
    yield f"{text.law} [{text.badge}{extra}]"
    if text.source:
        yield f"{source}: {text.source}"
