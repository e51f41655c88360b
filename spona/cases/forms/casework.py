"""Forms of case work: assessment, plan, closing. `cleaned_data` goes to the action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.cases.actions.assessments import LONGEST, WHO_INTERPRETED
from spona.cases.actions.closures import TO_PROPOSE
from spona.cases.actions.plans import NOBODY_DOES_IT
from spona.cases.codes import assessments
from spona.cases.codes.assessments import Question
from spona.cases.forms import NamedField, day_field, moment_field, yes_no_field
from spona.cases.models import Assessment, Case, Interpreting

Choices = list[tuple[str, Any]]
OF_QUESTION = "a_"


def words_field(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    """Some lines of text."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def number_field() -> forms.CharField:
    return forms.CharField(label=_("Registry number"), max_length=80, required=False)


# --- assessment


class AnswersForm(forms.Form):
    """The questions of an assessment; what is not known may stay empty."""

    may_be_unknown = True

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = assessments.forms()[kind]
        for question in self.asked.questions():
            self.fields[f"{OF_QUESTION}{question.key}"] = _field(question)
        self.fields["registry_number"] = number_field()

    def areas(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Name and questions, as they stand on the page."""
        for area in self.asked.areas:
            yield str(area.name), [self[f"{OF_QUESTION}{one.key}"] for one in area.questions]

    def others(self) -> list[forms.BoundField]:
        """What is asked beside the questions."""
        return [one for one in self if not one.name.startswith(OF_QUESTION)]

    def said(self) -> dict[str, Any]:
        """What the action takes: answers by key, and the rest as it is."""
        cleaned = self.cleaned_data
        answers = {one.key: cleaned[f"{OF_QUESTION}{one.key}"] for one in self.asked.questions()}
        rest = {k: v for k, v in cleaned.items() if not k.startswith(OF_QUESTION)}
        return rest | {"answers": answers}


def _field(question: Question) -> forms.Field:
    label = str(question.code)
    hint = _("Only those who see the restricted part read this.") if question.sensitive else ""
    if question.type == "boolean":
        field: forms.Field = yes_no_field(label)
        field.help_text = hint
        return field
    if question.type == "text":
        return words_field(label, rows=2, max_length=LONGEST, required=False, help_text=hint)
    choices = [("", _("Not known")), *((key, str(c)) for key, c in question.choices.items())]
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=False, help_text=hint
    )


class AssessmentForm(AnswersForm):
    """A new one: when it was made and who interpreted. `case` offers the meetings that it had."""

    made_at = moment_field(_("When the talk was"))
    interpretation = forms.ChoiceField(
        label=_("Interpreter"),
        choices=Assessment.Interpretation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": WHO_INTERPRETED},
    )
    interpreting = forms.ModelChoiceField(
        label=_("Who interpreted"),
        help_text=_("The interpreter is written down first, on the page of people around."),
        queryset=Interpreting.objects.none(),
        required=False,
        empty_label="–",
    )

    def __init__(self, *args: Any, case: Case, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_at"].initial = at
        done = case.interpretings.exclude(mode="none").exclude(child="refused")
        field: Any = self.fields["interpreting"]
        field.queryset = done.order_by("-held_at")
        field.label_from_instance = _meeting

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        interpreted = cleaned.get("interpretation") == Assessment.Interpretation.INTERPRETED
        if interpreted and not cleaned.get("interpreting"):
            self.add_error("interpreting", str(WHO_INTERPRETED))
        return cleaned


def _meeting(one: Interpreting) -> str:
    held = date_format(timezone.localtime(one.held_at), "SHORT_DATETIME_FORMAT")
    return f"{one.interpreter_name}, {held}"


class AnswersCorrectionForm(AnswersForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput)


def typed_answers(assessment: Assessment) -> Mapping[str, Any]:
    """What an assessment says, as the form of its correction shows it."""
    known = {True: "yes", False: "no"}
    answers = assessment.answers | assessment.restricted
    return {
        f"{OF_QUESTION}{key}": known[value] if isinstance(value, bool) else value
        for key, value in answers.items()
    } | {"registry_number": assessment.registry_number, "row_version": assessment.row_version}


# --- plan


class PlanForm(forms.Form):
    """What the plan is for, what the child says to it, when it is looked at again."""

    aim = words_field(
        _("What the plan is for"), help_text=_("Everybody who sees the case reads it.")
    )
    child_view = words_field(
        _("What the child says to it"),
        help_text=_("In its words. If the child was not asked, write why."),
    )
    next_review_on = day_field(_("Next review on"))
    registry_number = number_field()


class PlanChangeForm(PlanForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class GoalForm(forms.Form):
    """What, who, by when, how one knows."""

    what = forms.CharField(label=_("What is to be reached"), max_length=400)
    organisation = NamedField(
        label=_("Institution that does it"), queryset=Organisation.objects.all(), required=False
    )
    person = forms.CharField(label=_("Person who does it"), max_length=120, required=False)
    due_on = day_field(_("By which day"))
    known_by = forms.CharField(label=_("How we will know that it is reached"), max_length=400)
    sensitive = forms.BooleanField(
        label=_("Restricted: health, violence, trafficking, asylum"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("organisation") and not cleaned.get("person"):
            self.add_error("person", str(NOBODY_DOES_IT))
        return cleaned


class GoalDropForm(forms.Form):
    reason = forms.CharField(label=_("Why the goal is given up"), max_length=400)


class PlanReviewForm(forms.Form):
    """The plan was looked at again."""

    held_on = day_field(_("Day of the review"))
    changed = words_field(_("What has changed since the last time"))
    child_view = words_field(
        _("What the child says to it"),
        help_text=_("In its words. If the child was not asked, write why."),
    )
    next_review_on = day_field(_("Next review on"))


# --- closing


class ClosureForm(forms.Form):
    """Why a case may be closed; a colleague reads it and answers."""

    reason = forms.ChoiceField(
        label=_("Why the case is closed"),
        choices=[one for one in Case.Closure.choices if one[0] in TO_PROPOSE],
        widget=forms.RadioSelect,
    )
    summary = words_field(_("What was done and how things stand"), rows=5)
    remains = words_field(
        _("What remains to be done, and with whom"),
        help_text=_("Who stays with the child, who keeps which paper. If nothing, write that."),
    )


class ClosureReturnForm(forms.Form):
    return_reason = forms.CharField(
        label=_("What is missing"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
