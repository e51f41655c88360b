"""Two records turn out to be of one person: joined into a third, and parted again.

The two stay as they are, so that nothing chosen away is lost and parting them needs no memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.people import permissions
from spona.people.actions.indexing import person_index
from spona.people.actions.writing import write_name
from spona.people.models import Person, PersonDocument, PersonLanguage, PersonName
from spona.people.rules import Side

CHOOSE_EACH = _("Choose one of the two values for each field that differs.")
WHOSE_IS_IT = _("Say of each entry made since then to which of the two it belongs.")
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Joining:
    """Two records of one person, and from which of them each of `Person.facts` is taken. All names,
    languages and papers are taken from both; `main_name` is the id of the one used by staff."""

    kept: Person
    other: Person
    fields: Mapping[str, str]
    main_name: int | None = None

    def value(self, column: str, fact: str) -> Any:
        source = self.other if self.fields.get(fact) == Side.OTHER else self.kept
        return getattr(source, column)

    def differing(self) -> list[str]:
        """The facts of which a person has to choose one."""
        return [
            fact
            for fact, columns in Person.facts().items()
            if any(getattr(self.kept, one) != getattr(self.other, one) for one in columns)
        ]

    def names(self) -> list[PersonName]:
        """Of both, those written alike once."""
        both = [*_in_order(self.kept.names), *_in_order(self.other.names)]
        return list({_spelt(name): name for name in reversed(both)}.values())[::-1]

    def documents(self) -> list[PersonDocument]:
        """Of both, the same paper once."""
        both = [*_in_order(self.kept.documents), *_in_order(self.other.documents)]
        return list({_paper(one): one for one in reversed(both)}.values())[::-1]

    def main(self) -> PersonName | None:
        """The one that was chosen, else the one of the record that is kept."""
        chosen = (name for name in self.names() if name.pk == self.main_name)
        return next(chosen, None) or self.kept.main_name or self.other.main_name

    def languages(self) -> list[PersonLanguage]:
        """Of both; an interpreter is needed where either says so, and one is the main one."""
        kept = {one.code: one for one in _in_order(self.kept.languages)}
        other = {one.code: one for one in _in_order(self.other.languages)}
        main = next((one.code for one in [*kept.values(), *other.values()] if one.is_main), None)
        return [
            PersonLanguage(
                code=code,
                is_main=code == main,
                needs_interpreter=any(
                    one[code].needs_interpreter for one in (kept, other) if code in one
                ),
            )
            for code in dict.fromkeys([*kept, *other])
        ]


@transaction.atomic
def person_join(
    *, joining: Joining, person_id: int, by: Actor, at: datetime, case_id: int | None = None
) -> Person:
    """Write the one person that two records are about, under an id drawn before; both records stay
    as they are. Raises `NotAllowed`, and `Refused` where a difference was not decided."""
    if not permissions.can_create(by) or not permissions.can_correct(by):
        raise NotAllowed
    if not all(joining.fields.get(fact) in set(Side) for fact in joining.differing()):
        raise Refused(CHOOSE_EACH)
    values = {
        column: joining.value(column, fact)
        for fact, columns in Person.facts().items()
        for column in columns
    }
    synthetic = joining.kept.synthetic and joining.other.synthetic
    person = Person.objects.create(id=person_id, synthetic=synthetic, created_at=at, **values)
    main = joining.main()
    for name in joining.names():
        _copy_name(name, person, is_main=main is not None and _spelt(name) == _spelt(main))
    for language in joining.languages():
        language.person = person
        language.save(force_insert=True)
    for document in joining.documents():
        _copy_document(document, person)
    person_index(person)
    audit.record("person_create", person, by=by, at=at, case_id=case_id)
    return person


@dataclass(frozen=True, slots=True)
class Since:
    """What was written about a joined person after the joining."""

    facts: tuple[str, ...]
    names: tuple[PersonName, ...]
    languages: tuple[PersonLanguage, ...]
    documents: tuple[PersonDocument, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What has to be given to one of the two, or to both, when they are parted."""
        named = (f"name-{one.pk}" for one in self.names)
        spoken = (f"language-{one.code}" for one in self.languages)
        return (*self.facts, *named, *spoken, *(f"document-{one.pk}" for one in self.documents))


