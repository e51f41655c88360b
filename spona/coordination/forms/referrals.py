"""A referral as it is typed: to whom, what goes along, the answer; and the code of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from spona.cases import codes
from spona.cases.codes import sharing as shared
from spona.cases.forms import NOTHING, NamedField, day_field
from spona.coordination.models import Referral
from spona.directory.models import Service

NOT_NOW, NOW, LATER = "", "now", "later"
DECISIONS = (
    ("accepted", _("We accept")),
    ("accepted_partly", _("We accept in part")),
    ("waiting_list", _("We put the person on the waiting list")),
    ("counter_proposed", _("Not us, but another service")),
    ("declined", _("We decline")),
)
REASONS = (
    NOTHING,
    ("no_capacity", _("no place or no worker free")),
    ("not_our_service", _("this is not our service")),
    ("not_our_area", _("not our area")),
    ("age_or_sex", _("our service is for others (age, sex)")),
    ("no_interpreter", _("no interpreter")),
    ("person_does_not_want", _("the person does not want it")),
    ("other", _("something else (write it)")),
)


class ServicesForm(forms.Form):
    """Step two: one or several services, how urgent, and what for."""

    services = forms.MultipleChoiceField(
        label=_("To whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=Referral.Urgency.choices, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=_("What for"))

    def __init__(self, *args: Any, offered: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = [(str(one.pk), str(one)) for one in offered]  # type: ignore[attr-defined]
        self.fields["purpose"].choices = codes.choices(shared.purposes())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether one field goes along, and what is written into it where nothing is kept."""

    choice: BoundField
    typed: BoundField | None

    @property
    def errors(self) -> bool:
        return bool(self.choice.errors or (self.typed and self.typed.errors))


