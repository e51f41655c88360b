"""Blind matching: what one asks for, and what the owner decides."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.cases.codes import sharing
from spona.coordination.rules import matching as rules

ANSWER, DECLINE = "answer", "decline"


def _purposes() -> list[tuple[str, str]]:
    known = sharing.purposes()
    return [(one, str(known[one])) for one in rules.askable(known)]


class QueryForm(forms.Form):
    """The name is not asked: it is what stands in the record from which one asks."""

    purpose = forms.ChoiceField(
        label=_("What do you ask for?"),
        help_text=_("Whoever knows the child reads it and decides by it."),
        choices=_purposes,
        widget=forms.RadioSelect,
    )


class MatchForm(forms.Form):
    """What the owner of the case says."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=(
            (ANSWER, _("We work with this child: they may call us")),
            (DECLINE, _("It is another child, or we do not answer")),
        ),
        widget=forms.RadioSelect,
    )
