"""A child moves to another town and its case to another centre: who has it is never unclear.

Both are runs of the book `handover`. The row follows the run as a referral's does; what follows
for access, ownership and the clocks of the case's own runs is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from spona.accounts.models import Membership, Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions as cases
from spona.cases import permissions as case_permissions
from spona.cases.actions import BasisDraft
from spona.cases.codes import sharing as shared
from spona.cases.models import Case, CaseAccess, Document
from spona.coordination.actions import disclosing, engine
from spona.coordination.actions.disclosing import Sharing
from spona.coordination.actions.referring import root_run
from spona.coordination.actions.starting import begin, do, keeper
from spona.coordination.models import Handover, HandoverItem, Run, RunEvent
from spona.coordination.rules.handing_over import Happened, stages

PROTOCOL = "handover"
PURPOSE = "handover"
PACKAGE = (
    "age",
    "sex",
    "languages",
    "guardian_name",
    "guardian_phone",
    "lead_name",
    "centre_phone",
    "placement_town",
)
# What the parties of the case's runs are called where the centre stands for them; referrals are
# sent anew and not inherited.
CENTRE = ("csr", "owner", "responsible")
ANEW = ("referral", PROTOCOL)


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """To which centre, by which rule of competence, why; `planned_for` of None: the child has been
    moved already. `siblings` are other cases of the same centre that go along."""

    receiving: Organisation
    ground: str
    reason: str
    planned_for: datetime | None = None
    where_to: str = ""
    spoken_to: str = ""
    siblings: Sequence[Case] = ()
    siblings_stay: str = ""


@transaction.atomic
def handover_begin(*, case: Case, draft: HandoverDraft, by: Actor, at: datetime) -> list[Handover]:
    """Begin the handover of a case, and of those of the siblings that go along. The receiving
    centre is told at once and reads a small package; the case opens to it when it confirms."""
    group = uuid4()
    everyone = [case, *(one for one in draft.siblings if one.pk != case.pk)]
    return [_begin(one, draft, group, by=by, at=at) for one in everyone]


def _begin(case: Case, draft: HandoverDraft, group: UUID, *, by: Actor, at: datetime) -> Handover:
    visible = Case.objects.visible_to(by, at).select_related("organisation")
    current = visible.filter(pk=case.pk).first()
    if current is None or not case_permissions.can_run(by, current):
        raise NotAllowed
    if not current.is_open:
        raise Refused(_("This case is closed."))
    if draft.receiving.pk == current.organisation_id:
        raise Refused(_("The case is with this centre already."))
    if current.handovers.in_course().exists():
        raise Stale(_("A handover of this case is in course already."))
    _justify(current, draft, by=by, at=at)
    with rls.engine_room():
        run = _run(current, draft, by=by, at=at)
        handover = Handover.objects.create(
            run=run,
            case=current,
            sending_id=current.organisation_id,
            receiving=draft.receiving,
            group=group,
            ground=draft.ground,
            begun_at=at,
            begun_by_name=by.name,
            **_columns(run),
        )
    disclosing.disclose(sharing_of(handover), PACKAGE, {}, by=by, at=at)
    detail = {"to": draft.receiving.pk, "ground": draft.ground}
    audit.record("handover_begin", handover, by=by, at=at, case_id=current.pk, detail=detail)
    return handover


def _justify(case: Case, draft: HandoverDraft, *, by: Actor, at: datetime) -> None:
    """The ledger says why everything may go to the other guardianship authority (P8)."""
    basis = BasisDraft(
        kind="legal_duty",
        purpose=PURPOSE,
        categories=tuple(shared.categories()),
        recipient=draft.receiving,
        law="handover",
        note=_("Handover of the case to the competent centre. %(why)s") % {"why": draft.reason},
    )
    cases.basis_record(case=case, draft=basis, by=by, at=at)


def _run(case: Case, draft: HandoverDraft, *, by: Actor, at: datetime) -> Run:
    guardian = case.guardianships.filter(until_at=None).order_by("-from_at").first()
    home = _home(guardian.guardian_id) if guardian else None
    run = begin(
        protocol=PROTOCOL,
        organisation_id=case.organisation_id,
        started_at=at,
        case=case,
        parent=root_run(case),
        parties={
            "sending": case.organisation_id,
            "receiving": draft.receiving.pk,
            "old_guardian": home,
        },
    )
    _first_acts(run, case, draft, by=by, at=at)
    return run


def _home(user_id: int | None) -> int | None:
    member = Membership.objects.active().filter(user_id=user_id or 0).order_by("id").first()
    return member.organisation_id if member else None


def _first_acts(run: Run, case: Case, draft: HandoverDraft, *, by: Actor, at: datetime) -> None:
    facts: dict[str, object] = {"siblings": bool(draft.siblings or draft.siblings_stay)}
    if draft.planned_for is not None:
        moment = draft.planned_for.isoformat()
        form: Mapping[str, object] = {"reason": draft.reason, "planned_for": moment}
        facts["planned_for"] = moment
        do(run, "move_planned", at, "sending", by=by, at=at, facts=facts, form=form)
    else:
        form = {"where_to": draft.where_to}
        why = draft.reason
        do(run, "moved_unplanned", at, "sending", by=by, at=at, facts=facts, form=form, reason=why)
    if draft.siblings or draft.siblings_stay:
        decision = "together" if draft.siblings else "apart"
        form = {"decision": decision, "reason": draft.siblings_stay}
        do(run, "siblings_decided", at, "sending", by=by, at=at, form=form)
    told = {"phone_contact": draft.spoken_to}
    do(run, "receiving_notified", at, "sending", by=by, at=at, form=told)


def sharing_of(handover: Handover) -> Sharing:
    return Sharing(
        run_id=handover.run_id,
        number=handover.number,
        case_id=handover.case_id,
        owner_id=handover.sending_id,
        recipient_id=handover.receiving_id,
        purpose=PURPOSE,
    )


# --- the row follows the run


def _columns(run: Run) -> dict[str, object]:
    return stages(
        Happened(event.act, event.occurred_at, event.recorded_by_name, event.form)
        for event in engine.standing(run)
        if event.act
    )


def follow(run: Run, event: RunEvent | None, *, by: Actor, at: datetime) -> None:
    """After an event of a handover's run was written, or (none) taken back; in the engine room."""
    handover = Handover.objects.select_related("case", "receiving", "sending").get(run=run)
    for column, value in _columns(run).items():
        setattr(handover, column, value)
    handover.save()
    acts = run.version.book.acts
    effect = EFFECTS.get(acts[event.act].records) if event is not None and event.act else None
    if effect is not None:
        effect(handover, run, by=by, at=at)


