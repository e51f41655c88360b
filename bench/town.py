"""A synthetic country: 50 centres for social work, 20,000 cases, 100,000 open duties.

One centre has 4,000 cases; caseworkers have 60 each; one police station owes the registration of
10,000 children; 400 notifications wait at the large centre. Nobody in here has ever lived.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from django.utils import timezone

from bench.copying import Rows
from bench.lives import TYPED_AFTER, Life
from bench.server import ROOT
from bench.stories import STORIES, WAITING, Story
from spona.accounts.models import InstitutionType, Membership, Municipality, Organisation, User
from spona.audit.models import Event
from spona.cases import codes, rules
from spona.cases.models import (
    Case,
    CaseAccess,
    CaseCounter,
    Encounter,
    Guardianship,
    Need,
    Placement,
)
from spona.conduct import reader
from spona.coordination.models import Call, Notice, Notification, Run
from spona.people.models import Person, PersonLanguage, PersonName
from spona.protocols.models import Version

CENTRES, CASES, LARGE, CASELOAD = 50, 20_000, 4_000, 60
WAITING_NOW, GUARDIANS = 400, 200
OLDEST, READ_AFTER = timedelta(days=30), timedelta(days=3)
AT_ONCE = 1_000
BOOK = ROOT / "protocols" / "unaccompanied-child.yaml"
OTHERS = {"OCD": "outreach_worker", "MUP": "police_officer", "KZA": "asylum_officer"}
NAMES = ("Uzorak", "Primer", "Proba", "Izmišljeni", "Sintetički")
LANGUAGES = ("prs", "pus", "arb", "urd")

GUARD, HEAD, CASEWORKER, POLICE = "staratelj", "rukovodilac", "radnik", "policija"


def address(kind: str, number: int = 1) -> str:
    return f"{kind}-{number}@bench.invalid"


@dataclass
class Centre:
    """A centre, the doctor of its town, and who works there."""

    organisation: Organisation
    clinic: Organisation
    head: User
    workers: list[User]
    cases: int = 0


@dataclass
class Town:
    """The institutions, and `at`, the moment up to which everything has happened."""

    rows: Rows
    version: Version
    at: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    types: dict[str, InstitutionType] = field(default_factory=dict)
    others: dict[str, Organisation] = field(default_factory=dict)
    centres: list[Centre] = field(default_factory=list)
    guardians: list[tuple[Organisation, User]] = field(default_factory=list)
    codes: Counter[tuple[int, int]] = field(default_factory=Counter)


def fill(connection: psycopg.Connection[Any]) -> None:
    """All rows of the country, in the transaction of `connection`."""
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    rows = Rows(connection)
    town = Town(rows, rows.put(_version(at)), at)
    _institutions(town)
    for number, (centre, story) in enumerate(zip(_homes(town), cycle(STORIES)), start=1):
        _case(town, centre, story, number)
        if number % AT_ONCE == 0:
            rows.write()
    for number in range(WAITING_NOW):
        _waiting(town, town.centres[0], number)
    for (organisation_id, year), last in town.codes.items():
        rows.put(CaseCounter(organisation_id=organisation_id, year=year, last=last))
    rows.finish()


def _version(at: datetime) -> Version:
    text = BOOK.read_text(encoding="utf-8")
    book = reader.read_text(text)
    return Version(
        protocol=book.id,
        version=book.version,
        text=text,
        digest=book.digest,
        published_at=at - OLDEST - timedelta(days=1),
        published_by="bench",
    )


def _homes(town: Town) -> list[Centre]:
    """Whose case each one is: the large centre's first, the rest in turn."""
    rest = cycle(town.centres[1:])
    return [town.centres[0]] * LARGE + [next(rest) for _ in range(CASES - LARGE)]


# --- institutions and people


def _institutions(town: Town) -> None:
    for code, role in OTHERS.items():
        town.others[code] = _organisation(town, code, 1, None)
        _person(town, town.others[code], role, POLICE if code == "MUP" else code.lower(), 1)
    home = _organisation(town, "STARATELJ", 1, None)
    for number in range(1, GUARDIANS + 1):
        town.guardians.append((home, _person(town, home, "guardian", GUARD, number)))
    workers = 0
    for number in range(1, CENTRES + 1):
        cases = LARGE if number == 1 else (CASES - LARGE) // (CENTRES - 1) + 1
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
        _organisation(town, "DZ", number, place),
        _person(town, made, "head_of_service", HEAD, number),
        [_person(town, made, "case_manager", CASEWORKER, workers + n + 1) for n in range(needed)],
    )


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
            password="!",
            synthetic=True,
        )
    )
    began = town.at - timedelta(days=365)
    town.rows.put(
        Membership(user_id=user.pk, organisation_id=home.pk, roles=[role], began_at=began)
    )
    return user


