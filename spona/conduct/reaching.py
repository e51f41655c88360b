"""Whether what is owed can still be done, whatever the facts become and however long one waits.

A state is what is open, what was done and what is owed, as bit sets. Delays pass, a guard that
takes a reason is passed, and what depends on facts is read as, and when, whoever searches needs it:
`False` says that no course of a case discharges the duty; `True` that one does, if the facts allow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spona.conduct.book import Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.tables import Effect

CAP = 2_000  # states of one search

State = tuple[int, int, int]  # acts that are open, acts that were done, slots that are owed


class Move(NamedTuple):
    """Something that may happen: an act (its number, else -1), and what that changes.

    `after` must have been done; each of `before` must have been done while it is open, and none of
    `free` may be owed while it is open.
    """

    act: int
    after: int
    before: int
    free: int
    cleared: int
    excludes: int
    includes: int
    owes: int


class Reach:
    """The moves of one graph; a verdict is kept, for many runs stand alike."""

    def __init__(self, graph: Graph) -> None:
        self.tables = graph.tables
        self._after = {
            self.tables.index[act.key]: 1 << self.tables.index[act.fires.after]
            for act in graph.clock
            if act.fires and act.fires.after
        }
        self.moves = [move for act in range(len(graph.acts)) for move in self._of_act(act)]
        self.moves += self._of_facts()
        self._known: dict[tuple[State, int], bool | None] = {}

    def can_discharge(self, marking: Marking, slot: int) -> bool | None:
        """Whether one of the acts of `slot` can still happen; None: not found within the cap."""
        owed = sum(1 << number for number in marking.pending)
        return self.can_do((marking.included, marking.done, owed), self.tables.masks[slot])

    def can_do(self, state: State, goal: int) -> bool | None:
        """Whether one of the acts of `goal` (a bit set) can happen from `state` on."""
        if (state, goal) not in self._known:
            self._known[state, goal] = self._possible(state, goal) and self._search(state, goal)
        return self._known[state, goal]

    # -- moves

    def _of_act(self, act: int) -> Iterator[Move]:
        """The act with what it does for certain, and apart from it what a guard may add."""
        tables, name = self.tables, self.tables.acts[act]
        effects = [e for e in tables.effects.values() if e.relation.source == name]
        certain = [effect for effect in effects if effect.relation.guard is None]
        cleared = sum(1 << slot for slot in tables.slots_of[act])
        after = self._after.get(act, 0)
        yield Move(act, after, *self._guards(act), cleared, *_masks(certain))
        for effect in effects:
            if effect.relation.guard is not None:
                yield Move(-1, 1 << act, 0, 0, 0, *_masks([effect]))

    def _guards(self, act: int) -> tuple[int, int]:
        """The acts before which, and those while owed, this one may not happen for certain."""
        found = {Kind.CONDITION: 0, Kind.MILESTONE: 0}
        for relation, source in self.tables.guarding[act]:
            if relation.strength is Strength.HARD and relation.guard is None:
                found[relation.kind] |= 1 << source
        return found[Kind.CONDITION], found[Kind.MILESTONE]

    def _of_facts(self) -> Iterator[Move]:
        for effect in self.tables.triggers:
            yield Move(-1, 0, 0, 0, 0, *_masks([effect]))

    # -- searching

    def _possible(self, state: State, goal: int) -> bool:
        """Whether the goal is met at least where nothing once possible is ever lost."""
        included, done, _ = state
        closed, taken = ~included, self._owed(state[2])
        free = ~taken
        while True:
            found = included, done, closed, free
            for move in self.moves:
                if self._lets(move, included, done, closed, free):
                    included |= move.includes
                    closed |= move.excludes
                    if move.act >= 0:
                        done |= 1 << move.act
                        free |= 1 << move.act
                        if goal >> move.act & 1:
                            return True
            if found == (included, done, closed, free):
                return False

    def _lets(self, move: Move, included: int, done: int, closed: int, free: int) -> bool:
        if move.act >= 0 and not included >> move.act & 1:
            return False
        if move.after and not move.after & done:
            return False
        return not move.before & ~done & ~closed and not move.free & ~free & ~closed

    def _search(self, state: State, goal: int) -> bool | None:
        """The shortest way first; None where the cap is hit before every state was seen."""
        moves = self._cone(goal)
        seen, waiting = {state}, deque([state])
        while waiting:
            included, done, owed = waiting.popleft()
            closed, free = ~included, ~self._owed(owed)
            for move in moves:
                if not self._lets(move, included, done, closed, free):
                    continue
                if move.act >= 0 and goal >> move.act & 1:
                    return True
                after = _moved((included, done, owed), move)
                if after not in seen:
                    if len(seen) >= CAP:
                        return None
                    seen.add(after)
                    waiting.append(after)
        return False

    def _cone(self, goal: int) -> list[Move]:
        """The moves that can help: done, or opening, what is wanted, or closing what blocks it."""
        wanted, before = goal, 0
        while wanted != before:
            before = wanted
            helping = [move for move in self.moves if _helps(move, wanted, self._ways(wanted))]
            for move in helping:
                wanted |= move.after | (1 << move.act if move.act >= 0 else 0)
            wanted |= self._ways(wanted)
        return helping

    def _ways(self, wanted: int) -> int:
        """What stands before these acts."""
        found = 0
        for move in self.moves:
            if move.act >= 0 and wanted >> move.act & 1:
                found |= move.before | move.free
        return found

    def _owed(self, slots: int) -> int:
        """The acts of these slots."""
        found, slot = 0, 0
        while slots:
            if slots & 1:
                found |= self.tables.masks[slot]
            slots, slot = slots >> 1, slot + 1
        return found


def _helps(move: Move, wanted: int, ways: int) -> bool:
    itself = move.act >= 0 and wanted >> move.act & 1
    return bool(itself or move.includes & wanted or move.excludes & ways)


def _masks(effects: Iterable[Effect]) -> tuple[int, int, int]:
    """What these close, open and make owed."""
    excludes = includes = owes = 0
    for effect in effects:
        match effect.relation.kind:
            case Kind.EXCLUDE:
                excludes |= effect.mask
            case Kind.INCLUDE:
                includes |= effect.mask
            case Kind.RESPONSE:
                owes |= 1 << effect.slot
    return excludes, includes, owes


def _moved(state: State, move: Move) -> State:
    included, done, owed = state
    if move.act >= 0:
        done |= 1 << move.act
    return included & ~move.excludes | move.includes, done, owed & ~move.cleared | move.owes
