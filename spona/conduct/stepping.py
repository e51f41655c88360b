"""One step of a run: clear what was owed, then excludes, includes, extensions, responses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from spona.conduct.book import Kind, Term
from spona.conduct.calendar import Calendar, moment, shift
from spona.conduct.guards import Facts, truth
from spona.conduct.marking import Block, Ended, Marking, Owed, Pending
from spona.conduct.relations import Length, Relation
from spona.conduct.tables import Effect, Tables

STARTED_WITH = Relation(Kind.RESPONSE, "", ())
INSTANT = timedelta(microseconds=1)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises `ValueError` where it has no time zone."""
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot stand in a run.")
    return moment.astimezone(UTC)


def owed(tables: Tables, slot: int, pending: Pending, included: int) -> Owed:
    """What stands in a slot as a duty, with those of its acts that are open."""
    due, since, number = pending
    mask = tables.masks[slot]
    relation = tables.relations[number] if number >= 0 else STARTED_WITH
    acts = tables.names[slot]
    if len(acts) > 1:
        shown = mask & included or mask
        acts = tuple(act for act in acts if shown >> tables.index[act] & 1)
    return Owed(acts, due, since, relation.rule_id, relation.row, not mask & included)


def bits(tables: Tables, slots: Iterable[int]) -> int:
    """The acts that are owed, alone or in a group, as a bit set."""
    found = 0
    for slot in slots:
        found |= tables.masks[slot]
    return found


class Work:
    """A marking being changed; `marking` freezes it."""

    __slots__ = (
        "at",
        "before",
        "changed",
        "cleared",
        "done",
        "executed",
        "facts",
        "fired",
        "included",
        "owed",
        "pending",
        "tables",
        "waiting",
    )

    def __init__(self, tables: Tables, marking: Marking, at: datetime, facts: Facts) -> None:
        self.tables, self.before, self.at, self.facts = tables, marking, at, facts
        self.included, self.done, self.owed = marking.included, marking.done, marking.owed
        self.executed = marking.executed
        self.pending = dict(marking.pending)
        self.waiting = marking.waiting
        self.changed: set[int] = set()
        self.cleared: dict[int, Pending] = {}
        self.fired: list[Relation] = []

    def go_on(self, at: datetime, facts: Facts) -> None:
        """The next step of the same run; what the last one did is not told any more."""
        last = max(self.before.last, self.at)
        self.before = self.before._replace(last=last, included=self.included)
        self.at, self.facts, self.cleared, self.fired = at, facts, {}, []

    def execute(self, act: int) -> None:
        self.executed = {**self.executed, act: self.at}
        self.done |= 1 << act
        grouped = False
        for slot in self.tables.slots_of[act]:
            if (cleared := self.pending.pop(slot, None)) is not None:
                self.cleared[slot] = cleared
                grouped = grouped or slot != act
        self.owed &= ~(1 << act)
        if grouped:
            self.owed = bits(self.tables, self.pending)
        plan = self.tables.plans[act]
        self.included = self.included & ~plan.excludes | plan.includes
        self.fired += plan.merged
        self.run(plan.rest, self.at)

    def run(self, effects: Iterable[Effect], since: datetime) -> None:
        """The effects in their order; guards are read now, or wait for their facts."""
        for effect in effects:
            relation, number = effect.relation, effect.number
            begun = since
            if relation.guard is not None:
                holds = truth(relation.guard, self.facts)
                begun = min(since, self.waiting.get(number, since))
                if holds is None and relation.waits:
                    self.waiting = {**self.waiting, number: begun}
                    continue
                if number in self.waiting:
                    self.waiting = {n: t for n, t in self.waiting.items() if n != number}
                if holds is False:
                    continue
            self.fired.append(relation)
            ACTIONS[effect.order](self, effect, begun)

    def learn(self, before: Facts) -> None:
        """Facts changed: rows that waited are read again, and facts that became so trigger."""
        waiting, effects = self.waiting, self.tables.effects
        for effect in sorted(effects[number] for number in waiting):
            self.run([effect], waiting[effect.number])
        for effect in self.tables.triggers:
            becomes = effect.relation.becomes
            if becomes and truth(becomes, self.facts) and not truth(becomes, before):
                self.run([effect], self.at)
        if any(self.facts.get(fact) != before.get(fact) for fact in self.tables.named):
            self._move()

    def _move(self) -> None:
        """What is owed until the day that a fact names is owed until the day that it names now."""
        for slot, pending in list(self.pending.items()):
            effect = self.tables.effects.get(pending.relation)
            if effect and effect.relation.until:
                due = self._ends(effect, pending.since)
                if due != pending.due:
                    self._owe(slot, pending._replace(due=due))

    def restart(self, acts: int) -> None:
        """What is owed by `acts` (a bit set) and has a deadline is counted anew from now."""
        for slot, pending in list(self.pending.items()):
            effect = self.tables.effects.get(pending.relation)
            if effect is None or self.tables.masks[slot] & ~acts:
                continue
            if (due := self._ends(effect, self.at)) is not None:
                self._owe(slot, pending._replace(due=due, since=self.at))

    def _ends(self, effect: Effect, since: datetime) -> datetime | None:
        """When what `effect` makes owed is due: as it counts, or as its fact says."""
        if not (fact := effect.relation.until):
            return effect.ends(since)
        value = self.facts.get(fact)
        return None if value is None else moment(value, end=True, calendar=self.tables.calendar)

    def exclude(self, effect: Effect, since: datetime) -> None:
        self.included &= ~effect.mask

    def include(self, effect: Effect, since: datetime) -> None:
        if self.tables.fresh:
            opened = effect.mask & ~self.included & ~self.before.included
            if opened:
                self._refresh(opened)
        self.included |= effect.mask

    def _refresh(self, opened: int) -> None:
        """What was hidden until now and counts afresh begins now."""
        tables = self.tables
        for slot, pending in list(self.pending.items()):
            mask, effect = tables.masks[slot], tables.effects.get(pending.relation)
            if effect and effect.relation.fresh and mask & opened and not mask & self.included:
                self._owe(slot, Pending(self._ends(effect, self.at), self.at, effect.number))

    def extend(self, effect: Effect, since: datetime) -> None:
        relation = effect.relation
        for slot in self.tables.slots_of[effect.mask.bit_length() - 1]:
            pending = self.pending.get(slot)
            if pending is None or pending.due is None:
                continue
            # A day's end is the midnight after it, so the last day itself is an instant earlier.
            instant = timedelta() if isinstance(relation.length, timedelta) else INSTANT
            longer = effect.ends(pending.due - instant) or pending.due
            most = effect.most(pending.since) or longer
            self._owe(slot, pending._replace(due=max(pending.due, min(longer, most))))

    def respond(self, effect: Effect, since: datetime) -> None:
        relation, slot = effect.relation, effect.slot
        if relation.anchored and slot in self.cleared:
            since = self._next_period(effect, self.cleared[slot], since)
        deadline = self._ends(effect, since)
        present = self.pending.get(slot)
        if present is None or relation.renews or _earlier(deadline, present.due):
            self._owe(slot, Pending(deadline, since, effect.number))

    def _next_period(self, effect: Effect, last: Pending, at: datetime) -> datetime:
        """The beginning of the first period after the discharged one that ends after now."""
        relation, calendar = effect.relation, self.tables.calendar
        if last.relation < 0 or self.tables.relations[last.relation].row is not relation.row:
            return at
        since = moved(last.since, relation.length, calendar)
        while (end := effect.ends(since)) and end <= at:
            since = moved(since, relation.length, calendar)
        return since

    def _owe(self, slot: int, pending: Pending) -> None:
        self.pending[slot] = pending
        self.owed |= self.tables.masks[slot]
        self.changed.add(slot)

    def marking(self) -> Marking:
        """The changed marking, frozen."""
        before = self.before
        return Marking(
            before.started,
            max(before.last, self.at),
            self.included,
            self.done,
            self.owed,
            self.executed,
            self.pending,
            self.waiting,
        )

    def duties(self) -> tuple[Owed, ...]:
        return tuple(self._duty(slot, self.included) for slot in sorted(self.changed))

    def discharged(self) -> tuple[Ended, ...]:
        return tuple(self._ended(slot, pending) for slot, pending in self.cleared.items())

    def _duty(self, slot: int, included: int) -> Owed:
        return owed(self.tables, slot, self.pending[slot], included)

    def _ended(self, slot: int, pending: Pending, rule_id: str = "") -> Ended:
        duty = owed(self.tables, slot, pending, self.before.included)
        return Ended(duty, self.at, duty.late(self.at), rule_id)

    def closed(self) -> tuple[Ended, ...]:
        """Duties that were owed before this step and whose acts it closed."""
        masks, before = self.tables.masks, self.before
        return tuple(
            self._ended(slot, pending, self._closer(masks[slot]))
            for slot, pending in before.pending.items()
            if slot not in self.cleared
            and masks[slot] & before.included
            and not masks[slot] & self.included
        )

    def _closer(self, mask: int) -> str:
        acts = {act for number, act in enumerate(self.tables.acts) if mask >> number & 1}
        return next(
            relation.rule_id
            for relation in reversed(self.fired)
            if relation.kind is Kind.EXCLUDE and relation.targets[0] in acts
        )


