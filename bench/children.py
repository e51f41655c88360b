"""A synthetic child: the encounter, the run that was lived, and what a case keeps of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from bench.lives import TYPED_AFTER, Life
from bench.stories import WAITING, Story
from bench.town import CASELOAD, GUARDIANS, Centre, Town
from spona.accounts.models import User
from spona.cases import codes, rules
from spona.cases.codes import sharing
from spona.cases.models import (
    Case,
    CaseAccess,
    Encounter,
    Guardianship,
    LegalBasis,
    Need,
    Placement,
)
from spona.coordination.models import Call, Notification, Run
from spona.people.models import Person, PersonLanguage, PersonName

NAMES = ("Uzorak", "Primer", "Proba", "Izmišljeni", "Sintetički")
LANGUAGES = ("prs", "pus", "arb", "urd")


def in_care(
    town: Town,
    centre: Centre,
    story: Story,
    number: int,
    met: datetime,
    closed: datetime | None = None,
) -> Run:
    """A child whose notification the centre has taken over, with a case and a caseworker; the run
    of it."""
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
        municipality_id=centre.place.pk,
        lead_id=lead.pk,
        opened_at=opened,
        closed_at=closed,
        closure_reason=Case.Closure.MAJORITY if closed else "",
        without_guardian_since=None if story.guarded else met + timedelta(minutes=10),
        synthetic=True,
    )
    town.rows.put(case)
    life = _lived(town, centre, story, met, case, guardian)
    if closed:
        life.close(closed)
    _let_in(town, case, lead, guardian)
    _what_is_kept(town, case, story, met, guardian)
    return life.run


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
        municipality_id=centre.place.pk,
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


def waiting(town: Town, centre: Centre, number: int) -> None:
    """A child of whom the centre was told and whom nobody there has taken over."""
    met = town.at - timedelta(minutes=20 + number)
    _lived(town, centre, WAITING, met, None, None)


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
    town.rows.put(
        LegalBasis(
            pk=case.pk,
            case_id=case.pk,
            kind=LegalBasis.Kind.VITAL_INTEREST,
            purpose="service",
            categories=list(sharing.categories()),
            from_at=case.opened_at,
            child_view=LegalBasis.View.AGREES,
            note="Sintetički osnov.",
            recorded_by_name="Sintetička Osoba",
            recorded_at=case.opened_at,
        )
    )
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
