"""Who stands in for whom, from when until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Membership, Organisation, Substitution, User
from spona.base.actor import Actor

MOMENT = "%Y-%m-%dT%H:%M"


class SubstitutionForm(forms.Form):
    """`absent` is asked only of those who plan for colleagues; anybody else is away oneself."""

    absent = forms.ModelChoiceField(
        label=_("Who is away"),
        queryset=User.objects.none(),
        empty_label="–",
        error_messages={
            "required": _("Choose who is away."),
            "invalid_choice": _("This person is not with your organisation."),
        },
    )
    substitute = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        empty_label="–",
        error_messages={
            "required": _("Choose who stands in."),
            "invalid_choice": _("This person is not with your organisation."),
        },
    )
    from_at = forms.DateTimeField(
        label=_("Away from"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": _("Say from when."),
            "invalid": _("Write the day and the time from which somebody stands in."),
        },
    )
    until_at = forms.DateTimeField(
        label=_("Away until"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": _("Say until when. It ends then by itself."),
            "invalid": _("Write the day and the time until which somebody stands in."),
        },
    )

    def __init__(
        self,
        typed: Mapping[str, Any] | None,
        *,
        organisation: Organisation,
        by: Actor,
        for_others: bool,
        at: datetime,
    ) -> None:
        super().__init__(typed, initial={"from_at": timezone.localtime(at)})
        self.organisation, self.by, self.at = organisation, by, at
        working = Membership.objects.active().filter(organisation=organisation)
        people = User.objects.filter(pk__in=working.values("user")).order_by("name")
        self.fields["absent"].queryset = people  # type: ignore[attr-defined]
        self.fields["substitute"].queryset = people  # type: ignore[attr-defined]
        if not for_others:
            del self.fields["absent"]
            self.fields["substitute"].queryset = people.exclude(pk=by.user_id or 0)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        typed.setdefault("absent", User.objects.get(pk=self.by.user_id or 0))
        planned = Substitution(organisation=self.organisation, **typed)
        planned.from_at = max(planned.from_at, self.at)
        try:
            planned.clean()
        except ValidationError as error:
            self._put(error)
        return typed

    def _put(self, error: ValidationError) -> None:
        """At its field, or above the form where the field is not asked for."""
        for field, sentences in error.message_dict.items():
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)
