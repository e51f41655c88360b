"""What stands in a printed rule book, in one language and script; how it looks is for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spona.conduct.book import Act, Book, Kind, Row, Rule
from spona.conduct.text import rule_text, sentence
from spona.conduct.text.words import nominative, upper
from spona.names.cyrillic import to_cyrillic

BLOCKING = (Kind.CONDITION, Kind.MILESTONE)
PRINTED = (Kind.NEVER, Kind.PRINCIPLE)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rule as it is printed; `source` stays in the script in which it was written."""

    id: str
    sentences: tuple[str, ...]
    law: str
    badge: str
    deadline_badge: str
    note: str
    breach: str
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """One page for one institution: what it must do, what it may not, what it is told."""

    party: str
    must: tuple[tuple[str, str], ...]  # sentence, id of the rule
    may_not: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...]
    always: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The book; `lang` is sr-latn, sr or en, `signed` a line or nothing."""

    lang: str
    title: str
    version: str
    summary: str
    parties: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    digest: str


def script(lang: str) -> Callable[[str], str]:
    """From the Latin that was written to the script of the page."""
    return to_cyrillic if lang == "sr" else str


def written(lang: str) -> str:
    return "en" if lang == "en" else "sr-latn"


def leaflet(book: Book, lang: str) -> Leaflet:
    """The whole book in `sr-latn`, `sr` or `en`."""
    own, shown = written(lang), script(lang)
    return Leaflet(
        lang=lang,
        title=shown(book.title[own]),
        version=book.version,
        summary=shown(book.summary.get(own, "")),
        parties=tuple(shown(upper(nominative(party, own))) for party in book.parties.values()),
        leaves=tuple(_leaf(book, rule, lang) for rule in book.rules),
        digest=book.digest,
    )


def _leaf(book: Book, rule: Rule, lang: str) -> Leaf:
    told, shown = rule_text(book, rule, written(lang)), script(lang)
    return Leaf(
        id=rule.id,
        sentences=tuple(map(shown, told.sentences)),
        law=shown(told.law),
        badge=shown(told.badge),
        deadline_badge=shown(told.deadline_badge),
        note=shown(told.note),
        breach=shown(told.breach),
        source=rule.source,
    )


def card(book: Book, party: str, lang: str) -> Card:
    """What is expected of one party; raises `KeyError` where the book has none of that key."""
    own, shown = written(lang), script(lang)
    found: dict[str, dict[str, str]] = {"must": {}, "may_not": {}, "told": {}, "always": {}}
    for rule in book.rules:
        for row in rule.rows:
            if group := _group(book, row, party):
                found[group].setdefault(shown(sentence(book, rule, row, own)), rule.id)
    name = shown(upper(nominative(book.parties[party], own)))
    return Card(name, *(tuple(found[group].items()) for group in found))


def _group(book: Book, row: Row, party: str) -> str:
    """Where a row stands on the card of a party; nowhere where it does not concern it."""
    if row.kind in PRINTED:
        return "always"
    acts = [book.acts[key] for key in row.targets]
    if row.kind is Kind.RESPONSE and (row.on_behalf == party or any(_does(a, party) for a in acts)):
        return "must"
    if row.kind in BLOCKING and any(_does(act, party) for act in acts):
        return "may_not"
    return "told" if any(party in act.to for act in acts) and row.kind is Kind.RESPONSE else ""


def _does(act: Act, party: str) -> bool:
    """Who is named first owes it."""
    return act.by[:1] == (party,)


WORDS = {
    "contents": ("Sadržaj", "Contents"),
    "version": ("verzija", "version"),
    "rules": ("Pravila", "Rules"),
    "parties": ("Kome je namenjeno", "For whom"),
    "diagram": ("Dijagram", "Diagram"),
    "source": ("Izvor", "Source"),
    "term": ("rok", "term"),
    "proof": ("Dokaz teksta (SHA-256)", "Proof of the text (SHA-256)"),
    "expected": ("Šta se od vas očekuje", "What is expected of you"),
    "must": ("Dužni ste", "You must"),
    "may_not": ("Ne možete", "You may not"),
    "told": ("Biće vam javljeno", "You will be told"),
    "always": ("Uvek", "Always"),
    "nothing": (
        "Nijedno pravilo ove knjige ne obavezuje vas neposredno.",
        "No rule of this book binds you directly.",
    ),
    "no_advice": (
        "Ovo nije pravni savet. Oznaka uz svako pravilo kaže koliko je provereno.",
        "This is not legal advice. The badge beside each rule says how far it was checked.",
    ),
}  # fmt: skip


def word(key: str, lang: str) -> str:
    serbian, english = WORDS[key]
    return english if lang == "en" else script(lang)(serbian)
