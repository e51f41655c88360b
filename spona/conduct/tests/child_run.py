"""One run of the rule book of the unaccompanied child, for tests; the child is synthetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from spona.conduct.book import Book
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts, Value
from spona.conduct.marking import Marking
from spona.conduct.reader import read
from spona.conduct.stepping import Step

ROOT = Path(__file__).parents[3]
NIGHT = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)  # 21.10 in Belgrade
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEVER_WAITS = ("intention_voiced", "bed_tonight", "placement_deviation")


@cache
def book() -> Book:
    return read(ROOT / "protocols/unaccompanied-child.yaml")


@cache
def graph() -> Graph:
    return Graph.of(book())


class Run:
    """One run of the book for a synthetic child; the clock acts before every step."""

    def __init__(self, **facts: Value) -> None:
        self.at = NIGHT
        self.facts: dict[str, Value] = {}
        self.marking: Marking = graph().start(NIGHT)
        self.learn(**facts)

    def learn(self, **facts: Value) -> None:
        before: Facts = dict(self.facts)
        self.facts.update(facts)
        self.marking = graph().fact_changed(self.marking, before, self.facts, self.at).marking

    def later(self, gap: timedelta) -> Run:
        self.at += gap
        self.marking = graph().catch_up(self.marking, self.facts, self.at).marking
        return self

    def do(self, *acts: str, reason: str = "") -> Step:
        for act in acts:
            step = graph().execute(self.marking, act, self.at, self.facts, reason)
            self.marking = step.marking
        return step

    def owed(self) -> dict[str, datetime | None]:
        duties = graph().owed(self.marking)
        return {act: duty.due for duty in duties if not duty.hidden for act in duty.acts}

    def may(self, act: str) -> bool:
        return act in graph().enabled(self.marking, self.at, self.facts)
