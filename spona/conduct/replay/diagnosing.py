"""One case on a rule book: every duty and every act, as the engine itself sees them.

What has happened, happened: an act under a block is executed all the same and found out of order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from spona.conduct.book import Book, Row
from spona.conduct.graph import Graph
from spona.conduct.guarding import may_pass
from spona.conduct.guards import Value, unknown_facts
from spona.conduct.marking import Marking, Owed
from spona.conduct.replay.findings import Diagnosis, Finding, Kept, Kind, days_late
from spona.conduct.replay.mapping import Happening
from spona.conduct.stepping import Step


class Case:
    """One run of the book, fed with what happened; `diagnosis` says what came of it.

    Of `untold` acts and facts the log says nothing, so nothing is said of rules that rest on them.
    """

    def __init__(
        self,
        book: Book,
        graph: Graph,
        name: str,
        started: datetime,
        untold: frozenset[str] = frozenset(),
    ) -> None:
        self.untold = untold
        self.book, self.graph, self.name = book, graph, name
        self.calendar = graph.tables.calendar
        self.marking: Marking = graph.start(started)
        self.facts: dict[str, Value] = {}
        self.bound: dict[str, str] = {}  # party -> the institution that last acted as it
        self.kept: list[Kept] = []
        self.findings: list[Finding] = []

    def learn(self, facts: dict[str, Value], at: datetime) -> None:
        before, self.facts = self.facts, self.facts | facts
        self._ended(self.graph.fact_changed(self.marking, before, self.facts, at))

    def let_clock_act(self, until: datetime) -> None:
        caught = self.graph.catch_up(self.marking, self.facts, until)
        for _moment, _act, step in caught.fired:
            self._ended(step)
        self.marking = caught.marking

    def happened(self, what: Happening) -> None:
        if what.party and what.institution:
            self.bound[what.party] = what.institution
        if what.restarts:
            self._handed(what)
        elif what.act:
            self._act(what)
        else:
            self.learn(dict(what.facts), what.at)

    def diagnosis(self, end: datetime, *, over: bool) -> Diagnosis:
        """At `end`, when the case was `over` or the log ends."""
        for duty in self.graph.owed(self.marking):
            if duty.hidden or self._is_untold(duty):
                continue
            if duty.late(end) or over:
                self.findings.append(self._late(Kind.NEVER_DONE, duty, end))
            else:
                self.kept.append(Kept("open", duty.rule_id, self._who(duty)))
        return Diagnosis(self.name, tuple(self.kept), tuple(self.findings))

    # -- one event

    def _act(self, what: Happening) -> None:
        before, self.facts = self.facts, {**self.facts, **what.facts}
        blocks = self.graph.blocks(self.marking, what.act, what.at, before)
        if blocks and not (what.reason and may_pass(blocks)):
            who = what.institution or what.party
            self.findings += (
                Finding(
                    kind=Kind.OUT_OF_ORDER,
                    case=self.name,
                    rule=block.rule_id,
                    act=what.act,
                    who=who,
                    at=what.at,
                    block=block.kind,
                    before=block.source,
                )
                for block in blocks
                if block.source not in self.untold and not self._rests(block.row)
            )
        step = self.graph.force(self.marking, what.act, what.at, self.facts, before, blocks)
        self._ended(step, what)
        self.findings += self._stranger(what)

    def _stranger(self, what: Happening) -> Iterator[Finding]:
        act, party = self.book.acts[what.act], what.party
        named = (*act.by, act.on_behalf)
        if party and party not in named and not act.by_anyone and not what.by_proxy:
            who = what.institution or party
            rule = _rule_of(self.book, what.act)
            yield Finding(Kind.WRONG_PARTY, self.name, rule, what.act, who, what.at)

    def _ended(self, step: Step, what: Happening | None = None) -> None:
        self.marking = step.marking
        for end in step.discharged:
            if self._is_untold(end.owed):
                continue
            if not end.late:
                self.kept.append(Kept("kept", end.owed.rule_id, self._who(end.owed, what)))
            elif what is not None and what.by_proxy:
                self.kept.append(Kept("by_proxy", end.owed.rule_id, self._who(end.owed, what)))
            else:
                self.findings.append(self._late(Kind.LATE, end.owed, end.at, what))
        for end in step.closed:
            if end.late and not self._is_untold(end.owed):
                self.findings.append(self._late(Kind.CLOSED_LATE, end.owed, end.at))

    def _handed(self, what: Happening) -> None:
        """The old lateness stays with the old addressee; clocks begin anew for the new one."""
        acts = frozenset(what.restarts)
        for duty in self.graph.owed(self.marking):
            mine = acts.issuperset(duty.acts) and not self._is_untold(duty)
            if mine and not duty.hidden and duty.late(what.at):
                self.findings.append(self._late(Kind.CLOSED_LATE, duty, what.at))
        known = acts & self.book.acts.keys()
        self.marking = self.graph.restart(self.marking, known, what.at, self.facts)

    # -- what the log is silent about

    def _is_untold(self, duty: Owed) -> bool:
        return self.untold.issuperset(duty.acts) or self._rests(duty.row)

    def _rests(self, row: Row | None) -> bool:
        """Whether the row is read from a fact of which the log is silent."""
        guards = (row.condition, row.becomes) if row and self.untold else ()
        return any(
            guard and not self.untold.isdisjoint(unknown_facts(guard, {})) for guard in guards
        )

    # -- words of a finding

    def _late(self, kind: Kind, duty: Owed, at: datetime, what: Happening | None = None) -> Finding:
        late = duty.due is not None and at > duty.due
        return Finding(
            kind=kind,
            case=self.name,
            rule=duty.rule_id,
            act=duty.acts[0],
            who=self._who(duty, what),
            at=at,
            due=duty.due,
            lost=at - duty.due if late and duty.due else at - at,
            working_days=days_late(duty.due, at, self.calendar) if late and duty.due else 0,
        )

    def _who(self, duty: Owed, what: Happening | None = None) -> str:
        """The institution that owed it; where it did it itself, that is the one of the event."""
        parties = self.book.acts[duty.acts[0]].by
        if what and what.institution and what.party in parties and what.act in duty.acts:
            return what.institution
        return next((self.bound[party] for party in parties if party in self.bound), parties[0])


def _rule_of(book: Book, act: str) -> str:
    """The first rule that makes the act owed; none where nothing does."""
    owing = (r.id for r in book.rules for row in r.rows if act in row.targets and row.within)
    other = (r.id for r in book.rules for row in r.rows if act in row.targets)
    return next(owing, "") or next(other, "")


def diagnose(
    case: Case,
    facts: dict[str, Value],
    happenings: Sequence[Happening],
    end: datetime,
    *,
    over: bool,
    clock: bool,
) -> Diagnosis:
    """`case` through all that happened, up to `end`; `clock` says whether the clock acts of the
    book must be done here, because the log has none of them."""
    case.learn(facts, case.marking.started)
    for what in happenings:
        if clock:
            case.let_clock_act(what.at)
        case.happened(what)
    if clock:
        case.let_clock_act(end)
    return case.diagnosis(end, over=over)


def tells_clock(book: Book, happenings: Iterable[Happening]) -> bool:
    """Whether a log tells what the clock did."""
    return any(what.act and book.acts[what.act].by_clock for what in happenings)
