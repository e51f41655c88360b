"""Keep what sources say about places. A source is named each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.directory import permissions
from spona.directory.models import Centre, CentreCapacity, CentreOperation

NEVER_PUBLIC = _("A place where children sleep or people are held is never public.")


@transaction.atomic
def centre_record(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    kind: str,
    purposes: Sequence[str] = (),
    for_children: bool = False,
    public: bool = False,
) -> Centre:
    """Say that an organisation has beds and for whom; a second time changes what was said."""
    if not permissions.can_record(by):
        raise NotAllowed
    if public and (for_children or kind == Centre.Kind.DETENTION):
        raise Refused(NEVER_PUBLIC)
    centre, _new = Centre.objects.update_or_create(
        organisation=organisation,
        defaults={
            "kind": kind,
            "purposes": list(purposes),
            "for_children": for_children,
            "public": public,
        },
    )
    audit.record("centre_record", centre, by=by, at=at, detail={"kind": kind})
    return centre


@transaction.atomic
def operation_record(
    *,
    by: Actor,
    at: datetime,
    centre: Centre,
    says: str = CentreOperation.Says.USE,
    from_on: date | None = None,
    from_precision: str = "",
    until_on: date | None = None,
    until_precision: str = "",
    words: str = "",
    source: str = "",
    verified: str = "memory",
) -> CentreOperation:
    """Keep what one source says of the use of a centre. New bounds of use replace the old ones."""
    if not permissions.can_record(by):
        raise NotAllowed
    if says == CentreOperation.Says.USE:
        centre.operations.filter(says=says).delete()
    operation = CentreOperation.objects.create(
        centre=centre,
        says=says,
        from_on=from_on,
        from_precision=from_precision,
        until_on=until_on,
        until_precision=until_precision,
        words=words,
        source=source,
        verified=verified,
    )
    audit.record("operation_record", operation, by=by, at=at, detail={"says": says})
    return operation


@transaction.atomic
def capacity_record(
    *,
    by: Actor,
    at: datetime,
    centre: Centre,
    beds: int,
    year: int,
    purpose: str = "",
    source: str = "",
) -> CentreCapacity:
    """Keep the beds that a source reports for a year."""
    if not permissions.can_record(by):
        raise NotAllowed
    capacity, _new = CentreCapacity.objects.update_or_create(
        centre=centre, year=year, purpose=purpose, defaults={"beds": beds, "source": source}
    )
    audit.record("capacity_record", capacity, by=by, at=at, detail={"year": year})
    return capacity
