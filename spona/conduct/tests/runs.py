"""A run of any rule book in tests, and walks through it; everybody in it is synthetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from spona.conduct.book import Act, Book, Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts, Value
from spona.conduct.marking import Marking, Owed
from spona.conduct.reader import read
from spona.conduct.stepping import Step

ROOT = Path(__file__).parents[3]
NIGHT = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)  # 21.10 in Belgrade
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "izmišljen razlog"
GAPS = (timedelta(), HOUR, 5 * HOUR, DAY, 4 * DAY, 40 * DAY)

Pick = tuple[int, timedelta]
walks = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(GAPS)), max_size=40)


@cache
def book_of(name: str) -> Book:
    return read(ROOT / f"protocols/{name}.yaml")


@cache
def graph_of(name: str) -> Graph:
    return Graph.of(book_of(name))


def named(duty: Owed) -> tuple[str, ...]:
    """A duty of which one act was closed is still the same duty."""
    return duty.row.targets if duty.row else duty.acts


class Run:
    """One run of a rule book; the clock acts before every step."""

    def __init__(self, name: str, **facts: Value) -> None:
        self.book, self.graph, self.at = book_of(name), graph_of(name), NIGHT
        self.facts: dict[str, Value] = {}
        self.marking: Marking = self.graph.start(NIGHT)
        self.learn(**facts)

    def learn(self, **facts: Value) -> None:
        before: Facts = dict(self.facts)
        self.facts.update(facts)
        step = self.graph.fact_changed(self.marking, before, self.facts, self.at)
        self.marking = step.marking

    def later(self, gap: timedelta) -> Run:
        self.at += gap
        self.marking = self.graph.catch_up(self.marking, self.facts, self.at).marking
        return self

    def do(self, *acts: str, reason: str = "", **facts: Value) -> Step:
        for act in acts:
            before: Facts = dict(self.facts)
            known = self.facts | facts
            step = self.graph.execute(self.marking, act, self.at, known, reason, before)
            self.marking, self.facts = step.marking, known
        return step

    def owed(self) -> dict[str, datetime | None]:
        duties = self.graph.owed(self.marking)
        return {act: duty.due for duty in duties if not duty.hidden for act in duty.acts}

    def duties(self) -> set[tuple[str, ...]]:
        return {named(duty) for duty in self.graph.owed(self.marking) if not duty.hidden}

    def may(self, act: str) -> bool:
        return act in self.possible()

    def possible(self) -> list[str]:
        """The acts of people that may happen now, some only with a reason."""
        enabled = self.graph.enabled(self.marking, self.at, self.facts)
        return [act for act in enabled if not self.book.acts[act].by_clock]

    def done(self, act: str) -> bool:
        return act in self.graph.executed(self.marking)


def walk(run: Run, picks: Iterable[Pick]) -> Iterator[tuple[str, Step]]:
    """Acts at random with answers at random; asserts at every step what holds in every book."""
    for number, gap in picks:
        run.later(gap)
        nothing_protective_waits(run)
        possible = run.possible()
        if not possible:
            return
        act = possible[number % len(possible)]
        before = run.duties()
        step = run.do(act, reason=REASON, **answers(run, run.book.acts[act], number))
        nothing_vanishes(run, before, step)
        yield act, step


def answers(run: Run, act: Act, number: int) -> dict[str, Value]:
    """What the form of an act establishes, at random."""
    return {q.sets: _answer(run, q.sets, number) for q in act.form if q.sets}


def _answer(run: Run, key: str, number: int) -> Value:
    fact = run.book.facts[key]
    values: dict[str, Value] = {
        "boolean": number % 2 == 0,
        "date": run.at.date() + number % 40 * DAY,
        "datetime": run.at + number % 48 * HOUR,
        "code": fact.values[number % len(fact.values)] if fact.values else None,
    }
    return values[fact.type]


def nothing_protective_waits(run: Run) -> None:
    for act in run.book.acts.values():
        if act.protective:
            blocks = run.graph.blocks(run.marking, act.key, run.at, run.facts)
            hard = [b for b in blocks if b.strength is not Strength.REASON]
            assert [b.kind for b in hard] in ([], ["excluded"]), act.key


def nothing_vanishes(run: Run, before: set[tuple[str, ...]], step: Step) -> None:
    """What was owed is owed, or was done, or was closed by a row that names it and says why."""
    ended = {named(end.owed) for end in (*step.discharged, *step.closed)}
    assert before - ended <= run.duties()
    for end in step.closed:
        rows = run.book.rule(end.rule_id).rows
        closing = [row for row in rows if row.kind is Kind.EXCLUDE and row.says]
        assert set(named(end.owed)) & {row.targets[0] for row in closing}
