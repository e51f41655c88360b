"""The values of the fields that may leave a case, as they are in it now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from spona.cases import codes
from spona.cases.codes.sharing import NEED_FIELDS
from spona.cases.models import Case, Guardianship, Need, Placement
from spona.people import rules
from spona.people.models import Person

Reader = Callable[[Case, datetime], Any]


def field_values(
    *, case: Case, keys: Sequence[str], at: datetime, need: Need | None = None
) -> dict[str, Any]:
    """By key, as JSON keeps them: days in ISO 8601, languages in ISO 639-3, needs as `system:code`.

    Typed fields are not in a case and so not here. What is not known is an empty text. A need is
    read only by the field of its own layer.
    """
    values = {key: READERS[key](case, at) for key in keys if key in READERS}
    if need is not None:
        field = NEED_FIELDS[_layer(need)]
        values |= {field: f"{need.system}:{need.code}"} if field in keys else {}
    return values


def _layer(need: Need) -> str:
    known = codes.needs().get((need.system, need.code))
    return known.layer if known else codes.GENERAL


def _age(case: Case, at: datetime) -> str:
    """`15`, `14–15` where the date leaves both open, `~15` if estimated: no language in it."""
    day, person = timezone.localdate(at), case.person
    youngest, oldest = person.age_on(day), rules.oldest_age_on(day, person.birth)
    if youngest is None:
        return ""
    if person.birth_precision == Person.BirthPrecision.ESTIMATED:
        return f"~{oldest}"
    return str(youngest) if youngest == oldest else f"{youngest}–{oldest}"


def _birth_date(case: Case, _at: datetime) -> str:
    born = case.person.birth_date
    return born.isoformat() if born else ""


def _full_name(case: Case, _at: datetime) -> str:
    return str(case.person.main_name or "")


def _first_name(case: Case, _at: datetime) -> str:
    return case.person.main_name.given if case.person.main_name else ""


def _languages(case: Case, _at: datetime) -> list[str]:
    spoken = case.person.languages.order_by("-is_main", "id")
    return list(spoken.values_list("code", flat=True))


def _guardian(case: Case, at: datetime) -> Guardianship | None:
    office = case.guardianships.filter(until_at=None, from_at__lte=at)
    return office.select_related("guardian").order_by("-from_at").first()


def _guardian_name(case: Case, at: datetime) -> str:
    found = _guardian(case, at)
    if found is None:
        return ""
    return found.guardian_name or (found.guardian.name if found.guardian else "")


def _guardian_phone(case: Case, at: datetime) -> str:
    found = _guardian(case, at)
    if found is None:
        return ""
    return found.guardian_phone or (found.guardian.phone if found.guardian else "")


def _placement(case: Case) -> Placement | None:
    return case.placements.filter(until_at=None).select_related("centre__organisation").first()


def _placement_name(case: Case, _at: datetime) -> str:
    found = _placement(case)
    if found is None:
        return ""
    return found.centre.organisation.name_sr if found.centre else found.place


def _placement_town(case: Case, _at: datetime) -> str:
    found = _placement(case)
    town = found.centre.organisation.municipality if found and found.centre else None
    return (town or case.municipality).name_sr


READERS: Mapping[str, Reader] = {
    "age": _age,
    "sex": lambda case, _at: case.person.sex,
    "languages": _languages,
    "initials": lambda case, _at: case.person.initials,
    "first_name": _first_name,
    "full_name": _full_name,
    "birth_date": _birth_date,
    "country_said": lambda case, _at: case.person.country_said,
    "guardian_name": _guardian_name,
    "guardian_phone": _guardian_phone,
    "lead_name": lambda case, _at: case.lead.name if case.lead else "",
    "centre_phone": lambda case, _at: case.organisation.on_call_phone,
    "placement_town": _placement_town,
    "placement_name": _placement_name,
}
