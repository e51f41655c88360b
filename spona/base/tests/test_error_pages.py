"""Error pages are calm, say the same to all and need nothing that may be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from spona.base import views

CASES: list[tuple[Callable[[HttpRequest], HttpResponse], int, str]] = [
    (lambda request: views.bad_request(request, Exception("secret")), 400, "could not read"),
    (lambda request: views.permission_denied(request, Exception("secret")), 403, "may not do this"),
    (lambda request: views.csrf_failure(request, "secret"), 403, "open for too long"),
    (lambda request: views.page_not_found(request, Exception("secret")), 404, "not available to"),
    (views.server_error, 500, "went wrong"),
    (views.unreadable, 500, "Tell the administrator"),
]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("view", "status", "words"), CASES)
def test_a_page_says_what_happened_and_no_more(
    view: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    response = view(RequestFactory().get("/cases/secret"))
    assert response.status_code == status
    assert words in response.content.decode()
    assert b"secret" not in response.content
    assert b"<title>Spona</title>" in response.content


@pytest.mark.parametrize(("view", "status", "words"), CASES)
def test_htmx_gets_one_sentence_and_keeps_the_form(
    view: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    response = view(RequestFactory().get("/x", headers={"HX-Request": "true"}))
    assert response.status_code == status
    assert response.headers["HX-Retarget"] == "#messages"
    assert words in response.content.decode()
    assert b"<html" not in response.content


def test_hidden_and_absent_are_the_same_bytes() -> None:
    hidden = views.page_not_found(RequestFactory().get("/cases/1"), Exception("hidden"))
    absent = views.page_not_found(RequestFactory().get("/cases/2"), Exception("absent"))
    assert hidden.content == absent.content
