"""Services: an institution says what it offers, to whom, where, and how full it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.directory import codes, permissions
from spona.directory.models import Service

NO_NAME = _("Write what the service is called.")
NOT_A_CODE = _("Choose the kind, the needs and the languages from the lists.")
NO_AREA = _("Say in which towns the service works, or that it works in the whole country.")
AGES = _("The highest age cannot be below the lowest.")
NEVER_PUBLIC = _("A place where somebody sleeps is never public.")
OVER = _("This service has ended. Record it anew if it works again.")
KEY_TAKEN = _("There is already a service with this key.")


class ServiceDraft(TypedDict, total=False):
    """What is said of a service; whatever is missing keeps its default, or what it was."""

    name_sr: str
    name_en: str
    kind: str
    needs: Iterable[str]
    covers: Iterable[Municipality]
    nationwide: bool
    languages: Iterable[str]
    minimum_age: int | None
    maximum_age: int | None
    sex: str
    for_children: bool
    accepts_referrals: bool
    phone: str
    email: str
    hours: str
    layer: str
    public: bool
    verified: str
    source: str
    synthetic: bool


@transaction.atomic
def service_record(
    *, organisation: Organisation, said: ServiceDraft, by: Actor, at: datetime, key: str = ""
) -> Service:
    """Add a service of an institution. Without needs it answers what its kind usually does.

    Raises `NotAllowed`, and `Refused` with what is missing or impossible.
    """
    if not permissions.can_keep_services(by, organisation):
        raise NotAllowed
    if key and Service.objects.filter(key=key).exists():
        raise Refused(KEY_TAKEN)
    service = Service(organisation=organisation, updated_at=at)
    service.key = key or _free_key(organisation, said.get("kind", ""))
    towns = _say(service, said, list(said.get("covers", ())), by)
    service.save(force_insert=True)
    service.covers.set(towns)
    audit.record("service_record", service, by=by, at=at, detail={"kind": service.kind})
    return service


@transaction.atomic
def service_update(
    *, service: Service, said: ServiceDraft, row_version: int, by: Actor, at: datetime
) -> Service:
    """Change what is said of a service. Raises `Stale` if it changed since it was shown."""
    current = _locked(service, by)
    if current.row_version != row_version:
        raise Stale
    towns = _say(current, said, list(said.get("covers", current.covers.all())), by)
    current.updated_at = at
    current.row_version += 1
    current.save(force_update=True)
    current.covers.set(towns)
    audit.record("service_update", current, by=by, at=at, detail={"fields": sorted(said)})
    return current


@transaction.atomic
def service_end(*, service: Service, by: Actor, at: datetime) -> Service:
    """The service is offered no longer; referrals that were made keep it."""
    current = _locked(service, by)
    current.ended_at = at
    current.save(force_update=True, update_fields=["ended_at"])
    audit.record("service_end", current, by=by, at=at)
    return current


@transaction.atomic
def capacity_say(*, service: Service, capacity: str, by: Actor, at: datetime) -> Service:
    """Say whether there is room. Anybody of the institution may: who opens the door knows."""
    current = Service.objects.select_for_update().get(pk=service.pk)
    if not permissions.can_say_capacity(by, current.organisation_id):
        raise NotAllowed
    if current.ended_at:
        raise Refused(OVER)
    current.capacity = Service.Capacity(capacity)
    current.capacity_said_at = at
    current.save(force_update=True, update_fields=["capacity", "capacity_said_at"])
    audit.record("capacity_say", current, by=by, at=at, detail={"capacity": capacity})
    return current


def _locked(service: Service, by: Actor) -> Service:
    current = Service.objects.select_for_update().get(pk=service.pk)
    if not permissions.can_keep_services(by, current.organisation):
        raise NotAllowed
    if current.ended_at:
        raise Refused(OVER)
    return current


def _say(
    service: Service, said: ServiceDraft, towns: list[Municipality], by: Actor
) -> list[Municipality]:
    """Put what is said into the row, not saved yet; returns the towns that it covers."""
    fields: dict[str, Any] = {**said}
    fields.pop("covers", None)
    for name, value in fields.items():
        setattr(service, name, list(value) if name in ("needs", "languages") else value)
    kind = codes.service_kinds().get(service.kind)
    if kind is None:
        raise Refused(NOT_A_CODE)
    if not service.needs:
        service.needs = list(kind.needs)
    if service.layer == codes.GENERAL:
        service.layer = kind.name.layer
    if permissions.speaks_for_itself(by, service.organisation_id):
        service.verified, service.source = Service.Verified.LOCAL, ""
    _check(service, towns, kind)
    return [] if service.nationwide else towns


def _check(service: Service, towns: list[Municipality], kind: codes.ServiceKind) -> None:
    low, high = service.minimum_age, service.maximum_age
    unknown = {*service.needs} - {*codes.needs_by_key()}
    unknown |= {*service.languages} - {*codes.languages()}
    for wrong, sentence in (
        (not service.name_sr.strip(), NO_NAME),
        (bool(unknown), NOT_A_CODE),
        (not towns and not service.nationwide, NO_AREA),
        (low is not None and high is not None and high < low, AGES),
        (service.public and kind.sleeps, NEVER_PUBLIC),
    ):
        if wrong:
            raise Refused(sentence)


def _free_key(organisation: Organisation, kind: str) -> str:
    stem = f"{organisation.key}-{kind.replace('_', '-')}"[:76]
    taken = set(Service.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)