# --- a child


def _case(town: Town, centre: Centre, story: Story, number: int) -> None:
    age = timedelta(minutes=town.chance.randint(12 * 60, OLDEST // timedelta(minutes=1)))
    met = town.at - age
    opened = met + timedelta(minutes=20) + TYPED_AFTER
    lead = centre.workers[centre.cases // CASELOAD]
    centre.cases += 1
    guardian = _guardian(town, number) if story.guarded else None
    year = timezone.localtime(opened).year
    town.codes[centre.organisation.pk, year] += 1
    person = _child(town, number, met)
    case = Case(
        pk=town.rows.next_id(Case),
        organisation_id=centre.organisation.pk,
        person_id=person.pk,
        code=rules.case_code(
            centre.organisation.code_prefix, year, town.codes[centre.organisation.pk, year]
        ),
        municipality_id=centre.organisation.municipality_id,
        lead_id=lead.pk,
        opened_at=opened,
        synthetic=True,
    )
    town.rows.put(case)
    life = _lived(town, centre, story, met, case, guardian)
    _let_in(town, case, lead, guardian)
    _what_is_kept(town, case, story, met, guardian)
    _noticed(town, life, lead)


def _guardian(town: Town, number: int) -> Mapping[str, Any]:
    home, user = town.guardians[number % GUARDIANS]
    return {"organisation": home.pk, "user": user.pk, "name": user.name}


def _child(town: Town, number: int, met: datetime) -> Person:
    person = town.rows.put(
        Person(
            birth_date=date(met.year - 15, 1, 1),
            birth_precision=Person.BirthPrecision.ESTIMATED,
            sex=Person.Sex.MALE if number % 5 else Person.Sex.FEMALE,
            country_said="AF",
            synthetic=True,
            created_at=met,
        )
    )
    given = NAMES[number % len(NAMES)]
    town.rows.put(
        PersonName(person_id=person.pk, given=given, family=f"Sintetički {number}", is_main=True)
    )
    code = LANGUAGES[number % len(LANGUAGES)]
    town.rows.put(PersonLanguage(person_id=person.pk, code=code, is_main=True))
    return person


def _lived(
    town: Town,
    centre: Centre,
    story: Story,
    met: datetime,
    case: Case | None,
    guardian: Mapping[str, Any] | None,
) -> Life:
    """The encounter, its notification and the run, with all that happened in it."""
    finder, rows = town.others["OCD"], town.rows
    encounter = rows.put(_encounter(town, centre, story, met))
    run = Run(
        pk=rows.next_id(Run),
        version_id=town.version.pk,
        case_id=case.pk if case else None,
        organisation_id=finder.pk,
        encounter_id=encounter.pk,
        started_at=met,
    )
    life = Life(run, town.version, rows, "Sintetička Osoba")
    for party, organisation in (("finder", finder), ("field_worker", finder)):
        life.bind(party, met, organisation.pk)
    life.bind("csr", met, centre.organisation.pk)
    if case:
        case.encounter_id = encounter.pk
        life.bind("police", met, town.others["MUP"].pk)
        life.bind("health", met, centre.clinic.pk)
        life.bind("asylum_office", met, town.others["KZA"].pk)
    life.play(story, guardian, town.at)
    rows.put(run)
    _told(town, centre, encounter, run, story, claimed=case is not None)
    return life


def _encounter(town: Town, centre: Centre, story: Story, met: datetime) -> Encounter:
    return Encounter(
        organisation_id=town.others["OCD"].pk,
        recorded_by_name="Sintetička Osoba",
        kind=Encounter.Kind.CHILD,
        occurred_at=met,
        recorded_at=met + TYPED_AFTER,
        seen_where="bus_station",
        municipality_id=centre.organisation.municipality_id,
        age_said=story.facts["age"],
        sex=Person.Sex.MALE,
        language="prs",
        alone=True,
        wants_asylum=story.facts.get("intends_asylum"),
        name_said="Uzorak Sintetički",
        client_token=UUID(int=town.chance.getrandbits(128), version=4),
    )


def _told(
    town: Town, centre: Centre, encounter: Encounter, run: Run, story: Story, *, claimed: bool
) -> None:
    """The notification; where the centre has taken over, the call before it too."""
    met, ends = run.started_at, {"sender_id": run.organisation_id}
    ends["recipient_id"] = centre.organisation.pk
    called, confirmed = met + timedelta(minutes=10), met + timedelta(minutes=20)
    package = {
        "seen_where": "bus_station",
        "place_note": "",
        "age_said": story.facts["age"],
        "sex": "m",
        "language": "prs",
        "name_said": "Uzorak Sintetički",
        "needs": [],
        "danger_now": False,
        "alone": True,
        "wants_asylum": story.facts.get("intends_asylum"),
        "occurred_at": met.isoformat(),
        "municipality": "Sintetička opština",
        "contact_name": "Sintetička Osoba",
        "contact_organisation": "Sintetička ustanova OCD 1",
    }
    notification = town.rows.put(
        Notification(
            run_id=run.pk,
            encounter_id=encounter.pk,
            package=package,
            sent_at=met + TYPED_AFTER,
            sent_by_name="Sintetička Osoba",
            notified_at=called if claimed else None,
            confirmed_at=confirmed if claimed else None,
            confirmed_by_name="Sintetička dežurna" if claimed else "",
            **ends,
        )
    )
    if claimed:
        call = Call(notification_id=notification.pk, called_at=called, answered=True, **ends)
        call.spoke_with = call.recorded_by_name = "Sintetička Osoba"
        town.rows.put(call)


def _waiting(town: Town, centre: Centre, number: int) -> None:
    met = town.at - timedelta(minutes=20 + number)
    life = _lived(town, centre, WAITING, met, None, None)
    _noticed(town, life, None)


# --- what a case keeps


def _let_in(town: Town, case: Case, lead: User, guardian: Mapping[str, Any] | None) -> None:
    whom = [(case.organisation_id, None, "owner"), (case.organisation_id, lead.pk, "owner")]
    if guardian:
        whom.append((guardian["organisation"], guardian["user"], "guardian"))
    for organisation_id, user_id, basis in whom:
        town.rows.put(
            CaseAccess(
                case_id=case.pk,
                organisation_id=organisation_id,
                user_id=user_id,
                basis=basis,
                from_at=case.opened_at,
            )
        )


def _what_is_kept(
    town: Town, case: Case, story: Story, met: datetime, guardian: Mapping[str, Any] | None
) -> None:
    for (system, code), known in list(codes.needs().items())[:2]:
        need = Need(case_id=case.pk, system=system, code=code, noted_at=case.opened_at)
        need.source, need.sensitive = Need.Source.SAID, known.sensitive
        town.rows.put(need)
    if story.housed:
        bed = Placement(case_id=case.pk, kind=Placement.Kind.BED_TONIGHT, place="Sintetička kuća")
        bed.from_at = met + timedelta(minutes=90)
        town.rows.put(bed)
    if guardian:
        town.rows.put(
            Guardianship(
                case_id=case.pk,
                kind=Guardianship.Kind.TEMPORARY,
                guardian_id=guardian["user"],
                guardian_name=guardian["name"],
                guardian_phone="000-000-000",
                from_at=met + timedelta(minutes=240),
            )
        )


def _noticed(town: Town, life: Life, lead: User | None) -> None:
    """A notice of each duty, old ones read, and a line of the log for each event."""
    for duty in life.owed.values():
        if duty.organisation_id is not None:
            town.rows.put(
                Notice(
                    organisation_id=duty.organisation_id,
                    user_id=duty.user_id,
                    kind=Notice.Kind.DUTY,
                    version_id=duty.version_id,
                    rule=duty.rule,
                    act=duty.act,
                    duty_number=duty.number,
                    institution_id=duty.organisation_id,
                    due_at=duty.due_at,
                    at=duty.counted_from,
                    mailed_at=duty.counted_from,
                    read_at=_read_at(town, duty.counted_from),
                )
            )
    for event in life.events:
        _logged(town, life.run, event.pk, event.recorded_at, lead)


def _read_at(town: Town, at: datetime) -> datetime | None:
    return at + READ_AFTER if town.at - at > READ_AFTER else None


def _logged(town: Town, run: Run, event_id: int, at: datetime, lead: User | None) -> None:
    town.rows.put(
        Event(
            at=at,
            recorded_at=at,
            kind=Event.Kind.WRITE,
            verb="act_record",
            actor_id=lead.pk if lead else None,
            actor_name="Sintetička Osoba",
            organisation_id=run.organisation_id,
            organisation_name="Sintetička ustanova",
            subject_type="coordination.runevent",
            subject_ids=[event_id],
            case_ids=[run.case_id] if run.case_id else [],
            transaction=1,
        )
    )
