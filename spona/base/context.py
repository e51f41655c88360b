"""What every page needs beside its own subject."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from spona.base.actor import NOBODY


def layout(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `demo` (synthetic people: say so on each page) and the languages to choose from."""
    return {
        "actor": getattr(request, "actor", NOBODY),
        "demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "theme": request.COOKIES.get("theme", ""),
    }
