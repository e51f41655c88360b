"""What people type about a person: a date of birth in parts, a name, a language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spona.people.actions import NO_NAME, SENTENCES, NameDraft
from spona.people.models import Person, PersonDocument, PersonName
from spona.people.rules import Birth, ImpossibleBirth, birth_of_age, birth_of_parts
from spona.people.rules.scripts import Offered, offered, script_typed


class PersonForm(forms.Form):
    """Birth as day, month and year, of which any may be missing from the left, or an age said.

    After validation `cleaned_data["birth"]` is a `rules.Birth`. `today` is the local day.
    """

    may_be_unknown = True

    day = forms.IntegerField(label=_("Day of birth"), required=False)
    month = forms.IntegerField(label=_("Month of birth"), required=False)
    year = forms.IntegerField(label=_("Year of birth"), required=False)
    age_said = forms.IntegerField(
        label=_("Age, as said"),
        help_text=_("Only if no date is known. It is kept as an estimate."),
        required=False,
    )
    birth_declared_by = forms.ChoiceField(
        label=_("Who says so"), choices=Person.DeclaredBy.choices, initial=Person.DeclaredBy.CHILD
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    country_said = forms.RegexField(
        label=_("Country, as said"),
        help_text=_("Two letters, as the person says. Never a guess."),
        regex=r"^[A-Za-z]{2}$",
        required=False,
    )

    father = forms.CharField(label=_("Father's name"), max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_country_said(self) -> str:
        return str(self.cleaned_data["country_said"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = ("day", "month", "year", "age_said")
        if not any(part in self.errors for part in parts):
            try:
                cleaned["birth"] = self._birth(cleaned)
            except ImpossibleBirth as impossible:
                self.add_error("year", str(SENTENCES[impossible.fault]))
        return cleaned

    def _birth(self, cleaned: dict[str, Any]) -> Birth:
        birth = birth_of_parts(cleaned["day"], cleaned["month"], cleaned["year"], today=self.today)
        if birth.on is None and cleaned["age_said"] is not None:
            return birth_of_age(cleaned["age_said"], today=self.today)
        return birth


class NameForm(forms.Form):
    """One name; given or family may be missing, not both."""

    may_be_unknown = True

    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    script = forms.RegexField(
        label=_("Script"), regex=r"^[A-Z][a-z]{3}$", initial="Latn", empty_value="Latn"
    )
    kind = forms.ChoiceField(
        label=_("Where the name is from"), choices=PersonName.Kind.choices, initial="said"
    )
    is_main = forms.BooleanField(label=_("This is how staff call the person"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("given") or cleaned.get("family")):
            raise ValidationError(NO_NAME)
        text = f"{cleaned.get('given', '')} {cleaned.get('family', '')}"
        cleaned["script"] = script_typed(text, cleaned.get("script", ""))
        return cleaned


class OtherScriptsForm(forms.Form):
    """The same name in other scripts: suggestions, of which those that were ticked are added."""

    also = forms.MultipleChoiceField(
        label=_("In other scripts"),
        required=False,
        error_messages={
            "invalid_choice": _("The name was changed. Look at what is suggested for it now.")
        },
    )

    def __init__(self, *args: Any, given: str, family: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered(given, family)
        self.fields["also"].choices = [(one.value, one.text) for one in self.offered]  # type: ignore[attr-defined]

    def lines(self) -> list[tuple[Offered, bool]]:
        """Each suggestion, and whether it is ticked."""
        ticked = set(self["also"].value() or ())
        return [(one, one.value in ticked) for one in self.offered]

    def drafts(self) -> list[NameDraft]:
        """What was ticked, to be written as put into another script."""
        ticked = set(self.cleaned_data["also"])
        kind = PersonName.Kind.TRANSLITERATION
        return [
            NameDraft(given=one.given, family=one.family, script=one.script, kind=kind)
            for one in self.offered
            if one.value in ticked
        ]


class DocumentNumberForm(forms.Form):
    """The number of one paper."""

    may_be_unknown = True

    kind = forms.ChoiceField(label=_("Which paper"), choices=PersonDocument.Kind.choices)
    number = forms.CharField(
        label=_("Number"), help_text=_("As it stands on the paper."), max_length=64
    )
    country = forms.RegexField(
        label=_("Country that made it out"),
        help_text=_("Two letters, if it is known."),
        regex=r"^[A-Za-z]{2}$",
        required=False,
    )

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()
