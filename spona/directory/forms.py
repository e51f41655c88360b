"""What is asked of the directory and typed about a service; nothing is saved here.

`cleaned_data` has the names and types that `matching` and the actions take.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality
from spona.directory import codes
from spona.directory.models import Service
from spona.names.order import sort_key

OLDEST = 120
NOTHING = ("", "–")


def _towns() -> list[tuple[str, str]]:
    """In Serbian alphabetical order, which the database does not know."""
    named = [(town.key, str(town)) for town in Municipality.objects.all()]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def _kinds() -> list[tuple[str, str]]:
    named = [(key, str(kind)) for key, kind in codes.service_kinds().items()]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def _needs() -> list[tuple[str, str]]:
    """The short list of a first meeting, and what services of some kind usually answer."""
    usual = {need for kind in codes.service_kinds().values() for need in kind.needs}
    return [
        (key, str(need))
        for key, need in codes.needs_by_key().items()
        if key in usual or need.system == codes.OWN
    ]


def _languages() -> list[tuple[str, str]]:
    return codes.choices(codes.languages())


class FilterForm(forms.Form):
    """For whom a service is sought. Sent by POST: what somebody needs stands in no address."""

    need = forms.ChoiceField(label=_("Need"), choices=lambda: [NOTHING, *_needs()], required=False)
    town = forms.ChoiceField(
        label=_("Where the person is"), choices=lambda: [NOTHING, *_towns()], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [NOTHING, *_languages()], required=False
    )
    age = forms.IntegerField(label=_("Age"), min_value=0, max_value=OLDEST, required=False)

    def asked(self) -> dict[str, Any]:
        """What `matching` takes; nothing of what was left empty, and all empty is nothing."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        need, town, language = (given.get(name) for name in ("need", "town", "language"))
        asked = {
            "needs": (need,) if need else (),
            "municipality": Municipality.objects.filter(key=town).first() if town else None,
            "languages": (language,) if language else (),
            "age": given.get("age"),
        }
        return {name: value for name, value in asked.items() if value not in ((), None)}


class ServiceForm(forms.Form):
    """A service of one's own institution; `draft` goes to the actions."""

    name_sr = forms.CharField(
        label=_("Name of the service"),
        max_length=200,
        error_messages={"required": _("Write what the service is called.")},
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: [NOTHING, *_kinds()])
    needs = forms.MultipleChoiceField(
        label=_("Needs that it answers"),
        help_text=_("Left empty, it answers what services of this kind usually do."),
        choices=_needs,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    nationwide = forms.BooleanField(label=_("Works in the whole country"), required=False)
    covers = forms.MultipleChoiceField(
        label=_("Towns in which it works"),
        choices=_towns,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that are spoken, interpreters included"),
        choices=_languages,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    minimum_age = forms.IntegerField(
        label=_("From the age of"), min_value=0, max_value=OLDEST, required=False
    )
    maximum_age = forms.IntegerField(
        label=_("To the age of"), min_value=0, max_value=OLDEST, required=False
    )
    sex = forms.ChoiceField(
        label=_("For whom"), choices=Service.Sex.choices, initial=Service.Sex.ANY
    )
    for_children = forms.BooleanField(label=_("Made for children"), required=False)
    accepts_referrals = forms.BooleanField(
        label=_("Other institutions may refer people here"), required=False, initial=True
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail at work"), required=False)
    hours = forms.CharField(label=_("Opening hours"), max_length=200, required=False)
    layer = forms.ChoiceField(
        label=_("Sensitive because of"),
        help_text=_("A sensitive service is shown only to those who work on cases."),
        choices=Service.Layer.choices,
        initial=Service.Layer.GENERAL,
    )
    public = forms.BooleanField(
        label=_("May be shown to the public"),
        help_text=_("Never where somebody sleeps."),
        required=False,
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, kept: tuple[str, ...] = (), **kwargs: Any) -> None:
        """`kept` are needs of the service that the list does not offer: they are not lost."""
        super().__init__(*args, **kwargs)
        offered = dict(_needs())
        more = [(key, str(codes.needs_by_key().get(key, key))) for key in kept]
        more = [choice for choice in more if choice[0] not in offered]
        self.fields["needs"].choices = [*offered.items(), *more]  # type: ignore[attr-defined]

    def clean_covers(self) -> list[Municipality]:
        return list(Municipality.objects.filter(key__in=self.cleaned_data["covers"]))

    def draft(self) -> dict[str, Any]:
        return {name: said for name, said in self.cleaned_data.items() if name != "row_version"}


class CapacityForm(forms.Form):
    """One tap; that nobody knows is not something one says."""

    capacity = forms.ChoiceField(
        choices=[one for one in Service.Capacity.choices if one[0] != Service.Capacity.UNKNOWN]
    )
