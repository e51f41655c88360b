"""A handover as it is typed: to whom, why, when; a piece of the file; whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.cases.forms import NamedField, moment_field
from spona.cases.models import Case

OTHER = "other"
SIBLINGS_WHY = _("Say why the brothers or sisters do not go along.")


class HandoverForm(forms.Form):
    """`proposed` are the centres that may be competent, each with its ground in words; any other
    centre may be chosen. `siblings` are the linked cases of this centre that may go along."""

    proposal = forms.ChoiceField(label=_("To which centre"), widget=forms.RadioSelect)
    other = NamedField(
        label=_("Another centre"), queryset=Organisation.objects.none(), required=False
    )
    moved = forms.ChoiceField(
        label=_("Has the child been moved already?"),
        choices=(("no", _("No, the move is planned")), ("yes", _("Yes, the child is there"))),
        widget=forms.RadioSelect,
    )
    planned_for = moment_field(_("When the move is planned"), required=False)
    where_to = forms.CharField(label=_("Where the child is now"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Why the child is moved"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    spoken_to = forms.CharField(
        label=_("With whom you spoke there by telephone"), max_length=200, required=False
    )

    def __init__(
        self,
        *args: Any,
        proposed: Sequence[tuple[Organisation, str]],
        siblings: Sequence[tuple[Case, str]],
        owner_id: int,
        at: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.linked = at, list(siblings)
        offered = [(str(one.pk), f"{one} – {words}") for one, words in proposed]
        self.fields["proposal"].choices = [*offered, (OTHER, _("another centre"))]  # type: ignore[attr-defined]
        centres = Organisation.objects.filter(type__code="CSR", suspended_at=None)
        self.fields["other"].queryset = centres.exclude(pk=owner_id)  # type: ignore[attr-defined]
        if not offered:
            del self.fields["proposal"]
            self.fields["other"].label = _("To which centre")
            self.fields["other"].required = True
        if self.linked:
            self.fields["siblings"] = forms.MultipleChoiceField(
                label=_("Brothers and sisters who go along"),
                choices=[(str(case.pk), words) for case, words in self.linked],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("Siblings are never split by separate files."),
            )
            self.fields["siblings_stay"] = forms.CharField(
                label=_("If some stay: why"), max_length=400, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        elsewhere = cleaned.get("proposal", OTHER) == OTHER and "proposal" not in self.errors
        if elsewhere and not cleaned.get("other"):
            self.add_error("other", _("Choose the centre."))
        if cleaned.get("moved") == "no" and not cleaned.get("planned_for"):
            self.add_error("planned_for", _("Write when the move is planned."))
        left = len(self.linked) - len(cleaned.get("siblings") or ())
        if left and not cleaned.get("siblings_stay"):
            self.add_error("siblings_stay", SIBLINGS_WHY)
        return cleaned

    def receiving(self) -> Organisation:
        chosen = self.cleaned_data.get("proposal", OTHER)
        if chosen != OTHER:
            return Organisation.objects.get(pk=int(chosen))
        other: Organisation = self.cleaned_data["other"]
        return other

    def going_along(self) -> list[Case]:
        picked = set(self.cleaned_data.get("siblings") or ())
        return [case for case, _words in self.linked if str(case.pk) in picked]


class ItemForm(forms.Form):
    what = forms.CharField(label=_("Piece of the file"), max_length=200)
    registry_number = forms.CharField(label=_("Registry number"), max_length=80, required=False)


class TickForm(forms.Form):
    missing = forms.TypedChoiceField(
        label=_("Has it arrived?"),
        choices=(("no", _("received")), ("yes", _("missing"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)
