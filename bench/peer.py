"""What one request asks of the database, kept, and asked again by plain psycopg."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.pq import TransactionStatus

from bench import server

ROLE, WORKING = "SET LOCAL ROLE", "SELECT current_user, set_config('role'"
SMALL = 50  # rows; of fewer it does not matter how many were expected


@dataclass(frozen=True, slots=True)
class Query:
    """`begins` a transaction; `alone` outside of any."""

    sql: str
    params: Any
    begins: bool
    alone: bool

    @property
    def reads(self) -> bool:
        """What row security filters, and what tells it who asks."""
        return self.sql.startswith(("SELECT", ROLE)) and "FOR UPDATE" not in self.sql

    @property
    def filtered(self) -> bool:
        return self.sql.startswith("SELECT") and " FROM " in self.sql and self.reads


@dataclass
class Recorder:
    """The queries of a request, in order; for `connection.execute_wrapper`."""

    queries: list[Query] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        real = connection.connection
        idle = real.info.transaction_status == TransactionStatus.IDLE
        for each in params if many else [params]:
            self.queries.append(Query(sql, each, idle and not real.autocommit, real.autocommit))
        return execute(sql, params, many, context)


@contextmanager
def recorded() -> Iterator[list[Query]]:
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        yield recorder.queries


@contextmanager
def signed_in(role: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as Django would make it, to the database in which Django does not work."""
    with psycopg.connect(
        server.dsn(server.MADE, role),
        autocommit=True,
        cursor_factory=psycopg.ClientCursor,
        options=settings.PLANNING,
    ) as made:
        made.execute("SELECT set_config('TimeZone', 'UTC', false)")
        yield made


def ask(peer: psycopg.Connection[Any], queries: list[Query]) -> float:
    """Seconds for all of a request's SQL; every row is fetched. What was written is taken back at
    the end, so that a commit is the one thing that is not in it."""
    begun = perf_counter()
    with peer.cursor() as cursor:
        for query in queries:
            if query.begins or query.alone:
                _end(peer)
            if query.begins:
                cursor.execute("BEGIN")
            cursor.execute(query.sql.encode(), query.params)
            if cursor.description:
                cursor.fetchall()
        _end(peer)
    return perf_counter() - begun


def _end(peer: psycopg.Connection[Any]) -> None:
    if peer.info.transaction_status != TransactionStatus.IDLE:
        peer.execute("ROLLBACK")


def reads(queries: list[Query]) -> list[Query]:
    """What is read inside transactions, in one of its own."""
    kept = [query for query in queries if query.reads and not query.alone]
    return [replace(query, begins=index == 0) for index, query in enumerate(kept)]


def unfiltered(queries: list[Query]) -> list[Query]:
    """The same for the role that sees all rows, and stays that role."""
    everything = f"{ROLE} {server.WORKER}"
    return [
        replace(query, sql=everything, params=None) if query.sql.startswith(ROLE) else query
        for query in queries
    ]


# --- what it costs


def worked() -> float:
    """Seconds of a processor that this process, and the server process behind it, have used: other
    work on the machine changes them little."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    spent = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return process_time() + (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


# --- what the planner expected


def misjudged(peer: psycopg.Connection[Any], queries: list[Query]) -> tuple[int, int]:
    """Rows expected and rows met, at the step of all plans where they differ most."""
    worst = (1, 1)
    with peer.cursor() as cursor:
        cursor.execute("BEGIN")
        for query in reads(queries):
            explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " if query.filtered else ""
            cursor.execute((explain + query.sql).encode(), query.params)
            if explain:
                plan = cursor.fetchall()[0][0][0]["Plan"]
                worst = max(worst, *_steps(plan), key=_factor)
        _end(peer)
    return worst


def _steps(node: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Of each step that ran to its end: one under a limit is stopped early."""
    yield (1, 1)
    loops = node["Actual Loops"]
    if not loops or node["Node Type"] == "Limit":
        return
    meant, met = round(node["Plan Rows"] * loops), round(node["Actual Rows"] * loops)
    if max(meant, met) >= SMALL and node.get("Parent Relationship") not in ("InitPlan", "SubPlan"):
        yield (max(meant, 1), max(met, 1))
    for part in node.get("Plans", ()):
        yield from _steps(part)


def _factor(rows: tuple[int, int]) -> float:
    return max(rows) / min(rows)
