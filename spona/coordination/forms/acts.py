"""The form of an act, made from its rule book; of its being taken back; of a party."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base.script import in_script, written_language
from spona.cases.forms import NamedField, moment_field
from spona.conduct.book import Book
from spona.conduct.text.words import nominative, upper
from spona.coordination.actions.acts import ActDraft
from spona.coordination.actions.filing import Enclosure
from spona.coordination.actions.looking import ActLook
from spona.coordination.forms.acts_fields import Chooser, answer_of, fields_of, name_of

FUTURE = _("The event cannot be later than now. Give the time when it happened.")
TOO_EARLY = _("The event cannot be earlier than the first contact. Give the time when it happened.")
REASONS = _("%(why)s Give the reasons.")
ANSWER = _("Choose one, or write it below.")


def party_label(book: Book, key: str) -> str:
    """The party as the subject of a sentence, with a capital; `anyone` has no party."""
    party = book.parties.get(key)
    return in_script(upper(nominative(party, written_language()))) if party else ""


class ActForm(forms.Form):
    """What happened, when, how it is known, who was there. `at` is now; `refused` says that the
    rules said no to what was typed."""

    refused = False

    def __init__(
        self,
        *args: Any,
        look: ActLook,
        chooser: Chooser,
        files: bool,
        deviation: Mapping[str, str],
        at: datetime,
        **kwargs: Any,
    ) -> None:
        """`deviation` says of a chosen place why it departs from the rule of placement."""
        super().__init__(*args, **kwargs)
        self.look, self.chooser, self.deviation, self.at = look, chooser, deviation, at
        self.fields["occurred_at"] = moment_field(
            _("When it happened"),
            initial=at,
            help_text=_(
                "The terms run from this time. The time of typing is kept beside it by itself."
            ),
        )
        if look.party is None:
            self.fields["source_of_knowledge"] = forms.CharField(
                label=_("How you know"),
                help_text=_(
                    "Another institution did this and you record it for them: who told you, how."
                ),
                max_length=300,
            )
        for question in look.act.form:
            self.fields.update(fields_of(question, chooser, files=files))
        self._add_present()
        self._add_reason()
        self.fields["seen"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=look.last_seq, min_value=0
        )

    def _add_present(self) -> None:
        if self.look.act.with_:
            book = self.look.version.book
            self.fields["present"] = forms.MultipleChoiceField(
                label=_("Who was present"),
                choices=[(key, party_label(book, key)) for key in self.look.act.with_],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def _add_reason(self) -> None:
        if self.look.needs_reason or self.deviation:
            self.fields["reason"] = forms.CharField(
                label=_("Reasons for going on")
                if self.look.needs_reason
                else _("Why this place, if it departs from the rule"),
                help_text=_("The head of service will be told and reads this.")
                if self.look.needs_reason
                else "",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=2000,
                required=self.look.needs_reason,
            )

    def clean_occurred_at(self) -> datetime:
        """The browser knows no seconds: this minute is now, and the first minute the beginning."""
        occurred_at: datetime = self.cleaned_data["occurred_at"]
        if occurred_at == self.at.replace(second=0, microsecond=0):
            return self.at
        started_at = self.look.started_at
        if occurred_at == started_at.replace(second=0, microsecond=0):
            return started_at
        if occurred_at > self.at:
            raise ValidationError(FUTURE)
        if occurred_at < started_at:
            raise ValidationError(TOO_EARLY)
        return occurred_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.look.act.form:
            chosen = question.type in ("person", "place") and cleaned.get(name_of(question))
            if chosen and answer_of(question, cleaned, self.chooser) is None:
                self.add_error(name_of(question), ValidationError(ANSWER))
        for question in self.look.act.form:
            why = self.deviation.get(cleaned.get(name_of(question), ""))
            if question.type == "place" and why and not cleaned.get("reason"):
                self.add_error("reason", ValidationError(REASONS, params={"why": why}))
        return cleaned

    def draft(self) -> ActDraft:
        """The act as it was filled in."""
        cleaned = self.cleaned_data
        answers = {
            question.key: answer_of(question, cleaned, self.chooser)
            for question in self.look.act.form
        }
        answers = {key: value for key, value in answers.items() if value is not None}
        sets = {question.sets: question.key for question in self.look.act.form if question.sets}
        return ActDraft(
            act=self.look.act.key,
            occurred_at=cleaned["occurred_at"],
            seen=cleaned["seen"],
            form=answers,
            facts={fact: answers[key] for fact, key in sets.items() if key in answers},
            present=cleaned.get("present", []),
            reason=cleaned.get("reason", ""),
            source_of_knowledge=cleaned.get("source_of_knowledge", ""),
        )

    def enclosures(self) -> dict[str, Enclosure]:
        """The files that were chosen, by the key of their question."""
        number = self.cleaned_data.get("q_registry_number", "")
        few = self.look.act.sensitive
        return {
            question.key: Enclosure(str(self.fields[name_of(question)].label), upload, number, few)
            for question in self.look.act.form
            if question.type == "document" and (upload := self.cleaned_data.get(name_of(question)))
        }


class RevokeForm(forms.Form):
    """Why an entry is wrong."""

    reason = forms.CharField(
        label=_("Why the entry is wrong"),
        help_text=_("The reason stays in the record, and so does the entry."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={
            "required": _("Say why the entry is wrong; the reason stays in the record.")
        },
    )


class PartyForm(forms.Form):
    """Which institution stands for a party: one of the type that the book wants."""

    organisation = NamedField(
        label=_("Institution"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose an institution.")},
    )

    def __init__(self, *args: Any, type_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Organisation.objects.filter(suspended_at=None)
        if type_code != "any":
            found = found.filter(type__code=type_code)
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
