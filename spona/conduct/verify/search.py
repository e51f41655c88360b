"""Breadth first through the states of a slice, to a cap, so that the first trace is a shortest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from spona.conduct.verify.model import Bits, Block, Slice, Transition

Way = tuple[Transition, ...]


class Edge(NamedTuple):
    """One step that was explored."""

    before: Bits
    transition: Transition
    after: Bits


class Space:
    """The states of a slice that were reached, each with the first step that led to it.

    States are explored on demand; `complete` tells whether none was left out.
    """

    def __init__(self, part: Slice, cap: int) -> None:
        self.part, self.cap = part, cap
        self._order = [part.start]
        self._first: dict[Bits, tuple[Bits, int]] = {part.start: (part.start, -1)}
        self._expanded = 0
        self._groups = _grouped(part.transitions)

    @property
    def complete(self) -> bool:
        return self._expanded == len(self._order)

    @property
    def states(self) -> int:
        return len(self._order)

    def reached(self) -> Iterator[Bits]:
        """Every state, nearest first; explores as far as it is asked."""
        number = 0
        while True:
            while number < len(self._order):
                yield self._order[number]
                number += 1
            if self.complete or len(self._order) > self.cap:
                return
            self._expand(self._order[self._expanded])

    def explore(self) -> None:
        while not self.complete and len(self._order) <= self.cap:
            self._expand(self._order[self._expanded])

    def _expand(self, state: Bits) -> None:
        first, order = self._first, self._order
        self._expanded += 1
        for needs, one_of, blocks, ways in self._groups:
            if state & needs != needs or (one_of and all(state & m != m for m in one_of)):
                continue
            for mask, pattern in blocks:
                if state & mask == pattern:
                    break
            else:
                for keeps, sets, number in ways:
                    after = state & keeps | sets
                    if after not in first:
                        first[after] = (state, number)
                        order.append(after)

    def edges(self, which: Callable[[Transition], bool]) -> Iterator[Edge]:
        """Every step by such a transition from every state, nearest first."""
        chosen = [(t, _grouped([t])) for t in self.part.transitions if which(t)]
        for state in self.reached():
            for transition, groups in chosen:
                for after in _successors(groups, state):
                    yield Edge(state, transition, after)

    def way(self, state: Bits) -> Way:
        """The shortest way from the start to a state that was reached."""
        steps: list[Transition] = []
        while (step := self._first[state])[1] >= 0:
            state = step[0]
            steps.append(self.part.transitions[step[1]])
        return tuple(reversed(steps))

    def hopeless(self, good: Callable[[Bits], bool]) -> list[Bits]:
        """The states, nearest first, from which no state that is `good` can be reached.

        Explores first. A state from which an unexplored one can be reached is left out, so what is
        given is hopeless also where the cap was hit.
        """
        self.explore()
        known = self._order[: self._expanded]
        saved = set(self._order[self._expanded :])
        saved.update(state for state in known if good(state))
        lost = [state for state in known if state not in saved]
        return _unsaved(lost, saved, self._groups)


Group = tuple[Bits, tuple[Bits, ...], tuple[Block, ...], list[tuple[Bits, Bits, int]]]


def _grouped(transitions: Iterable[Transition]) -> list[Group]:
    """The transitions by their cause, whose test they share."""
    found: dict[int, Group] = {}
    for number, transition in enumerate(transitions):
        cause = transition.cause
        group = found.setdefault(id(cause), (cause.needs, cause.one_of, cause.blocks, []))
        group[3].append((~transition.clears, transition.sets, number))
    return list(found.values())


def _successors(groups: list[Group], state: Bits) -> Iterator[Bits]:
    for needs, one_of, blocks, ways in groups:
        if state & needs != needs or (one_of and all(state & m != m for m in one_of)):
            continue
        if all(state & mask != pattern for mask, pattern in blocks):
            for keeps, sets, _ in ways:
                yield state & keeps | sets


def _unsaved(lost: list[Bits], saved: set[Bits], groups: list[Group]) -> list[Bits]:
    """Those of `lost` from which none that is saved can be reached."""
    before: dict[Bits, list[Bits]] = {}
    queue = []
    for state in lost:
        for after in _successors(groups, state):
            if after in saved:
                queue.append(state)
                break
            before.setdefault(after, []).append(state)
    while queue:
        state = queue.pop()
        if state not in saved:
            saved.add(state)
            queue += before.get(state, ())
    return [state for state in lost if state not in saved]
