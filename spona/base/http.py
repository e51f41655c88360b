"""The request as our views see it, and the door to the pages of the staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from spona.base.actor import Actor

P = ParamSpec("P")


class Request(HttpRequest):
    """`actor` is set by `ActorMiddleware`, `htmx` by django-htmx."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Only for people who act in an institution; anybody else is sent to sign in.

    Who signs in but has left every institution is refused: signing in again would not help.
    """

    @wraps(view)
    def door(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor.is_signed_in:
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    return door
