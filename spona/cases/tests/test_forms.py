"""What people type is read as they mean it, or answered in one clear sentence."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from spona.accounts.tests.factories import MunicipalityFactory, person
from spona.cases import actions, codes
from spona.cases.forms import (
    DocumentForm,
    EncounterForm,
    LightContactForm,
    NeedForm,
    ParticipantForm,
)
from spona.cases.models import Encounter
from spona.cases.tests.factories import NOW, acting

pytestmark = pytest.mark.django_db


def typed(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def said(**fields: Any) -> dict[str, Any]:
    return {
        "seen_where": "road",
        "occurred_at": typed(NOW),
        "sex": "unknown",
        "client_token": str(uuid.uuid4()),
        "alone": "",
        "onward_risk": "",
    } | fields


def labels(field: str) -> list[str]:
    choices: Any = LightContactForm(at=NOW).fields[field]
    return [str(label) for _value, label in choices.choices]


CHILD = {"age_said": "15", "language": "prs", "danger_now": "no", "wants_asylum": ""}


def test_a_light_contact_is_one_choice_and_a_button() -> None:
    form = LightContactForm(said(), at=NOW)
    assert form.is_valid(), form.errors
    worker = person("outreach_worker")
    with acting(worker):
        met = actions.encounter_record(
            by=worker.actor(), at=NOW, kind=Encounter.Kind.LIGHT, **form.cleaned_data
        )
    assert (met.alone, met.municipality, met.age_said) == (None, None, None)


def test_a_child_needs_four_facts_at_two_in_the_morning() -> None:
    form = EncounterForm({"seen_where": ""}, at=NOW)
    asked = {"seen_where", "age_said", "language", "danger_now"}
    assert asked <= form.errors.keys()
    assert form.errors.keys() - asked == {"occurred_at", "sex", "client_token"}  # prefilled
    form = EncounterForm(said(**CHILD, alone="yes"), at=NOW)
    assert form.is_valid(), form.errors
    worker = person("outreach_worker")
    with acting(worker):
        met = actions.encounter_record(by=worker.actor(), at=NOW, kind="child", **form.cleaned_data)
    assert (met.danger_now, met.alone, met.wants_asylum) == (False, True, None)


def test_a_child_may_not_say_its_age() -> None:
    form = EncounterForm(said(**CHILD | {"age_said": "", "age_not_said": "on"}), at=NOW)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["age_said"] is None
    silent = EncounterForm(said(**CHILD | {"age_said": ""}), at=NOW)
    assert silent.errors["age_said"] == [
        "Write the age as said, or mark that the child does not say it."
    ]
    wrong = EncounterForm(said(**CHILD | {"age_said": "150"}), at=NOW)
    assert len(wrong.errors["age_said"]) == 1


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (typed(NOW + timedelta(minutes=1)), "The date of the event cannot be after today."),
        (
            typed(NOW - timedelta(days=800)),
            "The date of the event cannot be more than two years ago.",
        ),
    ],
)
def test_an_impossible_moment_is_told_in_one_sentence(moment: str, sentence: str) -> None:
    form = LightContactForm(said(occurred_at=moment), at=NOW)
    assert form.errors["occurred_at"] == [sentence]


@pytest.mark.parametrize("moment", ["2026-02-31T10:00", "yesterday", "2026-03-29T02:30"])
def test_a_moment_that_no_calendar_has_is_one_mistake(moment: str) -> None:
    assert len(LightContactForm(said(occurred_at=moment), at=NOW).errors["occurred_at"]) == 1


def test_places_are_in_serbian_order() -> None:
    for name in ("Čačak", "Zrenjanin", "Cerak", "Žitište"):
        MunicipalityFactory.create(name_sr=name, name_en="")
    assert labels("municipality")[1:] == ["Cerak", "Čačak", "Zrenjanin", "Žitište"]


def test_words_of_codes_follow_the_page() -> None:
    needs = codes.needs()
    with translation.override("sr"):
        assert str(needs["own", "food"]) == "храна"
        assert "пут" in labels("seen_where")
    with translation.override("sr-latn"):
        assert str(needs["own", "food"]) == "hrana"
    assert str(needs["own", "food"]) == "food"
    assert "no_bed" in codes.obstacles()


def test_a_need_is_read_into_its_system_and_code() -> None:
    form = NeedForm({"need": "unhcr:FU-TR", "source": "assessed"}, today=NOW.date())
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["system"], form.cleaned_data["code"]) == ("unhcr", "FU-TR")


@pytest.mark.parametrize("need", ["", "own:gold", "iom-determinants:individual.gender_identity"])
def test_what_is_not_in_the_list_or_never_stored_cannot_be_chosen(need: str) -> None:
    assert "need" in NeedForm({"need": need, "source": "said"}, today=NOW.date()).errors


def test_a_review_is_after_today() -> None:
    form = NeedForm(
        {"need": "own:food", "source": "said", "expires_on": "2026-11-23"}, today=NOW.date()
    )
    assert form.errors["expires_on"] == ["Choose a day after today."]


def test_a_participant_may_come_from_outside_the_network() -> None:
    assert ParticipantForm({"name": "Sintetička Vera"}).is_valid()


def test_nothing_is_chosen_for_anybody() -> None:
    forms: list[Any] = [EncounterForm(at=NOW), NeedForm(today=NOW.date()), DocumentForm()]
    for form in forms:
        for name, field in form.fields.items():
            if getattr(field, "choices", None) and field.required and name != "sex":
                assert next(iter(field.choices))[0] in ("", "yes"), name
    assert forms[0]["danger_now"].value() is None
