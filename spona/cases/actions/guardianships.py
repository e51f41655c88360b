"""Who represents the child. The new guardian is in before the old one is out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Membership, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import access, gate
from spona.cases.models import Case, CaseAccess, Guardianship

NO_ACCOUNT = _("The guardian has no active account in any institution.")
NO_NAME = _("Write the name of the guardian.")
OVER_ALREADY = _("This guardianship has already ended.")


@transaction.atomic
def guardianship_begin(
    *,
    case: Case,
    kind: str,
    guardian: User | None,
    guardian_name: str,
    guardian_phone: str,
    by: Actor,
    at: datetime,
    registry_number: str = "",
) -> Guardianship:
    """Record an appointment. A guardian with an account sees the case from now on."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    name = guardian_name.strip() or (guardian.name if guardian else "")
    if not name:
        raise Refused(NO_NAME)
    guardianship = Guardianship.objects.create(
        case=current,
        kind=kind,
        guardian=guardian,
        guardian_name=name,
        guardian_phone=guardian_phone,
        from_at=at,
        registry_number=registry_number,
    )
    _project(current, None)
    audit.record(
        "guardianship_begin", guardianship, by=by, at=at, case_id=current.pk, detail={"kind": kind}
    )
    if guardian:
        home = _membership(guardian).organisation
        basis = CaseAccess.Basis.GUARDIAN
        access.write(current.pk, home, guardian, basis=basis, by=by, at=at)
    return guardianship


def _membership(guardian: User) -> Membership:
    """Where the guardian works as one, else where he or she works."""
    mine = guardian.memberships.active().select_related("organisation").order_by("id")
    found = mine.with_role("guardian").first() or mine.first()
    if found is None:
        raise Refused(NO_ACCOUNT)
    return found


@transaction.atomic
def guardianship_end(*, guardianship: Guardianship, by: Actor, at: datetime) -> Guardianship:
    """End an appointment. The guardian's access ends, unless appointed to the case otherwise."""
    case = gate.locked(guardianship.case_id, by=by, at=at, may=permissions.can_run)
    current = Guardianship.objects.visible_to(by, at).filter(pk=guardianship.pk).first()
    if current is None:
        raise NotAllowed
    if current.until_at is not None:
        raise Refused(OVER_ALREADY)
    current.until_at = at
    current.save(force_update=True, update_fields=["until_at"])
    if not case.guardianships.filter(until_at=None).exists():
        _project(case, at)
    audit.record("guardianship_end", current, by=by, at=at, case_id=current.case_id)
    _let_out(current, by=by, at=at)
    return current


@transaction.atomic
def guardianship_again(*, guardianship: Guardianship, by: Actor, at: datetime) -> Guardianship:
    """An appointment that ended by mistake: the same person is in office again from now on; that
    the child had nobody in between stays readable."""
    return guardianship_begin(
        case=guardianship.case,
        kind=guardianship.kind,
        guardian=guardianship.guardian,
        guardian_name=guardianship.guardian_name,
        guardian_phone=guardianship.guardian_phone,
        registry_number=guardianship.registry_number,
        by=by,
        at=at,
    )


def _project(case: Case, since: datetime | None) -> None:
    case.without_guardian_since = since
    case.save(force_update=True, update_fields=["without_guardian_since"])


def _let_out(ended: Guardianship, *, by: Actor, at: datetime) -> None:
    others = Guardianship.objects.filter(
        case_id=ended.case_id, guardian_id=ended.guardian_id, until_at=None
    )
    if ended.guardian_id is None or others.exists():
        return
    with rls.engine_room():
        rows = list(
            CaseAccess.objects.select_for_update().filter(
                case_id=ended.case_id,
                user_id=ended.guardian_id,
                basis=CaseAccess.Basis.GUARDIAN,
                ended_at=None,
            )
        )
    for row in rows:
        access.end(row, by=by, at=at)
