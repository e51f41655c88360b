"""What is typed about people, invitations and shifts, checked before anything is done with it."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spona.accounts import roles as role_book
from spona.accounts.models import DutyShift, Invitation, Membership, Organisation, User

MOMENT = "%Y-%m-%dT%H:%M"


class SignInForm(LoginForm):  # type: ignore[misc]
    """The two fields of allauth, without its words: the page has its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail at work")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NewPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """Where the link for a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail at work")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class RolesForm(forms.Form):
    """The roles of one person in an institution of a given type; at least one."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        offered = role_book.offered(organisation.type.code)
        self.fields["roles"].choices = [(role.key, role.name) for role in offered]  # type: ignore[attr-defined]


class InvitationForm(RolesForm):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("E-mail at work"),
        error_messages={"required": _("Without an e-mail address nobody can be invited.")},
    )
    name = forms.CharField(
        label=_("Name and surname"),
        max_length=120,
        error_messages={"required": _("Write the person's name and surname.")},
    )
    field_order = ("name", "email", "roles")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        colleagues = Membership.objects.active().filter(organisation=self.organisation)
        if colleagues.filter(user__email__iexact=email).exists():
            raise ValidationError(_("This person is already with your organisation."))
        return email


class AcceptForm(forms.Form):
    """Name and password of a person who was invited."""

    name = forms.CharField(
        label=_("Name and surname"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name and surname.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the password a second time.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = invitation.name
        self.invitation = invitation
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(email=self.invitation.email, name=name))
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("The two passwords are not the same."))
        return again


class SubstituteForm(forms.Form):
    """Who takes a shift over."""

    user = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        error_messages={
            "required": _("Choose who will be on duty."),
            "invalid_choice": _("This person is not with your organisation."),
        },
    )
    phone = forms.CharField(label=_("Telephone during this shift"), max_length=40, required=False)

    def __init__(self, *args: Any, shift: DutyShift, **kwargs: Any) -> None:
        """`shift` is the one to fill in, not saved yet; it is checked as the action will."""
        super().__init__(*args, **kwargs)
        self.shift = shift
        colleagues = Membership.objects.active().filter(organisation=shift.organisation_id)
        found = User.objects.filter(pk__in=colleagues.values("user")).order_by("name")
        self.fields["user"].queryset = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors:
            for name, value in typed.items():
                setattr(self.shift, name, value)
            try:
                self.shift.clean()
            except ValidationError as error:
                self.add_error(None, error)
        return typed


class ShiftForm(SubstituteForm):
    """Who is on duty, from when until when."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": _("Say when the shift begins."),
            "invalid": _("Write the day and the time at which the shift begins."),
        },
    )
    ends_at = forms.DateTimeField(
        label=_("Ends"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": _("Say when the shift ends."),
            "invalid": _("Write the day and the time at which the shift ends."),
        },
    )
    field_order = ("user", "starts_at", "ends_at", "phone")
