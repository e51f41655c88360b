"""What BPMN cannot say of a rule book, in Serbian (Latin) or English, with the rules concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spona.conduct.book import Act, Book, Kind, Row, Strength, Unit
from spona.conduct.dcrxml import Plain
from spona.conduct.interchange.lost import Lost

START = (
    "BPMN ima početak i redosled; ovde se radnja koju ništa ne sprečava radi kad god treba",
    "BPMN has a start and an order; here what nothing prevents is done when it is needed",
)
ROWS: tuple[tuple[tuple[str, str], Callable[[Row], bool]], ...] = (
    (
        (
            "Uslov ne pokreće ništa: isprekidana linija, a ne tok",
            "A condition sets nothing off: a dotted line and no flow",
        ),
        lambda row: row.kind is Kind.CONDITION,
    ),
    (
        (
            "BPMN nema znak za: dok se jedno duguje, drugo ne može",
            "BPMN has no sign for: while one is owed, the other may not come",
        ),
        lambda row: row.kind is Kind.MILESTONE,
    ),
    (
        (
            "BPMN nema znak za otvaranje i zatvaranje radnji",
            "BPMN has no sign for opening and closing acts",
        ),
        lambda row: row.kind in (Kind.INCLUDE, Kind.EXCLUDE),
    ),
    (
        ("BPMN nema znak za produženje roka", "BPMN has no sign for extending a deadline"),
        lambda row: row.kind is Kind.EXTENDS,
    ),
    (
        (
            "Izbor jedne od radnji nacrtan je kao više tokova",
            "A choice between acts is drawn as several flows",
        ),
        lambda row: len(row.targets) > 1,
    ),
    (
        (
            "Ako: uslov je rečenica u dokumentaciji, BPMN ga ne računa",
            "If: the guard is a sentence in the documentation, BPMN does not read it",
        ),
        lambda row: row.condition is not None,
    ),
    (
        (
            "Zabrana koja popušta pred razlogom nacrtana je kao svaka druga",
            "A rule that gives way to a reason is drawn as any other",
        ),
        lambda row: row.strength is Strength.REASON,
    ),
    (
        (
            "Rok u radnim danima, u reči ili do dana koji se navodi nema tajmer",
            "A deadline in working days, in a word or until a day that is named has no timer",
        ),
        lambda row: _untimed(row),
    ),
    (
        (
            "Dužnost koja se ponavlja napisana je uz radnju",
            "A duty that comes again is written beside its act",
        ),
        lambda row: row.kind is Kind.RESPONSE and (row.every or row.source in row.targets),
    ),
)
ACTS: tuple[tuple[tuple[str, str], Callable[[Act], bool]], ...] = (
    (
        ("Zatvorena dok je nešto ne otvori", "Closed until something opens it"),
        lambda act: not act.included,
    ),
    (
        ("Radnja koja štiti dete nema svoj znak", "A protective act has no sign of its own"),
        lambda act: act.protective,
    ),
    (
        (
            "Može da je uradi i neko drugi, a stoji u jednoj stazi",
            "Others may do it too, it stands in one lane",
        ),
        lambda act: len(act.by) > 1,
    ),
)


def unsaid(drawn: Book | Plain, lang: str) -> Iterator[str]:
    at = 1 if lang == "en" else 0
    lost = Lost()
    if isinstance(drawn, Plain):
        _of_plain(drawn, lost, at)
    else:
        _of_book(drawn, lost, at)
    yield f"{START[at]}."
    yield from lost


def _untimed(row: Row) -> bool:
    term = row.within.term if row.within else None
    return row.within is not None and (term is None or term.unit is Unit.WORKING_DAYS)


def _of_book(book: Book, lost: Lost, at: int) -> None:
    for rule in book.rules:
        for row in rule.rows:
            for sentence, holds in ROWS:
                if row.targets and holds(row):
                    lost.say(sentence[at], rule.id)
    for act in book.acts.values():
        for sentence, is_so in ACTS:
            if is_so(act):
                lost.say(sentence[at], act.key)


def _of_plain(plain: Plain, lost: Lost, at: int) -> None:
    for relation in plain.relations:
        row = Row(relation.kind, relation.source, relation.targets)
        for sentence, holds in ROWS:
            if holds(row):
                lost.say(sentence[at], f"{relation.source} → {relation.targets[0]}")
    for key in plain.acts:
        if key not in plain.included:
            lost.say(ACTS[0][0][at], key)
