"""A rule book, or a graph of another program, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spona.conduct.book import Act, Book, Kind, Row, Rule, Strength, Term, Unit
from spona.conduct.dcrxml import Plain
from spona.conduct.draw.picture import FIRES, Link, Node, Picture, Shape
from spona.conduct.draw.wording import authored, script, word
from spona.conduct.relations import Length
from spona.conduct.text import counted, sentence
from spona.conduct.text.numbers import term_text
from spona.conduct.text.words import WORDS, lower, nominative, upper

CLOCK, ANYONE, FACTS = "clock", "anyone", "facts"
DRAWN = frozenset(Kind) - {Kind.NEVER, Kind.PRINCIPLE}


def of_book(book: Book, lang: str) -> Picture:
    """Every act in the lane of the party that owes it, and every row between acts."""
    words = _Words(book, lang)
    acts = [words.node(number, act) for number, act in enumerate(book.acts.values(), 1)]
    facts = list(words.facts())
    lanes = {
        ANYONE: word("anyone", lang),
        **{key: words.script(upper(words.party(key))) for key in book.parties},
        FACTS: word("facts", lang),
        CLOCK: word("clock", lang),
    }
    used = {node.lane for node in (*acts, *facts)}
    under = f"{word('version', lang)} {book.version} · {len(acts)} {word('acts', lang)}"
    return Picture(
        title=words.script(book.title[words.own]),
        under=under,
        lang=lang,
        lanes={key: label for key, label in lanes.items() if key in used},
        nodes=(*acts, *facts),
        links=tuple(dict.fromkeys(words.links())),
    )


class _Words:
    """The phrases of one book in one language."""

    def __init__(self, book: Book, lang: str) -> None:
        self.book, self.lang, self.own = book, lang, authored(lang)
        self.script: Callable[[str], str] = script(lang)

    def party(self, key: str) -> str:
        name = nominative(self.book.parties[key], self.own)
        return name.removeprefix("the ") if self.own == "en" else name

    def node(self, number: int, act: Act) -> Node:
        label = self.script(act.phrases[self.own]["label"])
        return Node(
            key=act.key,
            number=number,
            label=label,
            lane=act.by[0],
            told=f"{number}. {label}",
            under=self._fires(act),
            shape=Shape.CLOCK if act.by_clock else Shape.ACT,
            protective=act.protective,
            included=act.included,
        )

    def _fires(self, act: Act) -> str:
        """When the clock does it, where that is no arrow from another act."""
        fires = act.fires
        if fires is None or fires.after:
            return ""
        start = self.script(self.book.facts[fires.fact].label[self.own]) if fires.fact else ""
        if fires.breach_of:
            start = f"{word('breach', self.lang)} {fires.breach_of}"
        terms = (("+", fires.wait), ("+", fires.plus), ("−", fires.minus))
        return " ".join((start, *(f"{s} {self._term(t)}" for s, t in terms if t and t.amount)))

    def facts(self) -> Iterator[Node]:
        """A box for each fact that makes something owed."""
        rows = (row for rule in self.book.rules for row in rule.rows if row.becomes)
        for key in dict.fromkeys(row.becomes.fact for row in rows if row.becomes):
            label = self.script(self.book.facts[key].label[self.own])
            yield Node(f"fact:{key}", 0, label, FACTS, label, shape=Shape.FACT)

    def links(self) -> Iterator[Link]:
        for rule in self.book.rules:
            for row in rule.rows:
                if row.kind in DRAWN:
                    yield from self._row(rule, row)
        for act in self.book.acts.values():
            if act.fires and act.fires.after:
                wait = act.fires.wait
                after = word("not_until", self.lang)
                label = f"{after} {self._term(wait, case='gen')}" if wait and wait.amount else ""
                yield Link(act.fires.after, act.key, FIRES, label, label)

    def _row(self, rule: Rule, row: Row) -> Iterator[Link]:
        source = f"fact:{row.becomes.fact}" if row.becomes else row.source
        told = f"{rule.id}: {self.script(sentence(self.book, rule, row, self.own))}"
        for target in row.targets:
            label = self._label(rule, row, target)
            if source:
                yield Link(source, target, row.kind.value, label, told, rule.id)
            if row.every or not source:
                yield Link(target, target, row.kind.value, self._again(rule, row), told, rule.id)

    def _label(self, rule: Rule, row: Row, target: str) -> str:
        parts = [
            "" if row.every else self._within(rule, row),
            self._wait(rule, row),
            word("if", self.lang) if row.condition else "",
            word("one_of", self.lang) if len(row.targets) > 1 else "",
            word("preferred", self.lang) if row.prefers == target else "",
            word("reason", self.lang) if row.strength is Strength.REASON else "",
        ]
        return ", ".join(part for part in parts if part)

    def _within(self, rule: Rule, row: Row) -> str:
        within = row.within
        if within is None:
            return ""
        if within.until:
            label = lower(self.book.facts[within.until].label[self.own])
            return self.script(f"{word('by', 'en' if self.own == 'en' else 'sr-latn')}: {label}")
        if within.word:
            said = self.script(WORDS[self.own][within.word])
            return f"{said} ({self._term(within.measure, rule)})" if within.measure else said
        return self._term(within.term, rule) if within.term else ""

    def _wait(self, rule: Rule, row: Row) -> str:
        if row.wait is None:
            return ""
        key = "longer" if row.kind is Kind.EXTENDS else "not_until"
        return f"{word(key, self.lang)} {self._term(row.wait, rule, 'gen')}"

    def _again(self, rule: Rule, row: Row) -> str:
        term = self._within(rule, row)
        return f"{word('each', self.lang)} {term}" if row.every else term

    def _term(self, term: Term, rule: Rule | None = None, case: str = "nom") -> str:
        """A number and its unit, kept on one line; years where the months are full."""
        if term.unit is Unit.MONTHS and term.amount and term.amount % 12 == 0:
            said = counted(term.amount // 12, "years", case, self.own)
        else:
            said = term_text(term, case, self.own, rule.unit_words if rule else "sat")
        return self.script(said).replace(" ", "\u00a0")


def of_plain(plain: Plain, lang: str) -> Picture:
    """A graph without law, in the lanes of its roles; one lane without a name where it has none."""
    nodes = tuple(
        Node(
            key,
            number,
            label,
            plain.roles.get(key, ""),
            f"{number}. {label}",
            included=key in plain.included,
        )
        for number, (key, label) in enumerate(plain.acts.items(), 1)
    )
    links = dict.fromkeys(
        Link(r.source, target, r.kind.value, _length(r.length, lang))
        for r in plain.relations
        for target in r.targets
    )
    under = f"DCR · {len(nodes)} {word('acts', lang)}"
    lanes = {node.lane: node.lane for node in nodes}
    return Picture(word("diagram", lang), under, lang, lanes, nodes, tuple(links))


def _length(length: Length | None, lang: str) -> str:
    if length is None:
        return ""
    own, put = authored(lang), script(lang)
    if isinstance(length, Term):
        return put(term_text(length, "nom", own))
    return put(counted(length.total_seconds() / 3600, "hours", "nom", own))
