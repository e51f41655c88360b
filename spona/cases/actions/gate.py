"""The gate through which every action on a case goes: seen, locked, permitted, still open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases.models import Case, CaseAccess

CLOSED = _("This case is closed.")
NOT_IN_AN_EMERGENCY = _(
    "You see this case by emergency access. That is enough to help, not to decide who else sees it:"
    " ask the institution that owns the case."
)

Permission = Callable[[Actor, Case], bool]


def locked(case_id: int, *, by: Actor, at: datetime, may: Permission) -> Case:
    """The case as the database has it now, locked until the transaction ends.

    Raises `NotAllowed` alike for a case that is hidden, absent or not the actor's to change.
    """
    visible = Case.objects.visible_to(by, at).select_related("organisation")
    case = visible.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or not may(by, case):
        raise NotAllowed
    return case


def locked_open(case_id: int, *, by: Actor, at: datetime, may: Permission) -> Case:
    """The same, refused once the case is closed."""
    case = locked(case_id, by=by, at=at, may=may)
    if not case.is_open:
        raise Refused(CLOSED)
    return case


def not_by_emergency(case: Case, *, by: Actor, at: datetime) -> None:
    """Refuse those whose only way into the case is an emergency access."""
    ways = CaseAccess.objects.giving(by, at).filter(case_id=case.pk)
    if not ways.exclude(basis=CaseAccess.Basis.EMERGENCY).exists():
        raise Refused(NOT_IN_AN_EMERGENCY)
