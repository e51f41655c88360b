"""A database beside the others on the same server, for a measurement; it is dropped afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.db import connection

from config import devdb

OWNER, APP = "spona_owner", "spona_app"


@contextmanager
def database(name: str) -> Iterator[str]:
    """Made and migrated on the embedded server, and what Django's connection means inside.

    Gives the connection string of its owner.
    """
    _as_owner(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    _migrate(name)
    before = dict(connection.settings_dict)
    _forget_connections()
    connection.settings_dict |= {"NAME": name, "USER": APP}
    try:
        yield _dsn(name)
    finally:
        _forget_connections()
        connection.settings_dict.update(before)
        _as_owner(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _forget_connections() -> None:
    """The pool keeps what was closed, and would go on meaning the other database."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _dsn(name: str) -> str:
    return f"host={devdb.SOCKET} user={OWNER} dbname={name}"


def _as_owner(*statements: str) -> None:
    with psycopg.connect(_dsn("postgres"), autocommit=True) as server:
        for statement in statements:
            server.execute(statement.encode())


def _migrate(name: str) -> None:
    url = f"postgresql://{OWNER}@/{name}?host={quote(str(devdb.SOCKET), safe='')}"
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url, "SPONA_DB_ROLE": OWNER},
        check=True,
    )
