"""What is typed about encounters and cases, parsed and checked; nothing is saved here.

`cleaned_data` of each form has the names and types that its action takes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation
from spona.cases import codes, rules
from spona.cases.actions.encounters import EVENT_SENTENCES
from spona.cases.models import Document, Need
from spona.names.order import sort_key
from spona.people.models import Person

OLDEST_SAID = 120
NO_AGE = _("Write the age as said, or mark that the child does not say it.")
MOMENT = "%Y-%m-%dT%H:%M"
NOTHING = ("", "–")  # nothing is chosen for anybody: a slip must not become a fact
YES_NO = (("yes", _("Yes")), ("no", _("No")))
YES_NO_UNKNOWN = (*YES_NO, ("", _("Not known")))


class _InOrder(ModelChoiceIterator):  # type: ignore[type-arg]
    """Choices in Serbian alphabetical order, which the database does not know."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        found = [self.choice(one) for one in self.queryset]
        yield from sorted(found, key=lambda choice: sort_key(str(choice[1])))


class NamedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A municipality or an institution."""

    iterator = _InOrder

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_label="–", **options)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """A day and a time, as local time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, **options)


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _as_bool(value: str) -> bool:
    return value == "yes"


def yes_no_field(label: Any, *, required: bool = False) -> forms.TypedChoiceField:
    """Yes, no, and where it need not be known, not known: `None`."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO if required else YES_NO_UNKNOWN,
        coerce=_as_bool,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
    )


def _places() -> list[tuple[str, str]]:
    return [NOTHING, *codes.choices(codes.places())]


def _languages() -> list[tuple[str, str]]:
    return [NOTHING, *codes.choices(codes.languages())]


def _first_needs() -> list[tuple[str, str]]:
    return [(code.code, str(code)) for code in codes.need_systems()[codes.OWN].codes]


def _all_needs() -> list[tuple[str, Any]]:
    """Grouped by system; systems of which nothing may be recorded are left out."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for (system, code), need in codes.needs().items():
        name = str(codes.need_systems()[system].name)
        groups.setdefault(name, []).append((f"{system}:{code}", str(need)))
    return [NOTHING, *groups.items()]


class LightContactForm(forms.Form):
    """Forty seconds, no name. `at` is now; `cleaned_data` goes to `encounter_record`."""

    may_be_unknown = True

    seen_where = forms.ChoiceField(label=_("Where the person was met"), choices=_places)
    municipality = NamedField(
        label=_("Municipality"), queryset=Municipality.objects.all(), required=False
    )
    occurred_at = moment_field(_("When"))
    age_said = forms.IntegerField(
        label=_("Age, as said"), min_value=0, max_value=OLDEST_SAID, required=False
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    needs = forms.MultipleChoiceField(
        label=_("Needs"),
        choices=_first_needs,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    alone = yes_no_field(_("Is the person alone?"))
    onward_risk = yes_no_field(_("Does the person want to travel on tonight?"))
    safety_information_given = forms.BooleanField(
        label=_("Safety information was given"), required=False
    )
    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["occurred_at"].initial = at

    def clean_occurred_at(self) -> datetime:
        occurred_at: datetime = self.cleaned_data["occurred_at"]
        fault = rules.event_fault(occurred_at, at=self.at)
        if fault:
            raise ValidationError(str(EVENT_SENTENCES[fault]))
        return occurred_at


class EncounterForm(LightContactForm):
    """A child was met. Four facts are asked: where, age as said, language, danger now."""

    age_not_said = forms.BooleanField(label=_("The child does not say its age"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=_languages)
    danger_now = yes_no_field(_("Is the child in danger now?"), required=True)
    name_said = forms.CharField(label=_("Name, as said"), max_length=120, required=False)
    place_note = forms.CharField(
        label=_("The place, in words"),
        help_text=_("So that a colleague finds it. Never an address of people."),
        max_length=200,
        required=False,
    )
    wants_asylum = yes_no_field(_("Does the child say it wants asylum?"))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Not: why the person fled, who took it here, what was done to it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    field_order = (
        "seen_where", "age_said", "age_not_said", "language", "danger_now", "name_said", "sex",
        "municipality", "place_note", "occurred_at", "needs", "alone", "onward_risk",
        "wants_asylum", "safety_information_given", "note", "client_token",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        not_said = cleaned.pop("age_not_said", False)
        if not_said:
            cleaned["age_said"] = None
        elif cleaned.get("age_said") is None and "age_said" not in self.errors:
            self.add_error("age_said", str(NO_AGE))
        return cleaned


class NoteForm(forms.Form):
    """A note; `row_version` is what a correction was made from."""

    text = forms.CharField(
        label=_("Note"),
        help_text=_("Everybody who sees the case reads it."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the text of the note.")},
    )


class CorrectionForm(NoteForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class NeedForm(forms.Form):
    """A need by its code; `cleaned_data` goes to `need_add`."""

    need = forms.ChoiceField(label=_("Need"), choices=_all_needs)
    source = forms.ChoiceField(label=_("How you know"), choices=[NOTHING, *Need.Source.choices])
    expires_on = day_field(_("Look at it again on"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_expires_on(self) -> date | None:
        expires_on: date | None = self.cleaned_data["expires_on"]
        if expires_on is not None and expires_on <= self.today:
            raise ValidationError(_("Choose a day after today."))
        return expires_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "need" in cleaned:
            cleaned["system"], _colon, cleaned["code"] = cleaned.pop("need").partition(":")
        return cleaned


class DocumentForm(forms.Form):
    """A file for the case. What is in it is checked by the action."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=[NOTHING, *Document.Kind.choices])
    registry_number = forms.CharField(label=_("Registry number"), max_length=80, required=False)
    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG or WebP, at most 10 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )


class ConferenceForm(forms.Form):
    planned_at = moment_field(_("When"))


class ParticipantForm(forms.Form):
    name = forms.CharField(label=_("Name and surname"), max_length=120)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    organisation = NamedField(
        label=_("Institution"), queryset=Organisation.objects.all(), required=False
    )


class MinutesForm(forms.Form):
    """What was said and when; `at` is now."""

    held_at = moment_field(_("When it was held"))
    minutes = forms.CharField(
        label=_("Minutes"),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write the minutes.")},
    )


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("What was decided"), max_length=400)
    organisation = NamedField(
        label=_("Who does it"), queryset=Organisation.objects.all(), required=False
    )
    due_on = day_field(_("By which day"), required=False)


ParticipantFormSet = forms.formset_factory(ParticipantForm, extra=4, max_num=20)
DecisionFormSet = forms.formset_factory(DecisionForm, extra=3, max_num=20)


def filled(rows: forms.BaseFormSet[Any]) -> list[Any]:
    """What was typed into the rows that were not left empty, as drafts for the action."""
    return [row.cleaned_data for row in rows if row.has_changed()]
