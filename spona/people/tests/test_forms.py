"""Dates of birth as people type them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from spona.people.forms import NameForm, PersonForm
from spona.people.rules import Birth, Precision

TODAY = date(2026, 11, 23)


def form(**typed: Any) -> PersonForm:
    return PersonForm({"birth_declared_by": "child", "sex": "m"} | typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ({}, Birth(None, Precision.UNKNOWN)),
        ({"year": "2011"}, Birth(date(2011, 1, 1), Precision.YEAR)),
        (
            {"day": "5", "month": "6", "year": "2011"},
            Birth(date(2011, 6, 5), Precision.DAY),
        ),
        ({"age_said": "15"}, Birth(date(2011, 1, 1), Precision.ESTIMATED)),
        ({"age_said": "15", "year": "2012"}, Birth(date(2012, 1, 1), Precision.YEAR)),
    ],
)
def test_a_birth_is_read(typed: dict[str, str], birth: Birth) -> None:
    read = form(**typed)
    assert read.is_valid(), read.errors
    assert read.cleaned_data["birth"] == birth


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"day": "31", "month": "2", "year": "2011"},
            "There is no such day in the calendar.",
        ),
        ({"year": "2027"}, "The date of birth cannot be after today."),
        ({"year": "1900"}, "Nobody is older than 120 years."),
        ({"age_said": "130"}, "Nobody is older than 120 years."),
        ({"day": "5"}, "Write the year, the year and month, or the whole date."),
    ],
)
def test_an_impossible_birth_is_one_sentence(typed: dict[str, str], sentence: str) -> None:
    assert form(**typed).errors == {"year": [sentence]}


def test_what_is_no_number_is_one_mistake() -> None:
    assert list(form(year="kasno").errors) == ["year"]


def test_a_country_is_two_letters() -> None:
    read = form(country_said="af")
    assert read.is_valid()
    assert read.cleaned_data["country_said"] == "AF"
    assert "country_said" in form(country_said="Avganistan").errors


def test_a_name_has_at_least_one_part() -> None:
    assert NameForm({"given": "Milad", "script": "Latn", "kind": "said"}).is_valid()
    assert NameForm({"script": "Latn", "kind": "said"}).non_field_errors() == [
        "Write a given name or a family name."
    ]
