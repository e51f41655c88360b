"""What an institution may know of a child whose case it does not work on, for one duty (P19).

The fields are those that `rules.card_fields` names for the type of institution and the acts that
it owes, and no other is read out of the database for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed
from spona.cases.models import Case, Guardianship
from spona.coordination import rules
from spona.coordination.models import Duty, RunEvent
from spona.people.models import Person

ABSENCE = "absence_noticed"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: the institution, the person if one is named, and the number."""

    name: str
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """`fields` are those that may be shown; all others are empty. `languages` are ISO 639-3,
    `sex` is a code of `Person.Sex`, `last_seen` an ISO moment as it was recorded."""

    fields: tuple[str, ...]
    age: str = ""
    first_name: str = ""
    names: tuple[str, ...] = ()
    sex: str = ""
    languages: tuple[str, ...] = ()
    last_seen: str = ""
    guardian: Contact | None = None
    contact: Contact | None = None


@transaction.atomic
def card_of(*, duty: Duty, by: Actor, at: datetime) -> Card:
    """The card for whoever owes the duty; its reading is logged. Raises `NotAllowed` for others."""
    if duty.organisation_id != by.organisation_id or duty.user_id not in (None, by.user_id):
        raise NotAllowed()
    with rls.engine_room():
        owing = Organisation.objects.select_related("type").get(pk=by.organisation_id or 0)
        fields = rules.card_fields(owing.type.code, duty.acts)
        if duty.case_id is None:
            card = _before_a_case(duty)
        else:
            card = Card(fields, **_read(duty, fields, at))
    audit.read("card_read", [duty], by=by, at=at, case_ids=[duty.case_id])
    return card


def _before_a_case(duty: Duty) -> Card:
    """Nobody has the child yet: the centre that was told is whom to call."""
    centre = duty.run.notification.recipient
    contact = Contact("", centre.on_call_phone, str(centre))
    return Card(("contact",), contact=contact)


def _read(duty: Duty, fields: tuple[str, ...], at: datetime) -> dict[str, Any]:
    case = Case.objects.select_related("organisation", "lead", "person").get(pk=duty.case_id or 0)
    readers: dict[str, Callable[[], Any]] = {
        "age": lambda: case.person.shown_age(at.date()),
        "first_name": lambda: _first_name(case.person),
        "names": lambda: tuple(str(name) for name in case.person.names.order_by("id")),
        "sex": lambda: case.person.sex,
        "languages": lambda: _languages(case.person),
        "last_seen": lambda: _last_seen(duty),
        "guardian": lambda: _guardian(case, at),
        "contact": lambda: _contact(case),
    }
    return {field: readers[field]() for field in fields}


def _first_name(person: Person) -> str:
    return person.main_name.given if person.main_name else ""


def _languages(person: Person) -> tuple[str, ...]:
    spoken = person.languages.order_by("-is_main", "id")
    return tuple(spoken.values_list("code", flat=True))


def _guardian(case: Case, at: datetime) -> Contact | None:
    """The guardian in office; the one appointed last, if there are two for a handover."""
    office = Guardianship.objects.filter(case=case, until_at=None, from_at__lte=at)
    guardianship = office.select_related("guardian").order_by("-from_at").first()
    if guardianship is None:
        return None
    person = guardianship.guardian
    name = guardianship.guardian_name or (person.name if person else "")
    return Contact(name, guardianship.guardian_phone or (person.phone if person else ""))


def _contact(case: Case) -> Contact:
    lead = case.lead.name if case.lead else ""
    return Contact(lead, case.organisation.on_call_phone, str(case.organisation))


def _last_seen(duty: Duty) -> str:
    events = RunEvent.objects.filter(run_id=duty.run_id, act=ABSENCE, revoked_by=None)
    absence = events.order_by("-occurred_at").first()
    return str(absence.form.get("last_seen", "")) if absence else ""
