"""The demo network and its staff, from the data files into the database. Doing it again adds
nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo import bodies
from demo.network import Network, load_network
from demo.people import load_staff
from demo.persons import Staff
from spona.accounts.models import (
    DutyShift,
    InstitutionType,
    Membership,
    Municipality,
    Organisation,
    User,
)
from spona.base.actor import CLOCK
from spona.directory import actions as directory
from spona.directory.models import Centre, Service
from spona.directory.rules import Operation
from spona.protocols.models import Law

TYPES_WITH_BEDS = {"CA", "PC", "USZ"}
SHIFT = timedelta(hours=12)


@transaction.atomic
def load(at: datetime) -> None:
    """Everything that does not depend on a child."""
    network = load_network()
    _types(network)
    _laws(network)
    _municipalities(network)
    for organisation in network.organisations.values():
        _organisation(organisation)
    for centre in network.centres.values():
        _centre(centre, at)
    _competence(network)
    for service in network.services.values():
        _service(service, at)
    for person in load_staff().values():
        _staff(person, at)
    _roster(at)


def _types(network: Network) -> None:
    for row in network.types.values():
        InstitutionType.objects.update_or_create(
            code=row.key,
            defaults={
                "name_sr": row.name.sr_latn,
                "name_en": row.name.en,
                "level": row.level[:16],
            },
        )


def _laws(network: Network) -> None:
    for row in network.laws.values():
        Law.objects.update_or_create(
            key=row.key,
            defaults={
                "name_sr": row.name.sr_latn,
                "name_en": row.name.en,
                "gazette": row.gazette or "",
                "verified": row.origin.verified,
                "source": row.origin.source,
            },
        )


def _municipalities(network: Network) -> None:
    for row in network.municipalities.values():
        Municipality.objects.update_or_create(
            key=row.key, defaults={"name_sr": row.name.sr_latn, "name_en": row.name.en}
        )


def _organisation(row: bodies.Organisation) -> Organisation:
    found, _new = Organisation.objects.update_or_create(
        key=row.key,
        defaults={
            "name_sr": row.name.sr_latn,
            "name_en": row.name.en,
            "short_name": row.short_name,
            "type": InstitutionType.objects.get(code=row.type),
            "municipality": Municipality.objects.filter(key=row.municipality or "").first(),
            "address": row.address or "",
            "on_call_phone": row.on_call or "",
            "code_prefix": row.code_prefix or "SP",
            "source": row.origin.source,
            "verified": row.origin.verified,
            "synthetic": row.origin.synthetic,
        },
    )
    return found


def _centre(row: bodies.Centre, at: datetime) -> None:
    organisation, _new = Organisation.objects.update_or_create(
        key=row.key,
        defaults={
            "name_sr": row.name.sr_latn,
            "name_en": row.name.en,
            "short_name": row.short_name,
            "type": InstitutionType.objects.get_or_create(
                code=row.type, defaults={"name_sr": row.type}
            )[0],
            "municipality": Municipality.objects.filter(key=row.municipality).first(),
            "source": row.origin.source,
            "verified": row.origin.verified,
            "synthetic": row.origin.synthetic,
        },
    )
    centre = directory.centre_record(
        by=CLOCK,
        at=at,
        organisation=organisation,
        kind=row.type if row.type in TYPES_WITH_BEDS else Centre.Kind.DETENTION,
        purposes=[purpose.value for purpose in row.purposes],
        for_children=bodies.Purpose.CHILDREN in row.purposes,
        public=row.public,
    )
    _use(centre, row, at)
    if row.capacity:
        directory.capacity_record(
            by=CLOCK,
            at=at,
            centre=centre,
            beds=row.capacity.beds,
            year=row.capacity.year,
            source=row.origin.source,
        )


def _use(centre: Centre, row: bodies.Centre, at: datetime) -> None:
    if centre.operations.exists():
        return
    known, source = row.validity, row.origin.source
    if known.valid_from or known.valid_until:
        directory.operation_record(
            by=CLOCK,
            at=at,
            centre=centre,
            from_on=known.valid_from.earliest if known.valid_from else None,
            from_precision=known.valid_from.precision if known.valid_from else "",
            until_on=known.valid_until.earliest if known.valid_until else None,
            until_precision=known.valid_until.precision if known.valid_until else "",
            words=row.words or "",
            source=source,
            verified=row.origin.verified,
        )
    for seen in known.seen:
        directory.operation_record(
            by=CLOCK,
            at=at,
            centre=centre,
            says="operating" if seen.state is Operation.OPERATING else "not_operating",
            from_on=seen.first,
            from_precision="day",
            until_on=seen.last,
            until_precision="day",
            words=row.words or "",
            source=source,
            verified=row.origin.verified,
        )


def _service(row: bodies.Service, at: datetime) -> None:
    """Once: what an institution has said of its service since then stays."""
    if Service.objects.filter(key=row.key).exists():
        return
    service = directory.service_record(
        organisation=Organisation.objects.get(key=row.organisation),
        key=row.key,
        said={
            "name_sr": row.name.sr_latn,
            "name_en": row.name.en,
            "kind": row.kind,
            "needs": row.needs,
            "covers": Municipality.objects.filter(key__in=row.covers),
            "nationwide": row.nationwide,
            "languages": row.languages,
            "minimum_age": row.minimum_age,
            "maximum_age": row.maximum_age,
            "sex": row.sex,
            "for_children": row.for_children,
            "accepts_referrals": row.accepts_referrals,
            "phone": row.phone,
            "email": row.email,
            "hours": row.hours,
            "layer": row.layer,
            "verified": row.origin.verified,
            "source": row.origin.source,
            "synthetic": row.origin.synthetic,
        },
        by=CLOCK,
        at=at,
    )
    if row.capacity:
        directory.capacity_say(service=service, capacity=row.capacity, by=CLOCK, at=at)


def _competence(network: Network) -> None:
    """Which centre for social work is competent where a child is found (UASC-02a)."""
    for town, centre in network.competent.items():
        if centre:
            Organisation.objects.get(key=centre).covers.add(Municipality.objects.get(key=town))


def _staff(row: Staff, at: datetime) -> None:
    """No password: in the demo one signs in by a link."""
    organisation = Organisation.objects.get(key=row.organisation)
    if not organisation.uses_spona:
        organisation.uses_spona = True
        organisation.save(update_fields=["uses_spona"])
    user, _new = User.objects.update_or_create(
        email=row.email,
        defaults={
            "name": f"{row.first_name} {row.surname}",
            "synthetic": True,
            "password": make_password(None),
        },
    )
    Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        ended_at=None,
        defaults={"roles": [role.value for role in row.roles], "began_at": at},
    )


def _roster(at: datetime) -> None:
    """Somebody is on duty in each centre for social work of the demo, for the next fortnight."""
    officers = Membership.objects.active().with_role("duty_officer").order_by("organisation", "id")
    start = at.replace(minute=0, second=0, microsecond=0)
    for organisation in {officer.organisation for officer in officers}:
        if organisation.shifts.filter(ends_at__gt=at).exists():
            continue
        team = [officer.user for officer in officers if officer.organisation == organisation]
        DutyShift.objects.bulk_create(
            DutyShift(
                organisation=organisation,
                user=team[number % len(team)],
                starts_at=start + number * SHIFT,
                ends_at=start + (number + 1) * SHIFT,
                phone=organisation.on_call_phone,
            )
            for number in range(28)
        )