class PackageForm(forms.Form):
    """Step three: of each field whether it goes along now, with acceptance, or not at all.

    Nothing goes along unless somebody says so. `justified` are the fields that have a legal basis
    in force for every recipient chosen; the others cannot be chosen, and stand in `without`. Of
    the `empty` ones the case knows nothing, so that they are not asked about.
    """

    announced = forms.BooleanField(label=_("I have announced it by telephone"), required=False)
    reason = forms.CharField(
        label=_("Why it cannot wait for the conversation with the child"),
        help_text=_("Only where a rule asks for it. The head of service reads this."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, justified: frozenset[str], empty: frozenset[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = shared.shared_fields()
        self.without = [str(one) for key, one in known.items() if key not in justified]
        self.shared = {key: one for key, one in known.items() if key in justified - empty}
        for key, one in self.shared.items():
            self.fields[f"give_{key}"] = forms.ChoiceField(
                label=str(one),
                choices=_moments(typed=one.typed),
                widget=forms.RadioSelect,
                required=False,
            )
            if one.typed:
                self.fields[f"typed_{key}"] = forms.CharField(
                    label=_("In words"),
                    required=False,
                    max_length=300,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
        self.order_fields([*(n for n in self.fields if n.startswith(("give_", "typed_")))])

    def given(self) -> list[Asked]:
        """Field by field what is asked, in the order of the catalogue."""
        return [
            Asked(self[f"give_{key}"], self[f"typed_{key}"] if one.typed else None)
            for key, one in self.shared.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.chosen(NOW):
            raise ValidationError(_("Choose what the recipient may read before deciding."))
        for key, one in self.shared.items():
            if one.typed and key in self.chosen(NOW) and not cleaned.get(f"typed_{key}"):
                self.add_error(f"typed_{key}", _("Write it, or leave it out."))
        return cleaned

    def chosen(self, moment: str) -> list[str]:
        """The fields given `NOW` or `LATER`, in the order of the catalogue."""
        return [key for key in self.shared if self.cleaned_data.get(f"give_{key}") == moment]

    def typed(self) -> dict[str, str]:
        return {
            key: self.cleaned_data[f"typed_{key}"]
            for key, one in self.shared.items()
            if one.typed and key in self.chosen(NOW)
        }


def _moments(*, typed: bool) -> list[tuple[str, Any]]:
    now = [(NOT_NOW, _("not shared")), (NOW, _("before the decision"))]
    return now if typed else [*now, (LATER, _("only when accepted"))]


class AnswerForm(forms.Form):
    """The answer of the recipient, in a minute. `form_of` is what the act of the rule book asks."""

    decision = forms.ChoiceField(
        label=_("Your answer"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    what = forms.CharField(
        label=_("What you take over"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    rest = forms.CharField(
        label=_("What remains with the sender"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expected_on = day_field(_("When a place is expected"), required=False)
    service = NamedField(label=_("Which service"), queryset=Service.objects.none(), required=False)
    reason = forms.ChoiceField(label=_("Why not"), choices=REASONS, required=False)
    note = forms.CharField(
        label=_("Message to the sender"),
        help_text=_("Nothing about the person that the sender does not need to know."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    NEEDED: Mapping[str, tuple[str, ...]] = {
        "accepted_partly": ("what", "rest"),
        "waiting_list": ("expected_on",),
        "counter_proposed": ("service",),
        "declined": ("reason",),
    }

    def __init__(
        self, *args: Any, at: datetime, services: Any, proxy: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today: date = at.date()
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        if proxy:
            self.fields["source_of_knowledge"] = forms.CharField(
                label=_("How you know"),
                help_text=_("They answered and you record it for them: who told you, how."),
                max_length=300,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.NEEDED.get(cleaned.get("decision", ""), ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("This answer needs it."))
        expected = cleaned.get("expected_on")
        if expected and expected < self.today:
            self.add_error("expected_on", _("The day cannot be in the past."))
        return cleaned

    def parts(self) -> list[tuple[str, BoundField]]:
        """Each field with the answer that alone asks for it; with nothing if all do."""
        asked = {name: decision for decision, names in self.NEEDED.items() for name in names}
        return [(asked.get(one.name, ""), one) for one in self]

    def form_of(self) -> dict[str, Any]:
        """What is written into the run, as JSON keeps it: only what belongs to the decision."""
        cleaned = self.cleaned_data
        kept = {name: cleaned.get(name) for name in self._asked() if cleaned.get(name)}
        if "expected_on" in kept:
            kept["expected_on"] = cleaned["expected_on"].isoformat()
        if "service" in kept:
            kept["service"] = cleaned["service"].pk
        return kept

    def _asked(self) -> tuple[str, ...]:
        return (*self.NEEDED.get(self.cleaned_data["decision"], ()), "note")


class GuestAnswerForm(AnswerForm):
    """The same on a page without an account: whoever answers gives a name."""

    name = forms.CharField(
        label=_("Who answers"), help_text=_("First name, surname and function."), max_length=120
    )
    field_order = ["name", "decision"]


class FieldsForm(forms.Form):
    """More is opened, field by field; `closed` are those that are justified and not open yet."""

    fields_ = forms.MultipleChoiceField(
        label=_("What they will read"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one field.")},
    )

    def __init__(self, *args: Any, closed: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {key: one for key, one in shared.shared_fields().items() if key in closed}
        self.fields["fields_"].choices = [(key, str(one)) for key, one in known.items()]  # type: ignore[attr-defined]
        self.written = [key for key, one in known.items() if one.typed]
        for key in self.written:
            self.fields[f"typed_{key}"] = forms.CharField(
                label=str(known[key]), required=False, max_length=300
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key in self.written:
            if key in cleaned.get("fields_", ()) and not cleaned.get(f"typed_{key}"):
                self.add_error(f"typed_{key}", _("Write it, or leave it out."))
        return cleaned

    def typed(self) -> dict[str, str]:
        chosen = self.cleaned_data["fields_"]
        return {key: self.cleaned_data[f"typed_{key}"] for key in self.written if key in chosen}


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits, told to you by telephone."),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
