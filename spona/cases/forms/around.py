"""Forms of people around a child: interpreters, lawyer, hearings, siblings, detention."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.cases import codes
from spona.cases.actions import InterpreterDraft, InterpretingDraft, PartyDraft
from spona.cases.actions.interpreting import CHILD_NOT_ASKED, NO_NAME
from spona.cases.actions.placements import WHERE_ONE_IS_HELD
from spona.cases.forms import NOTHING, NamedField, day_field, moment_field, yes_no_field
from spona.cases.models import CaseLink, CaseParty, Interpreter, Interpreting
from spona.directory.models import Centre
from spona.people.models import Person

CHECK = "conflict_"
CONFLICT_QUESTIONS = {
    Interpreting.Conflict.SAME_GROUP: _("Is the interpreter of the group of the child?"),
    Interpreting.Conflict.RELATIVE: _("Is the interpreter a relative of the child?"),
    Interpreting.Conflict.COMPANION: _("Is it the adult who came with the child?"),
    Interpreting.Conflict.SMUGGLER: _("Is there a suspicion of smuggling?"),
}
ANSWER_THE_CHECK = _("Answer this question before somebody interprets for a child.")


def _languages() -> list[tuple[str, str]]:
    return codes.choices(codes.languages())


def _language() -> list[tuple[str, str]]:
    return [NOTHING, *_languages()]


class InterpreterForm(forms.Form):
    """A row of the register of one's institution."""

    name = forms.CharField(label=_("Name and surname"), max_length=120)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=_languages, widget=forms.CheckboxSelectMultiple
    )
    dialect = forms.CharField(
        label=_("Which dialect"),
        help_text=_("For example: Pashto of Nangarhar, not of Kandahar."),
        max_length=200,
        required=False,
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    reach = forms.ChoiceField(
        label=_("How the interpreter works"),
        choices=Interpreter.Reach.choices,
        widget=forms.RadioSelect,
    )
    confidentiality_signed_on = day_field(
        _("Statement of confidentiality signed on"), required=False
    )
    active = forms.BooleanField(label=_("We call this person"), required=False, initial=True)

    def draft(self) -> InterpreterDraft:
        """What the action takes."""
        cleaned = {k: v for k, v in self.cleaned_data.items() if k != "row_version"}
        return InterpreterDraft(**cleaned)


class InterpreterChangeForm(InterpreterForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class InterpretingForm(forms.Form):
    """Who interpreted for the child, the check before it, and what the child said to it."""

    held_at = moment_field(_("When"))
    purpose = forms.CharField(
        label=_("For what"),
        help_text=_("For example: first interview. Never what was said."),
        max_length=200,
    )
    language = forms.ChoiceField(label=_("Language"), choices=_language)
    dialect = forms.CharField(label=_("Dialect"), max_length=120, required=False)
    mode = forms.ChoiceField(
        label=_("How"), choices=Interpreting.Mode.choices, widget=forms.RadioSelect
    )
    interpreter = forms.ModelChoiceField(
        label=_("Interpreter of your register"),
        queryset=Interpreter.objects.none(),
        required=False,
        empty_label="–",
    )
    name = forms.CharField(
        label=_("Name and surname, if not on the list"), max_length=120, required=False
    )
    conflict_reason = forms.CharField(
        label=_("If one answer is yes: why it could not wait"), max_length=400, required=False
    )
    child = forms.ChoiceField(
        label=_("What the child says"),
        help_text=_("A child may refuse an interpreter. It is not asked why."),
        choices=Interpreting.Child.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self, *args: Any, register: QuerySet[Interpreter], at: datetime, **kwargs: Any
    ) -> None:
        """`register` holds those whom the actor may choose."""
        super().__init__(*args, **kwargs)
        self.fields["held_at"].initial = at
        field: Any = self.fields["interpreter"]
        field.queryset = register.order_by("name")
        field.label_from_instance = in_register
        for code, question in CONFLICT_QUESTIONS.items():
            self.fields[f"{CHECK}{code}"] = yes_no_field(question)
        checks = [f"{CHECK}{code}" for code in CONFLICT_QUESTIONS]
        self.order_fields([*self._before(), *checks, "conflict_reason", "child"])

    def _before(self) -> list[str]:
        return ["held_at", "purpose", "language", "dialect", "mode", "interpreter", "name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mode") in (None, Interpreting.Mode.NONE):
            return cleaned
        for code in CONFLICT_QUESTIONS:
            if cleaned.get(f"{CHECK}{code}") is None:
                self.add_error(f"{CHECK}{code}", str(ANSWER_THE_CHECK))
        if not cleaned.get("child"):
            self.add_error("child", str(CHILD_NOT_ASKED))
        if not cleaned.get("interpreter") and not cleaned.get("name"):
            self.add_error("name", str(NO_NAME))
        return cleaned

    def draft(self) -> InterpretingDraft:
        """What the action takes."""
        cleaned = self.cleaned_data
        plain = {k: v for k, v in cleaned.items() if not k.startswith(CHECK)}
        said_yes = [code for code in CONFLICT_QUESTIONS if cleaned[f"{CHECK}{code}"]]
        return InterpretingDraft(**plain, conflicts=said_yes)


def in_register(one: Interpreter) -> str:
    """Name, languages, and how the person works."""
    known = codes.languages()
    tongues = ", ".join(str(known.get(code, code)) for code in one.languages)
    return f"{one.name} · {tongues} · {one.get_reach_display()}"


class CasePartyForm(forms.Form):
    """A lawyer, a relative, another professional."""

    kind = forms.ChoiceField(
        label=_("Who"), choices=CaseParty.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name and surname"), max_length=120)
    organisation = NamedField(
        label=_("Institution"), queryset=Organisation.objects.all(), required=False
    )
    organisation_name = forms.CharField(
        label=_("Institution or office, if not on the list"), max_length=200, required=False
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("Of a relative no address; never a number out of the telephone of the child."),
        max_length=40,
        required=False,
    )
    power_from = day_field(_("Power of attorney from"), required=False)
    power_until = day_field(_("Power of attorney until"), required=False)
    hears_of_hearings = forms.BooleanField(label=_("Is told of each hearing"), required=False)

    def draft(self) -> PartyDraft:
        """What the action takes."""
        return PartyDraft(**self.cleaned_data)


class HearingForm(forms.Form):
    """When and before whom; not what it is about."""

    held_at = moment_field(_("When"))
    before_whom = forms.CharField(
        label=_("Before whom"),
        help_text=_("For example: misdemeanour court in Vranje. Not why, and not what is said."),
        max_length=200,
    )


class CaseLinkForm(forms.Form):
    """Another case that one sees, by its code."""

    code = forms.CharField(
        label=_("Code of the other case"),
        help_text=_("Only a case that you see can be linked."),
        max_length=24,
    )
    kind = forms.ChoiceField(
        label=_("How they belong together"),
        choices=CaseLink.Kind.choices,
        widget=forms.RadioSelect,
    )


class DetentionForm(forms.Form):
    """The child is held: where, since when, what was done about it."""

    centre = NamedField(
        label=_("Place of detention"), queryset=Centre.objects.none(), required=False
    )
    place = forms.CharField(label=_("Place, if not on the list"), max_length=200, required=False)
    from_at = moment_field(_("Since when"))
    reason = forms.CharField(
        label=_("What was done"),
        help_text=_("Who was called, whether release was asked, whether the guardian knows."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Centre.objects.possible_on(timezone.localdate(at))
        field: Any = self.fields["centre"]
        field.queryset = held.filter(kind__in=WHERE_ONE_IS_HELD).select_related("organisation")
        self.fields["from_at"].initial = at