def _earlier(deadline: datetime | None, present: datetime | None) -> bool:
    """No deadline is the latest of all."""
    return deadline is not None and (present is None or deadline < present)


def moved(start: datetime, length: Length | None, calendar: Calendar) -> datetime:
    """`start` moved in the plain calendar, in UTC."""
    if isinstance(length, Term):
        return shift(start, length, calendar=calendar).astimezone(UTC)
    return start + (length or timedelta())


ACTIONS = (Work.exclude, Work.include, Work.extend, Work.respond)


class Step:
    """What one step did: the marking after it, and on demand what became of duties."""

    __slots__ = ("_work", "marking", "passed")

    def __init__(self, work: Work, passed: tuple[Block, ...] = ()) -> None:
        self._work = work
        self.marking = work.marking()
        self.passed = passed  # the guards that were passed with a reason, or in spite of which

    @property
    def duties(self) -> tuple[Owed, ...]:
        """What became owed, or got another deadline."""
        return self._work.duties()

    @property
    def discharged(self) -> tuple[Ended, ...]:
        """What was done, in time or late."""
        return self._work.discharged()

    @property
    def closing(self) -> tuple[Relation, ...]:
        """The exclusions that took place, also of what was closed before."""
        return tuple(one for one in self._work.fired if one.kind is Kind.EXCLUDE)

    @property
    def closed(self) -> tuple[Ended, ...]:
        """What ceased to be owed while its acts are closed; late ones are kept as *closed late*."""
        return self._work.closed()
