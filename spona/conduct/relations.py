"""The relations of a timed DCR graph, from the rows of a rule book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from spona.conduct.book import Book, Condition, Fact, Kind, Row, Strength, Term, Unit
from spona.conduct.guards import waits

Length = Term | timedelta  # hours are a timedelta, whatever the calendar counts is a Term


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One relation between acts; `source` is empty for the start of a run and for fact triggers."""

    kind: Kind
    source: str
    targets: tuple[str, ...]
    length: Length | None = None
    most: Length | None = None
    guard: Condition | None = None
    waits: bool = False
    becomes: Condition | None = None
    strength: Strength = Strength.HARD
    renews: bool = False
    fresh: bool = False
    anchored: bool = False
    until: str = ""  # the fact that names the deadline
    rule_id: str = ""
    row: Row | None = None


def length(term: Term | None) -> Length | None:
    if term is not None and term.unit is Unit.HOURS:
        return timedelta(hours=term.amount)
    return term


def relations(book: Book) -> Iterator[Relation]:
    """Every executed row as relations; a row that makes an act owed opens it too."""
    for rule in book.rules:
        for row in rule.rows:
            if row.kind not in (Kind.NEVER, Kind.PRINCIPLE):
                yield from _row(rule.id, row, book.facts)


def _row(rule_id: str, row: Row, facts: Mapping[str, Fact]) -> Iterator[Relation]:
    within = row.within.counted if row.within else None
    relation = Relation(
        kind=row.kind,
        source=row.source,
        targets=row.targets,
        length=length(within or row.wait),
        most=length(row.most),
        guard=row.condition,
        waits=row.condition is not None and waits(row.condition, facts),
        becomes=row.becomes,
        strength=row.strength,
        renews=row.renews,
        fresh=row.fresh,
        until=row.within.until if row.within else "",
        rule_id=rule_id,
        row=row,
    )
    yield relation
    if row.kind is Kind.RESPONSE and row.opens:
        yield replace(relation, kind=Kind.INCLUDE)
    if row.every:
        yield replace(relation, source=row.targets[0], anchored=row.anchored)