def _confirmed(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    """The receiving centre looks into the case, to prepare: the institution, and who confirmed."""
    bases = cases.decide(
        case_id=handover.case_id,
        recipient_id=handover.receiving_id,
        purpose=PURPOSE,
        categories=shared.categories(),
        at=at,
    )
    if None in bases.values():
        raise Refused(_("The ledger no longer justifies this handover. Call the other centre."))
    for user in dict.fromkeys((None, _user(by, handover))):
        cases.access_grant(
            case=handover.case,
            organisation=handover.receiving,
            user=user,
            basis=CaseAccess.Basis.HANDOVER,
            by=by,
            at=at,
        )


def _user(by: Actor, handover: Handover) -> User | None:
    """Who acts, if he or she is of the receiving centre; by proxy nobody in person."""
    if by.organisation_id != handover.receiving_id:
        return None
    return User.objects.filter(pk=by.user_id or 0).first()


def _taken(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    """The case has another owner; in its open runs the clocks begin anew for it."""
    if by.organisation_id != handover.receiving_id:
        raise Refused(_("Who takes the case over signs in and does it in person."))
    handover.former_lead_id = handover.case.lead_id
    handover.save(update_fields=["former_lead"])
    cases.case_hand_over(
        case=handover.case, to=handover.receiving, lead=_user(by, handover), by=by, at=at
    )
    open_runs = Run.objects.filter(case=handover.case_id, ended_at=None).exclude(
        version__protocol__in=ANEW
    )
    for run_id in open_runs.values_list("pk", flat=True):
        _hand_parties(engine.locked(run_id), handover, by=by, at=at)


def _hand_parties(run: Run, handover: Handover, *, by: Actor, at: datetime) -> None:
    bound = run.bindings.current().filter(organisation=handover.sending_id, party__in=CENTRE)
    for party in list(bound.values_list("party", flat=True)):
        engine.hand_over(run, party, handover.receiving_id, by=by, at=at)
    marking, facts = engine.marking_of(run), engine.facts_of(run, run.facts)
    if "handed_over" in run.version.graph.enabled(marking, at, facts):
        do(run, "handed_over", at, "csr", by=by, at=at)


def _old_access_ends(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    cases.handover_access_end(case=handover.case, organisation=handover.sending, by=by, at=at)
    _end(handover, run, by=by, at=at)


def _cancelled(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    """Nothing moves: the receiving centre sees neither the package nor the case any more, and a
    guardian whom it had appointed goes; the one in office stays."""
    _new_guardian_goes(handover, run, by=by, at=at)
    cases.handover_access_end(case=handover.case, organisation=handover.receiving, by=by, at=at)
    _end(handover, run, by=by, at=at)


def _new_guardian_goes(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    done = set(engine.standing(run).values_list("act", flat=True))
    office = handover.case.guardianships.filter(until_at=None).order_by("from_at")
    if "guardian_in" in done and "guardian_out" not in done and office.count() > 1:
        newest = office.reverse()[0]
        cases.guardianship_end(guardianship=newest, by=keeper(handover.case, by), at=at)


def _guardian_moves(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    """The former guardian is relieved: in the case's own runs the new one stands for the guardian,
    and with new clocks."""
    new = run.bindings.current().filter(party="new_guardian").first()
    if new is None or new.organisation_id is None:
        return
    others = Run.objects.filter(case=handover.case_id, ended_at=None).exclude(pk=run.pk)
    for run_id in others.filter(bindings__party="guardian").distinct().values_list("pk", flat=True):
        engine.hand_over(
            engine.locked(run_id),
            "guardian",
            new.organisation_id,
            user_id=new.user_id,
            by=by,
            at=at,
        )


def _end(handover: Handover, run: Run, *, by: Actor, at: datetime) -> None:
    disclosing.end(sharing_of(handover).given, disclosing.Ended.CLOSED, by=by, at=at)
    run.ended_at = handover.ended_at
    run.save(update_fields=["ended_at"])


EFFECTS: Mapping[str, Callable[..., None]] = {
    "guardianship_end": _guardian_moves,
    "handover_confirmed": _confirmed,
    "handover_taken": _taken,
    "handover_access_ended": _old_access_ends,
    "handover_cancelled": _cancelled,
}


# --- the list of the file


@transaction.atomic
def item_add(
    *,
    handover: Handover,
    what: str,
    by: Actor,
    at: datetime,
    registry_number: str = "",
    document: Document | None = None,
) -> HandoverItem:
    """A piece of the file that goes along; the list is the sending centre's, until it is sent."""
    current = _seen(handover, by, at)
    if by.organisation_id != current.sending_id or not case_permissions.can_run(by, current.case):
        raise NotAllowed
    if not what.strip():
        raise Refused(_("Write what it is."))
    with rls.engine_room():
        last = current.items.order_by("-position").values_list("position", flat=True).first() or 0
        item = HandoverItem.objects.create(
            handover=current,
            case_id=current.case_id,
            position=last + 1,
            what=what,
            registry_number=registry_number,
            document=document,
        )
    audit.record("handover_item_add", item, by=by, at=at, case_id=current.case_id)
    return item


@transaction.atomic
def item_receive(
    *, item: HandoverItem, missing: bool, note: str, by: Actor, at: datetime
) -> HandoverItem:
    """Whether a piece of the file has arrived; said by the receiving centre, piece by piece."""
    current = _seen(item.handover, by, at)
    if by.organisation_id != current.receiving_id:
        raise NotAllowed
    with rls.engine_room():
        item = HandoverItem.objects.select_for_update().get(pk=item.pk)
        item.missing, item.note = missing, note
        item.received_at = None if missing else at
        item.received_by_name = by.name
        item.save()
    audit.record("handover_item_receive", item, by=by, at=at, case_id=current.case_id)
    return item


def _seen(handover: Handover, by: Actor, at: datetime) -> Handover:
    found = Handover.objects.visible_to(by, at).filter(pk=handover.pk).first()
    works = Case.objects.visible_to(by, at).filter(pk=handover.case_id).exists()
    if found is None or not works:
        raise NotAllowed
    return found


def file_is_ticked(run: Run) -> None:
    """Before the file is received as a whole; raises `Refused` with what nobody has looked for."""
    waiting = HandoverItem.objects.filter(handover__run=run).unticked()
    names = ", ".join(waiting.order_by("position").values_list("what", flat=True))
    if names:
        raise Refused(
            _("Tick each piece of the file first. Not ticked yet: %(what)s.") % {"what": names}
        )
