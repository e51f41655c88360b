"""A graph compiled to numbers and bit sets, so that a step is a few operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from spona.conduct.book import Kind, Strength
from spona.conduct.calendar import SERBIA, Calendar, deadline
from spona.conduct.relations import Length, Relation

Ends = Callable[[datetime], datetime | None]

# The order in which the effects of one act take place.
ORDER = {Kind.EXCLUDE: 0, Kind.INCLUDE: 1, Kind.EXTENDS: 2, Kind.RESPONSE: 3}


BLOCKING = frozenset({Kind.CONDITION, Kind.MILESTONE})


class Effect(NamedTuple):
    """What a relation does when its source is executed, with its targets as numbers."""

    order: int
    number: int
    relation: Relation
    mask: int
    slot: int
    ends: Ends
    most: Ends  # for extensions: how far at most


def _ends(length: Length | None, protective: bool, calendar: Calendar) -> Ends:
    """When something of `length` is due, in UTC, as a function of when it began."""
    if length is None:
        return _never
    if isinstance(length, timedelta):
        return lambda start: start + length
    return deadline(length, protective=protective, calendar=calendar)


class Plan(NamedTuple):
    """What an act causes: plain excludes and includes merged into bit sets, then the rest."""

    excludes: int
    includes: int
    merged: tuple[Relation, ...]
    rest: tuple[Effect, ...]


def _plan(effects: tuple[Effect, ...]) -> Plan:
    """Includes may only be merged where nothing reads the marking between or closes after them."""
    guarded = [e.relation.kind for e in effects if e.relation.guard is not None]
    kinds = {Kind.EXCLUDE} if Kind.EXCLUDE in guarded else {Kind.EXCLUDE, Kind.INCLUDE}
    merged = [e for e in effects if e.relation.kind in kinds and e.relation.guard is None]
    masks = dict.fromkeys(kinds, 0)
    for effect in merged:
        masks[effect.relation.kind] |= effect.mask
    rest = tuple(effect for effect in effects if effect not in merged)
    relations = tuple(effect.relation for effect in merged)
    return Plan(masks[Kind.EXCLUDE], masks.get(Kind.INCLUDE, 0), relations, rest)


class Check(NamedTuple):
    """A condition or milestone before an act, with the number of its source."""

    relation: Relation
    source: int


def _never(_: datetime) -> None:
    """What has no deadline is never due."""


class Tables:
    """Numbers of acts and slots, and per act: who blocks it and what it causes."""

    def __init__(
        self,
        acts: Sequence[str],
        relations: Iterable[Relation],
        protective: frozenset[str],
        calendar: Calendar = SERBIA,
    ) -> None:
        self.calendar = calendar
        self.acts = tuple(acts)
        self.index = {act: number for number, act in enumerate(self.acts)}
        self.relations = tuple(relations)
        self.masks = [1 << number for number in range(len(self.acts))]
        self._slots: dict[int, int] = {mask: slot for slot, mask in enumerate(self.masks)}
        effects = [self._effect(n, protective) for n in range(len(self.relations))]
        known = [effect for effect in effects if effect]
        self.names = [self._names(mask) for mask in self.masks]
        self.slots_of = [self._containing(1 << number) for number in range(len(self.acts))]
        self.fresh = any(relation.fresh for relation in self.relations)
        self.named = frozenset(relation.until for relation in self.relations if relation.until)
        self.effects = {effect.number: effect for effect in known}
        caused = [self._from(act, known) for act in self.acts]
        self.plans = [Plan(0, 0, (), e) if self.fresh else _plan(e) for e in caused]
        self.at_start = self._from("", [e for e in known if e.relation.becomes is None])
        self.triggers = sorted(e for e in known if e.relation.becomes is not None)
        self.guarding = [self._guarding(act) for act in self.acts]
        self.conditions = [self._plain(checks, Kind.CONDITION) for checks in self.guarding]
        self.milestones = [self._plain(checks, Kind.MILESTONE) for checks in self.guarding]
        self.checks = [tuple(c for c in checks if not _plain(c)) for checks in self.guarding]

    def mask(self, acts: Iterable[str]) -> int:
        """The bit set of `acts`."""
        return sum(1 << self.index[act] for act in set(acts))

    def _slot(self, mask: int) -> int:
        """The slot of an act, or of a group of which one act is owed."""
        if mask not in self._slots:
            self._slots[mask] = len(self.masks)
            self.masks.append(mask)
        return self._slots[mask]

    def _names(self, mask: int) -> tuple[str, ...]:
        return tuple(act for number, act in enumerate(self.acts) if mask >> number & 1)

    def _containing(self, bit: int) -> tuple[int, ...]:
        return tuple(slot for slot, mask in enumerate(self.masks) if mask & bit)

    def _effect(self, number: int, protective: frozenset[str]) -> Effect | None:
        relation = self.relations[number]
        if relation.kind not in ORDER:
            return None
        mask = self.mask(relation.targets)
        slot = self._slot(mask) if relation.kind is Kind.RESPONSE else -1
        safe = not protective.isdisjoint(relation.targets)
        until = _ends(relation.length, safe, self.calendar)
        most = _ends(relation.most, safe, self.calendar)
        return Effect(ORDER[relation.kind], number, relation, mask, slot, until, most)

    def _from(self, source: str, effects: list[Effect]) -> tuple[Effect, ...]:
        found = (effect for effect in effects if effect.relation.source == source)
        return tuple(sorted(found))

    def _guarding(self, act: str) -> tuple[Check, ...]:
        return tuple(
            Check(relation, self.index[relation.source])
            for relation in self.relations
            if relation.kind in BLOCKING and relation.targets[0] == act
        )

    def _plain(self, checks: Iterable[Check], kind: Kind) -> int:
        return self.mask(c.relation.source for c in checks if _plain(c) and c.relation.kind is kind)


def _plain(check: Check) -> bool:
    """Whether bit sets alone tell if the guard stands."""
    relation = check.relation
    hard = relation.strength is Strength.HARD
    return hard and relation.guard is None and relation.length is None
