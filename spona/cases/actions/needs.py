"""What the person needs, in codes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import codes, permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Need

NO_SUCH_NEED = _("There is no such need in the list.")
KNOWN_ALREADY = _("This need is already in the case.")
MET_ALREADY = _("This need has already been met.")


@transaction.atomic
def need_add(
    *,
    case: Case,
    by: Actor,
    at: datetime,
    system: str,
    code: str,
    source: str,
    expires_on: date | None = None,
) -> Need:
    """Note a need. Whether it is sensitive follows from its code, not from who types it."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_work_in)
    if current.needs.filter(system=system, code=code, resolved_at=None).exists():
        raise Refused(KNOWN_ALREADY)
    return write_need(current, system, code, source, by=by, at=at, expires_on=expires_on)


def write_need(
    case: Case,
    system: str,
    code: str,
    source: str,
    *,
    by: Actor,
    at: datetime,
    expires_on: date | None = None,
) -> Need:
    """The row itself and its event, in a case that is locked or new."""
    known = codes.needs().get((system, code))
    if known is None:
        raise Refused(NO_SUCH_NEED)
    need = Need.objects.create(
        case=case,
        system=system,
        code=code,
        source=source,
        noted_at=at,
        noted_by_id=by.user_id,
        noted_by_name=by.name,
        expires_on=expires_on,
        sensitive=known.sensitive,
    )
    audit.record("need_add", need, by=by, at=at, case_id=case.pk)
    return need


@transaction.atomic
def need_resolve(*, need: Need, by: Actor, at: datetime) -> Need:
    """Say that a need has been met."""
    gate.locked_open(need.case_id, by=by, at=at, may=permissions.can_work_in)
    current = Need.objects.visible_to(by, at).filter(pk=need.pk).first()
    if current is None:
        raise NotAllowed
    if current.resolved_at is not None:
        raise Refused(MET_ALREADY)
    current.resolved_at = at
    current.save(force_update=True, update_fields=["resolved_at"])
    audit.record("need_resolve", current, by=by, at=at, case_id=current.case_id)
    return current
