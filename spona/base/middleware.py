"""Around every request: nothing is cached, the actor is known to the database, MFA is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from spona.base import rls
from spona.base.actor import NOBODY, Actor
from spona.base.http import Request

Handler = Callable[[HttpRequest], HttpResponseBase]


class _CanAct(Protocol):
    is_authenticated: bool

    def actor(self, organisation_id: int | None) -> Actor: ...


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        transaction.set_rollback(True)

    @staticmethod
    def _actor(request: Request) -> Actor:
        user = cast(_CanAct, request.user)
        if not user.is_authenticated:
            return NOBODY
        return user.actor(request.session.get("organisation_id"))


class SecondFactorMiddleware:
    """Outside the demo nobody reaches a page with a password alone (P15)."""

    OPEN = ("/accounts/", "/i18n/", "/static/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._must_enrol(request):
            return self._enrol()
        return self.get_response(request)

    def _must_enrol(self, request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_OBLIGATORY or not request.user.is_authenticated:
            return False
        user: Any = request.user
        return not request.path.startswith(self.OPEN) and not is_mfa_enabled(user)

    @staticmethod
    def _enrol() -> HttpResponse:
        return redirect("mfa_activate_totp")
