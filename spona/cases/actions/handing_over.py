"""A case gets another owner. Nobody is left without access in between, and nothing is copied."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed
from spona.cases import permissions
from spona.cases.actions import access
from spona.cases.models import Case, CaseAccess

Basis = CaseAccess.Basis


@transaction.atomic
def case_hand_over(
    *, case: Case, to: Organisation, lead: User | None, by: Actor, at: datetime
) -> Case:
    """The case belongs to `to` from now on, led by `lead`; its code stays. The former owner keeps
    looking until its access is ended. Whether the handover is agreed is checked by the caller."""
    if not permissions.can_open_case(by, to):
        raise NotAllowed
    with rls.engine_room():
        current = Case.objects.select_for_update().get(pk=case.pk)
        former = list(_owning(current))
        joining = list(_of_the_handover(current, to))
        current.organisation, current.lead = to, lead
        current.row_version += 1
        current.save(force_update=True)
    for row in former:
        _keep_looking(row, by=by, at=at)
    for row in joining:
        access.end(row, by=by, at=at)
    for user in dict.fromkeys((None, lead)):
        access.write(current.pk, to, user, basis=Basis.OWNER, by=by, at=at)
    detail = {"from": case.organisation_id, "to": to.pk}
    audit.record("case_hand_over", current, by=by, at=at, case_id=current.pk, detail=detail)
    return current


def _owning(case: Case) -> list[CaseAccess]:
    rows = CaseAccess.objects.select_related("organisation", "user").filter(
        case=case, organisation=case.organisation_id, basis=Basis.OWNER, ended_at=None
    )
    return list(rows)


def _of_the_handover(case: Case, to: Organisation) -> list[CaseAccess]:
    rows = CaseAccess.objects.select_related("user").filter(
        case=case, organisation=to, basis=Basis.HANDOVER, ended_at=None
    )
    return list(rows)


def _keep_looking(row: CaseAccess, *, by: Actor, at: datetime) -> None:
    """What was the access of the owner is now that of the handover."""
    access.write(row.case_id, row.organisation, row.user, basis=Basis.HANDOVER, by=by, at=at)
    access.end(row, by=by, at=at)


@transaction.atomic
def case_give_back(
    *, case: Case, to: Organisation, lead: User | None, by: Actor, at: datetime
) -> Case:
    """The case was taken over by mistake: it belongs to `to` again, whose people have been looking
    since. Who took it over looks on, as before. Checked by the caller."""
    with rls.engine_room():
        current = Case.objects.select_for_update().get(pk=case.pk)
        owning = list(_owning(current))
        looking = list(_of_the_handover(current, to))
        current.organisation, current.lead = to, lead
        current.row_version += 1
        current.save(force_update=True)
    for row in looking:
        access.write(current.pk, to, row.user, basis=Basis.OWNER, by=by, at=at)
        access.end(row, by=by, at=at)
    for row in owning:
        _keep_looking(row, by=by, at=at)
    detail = {"from": case.organisation_id, "to": to.pk}
    audit.record("case_give_back", current, by=by, at=at, case_id=current.pk, detail=detail)
    return current


@transaction.atomic
def handover_access_restore(
    *, case: Case, organisation: Organisation, ended_at: datetime, by: Actor, at: datetime
) -> int:
    """Give anew what ended at that moment, to those who still work there; returns how many."""
    with rls.engine_room():
        rows = CaseAccess.objects.filter(
            case=case, organisation=organisation, basis=Basis.HANDOVER, ended_at=ended_at
        )
        ended = list(rows.select_related("organisation", "user").order_by("pk"))
        there = set(organisation.memberships.active().values_list("user_id", flat=True))
    again = [row for row in ended if row.user_id is None or row.user_id in there]
    for row in again:
        access.write(case.pk, organisation, row.user, basis=Basis.HANDOVER, by=by, at=at)
    return len(again)


@transaction.atomic
def handover_access_end(*, case: Case, organisation: Organisation, by: Actor, at: datetime) -> int:
    """End what an institution sees because of a handover; returns how many rows ended."""
    with rls.engine_room():
        rows = CaseAccess.objects.select_for_update().filter(
            case=case, organisation=organisation, basis=Basis.HANDOVER, ended_at=None
        )
        ending = list(rows)
    for row in ending:
        access.end(row, by=by, at=at)
    return len(ending)
