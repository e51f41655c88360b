"""Every kind of change that a new version of a rule book may bring, at random; none is law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from spona.conduct.book import (
    Act,
    Badge,
    Book,
    Condition,
    Kind,
    Law,
    Row,
    Rule,
    Strength,
    Term,
    Unit,
    Verified,
    Within,
)

LOCAL = Badge(Verified.LOCAL, Verified.LOCAL, Verified.LOCAL)
TERMS = (Term(Unit.HOURS, 2), Term(Unit.DAYS, 3), Term(Unit.WORKING_DAYS, 5), Term(Unit.MONTHS, 1))
Edit = Callable[[Book, Random], Book]


def _act(book: Book, chance: Random) -> str:
    return chance.choice([act.key for act in book.acts.values() if not act.by_clock])


def _added(book: Book, row: Row) -> Book:
    rule = Rule("NEW-1", Law(None, None), "", LOCAL, (row,))
    return replace(book, rules=(*book.rules, rule))


def _rows(book: Book, change: Callable[[Row], Row | None]) -> Book:
    rules = []
    for rule in book.rules:
        changed = (change(row) for row in rule.rows)
        rules.append(replace(rule, rows=tuple(row for row in changed if row)))
    return replace(book, rules=tuple(rules))


def _one(
    book: Book, chance: Random, which: Callable[[Row], bool], to: Callable[[Row], Row]
) -> Book:
    found = [row for rule in book.rules for row in rule.rows if which(row)]
    chosen = chance.choice(found) if found else None
    return _rows(book, lambda row: to(row) if row is chosen else row)


def _acts(book: Book, chance: Random, to: Callable[[Act], Act]) -> Book:
    key = _act(book, chance)
    return replace(book, acts={**book.acts, key: to(book.acts[key])})


# --- rules


def rule_gone(book: Book, chance: Random) -> Book:
    gone = chance.choice(book.rules)
    return replace(book, rules=tuple(rule for rule in book.rules if rule is not gone))


def duty_added(book: Book, chance: Random) -> Book:
    within = Within(term=chance.choice(TERMS))
    targets = (_act(book, chance),)
    return _added(book, Row(Kind.RESPONSE, _act(book, chance), targets, within=within))


def guard_added(book: Book, chance: Random) -> Book:
    kind = chance.choice((Kind.CONDITION, Kind.MILESTONE))
    strength = chance.choice((Strength.HARD, Strength.REASON))
    row = Row(kind, _act(book, chance), (_act(book, chance),), strength=strength)
    return _added(book, row)


def opening_added(book: Book, chance: Random) -> Book:
    kind = chance.choice((Kind.INCLUDE, Kind.EXCLUDE))
    return _added(book, Row(kind, _act(book, chance), (_act(book, chance),)))


def term_changed(book: Book, chance: Random) -> Book:
    within = Within(term=chance.choice(TERMS))
    return _one(
        book, chance, lambda row: row.within is not None, lambda r: replace(r, within=within)
    )


def strength_changed(book: Book, chance: Random) -> Book:
    other = {Strength.HARD: Strength.REASON, Strength.REASON: Strength.HARD}
    blocking = (Kind.CONDITION, Kind.MILESTONE)
    return _one(
        book, chance, lambda r: r.kind in blocking, lambda r: replace(r, strength=other[r.strength])
    )


def made_conditional(book: Book, chance: Random) -> Book:
    flags = [fact.key for fact in book.facts.values() if fact.type == "boolean"]
    if not flags:
        return book
    wanted = Condition("eq", chance.choice(flags), chance.random() < 0.5)
    return _one(book, chance, lambda r: r.condition is None, lambda r: replace(r, condition=wanted))


def made_unconditional(book: Book, chance: Random) -> Book:
    return _one(
        book, chance, lambda r: r.condition is not None, lambda r: replace(r, condition=None)
    )


# --- acts, facts, parties


def act_gone(book: Book, chance: Random) -> Book:
    gone = _act(book, chance)
    without = _rows(book, lambda row: None if gone in (row.source, *row.targets) else row)
    kept = {
        k: a for k, a in book.acts.items() if k != gone and (not a.fires or a.fires.after != gone)
    }
    lost = set(book.acts) - set(kept)
    without = _rows(without, lambda row: None if lost & {row.source, *row.targets} else row)
    return replace(without, acts=kept)


def act_added(book: Book, chance: Random) -> Book:
    pattern = book.acts[_act(book, chance)]
    acts: Mapping[str, Act] = {**book.acts, "brand_new": replace(pattern, key="brand_new")}
    return _added(replace(book, acts=acts), Row(Kind.RESPONSE, _act(book, chance), ("brand_new",)))


def act_closed(book: Book, chance: Random) -> Book:
    return _acts(book, chance, lambda act: replace(act, included=not act.included))


def fact_gone(book: Book, chance: Random) -> Book:
    if not book.facts:
        return book
    gone = chance.choice(list(book.facts))
    named = _rows(book, lambda row: None if gone in str(row) else row)
    fired = {k: a for k, a in book.acts.items() if not a.fires or a.fires.fact != gone}
    lost = set(book.acts) - set(fired)
    named = _rows(named, lambda row: None if lost & {row.source, *row.targets} else row)
    return replace(named, acts=fired, facts={k: f for k, f in book.facts.items() if k != gone})


def nothing(book: Book, chance: Random) -> Book:
    return book


EDITS: tuple[Edit, ...] = (
    nothing,
    rule_gone,
    duty_added,
    guard_added,
    opening_added,
    term_changed,
    strength_changed,
    made_conditional,
    made_unconditional,
    act_gone,
    act_added,
    act_closed,
    fact_gone,
)
