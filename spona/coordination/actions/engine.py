"""The engine: one step of a run, its event, and the duties that follow from it.

Everything here works inside `rls.engine_room()`: the rules must see the whole run, also where the
person who acts may not. What comes out for that person is decided by row security as always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from spona.base.actor import Actor
from spona.conduct import state
from spona.conduct.book import Act, Book
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Ended, Marking, Owed
from spona.conduct.stepping import Step
from spona.coordination import rules
from spona.coordination.actions import notices
from spona.coordination.models import Binding, Duty, Run, RunEvent

ENDING = ["state", "ended_at", "ended_by", "done_late", "ended_by_rule", "next_tell_at"]
FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happening:
    """What is about to be written into a run: an act, or facts learned without one."""

    occurred_at: datetime
    recorded_at: datetime
    by: Actor
    act: str = ""
    party: str = ""
    organisation_id: int | None = None
    source_of_knowledge: str = ""
    present: tuple[str, ...] = ()
    reason: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def locked(run_id: int) -> Run:
    """The run, until the end of the transaction ours alone."""
    return Run.objects.select_related("version").select_for_update(of=("self",)).get(pk=run_id)


def step(run: Run, happening: Happening) -> tuple[RunEvent, Step]:
    """Execute and record what happened; raises `Blocked`, and then nothing was written."""
    graph = run.version.graph
    marking, before = state.load(graph, run.state), facts_of(run, run.facts)
    known = run.facts | dict(happening.facts)
    after = facts_of(run, known)
    at = happening.occurred_at
    if happening.act:
        done = graph.execute(marking, happening.act, at, after, happening.reason, before)
    else:
        done = graph.fact_changed(marking, before, after, at)
    run.facts = known
    event = _append(run, happening)
    settle(run, graph, done.marking, at=happening.recorded_at, done=done, event=event)
    return event, done


def settle(
    run: Run,
    graph: Graph,
    marking: Marking,
    *,
    at: datetime,
    done: Step | None = None,
    event: RunEvent | None = None,
) -> None:
    """Keep the marking and bring the duties in line with it."""
    run.state = state.dump(graph, marking)
    following = graph.clock_due(marking, facts_of(run, run.facts), FAR)
    run.next_clock_at = following[0][0] if following else None
    run.save(update_fields=["state", "facts", "next_clock_at", "case", "ended_at"])
    project(run, graph, marking, at=at, done=done, event=event)


def _append(run: Run, happening: Happening, revokes: RunEvent | None = None) -> RunEvent:
    last = run.events.order_by("-seq").values_list("seq", flat=True).first() or 0
    return RunEvent.objects.create(
        run=run,
        case_id=run.case_id,
        seq=last + 1,
        kind=_kind(happening, revokes),
        revokes=revokes,
        act=happening.act,
        occurred_at=happening.occurred_at,
        recorded_at=happening.recorded_at,
        recorded_by_id=happening.by.user_id,
        recorded_by_name=happening.by.name,
        organisation_id=happening.organisation_id,
        party=happening.party,
        source_of_knowledge=happening.source_of_knowledge,
        present=list(happening.present),
        reason=happening.reason,
        form=dict(happening.form),
        facts=dict(happening.facts),
    )


def _kind(happening: Happening, revokes: RunEvent | None) -> str:
    if revokes is not None:
        return RunEvent.Kind.REVOKED
    return RunEvent.Kind.ACT if happening.act else RunEvent.Kind.FACT


def facts_of(run: Run, stored: Mapping[str, Any]) -> Facts:
    """Facts as the guards read them: dates are dates, what the book does not know is left out."""
    book = run.version.book
    return {
        key: date.fromisoformat(value) if value and book.facts[key].type == "date" else value
        for key, value in stored.items()
        if key in book.facts
    }


# --- the marking follows from the events


def fold(run: Run, events: Iterable[RunEvent]) -> tuple[Marking, dict[str, Any]]:
    """The marking and the facts after these events: what has happened, happened."""
    graph = run.version.graph
    marking, known = graph.start(run.started_at), dict[str, Any]()
    for event in events:
        before = facts_of(run, known)
        known |= event.facts
        after = facts_of(run, known)
        if event.kind == RunEvent.Kind.ACT:
            done = graph.force(marking, event.act, event.occurred_at, after, before)
        else:
            done = graph.fact_changed(marking, before, after, event.occurred_at)
        marking = done.marking
    return marking, known


def standing(run: Run) -> QuerySet[RunEvent]:
    """The events that count: neither taken back nor the taking back itself."""
    kinds = (RunEvent.Kind.ACT, RunEvent.Kind.FACT)
    return run.events.filter(kind__in=kinds, revoked_by=None).order_by("seq")


def revoke(run: Run, event: RunEvent, *, reason: str, by: Actor, at: datetime) -> list[Duty]:
    """Take `event` back: fold anew, and reopen the duties that it had ended."""
    taking_back = Happening(occurred_at=at, recorded_at=at, by=by, act=event.act, reason=reason)
    _append(run, taking_back, revokes=event)
    marking, run.facts = fold(run, standing(run))
    again = list(run.duties.filter(ended_by=event))
    for duty in again:
        duty.state, duty.done_late = Duty.State.OWED, False
        duty.ended_at = duty.ended_by = None
        duty.save(update_fields=ENDING)
    settle(run, run.version.graph, marking, at=at)
    return again


# --- duties follow from the marking


def key_of(owed: Owed) -> tuple[str, ...]:
    """What makes a duty the same duty: its act, or the whole group of which one is owed."""
    if owed.row is not None and len(owed.row.targets) > 1:
        return owed.row.targets
    return owed.acts


def project(
    run: Run,
    graph: Graph,
    marking: Marking,
    *,
    at: datetime,
    done: Step | None,
    event: RunEvent | None,
) -> None:
    """Open what is newly owed, move what got another moment, end what is owed no more."""
    before = {tuple(duty.acts): duty for duty in run.duties.owed()}
    ended = _ended(done)
    for owed in graph.owed(marking):
        if owed.hidden:
            continue
        duty = before.pop(key_of(owed), None)
        if duty is not None and key_of(owed) in ended:
            _end(duty, ended[key_of(owed)], event, at)
            duty = None
        if duty is None:
            _open(run, graph, owed, at)
        else:
            _move(run, duty, owed, at)
    for key, duty in before.items():
        _end(duty, ended.get(key), event, at)


def _ended(done: Step | None) -> dict[tuple[str, ...], tuple[bool, Ended]]:
    """What the step discharged (True) or closed (False), by the key of the duty."""
    if done is None:
        return {}
    found = {key_of(end.owed): (False, end) for end in done.closed}
    return found | {key_of(end.owed): (True, end) for end in done.discharged}


def _open(run: Run, graph: Graph, owed: Owed, at: datetime) -> None:
    book = run.version.book
    act = book.acts[owed.acts[0]]
    party, bound = addressee(run, act, owed)
    duty = Duty(
        run=run,
        case_id=run.case_id,
        version_id=run.version_id,
        acts=list(key_of(owed)),
        rule=owed.rule_id,
        party=party,
        organisation_id=bound.organisation_id if bound else None,
        user_id=bound.user_id if bound else None,
        counted_from=owed.since,
        protective=act.protective,
    )
    _set_due(duty, owed, book, at)
    duty.save(force_insert=True)
    if bound is None or bound.party != party:
        notices.to_coordinators(duty, notices.Kind.UNBOUND, at=at)
    notices.duty_opened(run, duty, at=at)


def _move(run: Run, duty: Duty, owed: Owed, at: datetime) -> None:
    if (duty.due_at, duty.rule) == (owed.due, owed.rule_id):
        return
    duty.rule, duty.counted_from = owed.rule_id, owed.since
    _set_due(duty, owed, run.version.book, at)
    duty.save(
        update_fields=["rule", "counted_from", "due_at", "by_measure", "next_tell_at", "told"]
    )


def _set_due(duty: Duty, owed: Owed, book: Book, at: datetime) -> None:
    duty.due_at = owed.due
    within = owed.row.within if owed.row else None
    duty.by_measure = bool(within and within.term is None and within.measure)
    duty.told = 0
    duty.next_tell_at = next_telling(book, duty, at)


def next_telling(book: Book, duty: Duty, at: datetime) -> datetime | None:
    """When somebody is next to be told of this duty: a warning before, the rungs after."""
    if not duty.rule or duty.due_at is None:
        return None
    rule = book.rule(duty.rule)
    rung = rules.next_rung(rule, duty.told, duty.due_at)
    moments = [rules.warning_at(rule, duty.due_at, at), rung.at if rung else None]
    return min((moment for moment in moments if moment), default=None)


def _end(
    duty: Duty, ended: tuple[bool, Ended] | None, event: RunEvent | None, at: datetime
) -> None:
    """Done, or closed; a duty closed while late is kept as closed late."""
    discharged, end = ended if ended else (False, None)
    duty.ended_at, duty.ended_by = (end.at if end else at), event
    late = end.late if end else duty.is_late(duty.ended_at)
    if discharged:
        duty.state, duty.done_late = Duty.State.DONE, late
    else:
        duty.state = Duty.State.CLOSED_LATE if late else Duty.State.CLOSED
        duty.ended_by_rule = end.rule_id if end else ""
    duty.next_tell_at = None
    duty.save(update_fields=ENDING)
    duty.obstacles.filter(overcome_at=None).update(overcome_at=duty.ended_at)
    if duty.state == Duty.State.CLOSED_LATE:
        notices.closed_late(duty, at=at)


# --- parties


def bindings(run: Run) -> dict[str, Binding]:
    return {binding.party: binding for binding in run.bindings.current()}


def addressee(run: Run, act: Act, owed: Owed | None = None) -> tuple[str, Binding | None]:
    """Who owes an act: on whose behalf it is done, else the first party named that is bound; of
    what anyone may do, the centre for social work, and before it took over, the finder."""
    bound = bindings(run)
    on_behalf = act.on_behalf or (owed.row.on_behalf if owed and owed.row else "")
    named = [party for party in (on_behalf, *act.by) if party and party != "anyone"]
    named = named or (["csr", "finder"] if run.case_id else ["finder", "csr"])
    for party in named:
        if party in bound:
            return party, bound[party]
    return named[0], bound.get("csr")


def bind(
    run: Run,
    party: str,
    *,
    organisation_id: int | None,
    at: datetime,
    user_id: int | None = None,
    name: str = "",
) -> Binding:
    """From now on this institution (or person) stands for the party; its open duties move along."""
    run.bindings.current().filter(party=party).update(until_at=at)
    binding = Binding.objects.create(
        run=run,
        case_id=run.case_id,
        party=party,
        organisation_id=organisation_id,
        user_id=user_id,
        name=name,
        from_at=at,
    )
    run.duties.owed().filter(party=party).update(organisation_id=organisation_id, user_id=user_id)
    return binding