def since_joined(person: Person, joining: Joining) -> Since:
    """Compares what stands now with what was joined."""
    facts = tuple(
        fact
        for fact, columns in Person.facts().items()
        if any(getattr(person, one) != joining.value(one, fact) for one in columns)
    )
    spelt = {_spelt(one) for one in joining.names()}
    spoken = {_spoken(one) for one in joining.languages()}
    papers = {_paper(one) for one in joining.documents()}
    return Since(
        facts,
        tuple(one for one in _in_order(person.names) if _spelt(one) not in spelt),
        tuple(one for one in _in_order(person.languages) if _spoken(one) not in spoken),
        tuple(one for one in _in_order(person.documents) if _paper(one) not in papers),
    )


@transaction.atomic
def person_part(
    *,
    person: Person,
    joining: Joining,
    whose: Mapping[str, str],
    by: Actor,
    at: datetime,
    case_ids: Mapping[str, int],
) -> None:
    """What was written of a joined person since goes to the record that `whose` says (a `Side`, or
    `both`); what stood in the two before is theirs already. `case_ids` has the file of each side.
    Raises `Refused`."""
    if not permissions.can_correct(by):
        raise NotAllowed
    since = since_joined(person, joining)
    if not all(whose.get(key) in {*Side, BOTH} for key in since.keys):
        raise Refused(WHOSE_IS_IT)
    for side, record in ((Side.KEPT, joining.kept), (Side.OTHER, joining.other)):
        given = {key for key in since.keys if whose[key] in (side, BOTH)}
        if given:
            _write_since(record, person, since, given)
            detail = {"fields": sorted(given & set(since.facts))}
            case_id = case_ids[side]
            audit.record("person_correct", record, by=by, at=at, case_id=case_id, detail=detail)


def _write_since(record: Person, person: Person, since: Since, given: set[str]) -> None:
    for fact in given & set(since.facts):
        for column in Person.facts()[fact]:
            setattr(record, column, getattr(person, column))
    record.row_version += 1
    record.save(force_update=True)
    for name in (one for one in since.names if f"name-{one.pk}" in given):
        if name.is_main:
            record.names.update(is_main=False)
        _copy_name(name, record, is_main=name.is_main)
    for language in (one for one in since.languages if f"language-{one.code}" in given):
        _set_language(record, language)
    for document in (one for one in since.documents if f"document-{one.pk}" in given):
        _copy_document(document, record)
    person_index(record)


def _set_language(record: Person, language: PersonLanguage) -> None:
    if language.is_main:
        record.languages.update(is_main=False)
    said = {"is_main": language.is_main, "needs_interpreter": language.needs_interpreter}
    PersonLanguage.objects.update_or_create(person=record, code=language.code, defaults=said)


def _in_order(rows: Any) -> list[Any]:
    """As they were written; read once, also where they are seen only for a moment."""
    return sorted(rows.all(), key=lambda one: one.pk)


def _spelt(name: PersonName) -> tuple[str, ...]:
    return name.given, name.family, name.script, name.kind


def _spoken(language: PersonLanguage) -> tuple[Any, ...]:
    return language.code, language.is_main, language.needs_interpreter


def _paper(document: PersonDocument) -> tuple[str, ...]:
    return document.kind, document.number, document.country


def _copy_document(document: PersonDocument, person: Person) -> None:
    kind, number, country = _paper(document)
    PersonDocument.objects.create(person=person, kind=kind, number=number, country=country)


def _copy_name(name: PersonName, person: Person, *, is_main: bool) -> PersonName:
    return write_name(
        person,
        {
            "given": name.given,
            "family": name.family,
            "script": name.script,
            "kind": name.kind,
            "is_main": is_main,
        },
    )
