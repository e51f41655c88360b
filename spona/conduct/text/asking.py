"""The three questions that a person asks of a run: why, why not yet, what if not.

`screen` says one duty or one block in a sentence; here a whole run is asked. Languages are
`sr-latn`, `sr` (Cyrillic, made from the Latin) and `en`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from spona.conduct.book import Book, Kind, Row, Rule, Strength
from spona.conduct.calendar import shift
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts, truth, unknown_facts
from spona.conduct.marking import Block, Marking, Owed
from spona.conduct.text.moments import moment
from spona.conduct.text.rules import sentence
from spona.conduct.text.screen import what_if, why_not, why_owed
from spona.conduct.text.words import badge_words, law_line, lower, nominative, stop, told
from spona.names.cyrillic import to_cyrillic


@dataclass(frozen=True, slots=True)
class Asked:
    """A run as it stands at `at`; `names` are the institutions bound, by party key."""

    book: Book
    graph: Graph
    marking: Marking
    at: datetime
    facts: Facts = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with the law and the badge of its rule.

    `rule_id` is empty only where no rule of the book is about the act. `acts` are those that would
    open the way, or that stay barred; `who` does them, or is told; `at` is when the way opens or
    somebody is told. `soft`: one may go on with a reason.
    """

    sentence: str
    rule_id: str = ""
    law: str = ""
    badge: str = ""
    acts: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    at: datetime | None = None
    soft: bool = False


def why(asked: Asked, act: str, lang: str) -> tuple[Answer, ...]:
    """Why the act is owed: by which rule, since what, until when and how that is counted. Where
    nobody owes it, by which rules it would be owed. Never empty."""
    return _in_script(_why(asked, act, _authored(lang)), lang)


def why_not_yet(asked: Asked, act: str, lang: str) -> tuple[Answer, ...]:
    """Everything that keeps the act from happening now; empty where it may happen, if only with a
    reason (see `with_a_reason`)."""
    if act in asked.graph.enabled(asked.marking, asked.at, asked.facts):
        return ()
    return _in_script(_barriers(asked, act, _authored(lang)), lang)


def with_a_reason(asked: Asked, act: str, lang: str) -> tuple[Answer, ...]:
    """What one may pass with a reason, where nothing else stands before the act."""
    if act not in asked.graph.enabled(asked.marking, asked.at, asked.facts):
        return ()
    return _in_script(_barriers(asked, act, _authored(lang)), lang)


def what_if_not(asked: Asked, act: str, lang: str) -> tuple[Answer, ...]:
    """What follows if the act is not done: who is told and when, what the clock does, what stays
    barred. Never empty."""
    return _in_script(_what_if_not(asked, act, _authored(lang)), lang)


def stays_barred(asked: Asked, act: str, lang: str) -> tuple[Answer, ...]:
    """What cannot be done as long as the act is not: the last part of `what_if_not`."""
    return _in_script(_stays_barred(asked, act, _authored(lang)), lang)


def _authored(lang: str) -> str:
    return "en" if lang == "en" else "sr-latn"


def _in_script(answers: Iterable[Answer], lang: str) -> tuple[Answer, ...]:
    if lang != "sr":
        return tuple(answers)
    return tuple(
        replace(
            one,
            sentence=to_cyrillic(one.sentence),
            law=to_cyrillic(one.law),
            badge=to_cyrillic(one.badge),
            who=tuple(to_cyrillic(who) for who in one.who),
        )
        for one in answers
    )


def _answer(book: Book, said: str, rule: Rule | None, lang: str) -> Answer:
    if rule is None:
        return Answer(said)
    return Answer(said, rule.id, law_line(rule, lang), badge_words(rule.badge, lang))


def _cited(rule: Rule, lang: str) -> str:
    return f"(rule {rule.id})" if lang == "en" else f"(pravilo {rule.id})"


# --- why


def _why(asked: Asked, act: str, lang: str) -> Iterator[Answer]:
    duties = _duties(asked, act)
    for duty in duties:
        yield _owed(asked, act, duty, lang)
    if not duties:
        yield from _not_owed(asked.book, act, lang)


def _duties(asked: Asked, act: str) -> list[Owed]:
    """What is owed of the act, also while it is closed."""
    owed = asked.graph.owed(asked.marking)
    return [duty for duty in owed if duty.rule_id and act in _named(duty)]


def _named(duty: Owed) -> tuple[str, ...]:
    return duty.row.targets if duty.row else duty.acts


