"""The engine: one step of a run, its event, and the duties that follow from it.

Everything here works inside `rls.engine_room()`: the rules must see the whole run, also where the
person who acts may not. What comes out for that person is decided by row security as always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.conduct import state
from spona.conduct.book import Book
from spona.conduct.fold import Event, marking_after
from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking
from spona.conduct.stepping import Step
from spona.coordination.actions.notices import Outbox
from spona.coordination.actions.projection import ENDING, Projection, bind, next_telling
from spona.coordination.models import Duty, Run, RunEvent
from spona.protocols.models import Version

RESTS = _("This case is closed and nothing is recorded in it. Ask the institution that owns it.")
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
    """The run, until the end of the transaction ours alone. Raises `Refused` for one that rests."""
    run = _locked(run_id)
    if run.rests:
        raise Refused(RESTS)
    return run


def _locked(run_id: int) -> Run:
    return Run.objects.select_related("version").select_for_update(of=("self",)).get(pk=run_id)


def step(run: Run, happening: Happening) -> tuple[RunEvent, Step]:
    """Execute and record what happened; raises `Blocked`, and then nothing was written."""
    return steps(run, [happening])[0]


def steps(run: Run, happenings: Sequence[Happening]) -> list[tuple[RunEvent, Step]]:
    """One after the other, and all written together: each is a third of the questions cheaper."""
    graph, marking, known = run.version.graph, marking_of(run), run.facts
    done: list[Step] = []
    for happening in happenings:
        before, known = known, known | dict(happening.facts)
        done.append(
            _execute(graph, marking, happening, facts_of(run, before), facts_of(run, known))
        )
        marking = done[-1].marking
    run.facts = known
    events = _append(run, *happenings)
    _keep(run, graph, marking)
    projection = Projection(run, at=happenings[-1].recorded_at)
    for event, one in zip(events, done, strict=True):
        projection.follow(one.marking, done=one, event=event)
    projection.write()
    return list(zip(events, done, strict=True))


def _execute(
    graph: Graph, marking: Marking, happening: Happening, before: Facts, after: Facts
) -> Step:
    at = happening.occurred_at
    if not happening.act:
        return graph.fact_changed(marking, before, after, at)
    return graph.execute(marking, happening.act, at, after, happening.reason, before)


def settle(
    run: Run, graph: Graph, marking: Marking, *, at: datetime, event: RunEvent | None = None
) -> None:
    """Keep the marking and bring the duties in line with it."""
    _keep(run, graph, marking)
    projection = Projection(run, at=at)
    projection.follow(marking, event=event)
    projection.write()


def _keep(run: Run, graph: Graph, marking: Marking) -> None:
    run.state = state.dump(graph, marking)
    following = graph.clock_due(marking, facts_of(run, run.facts), FAR)
    run.next_clock_at = following[0][0] if following else None
    run.save(update_fields=["state", "facts", "next_clock_at", "case", "ended_at"])


def migrate(
    run: Run,
    version: Version,
    marking: Marking,
    *,
    told: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> RunEvent:
    """Go on under another version, at the marking that its book gives to what has happened.

    What is owed no more ends, closed or closed late; whoever owes at another moment is told.
    """
    happening = Happening(at, at, by, organisation_id=by.organisation_id, form=told)
    event = _append(run, happening, kind=RunEvent.Kind.MIGRATED)[0]
    before = {duty.pk: duty.due_at for duty in run.duties.owed()}
    run.version = version
    run.save(update_fields=["version"])
    settle(run, version.graph, marking, at=at, event=event)
    stayed = list(run.duties.owed())
    outbox = Outbox(at)
    for duty in stayed:
        duty.version = version
        duty.next_tell_at = next_telling(version.book, duty, at)
        if duty.pk in before and before[duty.pk] != duty.due_at:
            outbox.moved(duty)
    Duty.objects.bulk_update(stayed, ["version", "next_tell_at"])
    outbox.send()
    return event


def _append(
    run: Run, *happenings: Happening, revokes: RunEvent | None = None, kind: str = ""
) -> list[RunEvent]:
    last = run.events.order_by("-seq").values_list("seq", flat=True).first() or 0
    return RunEvent.objects.bulk_create(
        _event(run, seq, happening, revokes, kind)
        for seq, happening in enumerate(happenings, last + 1)
    )


def _event(
    run: Run, seq: int, happening: Happening, revokes: RunEvent | None, kind: str
) -> RunEvent:
    return RunEvent(
        run=run,
        case_id=run.case_id,
        seq=seq,
        kind=kind or _kind(happening),
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


def _kind(happening: Happening) -> str:
    return RunEvent.Kind.ACT if happening.act else RunEvent.Kind.FACT


def marking_of(run: Run) -> Marking:
    """The marking that the run keeps."""
    return state.load(run.version.graph, run.state)


def facts_of(run: Run, stored: Mapping[str, Any]) -> Facts:
    """Facts as the guards read them: days are dates and moments are datetimes; what the book does
    not know is left out."""
    return facts_as(run.version.book, stored)


def facts_as(book: Book, stored: Mapping[str, Any]) -> Facts:
    """The same for any book: in the types in which it knows them."""
    known = book.facts
    return {key: typed(known[key].type, value) for key, value in stored.items() if key in known}


def typed(kind: str, value: Any) -> Any:
    """A fact as the run keeps it (JSON), in the type of its book."""
    read = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}.get(kind)
    return read(value) if read and value else value


# --- the marking follows from the events


def fold(run: Run, events: Iterable[RunEvent]) -> tuple[Marking, dict[str, Any]]:
    """The marking and the facts after these events: what has happened, happened."""
    counted = list(events)
    known = {key: value for event in counted for key, value in event.facts.items()}
    version = run.version
    course = as_conduct(version.book, counted)
    return marking_after(version.graph, course, run.started_at), known


def as_conduct(book: Book, events: Iterable[RunEvent]) -> Iterator[Event]:
    """Events as the rules read them, with all that was known after each, in the types of `book`."""
    known: dict[str, Any] = {}
    for event in events:
        known |= facts_as(book, event.facts)
        handed = event.form["acts"] if event.kind == RunEvent.Kind.HANDED else ()
        yield Event(event.act, event.occurred_at, dict(known), event.reason, tuple(handed))


def standing(run: Run) -> QuerySet[RunEvent]:
    """The events that count: neither taken back nor the taking back itself."""
    kinds = (RunEvent.Kind.ACT, RunEvent.Kind.FACT, RunEvent.Kind.HANDED)
    return run.events.filter(kind__in=kinds, revoked_by=None).order_by("seq")


def hand_over(
    run: Run,
    party: str,
    organisation_id: int,
    *,
    by: Actor,
    at: datetime,
    user_id: int | None = None,
) -> None:
    """Another institution stands for the party from now on, and its clocks begin anew. What was
    owed ends with the old one, closed or closed late; nothing owed vanishes."""
    graph = run.version.graph
    old = list(run.duties.owed().filter(party=party))
    acts = sorted({act for duty in old for act in duty.acts})
    handed = Happening(
        occurred_at=at, recorded_at=at, by=by, party=party, form={"party": party, "acts": acts}
    )
    event = _append(run, handed, kind=RunEvent.Kind.HANDED)[0]
    Projection(run, at=at).leave(old, event)
    bind(run, party, organisation_id=organisation_id, user_id=user_id, at=at)
    marking = graph.restart(marking_of(run), acts, at, facts_of(run, run.facts))
    settle(run, graph, marking, at=at, event=event)


def revoke(run: Run, event: RunEvent, *, reason: str, by: Actor, at: datetime) -> list[Duty]:
    """Take `event` back: fold anew, and reopen the duties that it had ended. What it alone had made
    owed ends with the taking back."""
    taking_back = Happening(occurred_at=at, recorded_at=at, by=by, act=event.act, reason=reason)
    taken_back = _append(run, taking_back, revokes=event, kind=RunEvent.Kind.REVOKED)[0]
    marking, run.facts = fold(run, standing(run))
    again = list(run.duties.filter(ended_by=event))
    for duty in again:
        _owed_again(run, duty, at)
    settle(run, run.version.graph, marking, at=at, event=taken_back)
    run.duties.owed().update(version=run.version)  # reopened ones may be of an earlier one
    return again


def _owed_again(run: Run, duty: Duty, at: datetime) -> None:
    """With its obstacle, if there was one, and whoever is to be told of it is told again."""
    duty.obstacles.filter(overcome_at=duty.ended_at).update(overcome_at=None)
    duty.state, duty.done_late = Duty.State.OWED, False
    duty.ended_at = duty.ended_by = None
    duty.next_tell_at = next_telling(duty.version.book, duty, at)
    duty.save(update_fields=ENDING)


def rest(run: Run, *, told: Mapping[str, Any], by: Actor, at: datetime) -> RunEvent:
    """The case was opened twice: what is owed here ends, closed or closed late; the clock waits.
    The marking stays, so that `wake` gives back what was owed, at the moments that it had."""
    happening = Happening(at, at, by, organisation_id=by.organisation_id, form=told)
    event = _append(run, happening, kind=RunEvent.Kind.RESTED)[0]
    Projection(run, at=at).leave(list(run.duties.owed()), event)
    run.ended_at, run.next_clock_at = at, None
    run.save(update_fields=["ended_at", "next_clock_at"])
    return event


def wake(event: RunEvent, *, reason: str, by: Actor, at: datetime) -> Run:
    """Take a rest back: the same is owed as before."""
    run = _locked(event.run_id)
    run.ended_at = None
    revoke(run, event, reason=reason, by=by, at=at)
    return run
