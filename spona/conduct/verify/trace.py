"""A way through the model, executed for real: with moments, facts and the acts of the clock.

Only what the engine itself can do is reported: a way that cannot be executed here is no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from spona.conduct.book import Fires, Strength
from spona.conduct.calendar import shift
from spona.conduct.guards import Facts, Value, truth
from spona.conduct.marking import Block, Blocked, Marking
from spona.conduct.relations import Relation
from spona.conduct.stepping import Step
from spona.conduct.verify.findings import Move
from spona.conduct.verify.model import Model, Transition
from spona.conduct.verify.worlds import facts_of, named_moment, reading, valuations

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Belgrade
REASON = "-"
LONG = timedelta(days=366 * 30)
TRIED = 5_000


class Replayed(NamedTuple):
    """What executing a way gave: the moves as a person would tell them, and the last step."""

    marking: Marking
    facts: Facts
    at: datetime
    moves: tuple[Move, ...]
    steps: tuple[Step, ...]
    markings: tuple[Marking, ...]  # before each step


class NoTrace(Exception):  # noqa: N818 -- said of a way
    """The engine does not go this way."""


class Player:
    """One run, executed step by step as the transitions ask."""

    def __init__(self, model: Model, marking: Marking) -> None:
        self.model, self.graph, self.marking = model, model.graph, marking
        self.at = marking.last
        self.facts: dict[str, Value] = {}
        self.moves: list[Move] = []
        self.steps: list[Step] = []
        self.before: list[Marking] = []

    def play(self, way: Iterable[Transition]) -> Replayed:
        """Raises `NoTrace` where the engine does not go this way."""
        for transition in way:
            self._move(transition)
        return self.result()

    def result(self) -> Replayed:
        steps, before = tuple(self.steps), tuple(self.before)
        return Replayed(self.marking, dict(self.facts), self.at, tuple(self.moves), steps, before)

    def _move(self, transition: Transition) -> None:
        cause = transition.cause
        wanted = {self._relation(n): holds for n, holds in transition.outcome}
        if cause.act < 0:
            triggered = () if cause.learns else tuple(wanted)
            self._learn(self._world(wanted, triggered))
        elif (act := self.model.clock_act(cause.act)) is not None:
            self._learn({**self._world(wanted), **self._named(act.fires)})
            self._tick(act.key)
        else:
            self._do(self.graph.acts[cause.act], self._world(wanted))

    def _relation(self, number: int) -> Relation:
        return self.model.tables.relations[number]

    # -- facts

    def _world(
        self, wanted: Mapping[Relation, bool | None], triggered: tuple[Relation, ...] = ()
    ) -> Facts:
        """Facts, as near to those known as can be, under which the guards are read as wanted."""
        facts = frozenset[str]().union(*(facts_of(r.guard) | facts_of(r.becomes) for r in wanted))
        best: Facts | None = None
        for number, world in enumerate(valuations(facts, self.model.worlds)):
            if number > TRIED:
                break
            if not self._fits(world, wanted, triggered):
                continue
            if best is None or self._changed(world) < self._changed(best):
                best = world
        if best is None:
            raise NoTrace
        return {fact: value for fact, value in best.items() if value is not None}

    def _fits(
        self,
        world: Facts,
        wanted: Mapping[Relation, bool | None],
        triggered: tuple[Relation, ...],
    ) -> bool:
        if any(value is None and fact in self.facts for fact, value in world.items()):
            return False
        known = self.facts | {f: v for f, v in world.items() if v is not None}
        if any(r.becomes is None or not truth(r.becomes, known) for r in triggered):
            return False
        if any(r.becomes and truth(r.becomes, self.facts) for r in triggered):
            return False
        return all(reading(relation, known) is holds for relation, holds in wanted.items())

    def _changed(self, world: Facts) -> int:
        return sum(self.facts.get(fact) != value for fact, value in world.items())

    def _named(self, fires: Fires | None) -> Facts:
        """A day for the fact at which the clock acts, where none is known: one that makes it act
        now."""
        fact = fires.fact if fires else ""
        if fires is None or not fact or fact in self.facts:
            return {}
        kind = self.model.book.facts[fact].type if self.model.book else "datetime"
        return {fact: named_moment(kind, _moved_back(fires, self.at))}

    def _new(self, world: Facts) -> dict[str, Value]:
        return {fact: value for fact, value in world.items() if self.facts.get(fact) != value}

    def _learn(self, world: Facts) -> None:
        new = self._new(world)
        if not new:
            return
        known = self.facts | new
        self._keep("", "", new, self.graph.fact_changed(self.marking, self.facts, known, self.at))

    # -- acts

    def _do(self, act: str, world: Facts) -> None:
        self.until(self.at)
        self._wait(act)
        self._give_way(act)
        new = self._new(world)
        known = self.facts | new
        try:
            step = self.graph.execute(self.marking, act, self.at, known, REASON, self.facts)
        except Blocked as blocked:
            raise NoTrace from blocked
        self._keep(act, self._party(act), new, step)

    def _blocks(self, act: str) -> tuple[Block, ...]:
        found = self.graph.blocks(self.marking, act, self.at, self.facts)
        return tuple(one for one in found if one.strength is Strength.HARD)

    def _wait(self, act: str) -> None:
        """Let the delays pass that stand before the act, and the clock act meanwhile."""
        delays = [one.until for one in self._blocks(act) if one.until is not None]
        if delays:
            self.until(max(delays))

    def _give_way(self, act: str) -> None:
        """Establish facts under which the guarded conditions before the act do not stand."""
        standing = [one.row for one in self._blocks(act) if one.row and one.row.condition]
        if standing:
            checks = self.model.tables.guarding[self.model.tables.index[act]]
            relations = [c.relation for c in checks if c.relation.row in standing]
            self._learn(self._world(dict.fromkeys(relations, False)))

    def _tick(self, act: str) -> None:
        due = self.graph.clock_due(self.marking, self.facts, self.at + LONG)
        moments = [at for at, key in due if key == act]
        if not moments or act not in self.until(min(moments)):
            raise NoTrace

    def until(self, moment: datetime) -> tuple[str, ...]:
        """Let the time pass; what the clock did is told."""
        caught = self.graph.catch_up(self.marking, self.facts, moment, limit=50)
        if caught.capped:
            raise NoTrace
        for at, act, step in caught.fired:
            self.at = max(self.at, at)
            self._keep(act, "clock", {}, step)
        self.at = max(self.at, moment)
        return tuple(act for _, act, _ in caught.fired)

    def _keep(self, act: str, party: str, new: dict[str, Value], step: Step) -> None:
        self.before.append(self.marking)
        self.marking = step.marking
        self.facts |= new
        self.moves.append(Move(act, party, new, self.at))
        self.steps.append(step)

    def _party(self, act: str) -> str:
        return self.model.book.acts[act].by[0] if self.model.book else ""


def _moved_back(fires: Fires, at: datetime) -> datetime:
    """The moment from which the clock comes to act at `at`."""
    if fires.plus:
        at = shift(at, fires.plus, back=True)
    return shift(at, fires.minus) if fires.minus else at


def replay(model: Model, start: Marking, way: Iterable[Transition]) -> Replayed | None:
    """What executing the way gives, or none where the engine does not go it."""
    try:
        return Player(model, start).play(way)
    except (NoTrace, OverflowError, ValueError):
        return None
