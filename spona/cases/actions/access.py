"""The only writer of access. It works in the engine room: the app itself cannot write there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, CaseAccess

LONGEST_GRANT = timedelta(days=90)
OVER_ALREADY = _("Access must end later than it begins.")
NO_END = _("Choose the day on which the access ends, within 90 days.")
NO_REASON = _("Say why they need to see the case. They and the log will show it.")
FROM_ELSEWHERE = _("This person does not work in that institution. Choose another one.")
ENDED = _("This access has already ended.")
OWNER_STAYS = _("A case cannot be left without its owner. Hand it over instead.")


@transaction.atomic
def access_grant(
    *,
    case: Case,
    organisation: Organisation,
    user: User | None = None,
    basis: str,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
    reason: str = "",
) -> CaseAccess:
    """Let an institution, or one person in it, see a case until `until`.

    A grant (`basis` grant) is the owner's decision: it is checked here, and has a reason and an
    end. Every other basis follows from an act that the caller has checked: a handover, an
    appointment. An accepted referral gives its package and never the case.
    """
    if basis == CaseAccess.Basis.GRANT:
        current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_grant)
        gate.not_by_emergency(current, by=by, at=at)
        _check_grant(organisation, user, at=at, until=until, reason=reason)
    if until is not None and until <= at:
        raise Refused(OVER_ALREADY)
    return write(case.pk, organisation, user, basis=basis, by=by, at=at, until=until, reason=reason)


def _check_grant(
    organisation: Organisation,
    user: User | None,
    *,
    at: datetime,
    until: datetime | None,
    reason: str,
) -> None:
    if user and not user.memberships.active().filter(organisation=organisation).exists():
        raise Refused(FROM_ELSEWHERE)
    if until is None or until > at + LONGEST_GRANT:
        raise Refused(NO_END)
    if not reason.strip():
        raise Refused(NO_REASON)


def write(
    case_id: int,
    organisation: Organisation,
    user: User | None,
    *,
    basis: str,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
    reason: str = "",
    reason_code: str = "",
) -> CaseAccess:
    """The row itself and its event. The case may not exist yet: access comes first."""
    with rls.engine_room():
        access = CaseAccess.objects.create(
            case_id=case_id,
            organisation=organisation,
            user=user,
            basis=basis,
            from_at=at,
            until=until,
            granted_by_id=by.user_id,
            reason=reason,
            reason_code=reason_code,
        )
    detail = {
        "basis": basis,
        "organisation": organisation.pk,
        "user": user.pk if user else None,
        "until": until.isoformat() if until else None,
    }
    audit.record("access_grant", access, by=by, at=at, case_id=case_id, detail=detail)
    return access


@transaction.atomic
def access_end(*, access: CaseAccess, by: Actor, at: datetime) -> CaseAccess:
    """End an access at once. The owner's own access ends only by handing the case over."""
    with rls.engine_room():
        current = CaseAccess.objects.select_for_update().filter(pk=access.pk).first()
        owner_id = Case.objects.filter(pk=access.case_id).values_list("organisation_id").first()
    if current is None or owner_id is None:
        raise NotAllowed
    if not permissions.can_end_access(by, current, owner_id[0]):
        raise NotAllowed
    if current.ended_at is not None:
        raise Refused(ENDED)
    if _holds_the_case(current, owner_id[0]):
        raise Refused(OWNER_STAYS)
    return end(current, by=by, at=at)


def _holds_the_case(access: CaseAccess, owner_id: int) -> bool:
    by_owning = access.basis == CaseAccess.Basis.OWNER and access.user_id is None
    return by_owning and access.organisation_id == owner_id


def end(access: CaseAccess, *, by: Actor, at: datetime) -> CaseAccess:
    """The row ended, and its event."""
    access.ended_at = at
    with rls.engine_room():
        access.save(force_update=True, update_fields=["ended_at"])
    audit.record("access_end", access, by=by, at=at, case_id=access.case_id)
    return access


def again(access: CaseAccess, *, by: Actor, at: datetime) -> CaseAccess:
    """A row that was ended by something that is taken back: as it was, and its event."""
    access.ended_at = None
    with rls.engine_room():
        access.save(force_update=True, update_fields=["ended_at"])
    detail = {"basis": access.basis, "organisation": access.organisation_id}
    audit.record("access_again", access, by=by, at=at, case_id=access.case_id, detail=detail)
    return access
