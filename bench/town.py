"""The institutions of a synthetic country, and who works in them. Nobody in here has ever lived."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from bench.copying import Rows
from spona.accounts.models import InstitutionType, Membership, Municipality, Organisation, User
from spona.cases import codes
from spona.directory.models import Service
from spona.protocols.models import Version

CENTRES, CASES, LARGE, CASELOAD, GUARDIANS, HELPERS = 50, 100_000, 4_000, 60, 200, 20
OTHERS = {"OCD": "outreach_worker", "MUP": "police_officer", "KZA": "asylum_officer"}

GUARD, HEAD, CASEWORKER, POLICE = "staratelj", "rukovodilac", "radnik", "policija"
HELPER, COORDINATOR = "pomoc", "koordinator"


def address(kind: str, number: int = 1) -> str:
    return f"{kind}-{number}@bench.invalid"


@dataclass
class Centre:
    """A centre, the doctor of its town, and who works there."""

    organisation: Organisation
    place: Municipality
    clinic: Organisation
    head: User
    workers: list[User]
    cases: int = 0


@dataclass
class Town:
    """The institutions, and `at`, the moment up to which everything has happened."""

    rows: Rows
    version: Version
    referral: Version
    at: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    types: dict[str, InstitutionType] = field(default_factory=dict)
    others: dict[str, Organisation] = field(default_factory=dict)
    centres: list[Centre] = field(default_factory=list)
    guardians: list[tuple[Organisation, User]] = field(default_factory=list)
    helpers: list[tuple[Organisation, Service]] = field(default_factory=list)
    codes: Counter[tuple[int, int]] = field(default_factory=Counter)


def institutions(town: Town) -> None:
    for code, role in OTHERS.items():
        town.others[code] = _organisation(town, code, 1, None)
        _person(town, town.others[code], role, POLICE if code == "MUP" else code.lower(), 1)
    home = _organisation(town, "STARATELJ", 1, None)
    for number in range(1, GUARDIANS + 1):
        town.guardians.append((home, _person(town, home, "guardian", GUARD, number)))
    ministry = _organisation(town, "MRZBSP", 1, None)
    town.others["MRZBSP"] = ministry
    _person(town, ministry, "coordinator", COORDINATOR, 1)
    for number in range(1, HELPERS + 1):
        town.helpers.append(_helper(town, number))
    workers = 0
    for number in range(1, CENTRES + 1):
        cases = LARGE if number == 1 else -(-(CASES - LARGE) // (CENTRES - 1))
        town.centres.append(_centre(town, number, workers, -(-cases // CASELOAD)))
        workers += len(town.centres[-1].workers)


def _centre(town: Town, number: int, workers: int, needed: int) -> Centre:
    place = town.rows.put(
        Municipality(key=f"bench-{number}", name_sr=f"Sintetička opština {number}")
    )
    made = _organisation(town, "CSR", number, place)
    covers = Organisation.covers.through
    town.rows.put(covers(organisation_id=made.pk, municipality_id=place.pk))
    _person(town, made, "duty_officer", "dezurna", number)
    return Centre(
        made,
        place,
        _organisation(town, "DZ", number, place),
        _person(town, made, "head_of_service", HEAD, number),
        [_person(town, made, "case_manager", CASEWORKER, workers + n + 1) for n in range(needed)],
    )


def _helper(town: Town, number: int) -> tuple[Organisation, Service]:
    """An association that offers one service everywhere in the country."""
    made = _organisation(town, "OCD", 1 + number, None)
    _person(town, made, "outreach_worker", HELPER, number)
    service = Service(
        organisation_id=made.pk,
        key=f"bench-usluga-{number}",
        name_sr=f"Sintetička usluga {number}",
        kind="psychosocial_support",
        needs=[f"{system}:{code}" for system, code in codes.needs()],
        nationwide=True,
        updated_at=town.at,
        synthetic=True,
    )
    return made, town.rows.put(service)


def _organisation(town: Town, code: str, number: int, place: Municipality | None) -> Organisation:
    if code not in town.types:
        kind = InstitutionType(code=code, name_sr=f"Sintetička vrsta {code}")
        town.types[code] = town.rows.put(kind)
    return town.rows.put(
        Organisation(
            key=f"bench-{code.lower()}-{number}",
            name_sr=f"Sintetička ustanova {code} {number}",
            type_id=town.types[code].pk,
            municipality_id=place.pk if place else None,
            code_prefix=f"B{number}"[:4],
            uses_spona=True,
            on_call_phone="000-000-000",
            synthetic=True,
        )
    )


def _person(town: Town, home: Organisation, role: str, kind: str, number: int) -> User:
    user = town.rows.put(
        User(
            email=address(kind, number),
            name=f"Sintetička Osoba {kind} {number}",
            password=UNUSABLE_PASSWORD_PREFIX,
            synthetic=True,
        )
    )
    began = town.at - timedelta(days=365)
    town.rows.put(
        Membership(user_id=user.pk, organisation_id=home.pk, roles=[role], began_at=began)
    )
    return user
