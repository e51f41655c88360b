"""Why a duty cannot be done now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.cases import codes

OTHER = "other"


def _obstacles() -> list[tuple[str, str]]:
    return codes.choices(codes.obstacles())


class ObstacleForm(forms.Form):
    """`cleaned_data` goes to `obstacle_record`; `other` asks for words."""

    code = forms.ChoiceField(
        label=_("What stands in the way"), choices=_obstacles, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In your words"),
        help_text=_("Colleagues on the case read it. No names."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("code") == OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in your words what stands in the way."))
        return cleaned
