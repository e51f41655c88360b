"""All states of a small graph, one after the other, by the engine itself: what verification says
is held against this."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from spona.conduct.book import Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Blocked, Marking
from spona.conduct.tests.books import MONDAY

Known = tuple[tuple[str, bool | None], ...]
Key = tuple[int, int, frozenset[int], frozenset[int], Known]


class Step(NamedTuple):
    act: str  # empty: facts changed
    after: Key


class Brute:
    """Every state from `start`, with facts of yes or no that may change at every step."""

    def __init__(self, graph: Graph, start: Marking, facts: tuple[str, ...] = ()) -> None:
        self.graph, self.facts = graph, facts
        self.start = _key(start, {})
        self.markings = {self.start: start}
        self.steps: dict[Key, list[Step]] = {}
        queue = [self.start]
        while queue:
            key = queue.pop()
            self.steps[key] = []
            for act, marking, known in self._next(self.markings[key], dict(key[4])):
                after = _key(marking, known)
                self.steps[key].append(Step(act, after))
                if after not in self.markings:
                    self.markings[after] = marking
                    queue.append(after)

    def _next(self, marking: Marking, known: Facts) -> Iterator[tuple[str, Marking, Facts]]:
        for values in product((True, False, None), repeat=len(self.facts)):
            now = dict(zip(self.facts, values, strict=True))
            if any(now[fact] is None and known.get(fact) is not None for fact in self.facts):
                continue
            changed = self.graph.fact_changed(marking, known, now, MONDAY)
            yield "", changed.marking, now
            for act in self.graph.acts:
                try:
                    step = self.graph.execute(marking, act, MONDAY, now, "reason", known)
                except Blocked:
                    continue
                yield act, step.marking, now

    # -- verdicts

    def never(self) -> set[str]:
        done = {step.act for steps in self.steps.values() for step in steps}
        return set(self.graph.acts) - done

    def dead(self) -> set[int]:
        """Slots that are owed and open in a state from which no act of theirs follows."""
        return {slot for slot in self._slots() if self._lost(slot)}

    def _slots(self) -> set[int]:
        return {slot for key in self.steps for slot in key[2]}

    def _lost(self, slot: int) -> bool:
        mask = self.graph.tables.masks[slot]
        acts = {act for number, act in enumerate(self.graph.acts) if mask >> number & 1}
        good = {key for key, steps in self.steps.items() if any(s.act in acts for s in steps)}
        return any(slot in key[2] and key[0] & mask for key in self._hopeless(good))

    def endless(self) -> bool:
        good = {key for key, marking in self.markings.items() if self.graph.may_end(marking)}
        return bool(self._hopeless(good))

    def _hopeless(self, good: set[Key]) -> set[Key]:
        before: dict[Key, list[Key]] = {}
        for key, steps in self.steps.items():
            for step in steps:
                before.setdefault(step.after, []).append(key)
        saved, queue = set(good), list(good)
        while queue:
            for key in before.get(queue.pop(), ()):
                if key not in saved:
                    saved.add(key)
                    queue.append(key)
        return set(self.steps) - saved

    def hiding(self) -> set[tuple[int, str]]:
        """Slots and the acts that leave them owed and closed, as they were not before."""
        masks = self.graph.tables.masks
        return {
            (slot, step.act)
            for key, steps in self.steps.items()
            for step in steps
            for slot in step.after[2]
            if not step.after[0] & masks[slot] and (slot not in key[2] or key[0] & masks[slot])
        }

    def silent(self) -> set[tuple[str, str]]:
        """Acts and their conditions that are closed and undone while the act may happen."""
        index, found = self.graph.tables.index, set()
        for key, steps in self.steps.items():
            for relation in self.graph.tables.relations:
                hard = relation.strength is Strength.HARD
                if relation.kind is Kind.CONDITION and hard:
                    source, target = index[relation.source], relation.targets[0]
                    lacking = not (key[0] | key[1]) >> source & 1
                    if lacking and any(step.act == target for step in steps):
                        found.add((target, relation.source))
        return found


def _key(marking: Marking, known: Facts) -> Key:
    facts = tuple(sorted((fact, value) for fact, value in known.items() if value is not None))
    return (
        marking.included,
        marking.done,
        frozenset(marking.pending),
        frozenset(marking.waiting),
        facts,  # type: ignore[return-value]
    )
