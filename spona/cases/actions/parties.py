"""A lawyer, a relative, another professional; hearings and who was told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, CaseParty, Hearing

NO_NAME = _("Write the name.")
NO_SUCH_KIND = _("Choose from the list.")
ONLY_A_LAWYER = _("Only a lawyer has a power of attorney. Leave its dates empty.")
POWER_ENDS_BEFORE = _("The power of attorney cannot end before it begins.")
ENDED_ALREADY = _("This person is no longer in the case.")
BEFORE_WHOM = _("Write before whom the child is heard.")
TOLD_ALREADY = _("It is recorded already that this person was told.")

Told = Literal["lawyer", "guardian"]
TOLD: tuple[Told, ...] = ("lawyer", "guardian")


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """Who has to do with the child. The institution is one of the network or stands in words."""

    kind: str
    name: str
    organisation: Organisation | None = None
    organisation_name: str = ""
    phone: str = ""
    power_from: date | None = None
    power_until: date | None = None
    hears_of_hearings: bool = False


@transaction.atomic
def case_party_add(*, case: Case, draft: PartyDraft, by: Actor, at: datetime) -> CaseParty:
    """Write down a lawyer with the power of attorney, a relative, another professional."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_write_around)
    _check(draft)
    party = CaseParty.objects.create(
        case=current,
        kind=draft.kind,
        name=draft.name,
        organisation=draft.organisation,
        organisation_name=draft.organisation_name,
        phone=draft.phone,
        power_from=draft.power_from,
        power_until=draft.power_until,
        hears_of_hearings=draft.hears_of_hearings,
        noted_at=at,
        noted_by_name=by.name,
    )
    detail = {"kind": draft.kind}
    audit.record("case_party_add", party, by=by, at=at, case_id=current.pk, detail=detail)
    return party


def _check(draft: PartyDraft) -> None:
    if draft.kind not in CaseParty.Kind.values:
        raise Refused(NO_SUCH_KIND)
    if not draft.name.strip():
        raise Refused(NO_NAME)
    power = (draft.power_from, draft.power_until)
    if draft.kind != CaseParty.Kind.LAWYER and any(power):
        raise Refused(ONLY_A_LAWYER)
    if draft.power_until and (draft.power_from is None or draft.power_until < draft.power_from):
        raise Refused(POWER_ENDS_BEFORE)


@transaction.atomic
def case_party_end(*, party: CaseParty, by: Actor, at: datetime) -> CaseParty:
    """The person has no longer to do with the case; what was written stays readable."""
    gate.locked_open(party.case_id, by=by, at=at, may=permissions.can_write_around)
    current = CaseParty.objects.visible_to(by, at).filter(pk=party.pk).first()
    if current is None:
        raise NotAllowed
    if current.ended_at is not None:
        raise Refused(ENDED_ALREADY)
    current.ended_at = at
    current.save(force_update=True, update_fields=["ended_at"])
    audit.record("case_party_end", current, by=by, at=at, case_id=current.case_id)
    return current


@transaction.atomic
def hearing_add(
    *, case: Case, held_at: datetime, before_whom: str, by: Actor, at: datetime
) -> Hearing:
    """Write down when the child is heard, so that lawyer and guardian can be told."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_write_around)
    if not before_whom.strip():
        raise Refused(BEFORE_WHOM)
    hearing = Hearing.objects.create(
        case=current, held_at=held_at, before_whom=before_whom, noted_at=at, noted_by_name=by.name
    )
    audit.record("hearing_add", hearing, by=by, at=at, case_id=current.pk)
    return hearing


@transaction.atomic
def hearing_told(*, hearing: Hearing, whom: Told, by: Actor, at: datetime) -> Hearing:
    """The lawyer or the guardian was told of a hearing, now."""
    case = gate.locked_open(hearing.case_id, by=by, at=at, may=permissions.can_write_around)
    if not permissions.can_see_sensitive(by, case, at):
        raise NotAllowed
    current = Hearing.objects.visible_to(by, at).filter(pk=hearing.pk).first()
    if current is None:
        raise NotAllowed
    column = f"{whom}_told_at"
    if getattr(current, column) is not None:
        raise Refused(TOLD_ALREADY)
    setattr(current, column, at)
    current.save(force_update=True, update_fields=[column])
    detail = {"whom": whom}
    audit.record("hearing_told", current, by=by, at=at, case_id=current.case_id, detail=detail)
    return current
