"""Around every request: nothing is cached, the actor is known to the database, MFA is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import get_language

from spona.base import rls, views
from spona.base.actor import NOBODY, Actor
from spona.base.http import Request
from spona.base.sealing import Unreadable

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]


class _CanAct(Protocol):
    is_authenticated: bool

    def actor(self, organisation_id: int | None) -> Actor: ...


class SessionsMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """When and from where a session was last used, written down at most once in five minutes:
    else each page read would be a write."""

    EVERY = timedelta(minutes=5)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = (
            self.get_response(request)
            if request.user.is_authenticated and self._is_written(request)
            else super().__call__(request)
        )
        return response

    def _is_written(self, request: HttpRequest) -> bool:
        browser = request.META.get("HTTP_USER_AGENT", "")[:HTTP_USER_AGENT_MAX_LENGTH]
        known = UserSession.objects.filter(
            session_key=request.session.session_key,
            user=request.user.pk,
            ip=get_adapter().get_client_ip(request),
            user_agent=browser,
            last_seen_at__gt=timezone.now() - self.EVERY,
        )
        return bool(known.exists())


class PrivateMiddleware:
    """No page of ours is kept by a browser or a proxy (trust.md; look.md 6)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), camera=(), microphone=(), interest-cohort=()"
        )
        return response


class LanguageMiddleware(LocaleMiddleware):
    """The language chosen, else that of the browser; Serbian is in Latin until somebody chooses
    Cyrillic, although browsers that ask for `sr` would get it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and get_language() == "sr":
            translation.activate("sr-latn")
            request.LANGUAGE_CODE = "sr-latn"


class ActorMiddleware:
    """Opens the request's transaction as the signed-in actor, and always forgets the actor.

    A view that raises rolls everything back: nothing is half done.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request = cast(Request, request)
        request.actor = self._actor(request)
        with rls.acting(request.actor, timezone.now()):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What cannot be unsealed is said without a trace of what was being read."""
        transaction.set_rollback(True)
        if not isinstance(exception, Unreadable):
            return None
        logger.error("%s Set the key again, or look for who changed the table.", exception)
        return views.unreadable(request)

    @staticmethod
    def _actor(request: Request) -> Actor:
        user = cast(_CanAct, request.user)
        if not user.is_authenticated:
            return NOBODY
        return user.actor(request.session.get("organisation_id"))


class SecondFactorMiddleware:
    """Outside the demo nobody reaches a page with a password alone (P15).

    It is not enough that the person has a second factor: it must have been given in this session.
    """

    OPEN = frozenset(
        {
            "set_language",
            "account_login",
            "account_logout",
            "account_signup",
            "account_inactive",
            "account_reauthenticate",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "mfa_activate_totp",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "accounts:invitation_accept",
        }
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_OBLIGATORY or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match and match.view_name in self.OPEN:
            return None
        user: Any = request.user
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        given = get_authentication_records(request, user)
        if any(method["method"] == "mfa" for method in given):
            return None
        onward = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('mfa_reauthenticate')}?{onward}")
