"""Whether what is owed can still be done, whatever the facts become and however long one waits.

A state is what is open, what was done and what is owed, as bit sets. Delays pass, a guard that
takes a reason is passed, and what depends on facts is read as, and when, whoever searches needs it:
`False` says that no course of a case discharges the duty; `True` that one does, if the facts allow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from spona.conduct.book import Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.tables import Effect

FEW, CAP = 200, 2_000  # states of one search

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


Tried = Callable[[State, int], list[Move]]


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
        self._acts = {move.act: move for move in self.moves if move.act >= 0}
        acts = range(len(graph.acts))
        self._openers = [[m for m in self.moves if m.includes >> act & 1] for act in acts]
        self._closers = [[m for m in self.moves if m.excludes >> act & 1] for act in acts]
        self._cones: dict[int, tuple[list[Move], int]] = {}
        self._known: dict[tuple[State, int], bool | None] = {}

    def stuck(self, marking: Marking) -> list[int]:
        """The slots that are owed and open and that, as far as was found, nothing discharges."""
        included, done, masks = marking.included, marking.done, self.tables.masks
        closed, free = ~included, ~marking.owed
        waiting = [
            slot
            for slot in marking.pending
            if masks[slot] & included
            and not any(
                self._lets(self._acts[number], included, done, closed, free)
                for number in _bits(masks[slot])
            )
        ]
        return [slot for slot in waiting if self.can_discharge(marking, slot) is not True]

    def can_discharge(self, marking: Marking, slot: int) -> bool | None:
        """Whether one of the acts of `slot` can still happen; None: not found within the cap."""
        owed = sum(1 << number for number in marking.pending)
        return self.can_do((marking.included, marking.done, owed), self.tables.masks[slot])

    def can_do(self, state: State, goal: int) -> bool | None:
        """Whether one of the acts of `goal` (a bit set) can happen from `state` on."""
        if self._happens(state, goal):
            return True
        state = self._seen_from(state, goal)
        if (state, goal) not in self._known:
            self._known[state, goal] = self._verdict(state, goal)
        return self._known[state, goal]

    def _verdict(self, state: State, goal: int) -> bool | None:
        """By what is in the way alone, which finds most ways at once; else by everything."""
        if not self._possible(state, goal):
            return False
        if self._search(state, goal, self._helpful, FEW):
            return True
        moves, _ = self._cone(goal)
        return self._search(state, goal, lambda _state, _goal: moves, CAP)

    def _happens(self, state: State, goal: int) -> bool:
        included, done, owed = state
        closed, free = ~included, ~self._owed(owed)
        return any(self._lets(self._acts[n], included, done, closed, free) for n in _bits(goal))

    def _seen_from(self, state: State, goal: int) -> State:
        """The state without what makes no difference for the goal."""
        _, cone = self._cone(goal)
        masks = self.tables.masks
        owed = sum(1 << slot for slot in _bits(state[2]) if masks[slot] & cone)
        return state[0] & cone, state[1] & cone, owed

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

    def _search(self, state: State, goal: int, tried: Tried, cap: int) -> bool | None:
        """The shortest way first; None where the cap is hit before every state was seen."""
        seen, waiting = {state}, deque([state])
        while waiting:
            now = waiting.popleft()
            included, done, owed = now
            closed, free = ~included, ~self._owed(owed)
            for move in tried(now, goal):
                if not self._lets(move, included, done, closed, free):
                    continue
                after = _moved(now, move)
                if after in seen:
                    continue
                if self._happens(after, goal):
                    return True
                if len(seen) >= cap:
                    return None
                seen.add(after)
                waiting.append(after)
        return False

    def _helpful(self, state: State, goal: int) -> list[Move]:
        """Moves that remove what stands in the way of the goal now, and in the way of those."""
        included, done, slots = state
        owed, found = self._owed(slots), list[Move]()
        wanted, seen = [self._acts[number] for number in _bits(goal)], set[int]()
        while wanted:
            move = wanted.pop()
            if id(move) in seen:
                continue
            seen.add(id(move))
            found.append(move)
            if move.act >= 0 and not included >> move.act & 1:
                wanted += self._openers[move.act]
            in_way = included & (move.before & ~done | move.free & owed)
            wanted += [self._acts[number] for number in _bits(in_way | move.after & ~done)]
            for number in _bits(in_way):
                wanted += self._closers[number]
        return found

    def _cone(self, goal: int) -> tuple[list[Move], int]:
        """The moves that can help, and every act that they and the goal depend on."""
        if goal not in self._cones:
            self._cones[goal] = self._reached_from(goal)
        return self._cones[goal]

    def _reached_from(self, goal: int) -> tuple[list[Move], int]:
        wanted, before, helping = goal, 0, list[Move]()
        while wanted != before:
            before, ways = wanted, self._ways(wanted)
            helping = [move for move in self.moves if _helps(move, wanted, ways)]
            for move in helping:
                wanted |= move.after | (1 << move.act if move.act >= 0 else 0)
            wanted |= ways
        return helping, wanted

    def _ways(self, wanted: int) -> int:
        """What stands before these acts."""
        found = 0
        for number in _bits(wanted):
            found |= self._acts[number].before | self._acts[number].free
        return found

    def _owed(self, slots: int) -> int:
        """The acts of these slots."""
        found = 0
        for slot in _bits(slots):
            found |= self.tables.masks[slot]
        return found


def _bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


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
