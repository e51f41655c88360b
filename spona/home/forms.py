"""What is typed into the search."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name in any script, or case code"),
        max_length=100,
        error_messages={"required": _("Write a name or a case code.")},
    )
