"""Somebody was met: the fields of `cases.forms` in the order of a conversation on a pavement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation
from spona.cases import codes
from spona.cases.forms import EncounterForm, LightContactForm, NamedField


def with_a_centre() -> QuerySet[Organisation, Any]:
    """Municipalities for which a centre for social work is competent."""
    centres = Organisation.objects.filter(type__code="CSR", suspended_at=None)
    return centres.values("covers")


def _places() -> list[tuple[str, str]]:
    """Nothing is chosen beforehand: a place that nobody chose is worse than none."""
    return [("", "–"), *codes.choices(codes.places())]


def _seen_where() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Where the person was met"), choices=_places)


class _Asked(forms.BaseForm):
    """Fields that are asked first; the others are folded away."""

    FIRST: tuple[str, ...] = ()

    def first(self) -> list[BoundField]:
        return [self[name] for name in self.FIRST]

    def more(self) -> list[BoundField]:
        """What can wait or is rarely known; hidden fields are not among it."""
        return [field for field in self.visible_fields() if field.name not in self.FIRST]

    def more_is_wrong(self) -> bool:
        """What is folded away must not hide a mistake."""
        return any(field.errors for field in self.more())


class LightForm(LightContactForm, _Asked):
    """Forty seconds: a place, and what one happens to know."""

    FIRST = ("seen_where", "age_said", "language", "safety_information_given")
    seen_where = _seen_where()


class ChildForm(EncounterForm, _Asked):
    """Four facts, the place that decides which centre is told, and what else is known."""

    FIRST = (
        *("seen_where", "age_said", "age_not_said"),
        *("language", "danger_now", "municipality"),
    )
    seen_where = _seen_where()
    municipality = NamedField(
        label=_("Municipality"),
        help_text=_("The centre for social work of this place will be told."),
        queryset=Municipality.objects.filter(pk__in=with_a_centre()),
    )
    field_order = (
        "seen_where", "age_said", "age_not_said", "language", "danger_now", "municipality",
        "occurred_at", "place_note", "name_said", "sex", "alone", "wants_asylum", "onward_risk",
        "needs", "safety_information_given", "note", "client_token",
    )  # fmt: skip
