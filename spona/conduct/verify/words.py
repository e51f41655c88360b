"""The words of a rule book (or the labels of a graph) in which findings are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from spona.conduct.book import Book, Kind
from spona.conduct.guards import Value
from spona.conduct.text.moments import day, moment
from spona.conduct.text.rules import sentence
from spona.conduct.text.words import nominative
from spona.conduct.verify.findings import Finding, Move


@dataclass(frozen=True, slots=True)
class Words:
    """The names of acts: those of a book, or the labels of a graph."""

    labels: Mapping[str, str]
    book: Book | None = None

    @classmethod
    def of(cls, book: Book) -> Words:
        return cls({}, book)

    def act(self, key: str, lang: str) -> str:
        """„Label“, “label”."""
        label = self.book.acts[key].phrases[lang]["label"] if self.book else self.labels[key]
        return f"“{label}”" if lang == "en" else f"„{label}“"

    def acts(self, keys: Iterable[str], lang: str) -> str:
        return ", ".join(self.act(key, lang) for key in dict.fromkeys(keys) if key)

    def party(self, key: str, lang: str) -> str:
        return nominative(self.book.parties[key], lang) if self.book else key

    def fact(self, key: str, value: Value, lang: str) -> str:
        """*Dete ima braću ili sestre: da*."""
        return f"{self.fact_label(key, lang)}: {self._value(key, value, lang)}"

    def fact_label(self, key: str, lang: str) -> str:
        return self.book.facts[key].label[lang] if self.book else key

    def _value(self, key: str, value: Value, lang: str) -> str:
        if isinstance(value, bool):
            yes, no = ("yes", "no") if lang == "en" else ("da", "ne")
            return yes if value else no
        if isinstance(value, datetime):
            return moment(value, lang)
        if isinstance(value, date):
            return day(value, lang)
        return self._choice(key, str(value), lang)

    def _choice(self, key: str, value: str, lang: str) -> str:
        acts = self.book.acts.values() if self.book else ()
        asked = [q.choices for act in acts for q in act.form if q.sets == key]
        return next((choices[value][lang] for choices in asked if value in choices), value)


def trace_words(moves: Iterable[Move], words: Words, lang: str) -> str:
    """The steps of a trace, one after the other."""
    return ", ".join(part for move in moves if (part := move_words(move, words, lang)))


def move_words(move: Move, words: Words, lang: str) -> str:
    """An act with the facts that it established, or the facts alone."""
    facts = "; ".join(words.fact(key, value, lang) for key, value in move.facts.items())
    if not move.act:
        return facts
    return words.act(move.act, lang) + (f" ({facts})" if facts else "")


def rule_sentences(book: Book, finding: Finding, lang: str) -> list[tuple[str, str]]:
    """The rules of a finding in the words of the book: (id, sentence), for the rows on its acts."""
    acts, told = set(finding.acts), []
    for rule_id in finding.rules:
        rule = book.rule(rule_id)
        rows = [
            row
            for row in rule.rows
            if row.kind not in (Kind.NEVER, Kind.PRINCIPLE) and acts & {row.source, *row.targets}
        ]
        said_once = dict.fromkeys(sentence(book, rule, row, lang) for row in rows)
        told += [(rule_id, text) for text in said_once]
    return told
