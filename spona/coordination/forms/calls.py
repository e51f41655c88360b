"""A call to the on-call number, and the taking over of a notification."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spona.cases.forms import moment_field, yes_no_field

FUTURE = _("The event cannot be later than now. Give the time when it happened.")


class _HappenedForm(forms.Form):
    """Something that happened at a moment, at the latest `at`, which is proposed."""

    moment = ""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields[self.moment].initial = at

    def _past(self) -> datetime:
        happened: datetime = self.cleaned_data[self.moment]
        if happened > self.at:
            raise ValidationError(str(FUTURE))
        return happened


class CallForm(_HappenedForm):
    """`cleaned_data` goes to `call_record`. Who answered is named, or nobody was told."""

    moment = "called_at"

    answered = yes_no_field(_("Did anybody answer?"), required=True)
    spoke_with = forms.CharField(
        label=_("Who answered"),
        help_text=_("First name, surname and function."),
        max_length=200,
        required=False,
    )
    called_at = moment_field(_("When you called"))

    def clean_called_at(self) -> datetime:
        return self._past()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answered") and not cleaned.get("spoke_with"):
            self.add_error("spoke_with", _("Write who answered: the name makes it a notification."))
        return cleaned


class ClaimForm(_HappenedForm):
    """A named person takes over: since when, and the number under which it is filed."""

    moment = "occurred_at"

    occurred_at = moment_field(_("Since when you have taken over"))
    danger = yes_no_field(_("Are the child's life, health or development in danger?"))
    intake_number = forms.CharField(
        label=_("Number of the intake sheet"), max_length=80, required=False
    )

    def clean_occurred_at(self) -> datetime:
        return self._past()
