"""The databases of the bench on the embedded server, besides the one of the demo.

`MADE` is built once and kept; its comment is the digest of all that it was made from, so that a
new migration, rule book or builder makes a new one. Nobody works in it: each bench works in copies,
`LIVE` for Django and `PEER` for the same SQL without it, and begins where the last one began.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import devdb

MADE, LIVE, PEER = "spona_bench_made", "spona_bench", "spona_bench_peer"
OWNER, APP, WORKER = "spona_owner", "spona_app", "spona_worker"
ROOT = Path(__file__).resolve().parent.parent
MADE_FROM = (
    "bench/server.py",
    "bench/copying.py",
    "bench/town.py",
    "bench/lives.py",
    "bench/children.py",
    "bench/copies.py",
    "bench/referrals.py",
    "bench/country.py",
    "bench/stories.py",
    "protocols/*.yaml",
    "spona/*/migrations/0*.py",
)

Filler = Callable[["psycopg.Connection[tuple[object, ...]]"], None]


def dsn(database: str, user: str) -> str:
    return f"host={devdb.SOCKET} user={user} dbname={database}"


def url(database: str) -> str:
    """As DATABASE_URL takes it; the role is the one of the website."""
    return f"postgresql://{APP}@/{database}?host={quote(str(devdb.SOCKET), safe='')}"


def is_made(database: str = MADE) -> bool:
    """Whether the database of this very code is there, complete."""
    with psycopg.connect(dsn("postgres", OWNER)) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database],
        ).fetchone()
    return row is not None and row[0] == _digest()


def make(fill: Filler, database: str = MADE) -> None:
    """Build the database anew: tables by the migrations, rows by `fill`, in one transaction."""
    _as_owner(f"DROP DATABASE IF EXISTS {database}", f"CREATE DATABASE {database}")
    _migrate(database)
    with psycopg.connect(dsn(database, OWNER)) as connection:
        fill(connection)
    with psycopg.connect(dsn(database, OWNER), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, SKIP_DATABASE_STATS)")
    _as_owner(f"COMMENT ON DATABASE {database} IS '{_digest()}'")


def copy_to(database: str, source: str = MADE) -> None:
    """`database` becomes a copy of `source`, in which nobody may be connected."""
    _as_owner(
        f"DROP DATABASE IF EXISTS {database}",
        f"CREATE DATABASE {database} TEMPLATE {source} STRATEGY file_copy",
    )


def _as_owner(*statements: str) -> None:
    with psycopg.connect(dsn("postgres", OWNER), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _migrate(database: str) -> None:
    env = {"DATABASE_URL": url(database), "SPONA_DB_ROLE": OWNER}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, **env},
        cwd=ROOT,
        check=True,
    )


def _digest() -> str:
    paths = sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern))
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
