"""Who somebody is: written through a case, corrected by those who see it, never twice at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.tests.factories import CHILD, NOW, access, acting, case
from spona.people import actions
from spona.people.models import Person, PersonName

pytestmark = pytest.mark.django_db


def test_a_person_without_access_written_first_cannot_exist() -> None:
    owner = person("duty_officer")
    with acting(owner), pytest.raises(DatabaseError), transaction.atomic():
        actions.person_create(
            by=owner.actor(),
            at=NOW,
            birth_date=None,
            birth_precision="unknown",
            birth_declared_by="child",
            sex="m",
            names=[],
            languages=[],
            person_id=rls.next_id(Person),
        )


def test_a_role_that_does_not_work_on_cases_writes_nobody() -> None:
    worker = person("outreach_worker")
    with acting(worker), pytest.raises(NotAllowed):
        actions.person_create(
            by=worker.actor(),
            at=NOW,
            birth_date=None,
            birth_precision="unknown",
            birth_declared_by="child",
            sex="m",
            names=[],
            languages=[],
            person_id=1,
        )


def test_a_correction_is_logged_by_field_and_never_by_value() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        corrected = actions.person_correct(
            person=opened.person,
            by=owner.actor(),
            at=NOW,
            row_version=1,
            case_id=opened.pk,
            birth_date=date(2011, 1, 1),
            birth_precision="year",
            sex="m",
        )
        event = Event.objects.of_case(opened.pk).get(verb="person_correct")
    assert corrected.row_version == 2
    assert corrected.age_on(date(2026, 11, 23)) == 14
    assert event.detail == {"fields": ["birth_date", "birth_precision", "sex"]}


def test_two_corrections_of_one_version_are_not_both_kept() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        actions.person_correct(
            person=opened.person, by=owner.actor(), at=NOW, row_version=1, sex="m"
        )
        with pytest.raises(Stale):
            actions.person_correct(
                person=opened.person, by=owner.actor(), at=NOW, row_version=1, sex="f"
            )
        assert Person.objects.get().sex == "m"


@pytest.mark.parametrize(
    ("born", "precision", "sentence"),
    [
        (date(2027, 1, 1), "day", "after today"),
        (date(1900, 1, 1), "year", "older than 120"),
        (date(2010, 5, 5), "year", "do not agree"),
        (None, "day", "do not agree"),
    ],
)
def test_an_impossible_birth_is_refused(born: date | None, precision: str, sentence: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match=sentence):
        actions.person_correct(
            person=opened.person,
            by=owner.actor(),
            at=NOW,
            row_version=1,
            birth_date=born,
            birth_precision=precision,
        )


def test_only_what_is_known_of_a_person_is_corrected() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(TypeError, match="synthetic"):
        actions.person_correct(
            person=opened.person, by=owner.actor(), at=NOW, row_version=1, synthetic=False
        )


def test_a_stranger_and_a_role_without_cases_correct_nobody() -> None:
    owner, stranger, school = (
        person("duty_officer"),
        person("duty_officer"),
        person("school_worker"),
    )
    opened = case(owner)
    access(opened, school.organisation, school.user)
    for who in (stranger, school):
        with acting(who), pytest.raises(NotAllowed):
            actions.person_correct(
                person=Person(pk=opened.person_id),
                by=who.actor(),
                at=NOW,
                row_version=1,
                sex="f",
            )


def test_a_new_main_name_takes_the_place_of_the_old_which_is_kept() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        actions.name_add(
            person=opened.person,
            by=owner.actor(),
            at=NOW,
            name={"given": "Milad", "family": "Sintetički", "is_main": True, "kind": "document"},
        )
        actions.name_add(
            person=opened.person,
            by=owner.actor(),
            at=NOW,
            name={"given": "میلاد", "script": "Arab"},
        )
        found = Person.objects.get()
        assert found.initials == "M. S."
        assert [str(n) for n in PersonName.objects.filter(is_main=False).order_by("id")] == [
            "Sintetički Dečak",
            "میلاد",
        ]
        with pytest.raises(Refused, match="given name or a family name"):
            actions.name_add(person=found, by=owner.actor(), at=NOW, name={"given": " "})


def test_the_name_in_latin_script_gives_the_initials() -> None:
    owner = person("duty_officer")
    opened = case(
        owner,
        person={
            "names": [
                {"given": "میلاد", "script": "Arab"},
                {"given": "Milad", "kind": "transliteration"},
            ]
        },
    )
    unnamed = case(owner, person={})
    with acting(owner):
        assert opened.person.initials == "M."
        assert unnamed.person.initials == ""


def test_a_language_is_added_or_changed() -> None:
    owner = person("duty_officer")
    opened = case(owner, person=CHILD)
    with acting(owner):
        for needs in (True, False):
            actions.language_set(
                person=opened.person,
                by=owner.actor(),
                at=NOW,
                language={"code": "eng", "is_main": True, "needs_interpreter": needs},
            )
        actions.language_set(
            person=opened.person, by=owner.actor(), at=NOW, language={"code": "srp"}
        )
        spoken = list(opened.person.languages.order_by("code"))
    assert [(one.code, one.is_main, one.needs_interpreter) for one in spoken] == [
        ("eng", True, False),
        ("prs", False, True),
        ("srp", False, True),
    ]


@pytest.mark.parametrize(
    ("birth", "precision", "shown"),
    [
        (None, "unknown", "–"),
        (date(2011, 5, 5), "day", "15"),
        (date(2011, 1, 1), "year", "14–15"),
        (date(2011, 1, 1), "estimated", "about 15"),
    ],
)
def test_an_age_is_shown_as_well_as_it_is_known(
    birth: date | None, precision: str, shown: str
) -> None:
    someone = Person(birth_date=birth, birth_precision=precision)
    assert someone.shown_age(date(2026, 11, 23)) == shown
