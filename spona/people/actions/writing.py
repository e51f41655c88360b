"""Write down who somebody is, and correct it. Each is in the log, with the names of fields only.

`case_id` is the case in which it was done; people stand below cases and cannot know it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Required, TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.sealing import newest, resealing
from spona.base.sealing.resealing import Step
from spona.people import permissions
from spona.people.actions.indexing import person_index
from spona.people.models import Person, PersonDocument, PersonLanguage, PersonName
from spona.people.rules import Birth, Fault, ImpossibleBirth, Precision, checked

SENTENCES: dict[Fault, str | Promise] = {
    Fault.NO_SUCH_DAY: _("There is no such day in the calendar."),
    Fault.FUTURE: _("The date of birth cannot be after today."),
    Fault.TOO_OLD: _("Nobody is older than 120 years."),
    Fault.INCOMPLETE: _("Write the year, the year and month, or the whole date."),
    Fault.PRECISION: _("The date and how well it is known do not agree."),
}
NO_NAME = _("Write a given name or a family name.")
NO_NUMBER = _("Write the number as it stands on the paper.")
CORRECTABLE = frozenset(
    {"birth_date", "birth_precision", "birth_declared_by", "sex", "country_said", "father"}
)


class NameDraft(TypedDict, total=False):
    """A name before it is written; `given` or `family` is needed."""

    given: str
    family: str
    script: str
    kind: str
    is_main: bool


class LanguageDraft(TypedDict, total=False):
    """A language (ISO 639-3) before it is written."""

    code: Required[str]
    is_main: bool
    needs_interpreter: bool


class PersonDraft(TypedDict, total=False):
    """What is known of somebody whose case is being opened; all of it may be missing."""

    birth_date: date | None
    birth_precision: str
    birth_declared_by: str
    sex: str
    country_said: str
    father: str
    names: Sequence[NameDraft]
    languages: Sequence[LanguageDraft]


@transaction.atomic
def person_create(
    *,
    by: Actor,
    at: datetime,
    birth_date: date | None,
    birth_precision: str,
    birth_declared_by: str,
    sex: str,
    names: Iterable[NameDraft],
    languages: Iterable[LanguageDraft],
    country_said: str = "",
    father: str = "",
    synthetic: bool = False,
    person_id: int,
    case_id: int | None = None,
) -> Person:
    """Write a person under an id drawn before: access to it must exist already.

    Raises `NotAllowed`, and `Refused` for an impossible date of birth.
    """
    if not permissions.can_create(by):
        raise NotAllowed
    _check_birth(birth_date, birth_precision, at)
    person = Person.objects.create(
        id=person_id,
        birth_date=birth_date,
        birth_precision=birth_precision,
        birth_declared_by=birth_declared_by,
        sex=sex,
        country_said=country_said,
        father=father.strip(),
        synthetic=synthetic,
        created_at=at,
    )
    for name in _one_main(list(names)):
        write_name(person, name)
    PersonLanguage.objects.bulk_create(
        PersonLanguage(person=person, **language) for language in languages
    )
    person_index(person)
    audit.record("person_create", person, by=by, at=at, case_id=case_id)
    return person


@transaction.atomic
def person_correct(
    *,
    person: Person,
    by: Actor,
    at: datetime,
    row_version: int,
    case_id: int | None = None,
    **changes: Any,
) -> Person:
    """Correct what is known: birth date, its precision and source, sex, country, father's name.

    Raises `Stale` if the person was corrected since `row_version` was shown.
    """
    unknown = changes.keys() - CORRECTABLE
    if unknown:
        raise TypeError(f"Not a field that is corrected: {', '.join(sorted(unknown))}")
    current = _reloaded(person, by)
    if current.row_version != row_version:
        raise Stale
    for name, value in changes.items():
        setattr(current, name, value)
    _check_birth(current.birth_date, current.birth_precision, at)
    current.row_version += 1
    current.save(force_update=True)
    detail = {"fields": sorted(changes)}
    if "father" in changes:
        person_index(current)
    audit.record("person_correct", current, by=by, at=at, case_id=case_id, detail=detail)
    return current


@transaction.atomic
def name_add(
    *, person: Person, by: Actor, at: datetime, name: NameDraft, case_id: int | None = None
) -> PersonName:
    """Add a name; as a main name it takes the place of the one before, which is kept."""
    current = _reloaded(person, by)
    if name.get("is_main"):
        current.names.update(is_main=False)
    written = write_name(current, name)
    person_index(current)
    audit.record("name_add", written, by=by, at=at, case_id=case_id)
    return written


@transaction.atomic
def document_number_add(
    *,
    person: Person,
    by: Actor,
    at: datetime,
    kind: str,
    number: str,
    country: str = "",
    case_id: int | None = None,
) -> PersonDocument:
    """Write down the number of a paper; the same one again adds nothing. `country` is ISO 3166-1
    alpha-2. Raises `Refused` without a number."""
    current, number = _reloaded(person, by), number.strip()
    if not number:
        raise Refused(NO_NUMBER)
    for known in current.documents.filter(kind=kind, country=country):
        if known.number == number:
            return known
    written = PersonDocument.objects.create(
        person=current, kind=kind, number=number, country=country
    )
    person_index(current)
    audit.record(
        "document_number_add", written, by=by, at=at, case_id=case_id, detail={"kind": kind}
    )
    return written


@transaction.atomic
def language_set(
    *, person: Person, by: Actor, at: datetime, language: LanguageDraft, case_id: int | None = None
) -> PersonLanguage:
    """Add a language or change what is known of it."""
    current = _reloaded(person, by)
    if language.get("is_main"):
        current.languages.update(is_main=False)
    written, _new = PersonLanguage.objects.update_or_create(
        person=current, code=language["code"], defaults={**language}
    )
    detail = {"code": written.code}
    audit.record("language_set", written, by=by, at=at, case_id=case_id, detail=detail)
    return written


def identity_reseal(*, batch: int, by: Actor, at: datetime) -> Iterator[tuple[str, Step]]:
    """Seal under the newest key whatever stands under an older one, in all tables: yields the table
    and the step, each of which is a transaction of its own."""
    rows: Counter[str] = Counter()
    for table in resealing.tables():
        for step in resealing.reseal(table, batch=batch):
            rows[table.name] += step.rows
            yield table.name, step
    detail = {"key": newest(), "rows": dict(rows)}
    audit.ran("identity_reseal", by=by, at=at, detail=detail)


def _reloaded(person: Person, by: Actor) -> Person:
    """The person as the database lets the actor see it, locked until the end."""
    current = Person.objects.select_for_update().filter(pk=person.pk).first()
    if current is None or not permissions.can_correct(by):
        raise NotAllowed
    return current


def _one_main(names: list[NameDraft]) -> list[NameDraft]:
    """Where nobody says which name is the main one, it is the first."""
    if names and not any(name.get("is_main") for name in names):
        return [{**names[0], "is_main": True}, *names[1:]]
    return names


def write_name(person: Person, name: NameDraft) -> PersonName:
    if not (name.get("given", "").strip() or name.get("family", "").strip()):
        raise Refused(NO_NAME)
    return PersonName.objects.create(person=person, **name)


def _check_birth(birth_date: date | None, birth_precision: str, at: datetime) -> None:
    try:
        checked(Birth(birth_date, Precision(birth_precision)), today=timezone.localdate(at))
    except ImpossibleBirth as impossible:
        raise Refused(SENTENCES[impossible.fault]) from None
