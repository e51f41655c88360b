"""Debian's chromium, the demo network, and people who sign in, each with a browser of their own.

Every test here is marked `journey`: `make test` leaves them out, `make journeys` runs them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection, connections
from django.db.models import Model
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from psycopg import sql
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from demo.load import load
from demo.people import load_staff
from demo.views import sign_in_path
from spona.accounts.models import User
from spona.coordination.tests.story import books_publish
from spona.protocols.models import (
    Consultation,
    Draft,
    DraftRevision,
    Opinion,
    Signature,
    Version,
    VersionText,
)

FAILED = pytest.StashKey[bool]()
SHOTS = Path("shots")
HERE = Path(__file__).parent
OF_CHILDREN = ("people", "cases", "coordination", "audit", "sessions")
PATIENCE = 30_000  # milliseconds until a journey gives up waiting for something on a page
expect.set_options(timeout=PATIENCE)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Newcomer = Callable[..., Page]
Clock = time_machine.Traveller
ANSWERED = "Failed to load resource"  # the browser's remark on a page that came with 404, 409, 422


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, pytest.TestReport]:
    """A journey that failed is remembered, so that its pages are photographed before they close."""
    report: pytest.TestReport = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Its event loop lives in this thread; Django is told that nothing else runs in it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright, server: LiveServer) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("The journeys need chromium (Debian: apt install chromium).")
        pytest.skip("chromium is not on this machine (Debian: apt install chromium)")
    launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def network(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The institutions and the staff of the demo, and the rule book; once for all journeys."""
    with django_db_blocker.unblock():
        at = timezone.now()
        books_publish(at)
        load(at)


@pytest.fixture
def town(
    network: None, django_db_blocker: DjangoDbBlocker, settings: Any, tmp_path: Path
) -> Iterator[None]:
    """The network as it is before anybody met a child."""
    settings.SECOND_FACTOR_OBLIGATORY = False
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock():
        _forget_children()
        yield
        connections.close_all()  # those that were opened beside the event loop of the browser


@pytest.fixture
def library(town: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The rule books as they were published first; what is written and published now is gone."""
    with django_db_blocker.unblock():
        _forget_rules()
        yield
        connections.close_all()
        _forget_rules()


def _forget_rules() -> None:
    _forget_children()
    _empty([Draft, DraftRevision, Consultation, Opinion, Signature])
    books = Version.objects.order_by("protocol", "pk").distinct("protocol")
    with _owner() as owner:
        for table, key in ((VersionText, "version_id"), (Version, "id")):
            later = sql.SQL("DELETE FROM {} WHERE NOT {} = ANY(%s)")
            place = sql.Identifier(table._meta.db_table), sql.Identifier(key)
            owner.execute(later.format(*place), [[book.pk for book in books]])


def _forget_children() -> None:
    """Journeys commit; what they wrote is emptied by the owner of the tables, but no network."""
    _empty([model for label in OF_CHILDREN for model in apps.get_app_config(label).get_models()])
    cache.clear()


def _empty(models: Iterable[type[Model]]) -> None:
    tables = [sql.Identifier(model._meta.db_table) for model in models]
    with _owner() as owner:
        empty = sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE")
        owner.execute(empty.format(sql.SQL(", ").join(tables)))


def _owner() -> psycopg.Connection:
    place: dict[str, Any] = {
        key: connection.settings_dict[key.upper()] or None for key in ("host", "port", "password")
    }
    name = connection.settings_dict["NAME"]
    return psycopg.connect(dbname=name, user="spona_owner", autocommit=True, **place)


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[LiveServer]:
    """The website, on a port of this machine. Its database is not emptied by it."""
    running = LiveServer("127.0.0.1")
    yield running
    running.stop()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """`clock.shift(timedelta(hours=1))`: an hour passes for everybody but the browsers."""
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def newcomer(
    browser: Browser, server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[Newcomer]:
    """`newcomer(width=375)`: the empty page of somebody who has not signed in.

    A script that fails, or that the content security policy refuses, fails the journey.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        page_answered = said.text.startswith(ANSWERED) and "/static/" not in said.location["url"]
        if said.type == "error" and not page_answered:
            faults.append(said.text)

    def make(*, width: int = 1280, language: str = "sr-latn", **options: Any) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "language", "value": language, "url": server.url}])
        context.on("console", hear)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield make
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False) and context.pages:
            path = SHOTS / "failed" / f"{request.node.name}-{number}.png"
            context.pages[-1].screenshot(path=path, full_page=True)
        context.close()
    assert not faults


@pytest.fixture
def password(town: None) -> Iterator[Callable[[str], str]]:
    """`password("nada-savetnica")`: one with which an invented person signs in until the end."""
    before: dict[str, str] = {}

    def give(key: str) -> str:
        made, email = f"sintetička {uuid4()}", load_staff()[key].email
        before[email] = User.objects.get(email=email).password
        User.objects.filter(email=email).update(password=make_password(made))
        return made

    yield give
    for email, kept in before.items():
        User.objects.filter(email=email).update(password=kept)


@pytest.fixture
def sign_in(town: None, newcomer: Newcomer) -> Newcomer:
    """`sign_in("jelena-teren", width=375)`: the desk of an invented person of the demo."""

    def enter(key: str, **options: Any) -> Page:
        page = newcomer(**options)
        page.goto(sign_in_path(key))
        return page

    return enter
