"""What a rule book shows without a run: exact, and at once."""

from __future__ import annotations

from collections.abc import Iterator

from spona.conduct.book import Act, Book, Kind, Row, Rule, Strength, Verified
from spona.conduct.guards import waits
from spona.conduct.verify.findings import Code, Finding, Severity
from spona.conduct.verify.worlds import facts_of

Rows = Iterator[tuple[Rule, Row]]


def rows_of(book: Book) -> Rows:
    return ((rule, row) for rule in book.rules for row in rule.rows)


def hard_before_protective(book: Book) -> Iterator[Finding]:
    """A hard guard before an act that protects a person; the reader refuses it too."""
    for rule, row in rows_of(book):
        blocks = row.kind in (Kind.CONDITION, Kind.MILESTONE) and row.strength is Strength.HARD
        if blocks and book.acts[row.targets[0]].protective:
            acts = (row.targets[0], row.source)
            yield Finding(Code.HARD_BEFORE_PROTECTIVE, Severity.FAULT, (rule.id,), acts)


def no_source(book: Book) -> Iterator[Finding]:
    """A rule that is no local agreement and names no source: a fault where it says it was read."""
    for rule in book.rules:
        if not rule.source and rule.badge.text is not Verified.LOCAL:
            remembered = rule.badge.text is Verified.MEMORY
            severity = Severity.NOTE if remembered else Severity.FAULT
            yield Finding(Code.NO_SOURCE, severity, (rule.id,))


def unfillable_party(book: Book) -> Iterator[Finding]:
    """An act for which one party must be there and away, or that is the only way to bind the party
    that does it."""
    for act in book.acts.values():
        torn = set(act.without) & {*act.with_, *(act.by[:1]), act.on_behalf}
        circular = {party for party in act.binds if _binds_itself(book, act, party)}
        for party in sorted(torn | circular):
            yield Finding(
                Code.UNFILLABLE_PARTY,
                Severity.FAULT,
                _owing(book, act.key),
                (act.key,),
                detail={"party": party, "how": "torn" if party in torn else "circular"},
            )


def _binds_itself(book: Book, act: Act, party: str) -> bool:
    binding = [other for other in book.acts.values() if party in other.binds]
    return act.by == (party,) and binding == [act]


def _owing(book: Book, act: str) -> tuple[str, ...]:
    owing = [rule.id for rule, row in rows_of(book) if _owes(row, act)]
    return tuple(dict.fromkeys(owing))


def _owes(row: Row, act: str) -> bool:
    return row.kind is Kind.RESPONSE and act in row.targets


def nobody_told(book: Book) -> Iterator[Finding]:
    """A duty with a deadline of whose breach nobody is told: a fault where its act protects a
    person, or where the only one to be told stands for no party of the book."""
    for rule in book.rules:
        timed = [row for row in rule.rows if row.kind is Kind.RESPONSE and row.within]
        acts = tuple(dict.fromkeys(act for row in timed for act in row.targets))
        told = {tell.whom for tell in rule.on_breach}
        lost = told == {"finder"} and "finder" not in book.parties
        if acts and (not told or lost):
            grave = lost or any(book.acts[act].protective for act in acts)
            severity = Severity.FAULT if grave else Severity.NOTE
            how = {"how": "lost" if lost else "none"}
            yield Finding(Code.NOBODY_TOLD, severity, (rule.id,), acts, detail=how)


def nobody_finds_out(book: Book, never: frozenset[str]) -> Iterator[Finding]:
    """A fact that rules read and no form asks for (a note: somebody may still establish it), or
    that only acts ask for that never happen while a rule waits for it (a fault)."""
    for fact, rules in _read(book).items():
        asking = [a.key for a in book.acts.values() if any(q.sets == fact for q in a.form)]
        if not asking:
            yield _unknown(fact, rules, Severity.NOTE)
        elif never.issuperset(asking):
            severity = Severity.FAULT if _awaited(book, fact) else Severity.NOTE
            yield _unknown(fact, rules, severity, tuple(asking))


def _unknown(
    fact: str, rules: list[str], severity: Severity, acts: tuple[str, ...] = ()
) -> Finding:
    named = tuple(dict.fromkeys(rules))
    return Finding(Code.NOBODY_FINDS_OUT, severity, named, acts, detail={"fact": fact})


def _read(book: Book) -> dict[str, list[str]]:
    """The facts that rules read, each with the rules."""
    found: dict[str, list[str]] = {}
    for rule, row in rows_of(book):
        until = {row.within.until} if row.within and row.within.until else set()
        for fact in sorted(facts_of(row.condition) | facts_of(row.becomes) | until):
            found.setdefault(fact, []).append(rule.id)
    for act in book.acts.values():
        if act.fires and act.fires.fact:
            found.setdefault(act.fires.fact, [])
    return found


def _awaited(book: Book, fact: str) -> bool:
    """Whether a rule, a deadline or the clock stands still until the fact is known."""
    fired = any(act.fires and act.fires.fact == fact for act in book.acts.values())
    return fired or any(_waits(book, row, fact) for _, row in rows_of(book))


def _waits(book: Book, row: Row, fact: str) -> bool:
    until = row.within is not None and row.within.until == fact
    guarded = fact in facts_of(row.condition) and row.condition is not None
    waiting = guarded and row.condition is not None and waits(row.condition, book.facts)
    return until or waiting or fact in facts_of(row.becomes)
