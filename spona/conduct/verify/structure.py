"""What the shape of a graph alone proves, so that nothing need be searched.

`Doable.act(b)`: in every state in which `b` is open, `b` can be brought about, by doing the acts
that stand before it in their order. Proved where that order exists: what blocks comes before what
it blocks, and what an act opens or makes owed again comes after it. No clock, no act that closes
`b` on the way. What is not proved is not thereby false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from spona.conduct.book import Kind
from spona.conduct.verify.model import Model, numbers

Order = dict[int, set[int]]  # act -> the acts that come before it


class Doable:
    def __init__(self, model: Model) -> None:
        self.model, self.tables = model, model.tables
        self._known: dict[int, frozenset[int] | None] = {}
        self._sources = [self._before(number) for number in range(model.size)]

    def _before(self, number: int) -> frozenset[int]:
        """The sources of what may stand hard before the act."""
        masks = (mask for mask, pattern in self.model.causes[number].blocks if pattern)
        size = self.model.size
        whole = (1 << size) - 1
        return frozenset(bit for mask in masks for bit in numbers(mask & whole))

    def act(self, number: int) -> frozenset[int] | None:
        """The acts that may have to come before it, itself among them; none where not proved."""
        if number not in self._known:
            self._known[number] = self._plan(number)
        return self._known[number]

    def slot(self, slot: int) -> frozenset[int] | None:
        """The acts by which whatever is owed in the slot can be discharged; none: not proved."""
        plans = [self.act(number) for number in numbers(self.tables.masks[slot])]
        found = frozenset[int]()
        for plan in plans:
            if plan is None:
                return None
            found |= plan
        return found

    def _plan(self, number: int) -> frozenset[int] | None:
        needed, todo = {number}, [number]
        while todo:
            for source in self._sources[todo.pop()] - needed:
                needed.add(source)
                todo.append(source)
        if any(self.model.clock_act(one) for one in needed):
            return None
        order: Order = {one: set(self._sources[one]) for one in needed}
        for helper in needed:
            if not self._arrange(helper, number, order):
                return None
        return frozenset(needed) if _acyclic(order) else None

    def _arrange(self, helper: int, goal: int, order: Order) -> bool:
        """Put what the helper opens or makes owed after it; false where it closes the goal."""
        for effect in self.model.causes[helper].effects:
            kind = effect.relation.kind
            if kind is Kind.EXCLUDE and helper != goal and effect.mask >> goal & 1:
                return False
            if kind in (Kind.INCLUDE, Kind.RESPONSE) and helper != goal:
                for later in numbers(effect.mask):
                    if later in order and later != goal:
                        order[later].add(helper)
        return True


def can_always_end(model: Model, doable: Doable, slots: Iterable[int]) -> bool:
    """Whether from every state all that is owed can be discharged, one after the other.

    Proved where each duty can be discharged and doing so makes owed (or opens) only duties that
    do not lead back to it.
    """
    follows: Order = {}
    owed = sorted(slots)
    for slot in owed:
        plan = doable.slot(slot)
        if plan is None:
            return False
        follows[slot] = {later for later in owed if _leads(model, plan, later)}
    return _acyclic(follows)


def cycles(model: Model, slots: Iterable[int]) -> list[list[int]]:
    """Each duty by itself, and then the rings of duties of which each leads to the next."""
    owed = sorted(slots)
    acts = {slot: numbers(model.tables.masks[slot]) for slot in owed}
    follows = {slot: {z for z in owed if _leads(model, acts[slot], z)} for slot in owed}
    rings = {
        tuple(z for z in owed if z in _after(follows, slot) and slot in _after(follows, z))
        for slot in owed
    }
    return [[slot] for slot in owed] + [list(ring) for ring in sorted(rings) if len(ring) > 1]


def _after(follows: Order, slot: int) -> set[int]:
    found, todo = set[int](), [slot]
    while todo:
        for later in follows[todo.pop()] - found:
            found.add(later)
            todo.append(later)
    return found


def _leads(model: Model, plan: Iterable[int], slot: int) -> bool:
    for number in plan:
        for effect in model.causes[number].effects:
            if effect.slot == slot:
                return True
            opens = effect.relation.kind is Kind.INCLUDE
            if opens and effect.mask & model.tables.masks[slot]:
                return True
    return False


def _acyclic(order: Mapping[int, set[int]]) -> bool:
    try:
        TopologicalSorter(order).prepare()
    except CycleError:
        return False
    return True
