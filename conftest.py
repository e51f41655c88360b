"""The test database belongs to `spona_owner` and is used as `spona_app`, as in life."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from config import devdb

# On a submission the same examples are tried each time; at a desk, new ones.
hypothesis.settings.register_profile("submission", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("submission" if os.environ.get("CI") else "desk")


def pytest_configure() -> None:
    if not os.environ.get("DATABASE_URL"):
        devdb.start()


@pytest.fixture(autouse=True)
def _in_serbian() -> Iterator[None]:
    """A request leaves its language behind; each test begins in ours."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        _drop_what_dead_runs_left()
        with connected_as("spona_owner"):
            made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        yield
        with connected_as("spona_owner"):
            teardown_databases(made, verbosity=0)


def _drop_what_dead_runs_left() -> None:
    """A killed run leaves its database; its name holds the process id."""
    database = settings.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"],
        port=database.get("PORT") or None,
        user="spona_owner",
        password=database.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    ) as server:
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_spona_[0-9]+$'"
        ).fetchall():
            if not os.path.exists(f"/proc/{name.rsplit('_', 1)[1]}"):
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# Private in Django, and the only place where a transactional test empties its tables.
FLUSH = "_fixture_teardown"
_teardown: Callable[[TransactionTestCase], None] = getattr(TransactionTestCase, FLUSH)


def _flush_as_owner(self: TransactionTestCase) -> None:
    """Emptying tables needs their owner."""
    with connected_as("spona_owner"):
        _teardown(self)


setattr(TransactionTestCase, FLUSH, _flush_as_owner)
