"""A referral is sent, and its row follows its run: what the two institutions may both read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spona.accounts.models import Membership, Organisation
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases.models import Case, LegalBasis, Need
from spona.conduct.marking import Blocked
from spona.coordination import permissions
from spona.coordination.actions import disclosing, engine
from spona.coordination.actions.disclosing import Sharing
from spona.coordination.actions.notices import Outbox
from spona.coordination.actions.saying import why_not
from spona.coordination.actions.starting import begin, do, doing
from spona.coordination.models import Disclosure, Referral, Run
from spona.coordination.rules.referring import Happened, stages
from spona.directory.models import Service

PROTOCOL = "referral"
ADULT = 18
HEARD = ("agrees", "disagrees", "cannot_say")


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """What is sent to whom. `now` are the fields that the recipient reads before deciding, `later`
    those that open with acceptance; `typed` are words written for this sharing, by field.

    `reason` goes past a soft guard (the child has not been heard). `announced` says that the
    recipient was telephoned.
    """

    services: Sequence[Service]
    urgency: str
    purpose: str
    now: Sequence[str]
    later: Sequence[str] = ()
    need: Need | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    announced: bool = False
    replaces: Referral | None = None


@transaction.atomic
def referral_send(*, case: Case, draft: ReferralDraft, by: Actor, at: datetime) -> list[Referral]:
    """Send one referral to each of the services: a need may be split between several.

    Raises `Refused` where a field has no legal basis, a service takes no referrals, or the rules
    want a reason; then nothing was sent to anybody.
    """
    current = Case.objects.visible_to(by, at).select_related("organisation", "person")
    found = current.filter(pk=case.pk).first()
    if found is None or not permissions.can_refer(by, found):
        raise NotAllowed
    _not_impossible(found, draft)
    return [_send(found, service, draft, by=by, at=at) for service in draft.services]


def _not_impossible(case: Case, draft: ReferralDraft) -> None:
    if not case.is_open:
        raise Refused(_("This case is closed."))
    if draft.need is not None and not _is_needed(case, draft.need):
        raise Refused(_("This need is not open in this case. Choose another need."))
    if not draft.services:
        raise Refused(_("Choose at least one service."))
    if not draft.now:
        raise Refused(_("Choose what the recipient may read before deciding."))
    for service in draft.services:
        if not service.accepts_referrals or service.ended_at is not None:
            raise Refused(
                _("%(service)s takes no referrals. Choose another service.") % {"service": service}
            )


def _is_needed(case: Case, need: Need) -> bool:
    return case.needs.filter(pk=need.pk, resolved_at=None).exists()


def _send(
    case: Case, service: Service, draft: ReferralDraft, *, by: Actor, at: datetime
) -> Referral:
    recipient = service.organisation
    every = [*draft.now, *(one for one in draft.later if one not in draft.now)]
    found = disclosing.bases_for(case.pk, recipient.pk, draft.purpose, every, at)
    if without := [one for one, basis in found.items() if basis is None]:
        raise Refused(disclosing.no_basis(without))
    bases = {one: basis for one, basis in found.items() if basis is not None}
    with rls.engine_room():
        run = _begin(case, recipient, by=by, at=at)
        referral = Referral.objects.create(
            run=run,
            case=case,
            need=draft.need,
            service=service,
            sender_id=run.organisation_id,
            recipient=recipient,
            replaces=draft.replaces,
            purpose=draft.purpose,
            urgency=draft.urgency,
            cover=service.family.code,
            promised=[one for one in draft.later if one not in draft.now],
            sent_at=at,
            sent_by_id=by.user_id,
            sent_by_name=by.name,
        )
        _acts_of_sending(run, case, draft, list(bases.values()), by=by, at=at)
    first = {one: bases[one] for one in draft.now}
    disclosing.give(Sharing.of_referral(referral), first, draft.typed, by=by, at=at)
    detail = {"recipient": recipient.pk, "service": service.pk, "urgency": draft.urgency}
    audit.record("referral_send", referral, by=by, at=at, case_id=case.pk, detail=detail)
    return referral


def _begin(case: Case, recipient: Organisation, *, by: Actor, at: datetime) -> Run:
    if by.organisation_id is None:
        raise NotAllowed
    in_office = case.guardianships.filter(until_at=None).values("guardian_id")
    home = Membership.objects.active().filter(user__in=in_office).order_by("id").first()
    return begin(
        protocol=PROTOCOL,
        organisation_id=by.organisation_id,
        started_at=at,
        case=case,
        parent=root_run(case),
        parties={
            "sender": by.organisation_id,
            "receiver": recipient.pk,
            "guardian": home.organisation_id if home else None,
        },
    )


def root_run(case: Case) -> Run | None:
    """The run with which the case began."""
    return case.runs.filter(parent=None).select_related("version").order_by("started_at").first()


def _acts_of_sending(
    run: Run,
    case: Case,
    draft: ReferralDraft,
    grounds: Sequence[LegalBasis],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Basis, the child's view where it is in the ledger, the guardian's word, and then: sent."""
    age = case.person.age_on(at.date())
    kinds = {basis.kind for basis in grounds}
    facts: dict[str, Any] = {
        "urgency": draft.urgency,
        "person_is_child": age is None or age < ADULT,
        "basis_kind": "consent" if "consent" in kinds else sorted(kinds)[0],
    }
    happened = [doing("basis_recorded", at, "sender", by=by, at=at, facts=facts)]
    if any(basis.child_view in HEARD for basis in grounds):
        happened.append(doing("child_view", at, "sender", by=by, at=at))
    if any(basis.given_by == "guardian" for basis in grounds):
        happened.append(doing("guardian_agrees", at, "sender", by=by, at=at))
    happened.append(doing("sent", at, "sender", by=by, at=at, reason=draft.reason))
    if draft.announced:
        happened.append(doing("called_first", at, "sender", by=by, at=at))
    try:
        engine.steps(run, happened)
    except Blocked as blocked:
        raise Refused(why_not(run, blocked)) from blocked
    _tell_the_case(run, "service_referral", by=by, at=at)


