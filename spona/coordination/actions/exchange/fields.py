"""Who somebody is, by a file and by what stands here: three are compared, the file now, the file
as it was read last, and the person as corrected here in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from spona.base.actor import Actor
from spona.coordination.actions.exchange.identity import print_of
from spona.coordination.models import ExternalRecord
from spona.coordination.rules import primero
from spona.people import actions as people
from spona.people.actions import PersonDraft
from spona.people.models import Person

EMPTY: dict[str, Any] = {
    "name": ["", ""],
    "sex": "unknown",
    "birth": [None, "unknown"],
    "country": "",
}


@dataclass(slots=True)
class Merged:
    """Fields that both sides changed stand as they are here."""

    stand: list[str] = field(default_factory=list)
    changed: bool = False


def person(record: primero.Record) -> PersonDraft:
    """Who is to be written down; said by somebody else, since nobody here has heard it."""
    draft = PersonDraft(
        birth_date=record.birth.on,
        birth_precision=record.birth.precision.value,
        birth_declared_by=Person.DeclaredBy.OTHER,
        sex=record.sex,
        country_said=record.country,
        languages=[
            {"code": code, "is_main": number == 0} for number, code in enumerate(record.languages)
        ],
    )
    if record.given or record.family:
        draft["names"] = [_name(record)]
    return draft


def told(record: primero.Record) -> dict[str, Any]:
    """What the file says, by field."""
    return {
        "name": [record.given, record.family],
        "sex": record.sex,
        "birth": [_day(record.birth.on), record.birth.precision.value],
        "country": record.country,
        "languages": list(record.languages),
    }


def known_of(one: Person) -> dict[str, Any]:
    """What stands here, in the same words."""
    name = one.main_name
    return {
        "name": [name.given, name.family] if name else ["", ""],
        "sex": one.sex,
        "birth": [_day(one.birth_date), one.birth_precision],
        "country": one.country_said,
    }


def merge(known: ExternalRecord, record: primero.Record, by: Actor, at: datetime) -> Merged:
    """Write what only the file changed. Languages are added and none is taken away."""
    merged, who = Merged(), known.case.person
    said, here = told(record), known_of(who)
    for name, empty in EMPTY.items():
        now, before = print_of(said[name]), known.seen.get(name)
        if said[name] == here[name]:
            known.seen[name] = now
        if said[name] in (empty, here[name]) or now == before:
            continue
        if here[name] != empty and print_of(here[name]) != before:
            merged.stand.append(name)
            continue
        _apply(name, known, record, by, at)
        known.seen[name], merged.changed = now, True
    merged.changed |= _languages(known, record, by, at)
    return merged


def _apply(
    name: str, known: ExternalRecord, record: primero.Record, by: Actor, at: datetime
) -> None:
    who, case_id = known.case.person, known.case_id
    if name == "name":
        people.name_add(person=who, by=by, at=at, name=_name(record), case_id=case_id)
        return
    by_field: dict[str, dict[str, Any]] = {
        "sex": {"sex": record.sex},
        "country": {"country_said": record.country},
        "birth": {
            "birth_date": record.birth.on,
            "birth_precision": record.birth.precision.value,
            "birth_declared_by": Person.DeclaredBy.OTHER,
        },
    }
    changes = by_field[name]
    known.case.person = people.person_correct(
        person=who, by=by, at=at, row_version=who.row_version, case_id=case_id, **changes
    )


def _languages(known: ExternalRecord, record: primero.Record, by: Actor, at: datetime) -> bool:
    who = known.case.person
    spoken = set(who.languages.values_list("code", flat=True))
    new = [code for code in record.languages if code not in spoken]
    for code in new:
        language: people.LanguageDraft = {"code": code}
        people.language_set(person=who, by=by, at=at, language=language, case_id=known.case_id)
    return bool(new)


def _name(record: primero.Record) -> people.NameDraft:
    return {
        "given": record.given,
        "family": record.family,
        "script": record.script,
        "is_main": True,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
