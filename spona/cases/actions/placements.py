"""Where the person stays tonight and after."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Placement
from spona.directory.models import Centre
from spona.directory.rules import Operation

NOT_IN_USE = _("This centre was not in use on that day.")
DEVIATION_NEEDS_REASON = _("A placement that deviates from the rule needs a reason.")
BEFORE_THE_LAST = _("The placement cannot begin before the one that it follows.")
OVER_ALREADY = _("This placement has already ended.")
BEFORE_IT_BEGAN = _("A placement cannot end before it began.")


@transaction.atomic
def placement_begin(
    *,
    case: Case,
    kind: str,
    by: Actor,
    at: datetime,
    centre: Centre | None = None,
    place: str = "",
    reason: str = "",
    deviation: bool = False,
    deviation_rule: str = "",
    review_on: date | None = None,
) -> Placement:
    """Begin a placement at `at`; the one before ends at the same moment."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    if deviation and not reason.strip():
        raise Refused(DEVIATION_NEEDS_REASON)
    if centre and centre.operation_on(timezone.localdate(at)) is Operation.NOT_OPERATING:
        raise Refused(NOT_IN_USE)
    _leave_the_last(current, by=by, at=at)
    placement = Placement.objects.create(
        case=current,
        kind=kind,
        centre=centre,
        place=place,
        from_at=at,
        reason=reason,
        deviation=deviation,
        deviation_rule=deviation_rule,
        review_on=review_on,
    )
    detail = {"kind": kind, "deviation": deviation, "rule": deviation_rule}
    audit.record("placement_begin", placement, by=by, at=at, case_id=current.pk, detail=detail)
    return placement


def _leave_the_last(case: Case, *, by: Actor, at: datetime) -> None:
    last = case.placements.filter(until_at=None).first()
    if last is None:
        return
    if last.from_at > at:
        raise Refused(BEFORE_THE_LAST)
    _end(last, by=by, at=at)


@transaction.atomic
def placement_end(*, placement: Placement, by: Actor, at: datetime) -> Placement:
    """End a placement without another: the child has left, or the case is handed over."""
    gate.locked(placement.case_id, by=by, at=at, may=permissions.can_run)
    current = Placement.objects.visible_to(by, at).filter(pk=placement.pk).first()
    if current is None:
        raise NotAllowed
    if current.until_at is not None:
        raise Refused(OVER_ALREADY)
    if current.from_at > at:
        raise Refused(BEFORE_IT_BEGAN)
    return _end(current, by=by, at=at)


def _end(placement: Placement, *, by: Actor, at: datetime) -> Placement:
    placement.until_at = at
    placement.save(force_update=True, update_fields=["until_at"])
    audit.record("placement_end", placement, by=by, at=at, case_id=placement.case_id)
    return placement
