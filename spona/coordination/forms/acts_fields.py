"""The questions of an act, as fields of a form, and the answers as they are kept in the event.

A question of the rule book is a field `q_<key>`; a person and a place are asked by a choice and,
beside it, in words. An answer is JSON: texts, numbers, ISO dates, `{"user": id, "name", "phone"}`,
`{"centre": id}` or `{"name"}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.base.script import said
from spona.cases.forms import day_field, moment_field, yes_no_field
from spona.conduct.book import Field

Choices = Sequence[tuple[str, Any]]
ELSE = "else"  # the choice "somebody or somewhere else, in words"


@dataclass(frozen=True, slots=True)
class Chooser:
    """Whom and where one may choose: value and words, and for a value what the event keeps."""

    persons: Choices = ()
    places: Choices = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def name_of(question: Field) -> str:
    return f"q_{question.key}"


def fields_of(question: Field, chooser: Chooser, *, files: bool) -> dict[str, forms.Field]:
    """The form fields of a question, by name; none for a file where no file can be kept."""
    if question.type == "document" and not files:
        return {}
    name, label = name_of(question), said(question.label)
    if question.type == "person":
        return _person(name, label, question, chooser)
    if question.type == "place":
        return _place(name, label, question, chooser)
    return {name: MAKERS[question.type](question, label)}


def _text(question: Field, label: str) -> forms.Field:
    return forms.CharField(label=label, max_length=300, required=question.required)


def _long_text(question: Field, label: str) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, widget=area, max_length=4000, required=question.required)


def _boolean(question: Field, label: str) -> forms.Field:
    return yes_no_field(label, required=question.required)


def _date(question: Field, label: str) -> forms.Field:
    return day_field(label, required=question.required)


def _datetime(question: Field, label: str) -> forms.Field:
    return moment_field(label, required=question.required)


def _code(question: Field, label: str) -> forms.Field:
    choices = [(key, said(words)) for key, words in question.choices.items()]
    if not question.required:
        choices.append(("", str(_("Not known"))))
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=question.required
    )


def _document(question: Field, label: str) -> forms.Field:
    return forms.FileField(
        label=label,
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB. If the page comes back, choose the file again."
        ),
        required=question.required,
    )


MAKERS: dict[str, Callable[[Field, str], forms.Field]] = {
    "text": _text,
    "long_text": _long_text,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "code": _code,
    "document": _document,
}


def _person(name: str, label: str, question: Field, chooser: Chooser) -> dict[str, forms.Field]:
    choices = [*chooser.persons, (ELSE, _("Somebody else: write the name"))]
    return {
        name: forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, required=question.required
        ),
        f"{name}_name": forms.CharField(
            label=_("Name and surname, if not on the list"), max_length=120, required=False
        ),
        f"{name}_phone": forms.CharField(label=_("Telephone"), max_length=40, required=False),
    }


def _place(name: str, label: str, question: Field, chooser: Chooser) -> dict[str, forms.Field]:
    choices = [("", "–"), *chooser.places, (ELSE, _("Another place: write it below"))]
    return {
        name: forms.ChoiceField(label=label, choices=choices, required=question.required),
        f"{name}_name": forms.CharField(
            label=_("Place, if not on the list"), max_length=200, required=False
        ),
    }


def answer_of(question: Field, cleaned: Mapping[str, Any], chooser: Chooser) -> Any:
    """What the event keeps; none where nothing was answered."""
    name = name_of(question)
    value = cleaned.get(name)
    if question.type in ("person", "place"):
        return _chosen(question, name, value, cleaned, chooser)
    if question.type == "document":
        return None  # kept as a file; its number is put into the form by the action
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value in ("", None) else value


def _chosen(
    question: Field, name: str, value: Any, cleaned: Mapping[str, Any], chooser: Chooser
) -> Mapping[str, Any] | None:
    if value and value != ELSE:
        return chooser.answers[value]
    written = str(cleaned.get(f"{name}_name", "")).strip()
    if not written:
        return None
    phone = {"phone": cleaned.get(f"{name}_phone", "")} if question.type == "person" else {}
    return {"name": written} | phone
