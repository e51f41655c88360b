"""How a draft begins, whom it is sent to, who signs it and from when it binds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Membership, Organisation, User
from spona.base.script import said
from spona.protocols.models import Draft, Version

DAYS_FOR_AN_OPINION = 15


class BookField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A published book by its title."""

    def label_from_instance(self, obj: Version) -> str:
        return f"{said(obj.book.title)}, {obj.version}"


class BeginForm(forms.Form):
    """From a published book, or an empty one with a name."""

    based_on = BookField(
        label=_("Change a published book"),
        queryset=Version.objects.none(),
        required=False,
        empty_label=_("begin an empty one"),
    )
    protocol = forms.RegexField(
        label=_("Short name of a new book"),
        regex=r"^[a-z][a-z0-9-]*$",
        max_length=64,
        required=False,
        error_messages={"invalid": _("Small letters, digits and hyphens only.")},
    )
    title = forms.CharField(
        label=_("Title of a new book, in Serbian"), max_length=200, required=False
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    version = forms.CharField(label=_("Number of the new version"), max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].queryset = Version.objects.order_by("protocol", "-published_at")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        base: Version | None = given.get("based_on")
        if base is None:
            for name in ("protocol", "title", "title_en"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("A new book needs this."))
        elif Version.objects.filter(protocol=base.protocol, version=given.get("version")).exists():
            self.add_error("version", _("This number was given already. Choose another."))
        return given


class TextForm(forms.Form):
    """The YAML of a book as its author types it."""

    text = forms.CharField(
        label=_("Text of the book (YAML)"),
        strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false", "class": "code-text", "wrap": "off"}),
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class ConsultForm(forms.Form):
    """Which institutions are asked, and until when."""

    organisations = forms.ModelMultipleChoiceField(
        label=_("Institutions that the book binds"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one institution at least.")},
    )
    until = forms.DateField(
        label=_("Opinions until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, types: Iterable[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("until", today + timedelta(days=DAYS_FOR_AN_OPINION))
        wanted = set(types)
        found = Organisation.objects.filter(uses_spona=True, suspended_at=None)
        if "any" not in wanted:
            found = found.filter(type__code__in=wanted)
        self.fields["organisations"].queryset = found.order_by("type__code", "name_sr")  # type: ignore[attr-defined]

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return until


class ReviewerForm(forms.Form):
    """A lawyer who wrote nothing of the draft."""

    reviewer = forms.ModelChoiceField(
        label=_("Who is asked to sign"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose a lawyer.")},
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrote = draft.revisions.filter(undone_at=None).values("user")
        lawyers = Membership.objects.active().with_role("lawyer").exclude(user__in=wrote)
        lawyers = lawyers.exclude(user=draft.author)
        found = User.objects.filter(pk__in=lawyers.values("user")).order_by("name")
        self.fields["reviewer"].queryset = found  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """What a signature says besides the name, which is that of the account."""

    function = forms.CharField(
        label=_("Your function"),
        max_length=200,
        help_text=_(
            "It stands beside your name, for instance: attorney, legal adviser of the ministry."
        ),
    )
    read = forms.BooleanField(
        label=_("I have read the whole book and confirm it."),
        error_messages={"required": _("Confirm that you have read the book.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """The day from which the book binds."""

    valid_from = forms.DateField(
        label=_("Binds from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("valid_from", today)

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("A book binds nobody before it is published."))
        return day
