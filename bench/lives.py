"""A run played through the rule book in memory: events, marking and duties, as the engine does.

What `coordination.actions.engine` does in the database step by step is done here for rows that are
not written yet; `runs_verify` says afterwards whether they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.copying import Rows
from bench.stories import Happened, Story
from spona.conduct import state
from spona.conduct.book import Act
from spona.conduct.marking import Ended, Marking, Owed
from spona.conduct.stepping import Step
from spona.coordination import rules
from spona.coordination.actions import engine, projection
from spona.coordination.models import Binding, Duty, Run, RunEvent
from spona.protocols.models import Version

TYPED_AFTER = timedelta(minutes=2)
INSIDE = ("csr", "sender")


@dataclass
class Life:
    """One run. What is owed by a party in `INSIDE` is owed by the owner of the case."""

    run: Run
    version: Version
    rows: Rows
    recorder: str
    bound: dict[str, Binding] = field(default_factory=dict)
    owed: dict[tuple[str, ...], Duty] = field(default_factory=dict)
    ended: list[Duty] = field(default_factory=list)
    events: list[RunEvent] = field(default_factory=list)

    def bind(
        self, party: str, at: datetime, organisation_id: int, user_id: int | None = None
    ) -> None:
        """From now on this institution (or person) stands for the party; its duties move along."""
        self.bound[party] = self.rows.put(
            Binding(
                run_id=self.run.pk,
                case_id=self.run.case_id,
                party=party,
                organisation_id=organisation_id,
                user_id=user_id,
                from_at=at,
            )
        )
        for duty in self.owed.values():
            if duty.party == party:
                duty.organisation_id, duty.user_id = organisation_id, user_id

    def play(self, story: Story, guardian: Mapping[str, Any] | None, until: datetime) -> None:
        """Everything of the story, and then what was told of each duty by `until`."""
        graph, facts = self.version.graph, dict[str, Any]()
        marking = graph.start(self.run.started_at)
        for happened in story.acts:
            before, facts = facts, dict(story.facts)
            at = self.run.started_at + timedelta(minutes=happened.minutes)
            step = graph.execute(marking, happened.act, at, facts, "bez čekanja", before)
            event = self._event(happened, at, facts if not before else {}, guardian)
            marking = step.marking
            self._project(marking, step, event)
            if happened.act == "guardian_appointed" and guardian:
                self.bind("guardian", at, guardian["organisation"], guardian["user"])
        self._keep(marking, facts, until)

    def close(self, at: datetime) -> None:
        """The case is closed: nothing is owed any more, and no clock runs."""
        for duty in self.owed.values():
            duty.state, duty.ended_at, duty.next_tell_at = Duty.State.CLOSED, at, None
        self.run.next_clock_at = None

    def _keep(self, marking: Marking, facts: dict[str, Any], until: datetime) -> None:
        graph = self.version.graph
        self.run.state, self.run.facts = state.dump(graph, marking), facts
        following = graph.clock_due(marking, facts, engine.FAR)
        self.run.next_clock_at = following[0][0] if following else None
        for duty in (*self.ended, *self.owed.values()):
            self._told(duty, until)
            self.rows.put(duty)

    def _event(
        self,
        happened: Happened,
        at: datetime,
        facts: Mapping[str, Any],
        guardian: Mapping[str, Any] | None,
    ) -> RunEvent:
        form = dict(happened.form)
        if happened.act == "guardian_appointed" and guardian:
            form["guardian_person"] = {"user": guardian["user"], "name": guardian["name"]}
        event = RunEvent(
            run_id=self.run.pk,
            case_id=self.run.case_id,
            seq=len(self.events) + 1,
            act=happened.act,
            occurred_at=at,
            recorded_at=at + TYPED_AFTER,
            recorded_by_name=self.recorder,
            organisation_id=self.bound[happened.party].organisation_id,
            party=happened.party,
            form=form,
            facts=dict(facts),
            reason="",
        )
        self.events.append(self.rows.put(event))
        return event

    # -- duties follow from the marking

    def _project(self, marking: Marking, step: Step, event: RunEvent) -> None:
        before, self.owed = self.owed, {}
        ended = {projection.key_of(end.owed): end for end in (*step.closed, *step.discharged)}
        done = {projection.key_of(end.owed) for end in step.discharged}
        for owed in self.version.graph.owed(marking):
            key = projection.key_of(owed)
            if not owed.hidden:
                duty = None if key in ended else before.pop(key, None)
                self.owed[key] = self._due(duty or self._open(owed), owed)
        for key, duty in before.items():
            self._end(duty, ended.get(key), event, discharged=key in done)

    def _open(self, owed: Owed) -> Duty:
        act = self.version.book.acts[owed.acts[0]]
        party, bound = self._addressee(act, owed)
        return Duty(
            run_id=self.run.pk,
            case_id=self.run.case_id,
            version_id=self.version.pk,
            acts=list(projection.key_of(owed)),
            party=party,
            organisation_id=bound.organisation_id if bound else None,
            user_id=bound.user_id if bound else None,
            protective=act.protective,
            inside=bool(bound and self.run.case_id and party in INSIDE),
        )

    def _addressee(self, act: Act, owed: Owed) -> tuple[str, Binding | None]:
        claimed = any(event.act == "csr_confirmed" for event in self.events)
        taken_over = claimed or self.run.parent_id is not None
        return projection.addressee(self.bound, act, owed, taken_over=taken_over)

    def _due(self, duty: Duty, owed: Owed) -> Duty:
        duty.rule, duty.counted_from, duty.due_at = owed.rule_id, owed.since, owed.due
        within = owed.row.within if owed.row else None
        duty.by_measure = bool(within and within.term is None and within.measure)
        return duty

    def _end(self, duty: Duty, end: Ended | None, event: RunEvent, *, discharged: bool) -> None:
        late = end.late if end else False
        duty.state = Duty.State.DONE if discharged else Duty.State.CLOSED
        if late and not discharged:
            duty.state = Duty.State.CLOSED_LATE
        duty.ended_at, duty.ended_by_id = end.at if end else event.recorded_at, event.pk
        duty.done_late = discharged and late
        duty.ended_by_rule = end.rule_id if end and not discharged else ""
        self.ended.append(duty)

    def _told(self, duty: Duty, until: datetime) -> None:
        """Every rung that was passed by `until` has been told."""
        if duty.state != Duty.State.OWED or not duty.rule:
            return
        rule = self.version.book.rule(duty.rule)
        while (rung := rules.next_rung(rule, duty.told, duty.due_at)) and rung.at <= until:
            duty.told = rung.number
        duty.next_tell_at = projection.next_telling(self.version.book, duty, until)
