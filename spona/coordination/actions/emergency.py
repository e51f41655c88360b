"""Vanredni pristup: the case opens, and its owner is told in the same transaction (P7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from spona.accounts.models import Membership, Organisation
from spona.accounts.roles import ROLES
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.coordination.models import Notice

LEVEL = "head_of_service"


@transaction.atomic
def emergency_begin(
    *, code: str, organisation: Organisation, reason_code: str, reason: str, by: Actor, at: datetime
) -> Case | None:
    """Open a case by its code for four hours; none where there is nothing to open. Raises what
    `cases.actions.emergency_open` raises."""
    opened = cases.emergency_open(
        code=code, organisation=organisation, reason_code=reason_code, reason=reason, by=by, at=at
    )
    if opened is None:
        return None
    if opened.access is not None:
        _tell_the_owner(opened.case, by, at)
    return opened.case


def _tell_the_owner(case: Case, by: Actor, at: datetime) -> None:
    """Urgent, at any hour: the head of service, or where there is none everybody, and the lead."""
    with rls.engine_room():
        members = Membership.objects.active().filter(organisation_id=case.organisation_id)
        heads = members.with_role(*(key for key, role in ROLES.items() if role.level == LEVEL))
        whom = [("", case.lead_id)] if case.lead_id else []
        for level, user_id in [(LEVEL if heads.exists() else "", None), *whom]:
            Notice.objects.create(
                organisation_id=case.organisation_id,
                level=level,
                user_id=user_id,
                kind=Notice.Kind.EMERGENCY,
                case=case,
                institution_id=by.organisation_id,
                urgent=True,
                at=at,
            )
