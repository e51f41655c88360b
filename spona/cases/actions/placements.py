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
NOT_A_SHELTER = _("This is a place of detention, not shelter. Choose another place.")
NOT_DETENTION = _("This is not a place of detention. Choose another one, or write the place.")
HELD_LATER = _("The child cannot be held since a time after now.")
HELD_WHERE = _("Choose or write where the child is held.")
HELD_AND_NOW = _("Write what was done: who was called, whether release was asked.")
BEFORE_IT_BEGAN = _("A placement cannot end before it began.")

WHERE_ONE_IS_HELD = (Centre.Kind.DETENTION, Centre.Kind.POLICE)


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
    if centre and centre.kind in WHERE_ONE_IS_HELD:
        raise Refused(NOT_A_SHELTER)
    draft = Placement(
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
    return _begin(draft, by=by, at=at)


@transaction.atomic
def detention_begin(
    *,
    case: Case,
    from_at: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    centre: Centre | None = None,
    place: str = "",
) -> Placement:
    """Write down that the child is held since `from_at`. It is a place of detention and no
    shelter; `reason` says what was done about it: who was called, whether release was asked."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    if from_at > at:
        raise Refused(HELD_LATER)
    if centre is None and not place.strip():
        raise Refused(HELD_WHERE)
    if centre and centre.kind not in WHERE_ONE_IS_HELD:
        raise Refused(NOT_DETENTION)
    if not reason.strip():
        raise Refused(HELD_AND_NOW)
    draft = Placement(
        case=current,
        kind=Placement.Kind.DETENTION,
        centre=centre,
        place=place,
        from_at=from_at,
        reason=reason,
    )
    return _begin(draft, by=by, at=at)


def _begin(placement: Placement, *, by: Actor, at: datetime) -> Placement:
    case, deviation = placement.case, placement.deviation
    _leave_the_last(case, from_at=placement.from_at, by=by, at=at)
    placement.save(force_insert=True)
    detail = {"kind": placement.kind, "deviation": deviation, "rule": placement.deviation_rule}
    audit.record("placement_begin", placement, by=by, at=at, case_id=case.pk, detail=detail)
    return placement


def _leave_the_last(case: Case, *, from_at: datetime, by: Actor, at: datetime) -> None:
    last = case.placements.filter(until_at=None).first()
    if last is None:
        return
    if last.from_at > from_at:
        raise Refused(BEFORE_THE_LAST)
    end(last, until_at=from_at, by=by, at=at)


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
    return end(current, until_at=at, by=by, at=at)


def end(placement: Placement, *, until_at: datetime, by: Actor, at: datetime) -> Placement:
    """The row ended, and its event."""
    placement.until_at = until_at
    placement.save(force_update=True, update_fields=["until_at"])
    audit.record("placement_end", placement, by=by, at=at, case_id=placement.case_id)
    return placement
