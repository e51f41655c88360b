"""The pages that belong to no context: what to see when something is wrong, and the style guide.

Error pages say the same to everybody: a hidden page is answered as an absent one (trust.md P5).
htmx gets one sentence into `#messages` and the form that was sent stays as it is.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.base import sample

SENTENCES: dict[str, Promise] = {
    "400": _("We could not read this request."),
    "403": _("You may not do this here."),
    "403_csrf": _("This page has been open for too long."),
    "404": _("The page does not exist or is not available to you."),
    "500": _("Something went wrong on our side."),
    "unreadable": _("A protected entry cannot be read. Tell the administrator of Spona."),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`."""
    return _error(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    return _error(request, "403", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: the same bytes for hidden and absent."""
    return _error(request, "404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: needs neither session nor database."""
    return _error(request, "500", 500)


def unreadable(request: HttpRequest) -> HttpResponse:
    """Something sealed does not open here: only whoever keeps the keys can help."""
    return _error(request, "unreadable", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: most often a page left open overnight."""
    return _error(request, "403_csrf", 403)


def _error(request: HttpRequest, name: str, status: int) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return HttpResponse(render_to_string(f"{name}.html"), status=status)
    body = render_to_string("base/error_message.html", {"message": SENTENCES[name]})
    response = HttpResponse(body, status=status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with invented people; for those who write pages."""
    return render(request, "base/style_guide.html", sample.everything(timezone.now()))
