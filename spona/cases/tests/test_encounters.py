"""A meeting is written down once, and forgotten in time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from spona.accounts.tests.factories import MunicipalityFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions, tasks
from spona.cases.models import Encounter
from spona.cases.tests.factories import NOW, acting, case, encounter

pytestmark = pytest.mark.django_db
LIGHT: dict[str, Any] = {"kind": "light", "age_said": None, "language": ""}


def test_a_child_is_recorded_with_four_facts() -> None:
    worker = person("outreach_worker")
    met = encounter(worker, danger_now=True, needs=["food"])
    with acting(worker):
        found = Encounter.objects.visible_to(worker.actor()).get()
    assert found == met
    assert (found.seen_where, found.age_said, found.language) == ("road", 15, "prs")
    assert found.danger_now
    assert found.recorded_by_name == worker.user.name


def test_a_light_contact_asks_only_where() -> None:
    assert encounter(person("outreach_worker"), **LIGHT).pk


def test_a_light_contact_has_no_name() -> None:
    with pytest.raises(Refused, match="without a name"):
        encounter(person("outreach_worker"), **LIGHT, name_said="Sintetički")


def test_of_a_child_the_language_is_asked() -> None:
    with pytest.raises(Refused, match="which language"):
        encounter(person("outreach_worker"), language="")


def test_a_child_that_does_not_say_its_age_is_recorded_all_the_same() -> None:
    assert encounter(person("outreach_worker"), age_said=None).age_said is None


@pytest.mark.parametrize(
    "unknown",
    [{"seen_where": "moon"}, {"language": "xxx"}, {"needs": ["gold"]}, {"kind": "other"}],
)
def test_codes_are_from_the_lists(unknown: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="from the list"):
        encounter(person("outreach_worker"), **unknown)


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (NOW + timedelta(minutes=1), "cannot be after today"),
        (NOW - timedelta(days=731), "more than two years ago"),
    ],
)
def test_an_impossible_moment_is_told_in_one_sentence(when: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        encounter(person("outreach_worker"), occurred_at=when)


@pytest.mark.parametrize("role", ["guardian", "coordinator", "director"])
def test_a_role_that_meets_nobody_records_nothing(role: str) -> None:
    with pytest.raises(NotAllowed):
        encounter(person(role))


def test_the_same_encounter_sent_twice_is_one() -> None:
    worker, token = person("outreach_worker"), uuid.uuid4()
    first = encounter(worker, client_token=token)
    again = encounter(worker, client_token=token, age_said=16)
    assert again == first
    assert again.age_said == 15
    with acting(worker):
        assert Encounter.objects.count() == 1


def test_a_token_of_another_institution_says_nothing() -> None:
    token = uuid.uuid4()
    first = encounter(person("outreach_worker"), client_token=token)
    assert encounter(person("outreach_worker"), client_token=token) != first


def test_other_institutions_do_not_see_an_encounter() -> None:
    encounter(person("outreach_worker"))
    stranger = person("outreach_worker")
    with acting(stranger):
        assert not Encounter.objects.exists()
        assert not Encounter.objects.visible_to(stranger.actor()).exists()


def test_after_ninety_days_nothing_says_who_it_was() -> None:
    worker, long_ago = person("outreach_worker"), NOW - timedelta(days=91)
    town = MunicipalityFactory.create()
    old = encounter(
        worker,
        at=long_ago,
        name_said="Sintetički",
        note="kod pumpe",
        place_note="iza pumpe",
        wants_asylum=True,
        needs=["food", "medical"],
        municipality=town,
    )
    young = encounter(worker, name_said="Sintetička")
    assert tasks.anonymise_old(NOW) == 1
    assert tasks.anonymise_old(NOW) == 0
    with acting(worker):
        old.refresh_from_db()
        young.refresh_from_db()
        assert Event.objects.count() == 0  # the log is read through cases, and there is none
    assert (old.name_said, old.note, old.place_note, old.wants_asylum) == ("", "", "", None)
    assert old.needs == ["food"]
    assert (old.occurred_at.day, old.municipality) == (31, town)  # 1 August in Belgrade
    assert old.anonymised_at == NOW
    assert young.name_said == "Sintetička"


def test_a_case_keeps_its_link_to_an_anonymised_encounter() -> None:
    owner = person("duty_officer")
    met = encounter(owner, at=NOW - timedelta(days=100), name_said="Sintetički")
    opened = case(owner, encounter_id=met.pk)
    tasks.anonymise_old(NOW)
    with acting(owner):
        assert Encounter.objects.get(pk=opened.encounter_id or 0).name_said == ""
        assert opened.person.initials == "S. D."


def test_a_code_that_left_the_list_is_forgotten_too() -> None:
    worker = person("outreach_worker")
    met = encounter(worker)
    with acting(worker), rls.engine_room():
        met.needs = ["food", "no_longer_listed"]
        assert actions.encounter_anonymise(encounter=met, at=NOW).needs == ["food"]
