"""Facts that became known, each typed as its rule book says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.base.script import said
from spona.cases.forms import day_field, moment_field, yes_no_field
from spona.cases.models import LegalBasis
from spona.conduct.book import Book, Fact
from spona.coordination.forms.acts import FUTURE, TOO_EARLY
from spona.coordination.models import Referral

NOTHING = _("Fill in at least one fact that you know.")
OLDEST = 120
# Facts that no question of the book asks about: sending writes them, from columns of ours.
WRITTEN: Mapping[str, Iterable[tuple[str, str | Promise]]] = {
    "urgency": Referral.Urgency.choices,
    "basis_kind": LegalBasis.Kind.choices,
}


def choices_of(book: Book, fact: Fact) -> dict[str, str]:
    """The values of a coded fact in words: those of the question that establishes it."""
    asked = (one for act in book.acts.values() for one in act.form if one.sets == fact.key)
    words = {key: said(label) for one in asked for key, label in one.choices.items()}
    words = words or {key: str(label) for key, label in WRITTEN.get(fact.key, ())}
    return {value: words.get(value, value) for value in fact.values}


class FactForm(forms.Form):
    """`facts` of `book` are asked; what is left empty stays. `at` is now, `since` the first
    contact."""

    may_be_unknown = True

    def __init__(
        self,
        *args: Any,
        book: Book,
        facts: Iterable[Fact],
        at: datetime,
        since: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.facts, self.at, self.since = list(facts), at, since
        for fact in self.facts:
            self.fields[f"f_{fact.key}"] = _field(book, fact)
        self.fields["occurred_at"] = moment_field(
            _("Since when this is known"),
            initial=at,
            help_text=_("Terms that follow from it run from this time."),
        )

    def clean_occurred_at(self) -> datetime:
        occurred_at: datetime = self.cleaned_data["occurred_at"]
        if occurred_at == self.at.replace(second=0, microsecond=0):
            return self.at
        if occurred_at > self.at:
            raise ValidationError(FUTURE)
        if occurred_at < self.since:
            raise ValidationError(TOO_EARLY)
        return occurred_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.known():
            raise ValidationError(NOTHING)
        return cleaned

    def known(self) -> dict[str, Any]:
        """The facts that were filled in, as an event keeps them."""
        values = {fact.key: self.cleaned_data.get(f"f_{fact.key}") for fact in self.facts}
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in values.items()
            if value not in (None, "")
        }


def _field(book: Book, fact: Fact) -> forms.Field:
    label = said(fact.label)
    if fact.type == "boolean":
        return yes_no_field(label)
    if fact.type == "integer":
        return forms.IntegerField(label=label, min_value=0, max_value=OLDEST, required=False)
    if fact.type == "date":
        return day_field(label, required=False)
    if fact.type == "datetime":
        return moment_field(label, required=False)
    choices = [("", "–"), *choices_of(book, fact).items()]
    return forms.ChoiceField(label=label, choices=choices, required=False)