def _tell_the_case(run: Run, act: str, *, by: Actor, at: datetime) -> None:
    """The owner's own run of the case knows that a referral began or ended."""
    if run.parent_id is None or run.case is None:
        return
    if run.organisation_id != run.case.organisation_id:
        return
    if run.parent is not None and run.parent.rests:
        return
    parent = engine.locked(run.parent_id)
    graph, marking = parent.version.graph, engine.marking_of(parent)
    if act in parent.version.book.acts and act in graph.enabled(
        marking, at, engine.facts_of(parent, parent.facts)
    ):
        do(parent, act, at, "csr", by=by, at=at)


# --- the row follows the run


def follow(run: Run, *, by: Actor, at: datetime) -> None:
    """After an event of a referral's run was written or taken back; called in the engine room."""
    referral = Referral.objects.select_related("case", "need").get(run=run)
    was_open, was_withdrawn = referral.is_open, referral.withdrawn_at is not None
    for column, value in projected(run).items():
        setattr(referral, column, value)
    if referral.ended_at is not None and not referral.ended_as:
        raise Refused(_("Say how the referral ended: no referral ends without an outcome."))
    referral.save()
    if referral.is_open and not was_open:
        _open_what_was_promised(referral, by=by, at=at)
    elif was_open and not referral.is_open:
        _close(referral, Disclosure.Ended.OWNER, by=by, at=at)
    if referral.withdrawn_at is not None and not was_withdrawn:
        outbox = Outbox(at)
        outbox.withdrawn(run, organisation_id=referral.recipient_id)
        outbox.send()
    _after(referral, run, by=by, at=at)


def projected(run: Run) -> dict[str, Any]:
    """The columns of the referral as the standing events of its run say."""
    acts = run.version.book.acts
    return stages(
        Happened(acts[event.act].records, event.occurred_at, event.recorded_by_name, event.form)
        for event in engine.standing(run)
        if event.act
    )


def _open_what_was_promised(referral: Referral, *, by: Actor, at: datetime) -> None:
    """What has lost its basis since it was promised stays closed; the sender sees which."""
    bases = disclosing.bases_for(
        referral.case_id, referral.recipient_id, referral.purpose, referral.promised, at
    )
    allowed = [field for field, basis in bases.items() if basis is not None]
    if allowed:
        disclosing.disclose(Sharing.of_referral(referral), allowed, {}, by=by, at=at)


def _after(referral: Referral, run: Run, *, by: Actor, at: datetime) -> None:
    if referral.withdrawn_at is not None:
        _close(referral, Disclosure.Ended.WITHDRAWN, by=by, at=at)
    elif referral.decision in (Referral.Decision.DECLINED, Referral.Decision.COUNTERED):
        _close(referral, Disclosure.Ended.CLOSED, by=by, at=at)
    if referral.ended_at != run.ended_at:
        run.ended_at = referral.ended_at
        run.save(update_fields=["ended_at"])
        if referral.ended_at is not None:
            _close(referral, Disclosure.Ended.CLOSED, by=by, at=at)
            _tell_the_case(run, "referral_outcome_known", by=by, at=at)


def _close(referral: Referral, why: str, *, by: Actor, at: datetime) -> None:
    disclosing.end(Sharing.of_referral(referral).given, why, by=by, at=at)
