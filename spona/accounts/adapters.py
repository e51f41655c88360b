"""How allauth behaves here: nobody signs up, and no password alone opens or changes anything.

Its forms and flows are used as they are; only the doors that a password alone could open are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.views import reauthenticate as reauthenticate_by_password
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.accounts.models import User
from spona.audit.actions import record

View = TypeVar("View", bound=Callable[..., Any])


def recently_confirmed(view: View) -> View:
    """The view asks for the code again unless it was given within the last five minutes (roles,
    invitations, exports, extraordinary access). Goes below `login_required`."""
    return cast(View, reauthentication_required(view, app="allauth.mfa"))


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Who is in no organisation, or only in suspended ones, is told so and stays outside."""
        if not user.memberships.active().exists():
            return redirect("account_inactive")
        refusal: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return refusal

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it, never with the password alone."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        codes = [method for method in methods if method["id"] == "mfa_reauthenticate"]
        return codes or methods


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    def build_totp_svg(self, url: str) -> str:
        """The square picture, on white also where the page is dark."""
        drawn: str = super().build_totp_svg(url)
        return drawn.replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1)


class SetUpSecondFactor(ActivateTOTPView):  # type: ignore[misc]
    """Setting up counts as having given the code; whoever had signed in with the password alone
    elsewhere is signed out."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["code"].label = _("Six digits")
        form.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = self.request.user
        record_authentication(self.request, user, "mfa", type="totp", reauthenticated=True)
        others = UserSession.objects.filter(user=user)
        for session in others.exclude(session_key=self.request.session.session_key):
            session.end()
        _say("second_factor_set_up", self.request)
        return response


class ReplaceSecondFactor(DeactivateTOTPView):  # type: ignore[misc]
    """A new telephone: the old one is forgotten and the next page sets up the new one."""

    def get_success_url(self) -> str:
        return reverse("mfa_activate_totp")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        kept = [
            method | {"method": "password"}
            for method in get_authentication_records(self.request, self.request.user)
        ]
        self.request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
        _say("second_factor_removed", self.request)
        return response


def reauthenticate(request: HttpRequest) -> Any:
    """Confirm with the password; who has a second factor is sent to confirm with that."""
    user: Any = request.user
    if user.is_authenticated and is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return redirect(f"{reverse('mfa_reauthenticate')}?{request.GET.urlencode()}")
    return reauthenticate_by_password(request)


def _say(verb: str, request: HttpRequest) -> None:
    user: Any = request.user
    record(verb, user, by=user.actor(None), at=timezone.now())