def _owed(asked: Asked, act: str, duty: Owed, lang: str) -> Answer:
    rule = asked.book.rule(duty.rule_id)
    said = why_owed(asked.book, act, rule.id, duty.since, duty.due, lang, duty.row)
    if duty.hidden:
        said += (
            " It is closed at present, and is owed again once it opens."
            if lang == "en"
            else " Trenutno je zatvoreno; ako se ponovo otvori, opet je obavezno."
        )
    return replace(_answer(asked.book, said, rule, lang), at=duty.due)


def _not_owed(book: Book, act: str, lang: str) -> Iterator[Answer]:
    english = lang == "en"
    owing = [(rule, row) for rule, row in _rows(book) if _owes(row, act)]
    for rule, row in owing:
        said = "Not owed now. By rule" if english else "Sada nije obavezno. Po pravilu"
        yield _answer(book, f"{said} {rule.id}: {sentence(book, rule, row, lang)}", rule, lang)
    if not owing:
        said = "No rule makes this owed." if english else "Nijedno pravilo ne obavezuje na ovo."
        yield _answer(book, said, _about(book, act), lang)


def _rows(book: Book) -> Iterator[tuple[Rule, Row]]:
    return ((rule, row) for rule in book.rules for row in rule.rows)


def _owes(row: Row, act: str) -> bool:
    return row.kind is Kind.RESPONSE and act in row.targets


def _about(book: Book, act: str) -> Rule | None:
    """The first rule that names the act at all."""
    about = (rule for rule, row in _rows(book) if act in (row.source, *row.targets))
    breached = book.acts[act].fires
    return next(about, book.rule(breached.breach_of) if breached and breached.breach_of else None)


# --- why not yet


def _barriers(asked: Asked, act: str, lang: str) -> Iterator[Answer]:
    for block in asked.graph.blocks(asked.marking, act, asked.at, asked.facts):
        if block.kind == "excluded":
            yield from _closed(asked, act, lang)
        else:
            yield _barred(asked, act, block, lang)


def _barred(asked: Asked, act: str, block: Block, lang: str) -> Answer:
    rule = asked.book.rule(block.rule_id)
    said = why_not(asked.book, act, block, asked.names, lang)
    said = f"{said} {_while_unknown(asked, block.row, lang)}".strip()
    answer = _answer(asked.book, said, rule, lang)
    soft, who = block.strength is Strength.REASON, _who(asked, block.source, lang)
    return replace(answer, acts=(block.source,), who=who, at=block.until, soft=soft)


def _who(asked: Asked, act: str, lang: str) -> tuple[str, ...]:
    """Who can do the act, the one who owes it first."""
    parties = asked.book.parties
    keys = [key for key in asked.book.acts[act].by if key in parties]
    return tuple(asked.names.get(key) or nominative(parties[key], lang) for key in keys)


def _while_unknown(asked: Asked, row: Row | None, lang: str) -> str:
    """That the guard stands because nobody knows better."""
    if row is None or row.condition is None or truth(row.condition, asked.facts) is not None:
        return ""
    unknown = sorted(unknown_facts(row.condition, asked.facts))
    labels = ", ".join(lower(asked.book.facts[fact].label[lang]) for fact in unknown)
    if lang == "en":
        return f"This holds as long as it is not known: {labels}."
    return f"Ovo važi dok se ne zna: {labels}."


def _closed(asked: Asked, act: str, lang: str) -> Iterator[Answer]:
    """What closed the act, and what opens it."""
    book = asked.book
    closed = _closing(asked, act)
    if closed is not None:
        yield _closed_by(asked, *closed, lang)
    opening = [(rule, row) for rule, row in _rows(book) if _opens(row, act)]
    for rule, row in opening:
        yield _opened_by(asked, rule, row, lang)
    if closed is None and not opening:
        said = "No rule opens this." if lang == "en" else "Nijedno pravilo ovo ne otvara."
        yield _answer(book, said, _about(book, act), lang)


def _closing(asked: Asked, act: str) -> tuple[Rule, Row, datetime] | None:
    """The row that closed the act last, of those whose act has happened."""
    executed = asked.graph.executed(asked.marking)
    found = [
        (rule, row, executed[row.source])
        for rule, row in _rows(asked.book)
        if row.kind is Kind.EXCLUDE and row.targets == (act,) and row.source in executed
    ]
    return max(found, key=lambda one: one[2], default=None)


def _closed_by(asked: Asked, rule: Rule, row: Row, at: datetime, lang: str) -> Answer:
    since, text = moment(at, lang), sentence(asked.book, rule, row, lang)
    opening = "Not possible since" if lang == "en" else "Nije moguće od"
    said = f"{stop(f'{opening} {since}')} {text} {stop(_cited(rule, lang))}"
    return _answer(asked.book, said, rule, lang)


