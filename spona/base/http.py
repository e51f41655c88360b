"""The request as our views see it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from spona.base.actor import Actor


class Request(HttpRequest):
    """`actor` is set by `ActorMiddleware`, `htmx` by django-htmx."""

    actor: Actor
    htmx: HtmxDetails
