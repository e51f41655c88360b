"""Recording an act, a fact, a binding; taking an event back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.script import in_script, written_language
from spona.cases.models import Case
from spona.conduct import text
from spona.conduct.book import Act
from spona.conduct.marking import Blocked
from spona.conduct.stepping import Step
from spona.coordination import permissions
from spona.coordination.actions import engine, projection, records
from spona.coordination.actions.clock import run_clock
from spona.coordination.actions.engine import Happening
from spona.coordination.actions.notices import Outbox
from spona.coordination.actions.saying import why_not
from spona.coordination.models import Duty, Run, RunEvent
from spona.people.actions import person_correct
from spona.people.models import Person


@dataclass(frozen=True, slots=True)
class ActDraft:
    """An act as a person fills it in. `seen` is the number of the last event of the run that the
    page showed: an act done by somebody else since then is not done twice."""

    act: str
    occurred_at: datetime
    seen: int
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    present: Sequence[str] = ()
    reason: str = ""
    source_of_knowledge: str = ""


@transaction.atomic
def act_record(*, run_id: int, draft: ActDraft, by: Actor, at: datetime) -> RunEvent:
    """Record an act; raises `Refused` with the sentence that says why not and what to do."""
    works = works_on_case(run_id, by, at)
    with rls.engine_room():
        run = engine.locked(run_id)
        act = _known_act(run, draft.act)
        _not_impossible(run, draft, at)
        _not_done_meanwhile(run, draft)
        run_clock(run, until=draft.occurred_at, at=at)
        happening = _happening(run, act, draft, by=by, at=at, works=works)
        event, done = _stepped(run, happening)
        records.keep(run, act, event, draft.form, by=by, at=at)
        _tell_of_passed_guards(run, done, at)
    audit.record(
        "act_record",
        event,
        by=by,
        at=at,
        case_id=run.case_id,
        detail={"act": draft.act, "proxy": bool(draft.source_of_knowledge)},
    )
    return event


def works_on_case(run_id: int, by: Actor, at: datetime) -> bool:
    """Asked outside the engine room: row security answers."""
    return Case.objects.visible_to(by, at).filter(runs=run_id).exists()


def _known_act(run: Run, act: str) -> Act:
    if act not in run.version.book.acts:
        raise Refused(_("These rules of conduct know no such act."))
    return run.version.book.acts[act]


def _not_impossible(run: Run, draft: ActDraft, at: datetime) -> None:
    if draft.occurred_at > at:
        raise Refused(_("The event cannot be later than now. Give the time when it happened."))
    if draft.occurred_at < run.started_at:
        raise Refused(
            _("The event cannot be earlier than the first contact. Give the time when it happened.")
        )


def _not_done_meanwhile(run: Run, draft: ActDraft) -> None:
    """Done twice by two people at once; done again on purpose is another event."""
    other = run.events.filter(act=draft.act, seq__gt=draft.seen, revoked_by=None).first()
    if other is not None:
        raise Stale(
            _("Somebody has done this already (%(who)s, at %(when)s). What you wrote is kept.")
            % {
                "who": in_script(other.recorded_by_name),
                "when": text.moment(other.recorded_at, written_language()),
            }
        )


def _happening(
    run: Run, act: Act, draft: ActDraft, *, by: Actor, at: datetime, works: bool
) -> Happening:
    inside = run.is_inside(by.organisation_id)
    if not permissions.can_answer(by, works_on_case=works, inside=inside):
        raise NotAllowed()
    bound = projection.bindings(run)
    party = permissions.party_of(by, act, bound)
    if party == "anyone" and not (works or permissions.is_among(by, bound.values())):
        raise NotAllowed()
    if party is None:
        party = _by_proxy(act, draft, by=by, works=works)
    return Happening(
        occurred_at=draft.occurred_at,
        recorded_at=at,
        by=by,
        act=act.key,
        party=party,
        organisation_id=by.organisation_id,
        source_of_knowledge=draft.source_of_knowledge,
        present=tuple(draft.present),
        reason=draft.reason,
        form=draft.form,
        facts=draft.facts,
    )


def _by_proxy(act: Act, draft: ActDraft, *, by: Actor, works: bool) -> str:
    if not permissions.can_record_for_others(by, works_on_case=works):
        raise NotAllowed()
    if not draft.source_of_knowledge:
        raise Refused(
            _("Say how you know this: another institution did it, and you record it for them.")
        )
    return act.by[0]


def _stepped(run: Run, happening: Happening) -> tuple[RunEvent, Step]:
    try:
        return engine.step(run, happening)
    except Blocked as blocked:
        raise Refused(why_not(run, blocked)) from blocked


def _tell_of_passed_guards(run: Run, done: Step, at: datetime) -> None:
    """A guard of the kind `reason` was passed: the head of service hears of it."""
    owner_id = _owner_of(run) if done.passed else None
    if owner_id is None:
        return
    outbox = Outbox(at)
    for block in done.passed:
        act = block.row.targets[0] if block.row else ""
        outbox.went_on(run, rule=block.rule_id, act=act, organisation_id=owner_id)
    outbox.send()


def _owner_of(run: Run) -> int | None:
    """Whose head answers for the run: of the owner of the case, before that of the centre told."""
    if run.case is not None:
        return run.case.organisation_id
    centre = projection.bindings(run).get("csr")
    return centre.organisation_id if centre else None


@transaction.atomic
def fact_record(
    *, run_id: int, facts: Mapping[str, Any], occurred_at: datetime, by: Actor, at: datetime
) -> RunEvent:
    """Say what became known. Nothing owed is taken back by it; a person decides about that."""
    if not permissions.can_record_for_others(by, works_on_case=works_on_case(run_id, by, at)):
        raise NotAllowed()
    with rls.engine_room():
        run = engine.locked(run_id)
        unknown = set(facts) - set(run.version.book.facts)
        if unknown:
            raise Refused(_("These rules of conduct know no such fact."))
        event, _done = _stepped(
            run,
            Happening(
                occurred_at=occurred_at,
                recorded_at=at,
                by=by,
                organisation_id=by.organisation_id,
                facts=facts,
            ),
        )
    audit.record(
        "fact_record", event, by=by, at=at, case_id=run.case_id, detail={"facts": sorted(facts)}
    )
    return event


@transaction.atomic
def birth_correct(
    *, case: Case, row_version: int, changes: Mapping[str, Any], by: Actor, at: datetime
) -> Person:
    """Correct what is known of the child's birth, sex or country; an age that follows from it is
    told to every open run of the case. Raises `Stale` if somebody was quicker."""
    person = person_correct(
        person=case.person, by=by, at=at, row_version=row_version, case_id=case.pk, **changes
    )
    age = person.age_on(timezone.localdate(at))
    for run in Run.objects.visible_to(by, at).filter(case=case, ended_at=None):
        if age is not None and run.facts.get("age") != age:
            fact_record(run_id=run.pk, facts={"age": age}, occurred_at=at, by=by, at=at)
    return person


@transaction.atomic
def party_bind(
    *,
    run_id: int,
    party: str,
    organisation: Organisation,
    by: Actor,
    at: datetime,
    user: User | None = None,
) -> None:
    """Say which institution stands for a party; its open duties move along."""
    if not permissions.can_record_for_others(by, works_on_case=works_on_case(run_id, by, at)):
        raise NotAllowed()
    with rls.engine_room():
        run = engine.locked(run_id)
        if party not in run.version.book.parties:
            raise Refused(_("These rules of conduct know no such party."))
        binding = projection.bind(
            run,
            party,
            organisation_id=organisation.pk,
            user_id=user.pk if user else None,
            at=at,
        )
    audit.record("party_bind", binding, by=by, at=at, case_id=run.case_id, detail={"party": party})


@transaction.atomic
def event_revoke(*, event_id: int, reason: str, by: Actor, at: datetime) -> list[Duty]:
    """Take back an event that was recorded wrongly. The marking is folded anew; returns the duties
    that are owed again."""
    event = RunEvent.objects.visible_to(by, at).filter(pk=event_id).first()
    if event is None:
        raise NotAllowed()
    if not permissions.can_record_for_others(by, works_on_case=works_on_case(event.run_id, by, at)):
        raise NotAllowed()
    if event.kind not in (RunEvent.Kind.ACT, RunEvent.Kind.FACT):
        raise Refused(_("This entry says what was decided elsewhere; take that back there."))
    if not reason.strip():
        raise Refused(_("Say why the entry is wrong; the reason stays in the record."))
    with rls.engine_room():
        run = engine.locked(event.run_id)
        if RunEvent.objects.filter(revokes=event).exists():
            raise Stale(_("This entry has been taken back already."))
        again = engine.revoke(run, event, reason=reason, by=by, at=at)
        records.undo(run, event, by=by, at=at)
    audit.record("event_revoke", event, by=by, at=at, case_id=run.case_id)
    return again
