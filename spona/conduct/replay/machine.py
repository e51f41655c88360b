"""Plain timed DCR graphs at more than a million events a second.

A state is (executed, included, owed) as bit sets, met once and then known by number; what an act
does in a state is worked out once, and so is what a sequence of acts does whatever its times. For
each trace is left what time decides: deadlines, and delays that have not passed. The meaning is
that of `graph`, which the tests hold it against; what `graph` can do beyond plain relations (guards
over facts, extensions, deadlines that a fact names, periods kept to a calendar, what counts afresh)
is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from spona.conduct.book import Kind, Strength
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.relations import Relation
from spona.conduct.tables import Effect, Tables

MOST_STATES = 100_000
MOST_PATHS = 100_000  # sequences of acts that are remembered
NEVER = 1 << 62  # later than any moment, in microseconds
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RESPOND = 3  # the order of a response among the effects of an act


class NotPlain(ValueError):  # noqa: N818 -- it is said of the graph
    """The graph has more than plain relations; the message says what."""


class TooManyStates(RuntimeError):  # noqa: N818 -- a limit that was met
    """The graph has more states than are kept."""


class Coded(NamedTuple):
    """A trace as numbers: acts, moments in microseconds since 1970, and the day of each where the
    deadlines are counted."""

    acts: tuple[int, ...]
    times: tuple[int, ...]
    days: tuple[int, ...]


class Verdict(NamedTuple):
    """What one trace met: how often an act was blocked, how many duties were done in time and
    late, how many are owed at its end and how long they were late together (microseconds)."""

    blocked: int
    kept: int
    late: int
    owed: int
    lost: int


class Days(dict[int, int]):
    """Deadlines that depend on the day of the event alone, each counted once."""

    def __init__(self, ends: Callable[[datetime], datetime | None], zone: ZoneInfo) -> None:
        super().__init__()
        self._ends, self._zone = ends, zone

    def __missing__(self, day: int) -> int:
        noon = datetime.combine(date.fromordinal(day), time(12), self._zone)
        until = self._ends(noon)
        self[day] = NEVER if until is None else _micro(until)
        return self[day]


class Timing(NamedTuple):
    """What time decides when an act happens in one state. A deadline is one by the day, or so many
    microseconds."""

    clears: tuple[int, ...]  # slots that may have a deadline
    owes: tuple[tuple[int, Days | None, int, bool], ...]  # slot, deadline, whether it renews
    delays: tuple[tuple[int, int], ...]  # source, microseconds after it
    remembers: int  # the act, where a delay counts from it; else -1, which no delay asks


class Change(NamedTuple):
    """What an act does in one state: the next one, how many guards stood before it, how many
    duties it discharges, and what time decides, if anything."""

    state: int
    blocked: int
    kept: int
    timing: Timing | None


State = tuple[int, int, int]
Path = tuple[Verdict, tuple[tuple[int, Timing], ...]]


class Machine:
    """A graph for many traces; `run` judges one. States are met and kept while it works."""

    def __init__(self, graph: Graph, begin: Marking) -> None:
        for relation in graph.tables.relations:
            _plain(relation)
        self.tables: Tables = graph.tables
        self.zone = graph.tables.calendar.zone
        self._timed = {e.slot for e in self._responses() if e.relation.length is not None}
        self._ends = {effect.number: self._counted(effect) for effect in self._responses()}
        self._delayed = {
            check.source for checks in self.tables.checks for check in checks if _delays(check[0])
        }
        self._numbers: dict[State, int] = {}
        self._states: list[State] = []
        self._changes: list[list[Change | None]] = []
        self._left: list[int] = []
        self._paths: dict[tuple[int, ...], Path] = {}
        owed = sum(1 << slot for slot in begin.pending)
        self._first = self._number((begin.done, begin.included, owed))
        self._timed |= {slot for slot, pending in begin.pending.items() if pending.due}
        self._due = [NEVER] * len(self.tables.masks)
        for slot, pending in begin.pending.items():
            self._due[slot] = _micro(pending.due) if pending.due else NEVER
        self._done = {n: _micro(at) for n, at in begin.executed.items() if n in self._delayed}

    def coded(self, events: Iterable[tuple[str, datetime]]) -> Coded:
        """A trace in numbers; raises `KeyError` for what is no act of the graph."""
        found = [(self.tables.index[act], at) for act, at in events]
        return Coded(
            tuple(act for act, _ in found),
            tuple(_micro(at) for _, at in found),
            tuple(at.astimezone(self.zone).toordinal() for _, at in found),
        )

    def run(self, trace: Coded) -> Verdict:
        """The trace through the graph; an act that is blocked happens all the same."""
        acts, times, days = trace
        verdict, timed = self._paths.get(acts) or self._path(acts)
        if not timed:
            return verdict
        blocked, kept, late, owed, lost = verdict
        due, done = self._due.copy(), self._done.copy()
        for place, (clears, owes, delays, remembers) in timed:
            at = times[place]
            for slot in clears:
                over, due[slot] = at - due[slot], NEVER
                if over > 0:
                    late += 1
                    lost += over
            for source, length in delays:
                blocked += done[source] + length > at
            done[remembers] = at
            for slot, by_day, length, renews in owes:
                until = at + length if by_day is None else by_day[days[place]]
                if until < due[slot] or renews:
                    due[slot] = until
        return Verdict(blocked, kept - late, late, owed, lost)

    def _path(self, acts: tuple[int, ...]) -> Path:
        """What a sequence of acts does: the verdict if nothing is late, and what time decides."""
        state, blocked, kept = self._first, 0, 0
        timed: list[tuple[int, Timing]] = []
        for place, act in enumerate(acts):
            change = self._changes[state][act] or self._change(state, act)
            state, blocked, kept = change.state, blocked + change.blocked, kept + change.kept
            if change.timing is not None:
                timed.append((place, change.timing))
        path = Verdict(blocked, kept, 0, self._left[state], 0), tuple(timed)
        if len(self._paths) < MOST_PATHS:
            self._paths[acts] = path
        return path

    @property
    def states(self) -> int:
        """How many states were met."""
        return len(self._states)

    # -- states and changes, worked out once

    def _number(self, state: State) -> int:
        if state not in self._numbers:
            if len(self._states) == MOST_STATES:
                raise TooManyStates(f"The graph has more than {MOST_STATES:,} states.")
            self._numbers[state] = len(self._states)
            self._states.append(state)
            self._changes.append([None] * len(self.tables.acts))
            self._left.append(self._open(state))
        return self._numbers[state]

    def _change(self, number: int, act: int) -> Change:
        done, included, owed = before = self._states[number]
        cleared = [slot for slot in self.tables.slots_of[act] if owed >> slot & 1]
        plan = self.tables.plans[act]
        after, left = included & ~plan.excludes | plan.includes, owed
        for slot in cleared:
            left &= ~(1 << slot)
        owes: list[tuple[int, Days | None, int, bool]] = []
        for effect in plan.rest:  # of plain relations the rest are responses
            left |= 1 << effect.slot
            owes.append((effect.slot, *self._ends[effect.number], effect.relation.renews))
        stopped, delays = self._stops(before, act)
        clears = tuple(slot for slot in cleared if slot in self._timed)
        timing = Timing(
            clears,
            tuple(one for one in owes if one[0] in self._timed),
            delays,
            act if act in self._delayed else -1,
        )
        change = Change(
            self._number((done | 1 << act, after, left)),
            stopped,
            len(cleared),
            None if timing == NOTHING else timing,
        )
        self._changes[number][act] = change
        return change

    def _open(self, state: State) -> int:
        """How many duties are owed in a state and not hidden."""
        _, included, owed = state
        masks = enumerate(self.tables.masks)
        return sum(1 for slot, mask in masks if owed >> slot & 1 and mask & included)

    def _stops(self, state: State, act: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """How many guards stand before the act, and which delays are still to be asked."""
        done, included, slots = state
        if not included >> act & 1:
            return 1, ()
        owed = sum_of(self.tables.masks, slots)
        standing, delays = 0, []
        for relation, source in self.tables.guarding[act]:
            if not included >> source & 1:
                continue
            if relation.kind is Kind.MILESTONE:
                standing += owed >> source & 1
            elif not done >> source & 1:
                standing += 1
            elif relation.length is not None:
                delays.append((source, _hours(relation)))
        return standing, tuple(delays)

    def _responses(self) -> list[Effect]:
        return [effect for effect in self.tables.effects.values() if effect.order == RESPOND]

    def _counted(self, effect: Effect) -> tuple[Days | None, int]:
        length = effect.relation.length
        if length is None:
            return None, NEVER
        if isinstance(length, timedelta):
            return None, _hours(effect.relation)
        return Days(effect.ends, self.zone), 0


NOTHING = Timing((), (), (), -1)


def _hours(relation: Relation) -> int:
    return relation.length // MICROSECOND if isinstance(relation.length, timedelta) else 0


def sum_of(masks: Sequence[int], slots: int) -> int:
    """The acts of all slots together, as a bit set."""
    found = 0
    for slot, mask in enumerate(masks):
        if slots >> slot & 1:
            found |= mask
    return found


def _micro(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _delays(relation: Relation) -> bool:
    return relation.kind is Kind.CONDITION and relation.length is not None


def _plain(relation: Relation) -> None:
    """Raises `NotPlain` where more than plain time decides."""
    more = {
        "a guard over facts": relation.guard is not None or relation.becomes is not None,
        "an extension": relation.kind is Kind.EXTENDS,
        "a deadline that a fact names": bool(relation.until),
        "periods that follow each other": relation.anchored,
        "a duty that counts afresh": relation.fresh,
        "a guard that a reason passes": relation.strength is not Strength.HARD,
        "a delay that is no number of hours": _delays(relation)
        and not isinstance(relation.length, timedelta),
    }
    found = next((what for what, true in more.items() if true), "")
    if found:
        raise NotPlain(f"The graph has {found} ({relation.rule_id or relation.source}).")
