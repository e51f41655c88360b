"""Answers of the screen: why is this owed, why not yet, what if it is not done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from spona.conduct.book import Act, Book, Kind, Row, Rule, Strength, Verified
from spona.conduct.text.moments import deadline, moment
from spona.conduct.text.numbers import term_text
from spona.conduct.text.rules import ladder
from spona.conduct.text.words import WORDS, lower, nominative, spoken, stop


class BlockLike(Protocol):
    """What `marking.Block` says: condition, milestone, delay or excluded, and by which rule."""

    @property
    def kind(self) -> str: ...
    @property
    def rule_id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def strength(self) -> Strength: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def row(self) -> Row | None: ...


def why_owed(
    book: Book,
    act: str,
    rule_id: str,
    since: datetime,
    due: datetime | None,
    lang: str,
    row: Row | None = None,
) -> str:
    """Why `act` is owed since `since` until `due`; `row` where the duty knows it.

    Raises `StopIteration` where the rule is not in the book.
    """
    rule = book.rule(rule_id)
    row = row or next((r for r in rule.rows if _owes(r, act)), None)
    parts = [
        _cause(book, row, since, lang),
        _term(rule, row, due, lang),
        spoken(rule.badge, lang),
    ]
    return " ".join(part for part in parts if part)


def _owes(row: Row, act: str) -> bool:
    return row.kind is Kind.RESPONSE and act in row.targets


def _cause(book: Book, row: Row | None, since: datetime, lang: str) -> str:
    at, english = moment(since, lang), lang == "en"
    if row and row.source:
        phrase = book.acts[row.source].phrases[lang]
        said = f"because {phrase['when']}, {at}" if english else f"zato što {phrase['kada']}, {at}"
    elif row and row.becomes:
        label = lower(book.facts[row.becomes.fact].label[lang])
        said = f"it was established ({label}), {at}" if english else f"utvrđeno ({label}), {at}"
    else:
        said = f"owed since {at}" if english else f"traje od {at}"
    return stop(f"Why: {said}" if english else f"Zašto: {said}")


def _term(rule: Rule, row: Row | None, due: datetime | None, lang: str) -> str:
    english = lang == "en"
    cited = f"(rule {rule.id})" if english else f"(pravilo {rule.id})"
    within = row.within if row else None
    if within and within.until and due is None:
        named = "The day has not been named yet" if english else "Dan još nije naveden"
        return f"{named} {cited}."
    if within is None or due is None:
        return f"No deadline is set {cited}." if english else f"Rok nije određen {cited}."
    until = deadline(due, lang)
    if within.until:
        named = "It is due on the day named: by" if english else "Rok je naveden: do"
        return stop(f"{named} {until} {cited}")
    if within.word:
        word = WORDS[lang][within.word]
        if english:
            return stop(f"The rule says “{word}”; agreed measure: by {until} {cited}")
        return stop(f"Pravilo kaže „{word}“; dogovoreno merilo: do {until} {cited}")
    length = term_text(within.term, "nom", lang, rule.unit_words) if within.term else ""
    agreed = rule.badge.deadline is Verified.LOCAL
    if english:
        return stop(f"The {'agreed ' if agreed else ''}term is {length}, by {until} {cited}")
    return stop(f"{'Dogovoren rok' if agreed else 'Rok'} je {length}, do {until} {cited}")


def why_not(book: Book, act: str, block: BlockLike, names: Mapping[str, str], lang: str) -> str:
    """Why `act` may not happen now; `names` are the institutions bound, by party key."""
    if block.kind == "excluded":
        return _not_open(book, act, lang)
    if block.kind == "delay" and block.until:
        return _not_before(book, block, block.until, lang)
    needed = _needed(book, book.acts[block.source], names, lang)
    cited = f"(rule {block.rule_id})" if lang == "en" else f"(pravilo {block.rule_id})"
    if block.strength is Strength.REASON:
        return _first(needed, cited, lang)
    return stop(f"Not yet: {needed} {cited}" if lang == "en" else f"Ne može još: {needed} {cited}")


def _first(needed: str, cited: str, lang: str) -> str:
    if lang == "en":
        ending = "You may go on with a reason; the head of service will be told."
        return f"{stop(f'First {needed} {cited}')} {ending}"
    ending = "Možete nastaviti uz obrazloženje; rukovodilac će biti obavešten."
    return f"{stop(f'Pre ovoga {needed} {cited}')} {ending}"


def _needed(book: Book, act: Act, names: Mapping[str, str], lang: str) -> str:
    """*potrebno je da CSR Vranje postavi privremenog staratelja*."""
    phrase, key = act.phrases[lang], act.by[0]
    party = book.parties.get(key)
    if party is None:
        label = lower(phrase["label"])
        return f"this is needed: {label}" if lang == "en" else f"potrebno je: {label}"
    who = names.get(key) or nominative(party, lang)
    if lang == "en":
        return f"{who} has to {phrase['do']}"
    return f"potrebno je da {who} {phrase['da']}"


def _not_before(book: Book, block: BlockLike, until: datetime, lang: str) -> str:
    phrase, at = book.acts[block.source].phrases[lang], moment(until, lang)
    wait = block.row.wait if block.row else None
    if lang == "en":
        length = f"{term_text(wait, 'nom', lang)} since " if wait else "time since "
        return stop(f"Not before {at}: {length}{phrase['noun']} must pass (rule {block.rule_id})")
    length = f"istek {term_text(wait, 'gen', lang)} od " if wait else "protek vremena od "
    return stop(f"Ne može pre {at}: čeka se {length}{phrase['gen']} (pravilo {block.rule_id})")


def _not_open(book: Book, act: str, lang: str) -> str:
    """After what the act opens; nothing is said about what already happened."""
    rows = [row for rule in book.rules for row in rule.rows if _opens(row, act)]
    sources = dict.fromkeys(row.source for row in rows if row.source)
    key = "noun" if lang == "en" else "gen"
    after = [book.acts[source].phrases[lang][key] for source in sources]
    if lang == "en":
        said = f"This opens after {' or '.join(after)}." if after else ""
        return f"Not possible now. {said}".strip()
    said = f"Postaje moguće posle {' ili posle '.join(after)}." if after else ""
    return f"Sada nije moguće. {said}".strip()


def _opens(row: Row, act: str) -> bool:
    opens = row.kind is Kind.INCLUDE or (row.kind is Kind.RESPONSE and row.opens)
    return opens and act in row.targets and row.source != act


def what_if(book: Book, rule: Rule, due: datetime | None, lang: str) -> str:
    """What follows if the duty is not done by `due` (none: the rule sets no moment)."""
    english = lang == "en"
    if due is None:
        undone = "If it is not done" if english else "Ako se ne uradi"
    else:
        until = deadline(due, lang).removesuffix(".")  # no dot of a date before a comma
        undone = f"If it is not done by {until}" if english else f"Ako se ne uradi do {until}"
    if not rule.on_breach:
        rest = "it stays owed and nobody else is told" if english else "obaveza ostaje otvorena"
        return stop(f"{undone}, {rest}")
    return stop(f"{undone}, {ladder(rule, lang)}")
