"""What one request asks of the database, kept, and asked again by plain psycopg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus

from bench import server

SETTINGS, ROLE = "SELECT set_config", "SET LOCAL ROLE"


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
    """A connection as Django would make it, to the copy in which Django does not work."""
    with psycopg.connect(
        server.dsn(server.PEER, role), autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as made:
        made.execute("SELECT set_config('TimeZone', 'UTC', false)")
        yield made


def ask(peer: psycopg.Connection[Any], queries: list[Query]) -> float:
    """Seconds for all of a request's SQL, its transactions included; every row is fetched."""
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
        peer.execute("COMMIT")


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