def _opens(row: Row, act: str) -> bool:
    opens = row.kind is Kind.INCLUDE or (row.kind is Kind.RESPONSE and row.opens)
    return opens and act in row.targets and row.source != act


def _opened_by(asked: Asked, rule: Rule, row: Row, lang: str) -> Answer:
    english, book = lang == "en", asked.book
    guard = row.condition.phrase.get(lang, "") if row.condition else ""
    said = f"This opens {_opening(book, row, lang)}" if english else ""
    said = said or f"Postaje moguće {_opening(book, row, lang)}"
    if guard:
        said += f", if {guard}" if english else f", ako {guard}"
    answer = _answer(book, stop(f"{said} {_cited(rule, lang)}"), rule, lang)
    if not row.source:
        return answer
    return replace(answer, acts=(row.source,), who=_who(asked, row.source, lang))


def _opening(book: Book, row: Row, lang: str) -> str:
    english = lang == "en"
    if row.becomes:
        label = lower(book.facts[row.becomes.fact].label[lang])
        return f"as soon as it is established ({label})" if english else f"čim se utvrdi ({label})"
    if not row.source:
        return "from the start" if english else "od početka"
    phrases = book.acts[row.source].phrases[lang]
    noun = phrases.get("noun" if english else "gen")
    if noun:
        return f"after {noun}" if english else f"posle {noun}"
    label = phrases["label"]
    return f"after this: {lower(label)}" if english else f"kada nastupi: {lower(label)}"


# --- what if not


def _what_if_not(asked: Asked, act: str, lang: str) -> Iterator[Answer]:
    duties = [duty for duty in _duties(asked, act) if not duty.hidden]
    for duty in duties:
        yield from _breach(asked, duty, lang)
    if not duties:
        said = (
            "Nobody owes this now, so nobody is late."
            if lang == "en"
            else "Ovo sada nije obavezno, pa niko ne kasni."
        )
        yield _answer(asked.book, said, _about(asked.book, act), lang)
    yield from _stays_barred(asked, act, lang)


def _breach(asked: Asked, duty: Owed, lang: str) -> Iterator[Answer]:
    """The sentence of the ladder, then each rung with its moment, then what the clock does."""
    rule = asked.book.rule(duty.rule_id)
    said = what_if(asked.book, rule, duty.due, lang)
    yield replace(_answer(asked.book, said, rule, lang), at=duty.due)
    if duty.due is None:
        return
    for tell in rule.on_breach:
        at = shift(duty.due, tell.after).astimezone(UTC)
        yield _rung(asked, rule, tell.whom, at, lang)
    for key, act in asked.book.acts.items():
        if act.fires and act.fires.breach_of == rule.id and act.fires.wait:
            at = shift(duty.due, act.fires.wait).astimezone(UTC)
            label, when = act.phrases[lang]["label"], moment(at, lang)
            said = f"{when}: {lower(label)} {_cited(rule, lang)}"
            yield replace(_answer(asked.book, stop(said), rule, lang), acts=(key,), at=at)


def _rung(asked: Asked, rule: Rule, whom: str, at: datetime, lang: str) -> Answer:
    who, when, past = told(whom, lang), moment(at, lang), at <= asked.at
    if lang == "en":
        said = f"{when}: {who} {'was' if past else 'will be'} told"
    else:
        said = f"{when}: {'trebalo je da bude obavešten' if past else 'obaveštava se'} {who}"
    answer = _answer(asked.book, stop(f"{said} {_cited(rule, lang)}"), rule, lang)
    return replace(answer, who=(who,), at=at)


def _stays_barred(asked: Asked, act: str, lang: str) -> Iterator[Answer]:
    """The open acts that wait for this one, rule by rule."""
    for rule in asked.book.rules:
        waiting = [row.targets[0] for row in rule.rows if _waits_for(asked, row, act)]
        if not waiting:
            continue
        acts = tuple(dict.fromkeys(waiting))
        labels = ", ".join(lower(asked.book.acts[one].phrases[lang]["label"]) for one in acts)
        opening = "Until it is done, this waits" if lang == "en" else "Dok se to ne uradi, čeka"
        said = stop(f"{opening}: {labels} {_cited(rule, lang)}")
        yield replace(_answer(asked.book, said, rule, lang), acts=acts)


def _waits_for(asked: Asked, row: Row, act: str) -> bool:
    if row.kind not in (Kind.CONDITION, Kind.MILESTONE) or row.source != act:
        return False
    found = asked.graph.blocks(asked.marking, row.targets[0], asked.at, asked.facts)
    return any(block.row is row for block in found)
