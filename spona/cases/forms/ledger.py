"""Forms of the ledger: a refusal, a consent, a duty or vital interest; withdrawal and review.

`said()` of the first three is the draft that `basis_record` takes.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.cases import codes
from spona.cases.actions import BasisDraft
from spona.cases.actions.bases import NO_END, NOT_EXPLAINED, NOTHING_NAMED
from spona.cases.actions.sharing import is_of_age
from spona.cases.codes import GENERAL
from spona.cases.codes import sharing as shared
from spona.cases.forms import NOTHING, NamedField, day_field
from spona.cases.models import Case, Document, LegalBasis
from spona.cases.rules.sharing import NOT_UNDERSTANDING, RESTRICTED

REFUSED = "refused"
WHAT: tuple[tuple[str, Any], ...] = (
    (REFUSED, _("Without sharing: the person or the guardian does not want it")),
    (LegalBasis.Kind.CONSENT, _("Consent: the person or the guardian wants it")),
    (LegalBasis.Kind.LEGAL_DUTY, _("Legal duty: a regulation asks for it, consent or not")),
    (LegalBasis.Kind.VITAL_INTEREST, _("Vital interest: life or health would be in danger")),
)
UNTIL, OPEN = "until", "open"
LASTS = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    (UNTIL, _("until another day")),
)
MOST_PRESENT = 10
KINDS = tuple(
    (value, label)
    for value, label in LegalBasis.ConsentKind.choices
    if value != LegalBasis.ConsentKind.RESEARCH  # there is no purpose of research to share for
)


def _languages() -> list[tuple[str, str]]:
    return [NOTHING, *codes.choices(codes.languages())]


def _givers(of_age: bool) -> list[tuple[str, Any]]:
    """An adult speaks alone; for a child somebody else does, and the child for itself."""
    adult = LegalBasis.GivenBy.ADULT
    return [one for one in LegalBasis.GivenBy.choices if (one[0] == adult) == of_age]


def _exceptions(of_age: bool) -> list[tuple[str, str]]:
    """As the age says, which is nearly always so, or why not."""
    code = RESTRICTED if of_age else NOT_UNDERSTANDING
    said = _("It is no other than the age says")
    return [("", str(said)), (code, str(shared.laws()[code]))]


class WhatForm(forms.Form):
    """What is recorded; not to share stands first, and nothing is chosen for anybody."""

    what = forms.ChoiceField(
        label=_("What was decided?"),
        choices=WHAT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was decided.")},
    )


class BasisForm(forms.Form):
    """What all lines have: for what, which data, to whom. `sensitive`: whether the person who
    types sees the restricted part of the case."""

    KIND: str
    purpose = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect)
    categories = forms.MultipleChoiceField(
        label=_("Which data"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOTHING_NAMED},
    )
    recipient = NamedField(
        label=_("To which institution"),
        help_text=_("Nothing chosen: any institution that is asked for this purpose."),
        queryset=Organisation.objects.filter(suspended_at=None),
        required=False,
    )
    child_view = forms.ChoiceField(
        label=_("What the child or the adult person says to it"),
        choices=LegalBasis.View.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Write down what the person says, or that nobody asked.")},
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Never why the person fled or what was done to it."),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, case: Case, sensitive: bool, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.at = case, at
        known = shared.categories().items()
        allowed = {key: one for key, one in known if sensitive or one.layer == GENERAL}
        self.fields["purpose"].choices = codes.choices(shared.purposes())  # type: ignore[attr-defined]
        self.fields["categories"].choices = codes.choices(allowed)  # type: ignore[attr-defined]
        if "given_by" in self.fields:
            self.fields["given_by"].choices = _givers(is_of_age(case.person, at))  # type: ignore[attr-defined]

    def said(self) -> BasisDraft:
        return BasisDraft(kind=self.KIND, **self._kept())

    def _kept(self) -> dict[str, Any]:
        names = ("purpose", "categories", "recipient", "note")
        view = self.cleaned_data["child_view"] or LegalBasis.View.NOT_ASKED
        return {name: self.cleaned_data[name] for name in names} | {"child_view": view}


class Spoken(forms.Form):
    """How it was talked over: who said it, in which language, who was in the room."""

    given_by = forms.ChoiceField(
        label=_("Who said it"), choices=LegalBasis.GivenBy.choices, widget=forms.RadioSelect
    )
    given_by_name = forms.CharField(
        label=_("Name of the parent"),
        help_text=_("The name of the guardian is known from the appointment."),
        required=False,
        max_length=120,
    )
    language = forms.ChoiceField(label=_("In which language"), choices=_languages, required=False)
    mode = forms.ChoiceField(
        label=_("How it was interpreted"),
        choices=[NOTHING, *LegalBasis.Mode.choices],
        required=False,
    )
    interpreter_name = forms.CharField(
        label=_("Name of the interpreter"), required=False, max_length=120
    )
    present = forms.CharField(
        label=_("Who was in the room"),
        help_text=_("Everybody, one in a line: name and function."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_present(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["present"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > MOST_PRESENT or any(len(line) > 120 for line in found):
            raise ValidationError(_("At most ten people, each in a short line."))
        return found

    def spoken(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Spoken.base_fields}


class RefusalForm(BasisForm, Spoken):
    """Without sharing. Nothing has to be explained, and it ends on no day."""

    KIND = LegalBasis.Kind.CONSENT
    field_order = ("given_by", "given_by_name", "purpose", "recipient", "categories", "child_view")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child_view"].required = False
        self.fields["recipient"].help_text = _("Nothing chosen: no institution at all.")

    def said(self) -> BasisDraft:
        return BasisDraft(
            kind=self.KIND,
            decision=LegalBasis.Decision.REFUSED,
            consent_kind=LegalBasis.ConsentKind.DATA,
            **self._kept(),
            **self.spoken(),
        )


class Lasting(forms.Form):
    """Until when; nothing is preselected."""

    at: datetime
    lasts = forms.ChoiceField(label=_("How long it holds"), choices=LASTS, widget=forms.RadioSelect)
    until = day_field(_("Until which day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("lasts") == UNTIL
            and not cleaned.get("until")
            and "until" not in self.errors
        ):
            self.add_error("until", str(NO_END))
        return cleaned

    def expires_at(self) -> datetime | None:
        """The end of the last day, in local time."""
        lasts = self.cleaned_data["lasts"]
        if lasts == OPEN:
            return None
        today = timezone.localdate(self.at)
        last: date = self.cleaned_data["until"] if lasts == UNTIL else today + timedelta(int(lasts))
        return timezone.make_aware(datetime.combine(last + timedelta(1), time()))


class ConsentForm(Lasting, BasisForm, Spoken):
    KIND = LegalBasis.Kind.CONSENT
    consent_kind = forms.ChoiceField(
        label=_("Consent to what"),
        help_text=_("At 15 a patient consents alone to health care, and to nothing else."),
        choices=KINDS,
        widget=forms.RadioSelect,
    )
    law = forms.ChoiceField(
        label=_("Whether somebody else decides although the age says otherwise"),
        help_text=_("If so, the note says who found it and when; of an adult, the court."),
        required=False,
    )
    explained = forms.BooleanField(
        label=_(
            "It was explained before: what is shared and with whom, that no is an answer and costs"
            " nothing, until when it holds, that it can be withdrawn, and that what was read by"
            " then cannot be made unread"
        ),
        error_messages={"required": NOT_EXPLAINED},
    )
    child_told = forms.BooleanField(label=_("The child was told"), required=False)
    document = forms.ModelChoiceField(
        label=_("Document"),
        help_text=_(
            "The signed paper; for a parent, the one that shows who represents the child; where a"
            " court has restricted legal capacity, its decision."
        ),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
    )
    field_order = (
        "consent_kind", "purpose", "recipient", "categories", "lasts", "until", "law", "given_by",
        "given_by_name", "child_view", "language", "mode", "interpreter_name", "present",
        "explained", "child_told", "document", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["document"].queryset = case.documents.order_by("-uploaded_at")  # type: ignore[attr-defined]
        self.fields["document"].label_from_instance = lambda one: one.title  # type: ignore[attr-defined]
        self._who_decides(is_of_age(case.person, self.at))
        self.fields["recipient"].required = True
        self.fields["recipient"].help_text = ""

    def said(self) -> BasisDraft:
        return BasisDraft(
            kind=self.KIND,
            consent_kind=self.cleaned_data["consent_kind"],
            expires_at=self.expires_at(),
            explained=self.cleaned_data["explained"],
            child_told=self.cleaned_data["child_told"],
            document=self.cleaned_data["document"],
            law=self.cleaned_data["law"],
            **self._kept(),
            **self.spoken(),
        )

    def _who_decides(self, of_age: bool) -> None:
        exceptions = _exceptions(of_age)
        self.laws = [shared.laws()[code] for code, _words in exceptions if code]
        self.fields["law"].choices = exceptions  # type: ignore[attr-defined]
        if of_age:
            guardian = LegalBasis.GivenBy.GUARDIAN
            self.fields["given_by"].choices += [(guardian, guardian.label)]  # type: ignore[attr-defined]


class NecessityForm(Lasting, BasisForm):
    """A duty, or vital interest: why in words; the child is told, and is not asked to allow it."""

    LAW = ""
    child_told = forms.BooleanField(
        label=_("The child was told that this is shared and why"), required=False
    )
    field_order = (
        "law", "note", "purpose", "recipient", "categories", "lasts", "until", "child_view",
        "child_told",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Why it is necessary")
        self.fields["note"].help_text = _("In a sentence. The guardian reads it.")
        self.fields["note"].required = True

    def said(self) -> BasisDraft:
        return BasisDraft(
            kind=self.KIND,
            law=self.cleaned_data.get("law") or self.LAW,
            expires_at=self.expires_at(),
            child_told=self.cleaned_data["child_told"],
            **self._kept(),
        )


class DutyForm(NecessityForm):
    KIND = LegalBasis.Kind.LEGAL_DUTY
    law = forms.ChoiceField(label=_("Which duty"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.laws = [one for one in shared.laws().values() if one.kind == self.KIND]
        self.fields["law"].choices = [(one.name.code, str(one)) for one in self.laws]  # type: ignore[attr-defined]
        self.fields["lasts"].choices = [*LASTS, (OPEN, _("as long as the duty holds"))]  # type: ignore[attr-defined]


class VitalForm(NecessityForm):
    KIND = LegalBasis.Kind.VITAL_INTEREST
    LAW = "vital_interest"


FORMS: dict[str, type[BasisForm]] = {
    REFUSED: RefusalForm,
    LegalBasis.Kind.CONSENT: ConsentForm,
    LegalBasis.Kind.LEGAL_DUTY: DutyForm,
    LegalBasis.Kind.VITAL_INTEREST: VitalForm,
}


class ReviewForm(forms.Form):
    note = forms.CharField(
        label=_("What the guardian says to it"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    """Why it ends. Nobody has to give a reason for withdrawing a consent."""

    why = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words why it is no longer necessary.")},
    )

    def __init__(self, *args: Any, consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = not consent
        if consent:
            self.fields["why"].help_text = _("Nobody is asked why. Only what they want written.")
