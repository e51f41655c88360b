"""How long it takes to hold 100,000 running matters against a new version of their rule book.

Run with `python -m bench.migrating`. The matters are random walks through the book of the
unaccompanied child, the new version has two other terms, a new duty and a new guard.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from spona.conduct.book import Badge, Book, Kind, Law, Row, Rule, Term, Unit, Verified, Within
from spona.conduct.fold import Event
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.migrating import Course, Side, plan
from spona.conduct.reader import read

BOOK = Path("protocols/unaccompanied-child.yaml")
RUNS, DIFFERENT, ACTS = 100_000, 2_000, 20
LIMIT_S = 30.0
BEGUN = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
LOCAL = Badge(Verified.LOCAL, Verified.LOCAL, Verified.LOCAL)


def changed(book: Book) -> Book:
    """Two terms are other ones, `legal_information` is owed after the call, and a guard is new."""
    rules = list(book.rules)
    for number, rule in enumerate(rules):
        if rule.id in ("UASC-07", "LOC-UC-05"):
            rows = [replace(r, within=Within(term=Term(Unit.HOURS, 12))) for r in rule.rows]
            rules[number] = replace(rule, rows=tuple(rows))
    owed = Row(
        Kind.RESPONSE, "csr_notified", ("legal_information",), Within(term=Term(Unit.DAYS, 3))
    )
    guard = Row(Kind.CONDITION, "bia_done", ("placement_decided",))
    rules.append(Rule("NEW-1", Law(None, None), "", LOCAL, (owed, guard)))
    return replace(book, rules=tuple(rules))


def walks(graph: Graph, chance: random.Random) -> Iterator[tuple[Marking, Course]]:
    for _ in range(DIFFERENT):
        marking, at, events = graph.start(BEGUN), BEGUN, list[Event]()
        for _ in range(chance.randint(5, 2 * ACTS - 5)):
            at += timedelta(minutes=chance.randint(10, 3_000))
            act = chance.choice(graph.enabled(marking, at))
            marking = graph.execute(marking, act, at, reason="bench").marking
            events.append(Event(act, at))
        yield marking, Course(BEGUN, events, {event.act for event in events}, {}, ())


def main() -> None:
    book = read(BOOK)
    old, new = Side.of(book), Side.of(changed(book))
    runs = list(walks(old.graph, random.Random(7)))
    kinds: Counter[str] = Counter()
    begun = perf_counter()
    for number in range(RUNS):
        marking, course = runs[number % DIFFERENT]
        found = plan(old, new, marking, course, marking.last + timedelta(hours=1))
        kinds["safe" if found.safe else "to decide"] += 1
    taken = perf_counter() - begun
    events = sum(len(course.events) for _, course in runs) / len(runs)
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    print(
        f"{RUNS:,} runs of {events:.0f} acts ({DIFFERENT:,} different ones) against a new version:"
    )
    print(f"{taken:.1f} s   limit {LIMIT_S:.0f} s   {taken / LIMIT_S:.2f} x   ({told})")


if __name__ == "__main__":
    main()
