"""A graph without time, as transitions over one integer: what may be explored.

A state holds four groups of bits: for each act whether it is included and whether it was done, for
each slot whether it is owed, for each row whose guard may wait whether it waits.

It allows more than the engine does, never less: time passes at will (a delay can be waited for),
the clock may act as soon as what starts it happened, facts may change before every step, and a
guard may be read in every way that its facts allow. Hence what cannot happen here cannot happen
in a run; what can happen here is shown only after `trace` has executed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spona.conduct.book import Act, Book, Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.tables import Check, Effect
from spona.conduct.verify.worlds import Outcome, Worlds, may_give_way, outcomes, worlds

Bits = int
NEVER = 1 << 10_000  # a bit that no state has
Block = tuple[Bits, Bits]  # blocked while (state & first) == second


class Cause(NamedTuple):
    """What may happen: an act, a waiting row that is read (`learn`), facts that trigger rows.

    `act` is -1 for the last two. `needs` are bits that must stand, `one_of` sets of bits of which
    one must (empty: none), `blocks` what may not.
    """

    act: int
    needs: Bits
    one_of: tuple[Bits, ...]
    blocks: tuple[Block, ...]
    reads: Bits
    clears: Bits
    effects: tuple[Effect, ...]
    learns: bool = False


class Transition(NamedTuple):
    """One way in which a cause changes a state; `outcome` is how its guards were read."""

    cause: Cause
    clears: Bits
    sets: Bits
    outcome: Outcome


class Model:
    """The causes of a graph and the places of their bits."""

    def __init__(self, graph: Graph, start: Marking, book: Book | None = None) -> None:
        self.graph, self.tables, self.book = graph, graph.tables, book
        self.size, self.slots = len(graph.acts), len(self.tables.masks)
        self._waiting = _waiting(self.tables.effects.values())
        places = enumerate(self._waiting, 2 * self.size + self.slots)
        self._waits = {e.number: 1 << place for place, row in places for e in row}
        self.worlds: Worlds = worlds(self.tables.relations, book)
        self.clock = {act.key: act for act in graph.clock}
        self.causes = tuple(self._causes())
        self.written = tuple((self.writes(cause), cause) for cause in self.causes)
        self._sums = {(c.act, c.effects): self._sum(c) for c in self.causes}
        self.start = self.encode(start)

    # -- places

    def done(self, acts: Bits) -> Bits:
        """The bits that say that these acts (a bit set, as which they say *included*) were done."""
        return acts << self.size

    def owed(self, slots: Iterable[int]) -> Bits:
        return sum(1 << 2 * self.size + slot for slot in set(slots))

    def encode(self, marking: Marking) -> Bits:
        state = marking.included | self.done(marking.done) | self.owed(marking.pending)
        for number in marking.waiting:
            state |= self._waits[number]
        return state

    def is_open(self, slot: int, state: Bits) -> bool:
        """Whether what stands in the slot is owed and one of its acts is not closed."""
        return bool(state & self.owed([slot]) and state & self.tables.masks[slot])

    # -- causes

    def _causes(self) -> Iterator[Cause]:
        for number in range(self.size):
            yield self._act(number)
        for row in self._waiting:
            bit = self._waits[row[0].number]
            yield Cause(-1, bit, (), (), bit, 0, row, learns=True)
        triggers: dict[object, list[Effect]] = {}
        for effect in self.tables.triggers:
            triggers.setdefault(_trigger(effect), []).append(effect)
        for together in triggers.values():
            yield Cause(-1, 0, (), (), 0, 0, tuple(together))

    def _act(self, number: int) -> Cause:
        checks = [c for c in self.tables.guarding[number] if self._stands(c)]
        blocks = tuple(block for check in checks for block in self._blocks(check))
        needs, one_of = 1 << number, self._clock_needs(self.graph.acts[number])
        effects = tuple(e for e in self.tables.effects.values() if self._from(e, number))
        reads = needs
        for mask in (*one_of, *(mask for mask, _ in blocks)):
            reads |= mask
        cleared = self.owed(self.tables.slots_of[number])
        return Cause(number, needs, one_of, blocks, reads, cleared, effects)

    def _from(self, effect: Effect, number: int) -> bool:
        return effect.relation.source == self.graph.acts[number]

    def _stands(self, check: Check) -> bool:
        hard = check.relation.strength is Strength.HARD
        return hard and not may_give_way(check.relation, self.worlds)

    def _blocks(self, check: Check) -> Iterator[Block]:
        source = 1 << check.source
        if check.relation.kind is Kind.CONDITION:
            yield source | self.done(source), source
            return
        for slot in self.tables.slots_of[check.source]:
            both = source | self.owed([slot])
            yield both, both

    def _clock_needs(self, act: str) -> tuple[Bits, ...]:
        """What must stand for the clock to act: the act after which, or an open duty of the rule
        of whose breach; nothing where a fact decides."""
        fires = self.clock[act].fires if act in self.clock else None
        if fires is None or fires.fact:
            return ()
        if fires.after:
            return (self.done(1 << self.tables.index[fires.after]),)
        slots = self.slots_owed_by(fires.breach_of)
        pairs = [(slot, number) for slot in slots for number in numbers(self.tables.masks[slot])]
        return tuple(self.owed([slot]) | 1 << number for slot, number in pairs) or (NEVER,)

    def slots_owed_by(self, rule_id: str) -> frozenset[int]:
        effects = self.tables.effects.values()
        return frozenset(e.slot for e in effects if e.slot >= 0 and e.relation.rule_id == rule_id)

    # -- effects

    def changes(self, effect: Effect) -> tuple[Bits, Bits]:
        """The bits that an effect clears and sets when it takes place."""
        kind = effect.relation.kind
        if kind is Kind.EXCLUDE:
            return effect.mask, 0
        if kind is Kind.INCLUDE:
            return 0, effect.mask
        return 0, self.owed([effect.slot]) if kind is Kind.RESPONSE else 0

    def sum_of(self, cause: Cause) -> tuple[Bits, Bits, tuple[Effect, ...]]:
        return self._sums[cause.act, cause.effects]

    def _sum(self, cause: Cause) -> tuple[Bits, Bits, tuple[Effect, ...]]:
        """What the cause clears and sets whatever the facts are, and the effects they decide."""
        clears, sets = cause.clears, self.done(1 << cause.act) if cause.act >= 0 else 0
        for effect in cause.effects:
            if effect.relation.guard is None:
                cleared, made = self.changes(effect)
                clears, sets = clears | cleared, sets | made
        return clears, sets, tuple(e for e in cause.effects if e.relation.guard is not None)

    def waits(self, effect: Effect) -> Bits:
        return self._waits.get(effect.number, 0)

    def writes(self, cause: Cause) -> Bits:
        written = cause.clears | (self.done(1 << cause.act) if cause.act >= 0 else 0)
        for effect in cause.effects:
            clears, sets = self.changes(effect)
            written |= clears | sets | self.waits(effect)
        return written

    def clock_act(self, number: int) -> Act | None:
        return self.clock.get(self.graph.acts[number])


def _waiting(effects: Iterable[Effect]) -> list[tuple[Effect, ...]]:
    """The effects whose guard may wait, those of one row together: they are read at once."""
    found: dict[tuple[int, str], list[Effect]] = {}
    for effect in effects:
        if effect.relation.waits:
            key = (id(effect.relation.row), effect.relation.source)
            found.setdefault(key, []).append(effect)
    return [tuple(sorted(row)) for row in found.values()]


def _trigger(effect: Effect) -> object:
    becomes = effect.relation.becomes
    return (becomes.fact, becomes.op, repr(becomes.value)) if becomes else None


class Slice:
    """The part of a model that can bear on some bits: every other bit is left out.

    Exact where `bits` are closed under what the causes that change them read (`layers` ends with
    such). Else what they read and is left out is taken as it suits them: more can happen then, so
    that what cannot happen in the slice cannot happen at all.
    """

    def __init__(self, model: Model, bits: Bits) -> None:
        self.model, self.bits = model, bits
        self.start = model.start & bits
        causes = [_within(cause, bits) for written, cause in model.written if written & bits]
        self.transitions = tuple(t for cause in causes for t in _ways(model, cause, bits))

    def of(self, marking: Marking) -> Bits:
        return self.model.encode(marking) & self.bits

    def last(self, number: int) -> Transition:
        """The act itself, as the end of a way; only its test is of use."""
        return Transition(_within(self.model.causes[number], self.bits), 0, 0, ())


def _within(cause: Cause, bits: Bits) -> Cause:
    """The cause, tested only by these bits."""
    one_of = tuple(some & bits for some in cause.one_of)
    return cause._replace(
        needs=cause.needs & bits,
        one_of=one_of if all(one_of) else (),
        blocks=tuple(block for block in cause.blocks if not block[0] & ~bits),
    )


def layers(model: Model, asked: Bits) -> Iterator[Bits]:
    """Ever more of what can bear on the bits asked for; the last is all of it."""
    known, more = asked, asked
    while True:
        for written, cause in model.written:
            if written & known:
                more |= cause.reads
        yield known
        if more == known:
            return
        known = more


def _ways(model: Model, cause: Cause, bits: Bits) -> Iterator[Transition]:
    """What the cause does to these bits, once for each way in which its guards can be read."""
    clears, sets, decided = model.sum_of(cause)
    guarded = [effect for effect in decided if _touches(model, effect, bits)]
    triggered = cause.act < 0 and not cause.learns
    asked = cause.effects if triggered else guarded
    if not asked:
        yield Transition(cause, clears & bits, sets & bits, ())
        return
    relations = {effect.number: effect.relation for effect in asked}
    seen = set()
    for outcome in outcomes(relations, model.worlds, triggered):
        change = _change(model, (clears, sets), guarded, outcome)
        way = (change[0] & bits, change[1] & bits)
        still_waits = cause.learns and outcome[0][1] is None
        if way not in seen and not still_waits:
            seen.add(way)
            yield Transition(cause, *way, outcome)


def _touches(model: Model, effect: Effect, bits: Bits) -> bool:
    clears, sets = model.changes(effect)
    return bool((clears | sets | model.waits(effect)) & bits)


def _change(
    model: Model, plain: tuple[Bits, Bits], guarded: Sequence[Effect], outcome: Outcome
) -> tuple[Bits, Bits]:
    (clears, sets), read = plain, dict(outcome)
    for effect in guarded:
        if (holds := read[effect.number]) is None:
            sets |= model.waits(effect)
            continue
        clears |= model.waits(effect)
        if holds:
            cleared, made = model.changes(effect)
            clears, sets = clears | cleared, sets | made
    return clears, sets


def enabled(transition: Transition, state: Bits) -> bool:
    """Whether the cause of the transition may happen in this state."""
    cause = transition.cause
    if state & cause.needs != cause.needs:
        return False
    if cause.one_of and all(state & bits != bits for bits in cause.one_of):
        return False
    return all(state & mask != pattern for mask, pattern in cause.blocks)


def after(transition: Transition, state: Bits) -> Bits:
    return state & ~transition.clears | transition.sets


def numbers(mask: Bits) -> list[int]:
    """The numbers of the acts in a bit set."""
    return [number for number in range(mask.bit_length()) if mask >> number & 1]
