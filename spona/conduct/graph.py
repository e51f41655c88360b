"""A rule book that can be executed: a timed DCR graph with guards, groups, a clock and reasons.

Everything is a pure function of a `Marking`, a moment and the known facts. Rows of one act take
effect in the order excludes, includes, extensions, responses, whatever their order in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from spona.conduct.book import Act, Book, Tell
from spona.conduct.calendar import SERBIA, Calendar, shift
from spona.conduct.clock import due_acts
from spona.conduct.guarding import blocks, is_enabled, may_pass
from spona.conduct.guards import Facts, truth, unknown_facts
from spona.conduct.marking import Block, Blocked, Marking, Owed, Pending
from spona.conduct.relations import Relation, relations
from spona.conduct.stepping import Step, Work, owed, utc
from spona.conduct.tables import Tables

NOTHING_KNOWN: Facts = {}


class Breach(NamedTuple):
    """A duty that is late, and whom its rule has told by now: (moment, role)."""

    owed: Owed
    told: tuple[tuple[datetime, str], ...]


class Waiting(NamedTuple):
    """A rule that cannot be read before somebody establishes `facts`."""

    facts: frozenset[str]
    rule_id: str
    since: datetime


class CaughtUp(NamedTuple):
    """The marking after the clock acted, and what it did; `capped` asks for an alarm."""

    marking: Marking
    fired: tuple[tuple[datetime, str, Step], ...]
    capped: bool


class Graph:
    """Acts and relations compiled once and used by every run; `Graph.of(book)` makes one."""

    def __init__(
        self,
        acts: Sequence[str],
        plain: Iterable[Relation],
        included: Iterable[str],
        protective: frozenset[str] = frozenset(),
        clock: Sequence[Act] = (),
        tells: Mapping[str, tuple[Tell, ...]] | None = None,
        calendar: Calendar = SERBIA,
    ) -> None:
        self.tables = Tables(acts, plain, protective, calendar)
        self.acts = self.tables.acts
        self.clock = tuple(clock)
        self._included = self.tables.mask(included)
        self._tells = tells or {}

    @classmethod
    def of(cls, book: Book, calendar: Calendar = SERBIA) -> Graph:
        """The graph of a book, taken as `reader` made it, with no fault left."""
        acts = book.acts.values()
        return cls(
            tuple(book.acts),
            relations(book),
            [act.key for act in acts if act.included],
            frozenset(act.key for act in acts if act.protective),
            [act for act in acts if act.by_clock],
            {rule.id: rule.on_breach for rule in book.rules},
            calendar,
        )

    @classmethod
    def from_relations(cls, acts: Sequence[str], plain: Iterable[Relation]) -> Graph:
        """A graph without a book: every act included, no clock, no facts."""
        return cls(acts, plain, acts)

    # -- a run

    def start(self, at: datetime) -> Marking:
        """The marking of a run that begins at `at`, when no fact is known yet."""
        moment = utc(at)
        empty = Marking(moment, moment, self._included, 0, 0, {}, {}, {})
        work = Work(self.tables, empty, moment, NOTHING_KNOWN)
        work.run(self.tables.at_start, moment)
        return work.marking()

    def marking(
        self,
        at: datetime,
        executed: Mapping[str, datetime],
        included: Iterable[str],
        pending: Mapping[str, datetime | None],
    ) -> Marking:
        """A marking as another program left it."""
        index, moment = self.tables.index, utc(at)
        return Marking(
            moment,
            moment,
            self.tables.mask(included),
            self.tables.mask(executed),
            self.tables.mask(pending),
            {index[act]: utc(when) for act, when in executed.items()},
            {index[act]: Pending(due and utc(due), moment, -1) for act, due in pending.items()},
            {},
        )

    def execute(
        self,
        marking: Marking,
        act: str,
        at: datetime,
        facts: Facts = NOTHING_KNOWN,
        reason: str = "",
        before: Facts | None = None,
    ) -> Step:
        """`act` happened at `at`; `facts` are those known after it, `before` those known before.

        Raises `Blocked` where a hard guard stands, or a soft one and no `reason` is given.
        """
        number, moment = self.tables.index[act], utc(at)
        known = facts if before is None else before
        passed = blocks(self.tables, marking, number, moment, known)
        if passed and not (reason and may_pass(passed)):
            raise Blocked(act, passed)
        work = Work(self.tables, marking, moment, facts)
        work.execute(number)
        if before is not None and before != facts:  # else there is nothing new to learn
            work.learn(before)
        return Step(work, passed)

    def force(
        self,
        marking: Marking,
        act: str,
        at: datetime,
        facts: Facts = NOTHING_KNOWN,
        before: Facts | None = None,
        passed: tuple[Block, ...] = (),
    ) -> Step:
        """As `execute`, for what has happened although it was blocked."""
        work = Work(self.tables, marking, utc(at), facts)
        work.execute(self.tables.index[act])
        if before is not None and before != facts:  # else there is nothing new to learn
            work.learn(before)
        return Step(work, passed)

    def fact_changed(self, marking: Marking, before: Facts, after: Facts, at: datetime) -> Step:
        """Facts changed at `at`: what waited for them is read again, triggers fire, and what is
        owed until a day that a fact names gets the day that it names now.

        Nothing owed is taken back; `unfounded` names what would not be owed.
        """
        work = Work(self.tables, marking, utc(at), after)
        work.learn(before)
        return Step(work)

    def restart(
        self, marking: Marking, acts: Collection[str], at: datetime, facts: Facts = NOTHING_KNOWN
    ) -> Marking:
        """The marking after the party that owes `acts` was handed over to another at `at`.

        The new addressee inherits no clock: what is owed by these acts alone, hidden or not, runs
        from `at`, also where it was due sooner, was late or had been extended. What has no deadline
        stays as it is, and so does one that a fact names, but for its beginning. Nothing becomes
        owed and nothing ceases to be. The old lateness stays with the old addressee; keeping it is
        for the caller.
        """
        work = Work(self.tables, marking, utc(at), facts)
        work.restart(self.tables.mask(acts))
        return work.marking()

    def catch_up(
        self, marking: Marking, facts: Facts, until: datetime, limit: int = 1_000
    ) -> CaughtUp:
        """Let the clock act for all the time up to `until`, at most `limit` times."""
        fired: list[tuple[datetime, str, Step]] = []
        while owed_acts := self.clock_due(marking, facts, until):
            if len(fired) == limit:
                return CaughtUp(marking, tuple(fired), capped=True)
            moment, act = owed_acts[0]
            step = self.force(marking, act, moment, facts)
            marking = step.marking
            fired.append((moment, act, step))
        return CaughtUp(marking, tuple(fired), capped=False)

    # -- questions

    def enabled(
        self, marking: Marking, at: datetime, facts: Facts = NOTHING_KNOWN
    ) -> tuple[str, ...]:
        """The acts that may happen at `at`, some only with a reason, in the order of the file."""
        moment, tables = utc(at), self.tables
        return tuple(
            act
            for number, act in enumerate(self.acts)
            if is_enabled(tables, marking, number, moment, facts)
        )

    def blocks(
        self, marking: Marking, act: str, at: datetime, facts: Facts = NOTHING_KNOWN
    ) -> tuple[Block, ...]:
        """Everything that stands before `act` at `at`; empty when it may simply happen."""
        return blocks(self.tables, marking, self.tables.index[act], utc(at), facts)

    def owed(self, marking: Marking) -> tuple[Owed, ...]:
        """Every duty, hidden ones too, by deadline (none is last), then in file order."""
        duties = [
            owed(self.tables, slot, pending, marking.included)
            for slot, pending in sorted(marking.pending.items())
        ]
        return tuple(sorted(duties, key=lambda duty: (duty.due is None, duty.due or duty.since)))

    def may_end(self, marking: Marking) -> bool:
        """Whether nothing that is open is owed."""
        masks = self.tables.masks
        return not any(masks[slot] & marking.included for slot in marking.pending)

    def included(self, marking: Marking) -> tuple[str, ...]:
        return tuple(a for n, a in enumerate(self.acts) if marking.included >> n & 1)

    def executed(self, marking: Marking) -> dict[str, datetime]:
        """When each act last happened, in the order of the file."""
        return {self.acts[number]: when for number, when in sorted(marking.executed.items())}

    def clock_due(
        self, marking: Marking, facts: Facts, until: datetime
    ) -> list[tuple[datetime, str]]:
        """What the clock owes by `until`, in the order of time and then of the file.

        Only what is due in this marking: acting may bring more, see `catch_up`.
        """
        return due_acts(self.tables, self.clock, marking, facts, utc(until))

    def breaches(self, marking: Marking, at: datetime) -> tuple[Breach, ...]:
        """The open duties that are late at `at`, and whom their rules have told by then."""
        moment = utc(at)
        masks, included = self.tables.masks, marking.included
        late = sorted(
            (pending.due, slot)
            for slot, pending in marking.pending.items()
            if pending.due and pending.due < moment and masks[slot] & included
        )
        duties = (owed(self.tables, slot, marking.pending[slot], included) for _, slot in late)
        tells = self._tells
        return tuple(
            Breach(duty, self._told(duty, moment) if tells.get(duty.rule_id) else ())
            for duty in duties
        )

    def _told(self, duty: Owed, at: datetime) -> tuple[tuple[datetime, str], ...]:
        due = duty.due or duty.since
        tells = self._tells.get(duty.rule_id, ())
        calendar = self.tables.calendar
        moments = [
            (shift(due, tell.after, calendar=calendar).astimezone(UTC), tell.whom) for tell in tells
        ]
        return tuple((moment, whom) for moment, whom in moments if moment <= at)

    def to_find_out(self, marking: Marking, facts: Facts) -> tuple[Waiting, ...]:
        """What somebody owes to find out, because a rule waits for it."""
        return tuple(
            Waiting(unknown_facts(relation.guard, facts), relation.rule_id, since)
            for number, since in sorted(marking.waiting.items())
            if (relation := self.tables.relations[number]).guard
        )

    def unfounded(self, marking: Marking, facts: Facts) -> tuple[Owed, ...]:
        """Duties that would not exist had `facts` been known: somebody decides about them."""
        return tuple(
            duty
            for duty in self.owed(marking)
            if duty.row and duty.row.condition and truth(duty.row.condition, facts) is False
        )
