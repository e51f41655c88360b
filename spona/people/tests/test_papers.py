"""The father's name and the numbers of papers: written through a case, seen like names."""

from __future__ import annotations

from typing import Any

import pytest

from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases.tests.factories import CHILD, NOW, acting, case
from spona.people import actions
from spona.people.forms import DocumentNumberForm
from spona.people.models import Person, PersonDocument

pytestmark = pytest.mark.django_db

PAPER: dict[str, Any] = {"kind": "passport", "number": " SINTETIČKI 000 ", "country": "AF"}


def test_the_father_is_written_with_the_child_and_corrected() -> None:
    owner = person("duty_officer")
    opened = case(owner, person=CHILD | {"father": "  Sintetički Otac "})
    with acting(owner):
        assert Person.objects.get(pk=opened.person_id).father == "Sintetički Otac"
        actions.person_correct(
            person=opened.person, by=owner.actor(), at=NOW, row_version=1, father="نمونه"
        )
        assert Person.objects.get(pk=opened.person_id).father == "نمونه"
    with rls.engine_room():
        assert Event.objects.get(verb="person_correct").detail == {"fields": ["father"]}


def test_a_number_is_written_once_and_the_log_has_only_its_kind() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        for _again in range(2):
            written = actions.document_number_add(
                person=opened.person, by=owner.actor(), at=NOW, **PAPER
            )
        assert written.number == "SINTETIČKI 000"
        assert PersonDocument.objects.count() == 1
    with rls.engine_room():
        assert Event.objects.get(verb="document_number_add").detail == {"kind": "passport"}


def test_a_paper_without_a_number_is_refused() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match="number"):
        actions.document_number_add(
            person=opened.person, by=owner.actor(), at=NOW, kind="other", number="  "
        )


def test_a_stranger_and_a_role_without_cases_add_no_number_and_see_none() -> None:
    owner, colleague = person("duty_officer"), person("director")
    opened = case(owner)
    with acting(owner):
        actions.document_number_add(person=opened.person, by=owner.actor(), at=NOW, **PAPER)
    for other in (person("duty_officer"), colleague):
        with acting(other):
            assert not PersonDocument.objects.exists()
            with pytest.raises(NotAllowed):
                actions.document_number_add(person=opened.person, by=other.actor(), at=NOW, **PAPER)


def test_the_country_of_a_paper_is_two_letters() -> None:
    assert DocumentNumberForm(PAPER | {"country": "af"}).is_valid()
    assert not DocumentNumberForm(PAPER | {"country": "Avganistan"}).is_valid()
