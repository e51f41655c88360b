"""How fast the engine of conduct is, on a graph of 65 acts, beside the limits of its design.

Run with `python -m bench.conduct`. Guards and working-day deadlines are on.
"""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from spona.conduct.book import Act, Condition, Fires, Kind, Term, Unit
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking
from spona.conduct.relations import Relation
from spona.conduct.state import dump, load

ACTS = 65
RELATIONS = 200
CLOCK = 4
SHORT_ROUNDS, LONG_ROUNDS = 60, 5
WALKS, STEPS = 50, 150
RUNS = 100_000
STEP_LIMIT_US, STATE_LIMIT_BYTES, SWEEP_LIMIT_S = 10.0, 1_000, 5.0

LATER = timedelta(days=3)
BEGUN = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
FACTS: Facts = {"age": 14, "relative": False}
UNDER_16 = Condition("lte", fact="age", value=16)
LENGTHS = (
    timedelta(hours=24),
    Term(Unit.WORKING_DAYS, 5),
    Term(Unit.DAYS, 30),
    Term(Unit.WORKING_DAYS, 15),
    Term(Unit.MONTHS, 3),
)


def make_graph(chance: random.Random) -> Graph:
    """A graph as dense as a protocol: most rows make something owed within working days."""
    acts = [f"act_{number}" for number in range(ACTS)]
    fires = [Fires(after=act, wait=Term(Unit.DAYS, 15)) for act in acts[:CLOCK]]
    clock = [Act(acts[-n - 1], ("clock",), {}, fires=fires[n]) for n in range(CLOCK)]
    return Graph(acts, list(_relations(acts, chance)), acts, clock=clock)


def _relations(acts: list[str], chance: random.Random) -> Iterator[Relation]:
    kinds = [Kind.RESPONSE] * 9 + [Kind.INCLUDE] * 5 + [Kind.EXCLUDE] * 2
    kinds += [Kind.CONDITION] * 3 + [Kind.MILESTONE]
    for _ in range(RELATIONS):
        kind, (source, target) = chance.choice(kinds), chance.sample(acts, 2)
        length = chance.choice(LENGTHS) if kind is Kind.RESPONSE else None
        guard = UNDER_16 if chance.random() < 0.3 else None
        yield Relation(kind, source, (target,), length=length, guard=guard)


def walk(graph: Graph, chance: random.Random) -> list[tuple[str, datetime]]:
    """Steps that may happen, chosen beforehand so that only executing them is timed."""
    chosen: list[tuple[str, datetime]] = []
    marking, at = graph.start(BEGUN), BEGUN
    for _ in range(STEPS):
        at += timedelta(minutes=chance.randint(10, 1_800))
        act = chance.choice(graph.enabled(marking, at, FACTS))
        chosen.append((act, at))
        marking = graph.execute(marking, act, at, FACTS).marking
    return chosen


def replay(graph: Graph, chosen: list[tuple[str, datetime]]) -> list[Marking]:
    marking, markings = graph.start(BEGUN), []
    for act, at in chosen:
        marking = graph.execute(marking, act, at, FACTS).marking
        markings.append(marking)
    return markings


def best(rounds: int, what: Callable[[], object]) -> float:
    """Seconds of the quickest of several rounds: the others met other work on the machine, or the
    collector of garbage, which `timeit` leaves out too."""
    return min(timeit.repeat(what, repeat=rounds, number=1))


def step_us(graph: Graph, walks: list[list[tuple[str, datetime]]]) -> float:
    """One execution with its check, on average over all walks."""
    seconds = best(SHORT_ROUNDS, lambda: [replay(graph, chosen) for chosen in walks])
    return seconds / (STEPS * len(walks)) * 1e6


def sweep_s(graph: Graph, markings: list[Marking]) -> float:
    """Every run asked, some days after its last event, what is late and what the clock owes."""

    def sweep() -> None:
        for number in range(RUNS):
            marking = markings[number % len(markings)]
            at = marking.last + LATER
            graph.breaches(marking, at)
            graph.clock_due(marking, FACTS, at)

    return best(LONG_ROUNDS, sweep)


def report(what: str, measured: float, limit: float, unit: str) -> None:
    print(f"{what:<42}{measured:>12,.2f} {unit:<6} limit {limit:>8,.0f}  {measured / limit:.2f} x")


def main() -> None:
    chance = random.Random(7)
    graph = make_graph(chance)
    walks = [walk(graph, chance) for _ in range(WALKS)]
    markings = [marking for chosen in walks for marking in replay(graph, chosen)]
    states = [dump(graph, marking) for marking in markings]
    if any(load(graph, state) != m for state, m in zip(states, markings, strict=True)):
        raise SystemExit("A state does not come back as it was.")
    owed = sum(len(marking.pending) for marking in markings) / len(markings)
    print(f"{ACTS} acts, {RELATIONS} relations, {owed:.1f} duties in a run on average;")
    print(f"the quickest of {SHORT_ROUNDS} rounds of steps, and of {LONG_ROUNDS} sweeps")
    report("a step, guards and working days", step_us(graph, walks), STEP_LIMIT_US, "us")
    report("the largest state", max(map(len, states)), STATE_LIMIT_BYTES, "bytes")
    report(f"{RUNS:,} runs swept", sweep_s(graph, markings), SWEEP_LIMIT_S, "s")


if __name__ == "__main__":
    main()
