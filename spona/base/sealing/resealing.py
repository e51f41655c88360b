"""Which values stand under which key, and the same values under the newest one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

from spona.base.sealing.box import Unreadable, head, seal, unseal
from spona.base.sealing.fields import sealed_of
from spona.base.sealing.keys import newest


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its sealed columns."""

    name: str
    columns: tuple[str, ...]


def tables() -> list[Table]:
    """Every table in which anything is sealed, by name."""
    found = []
    for model in apps.get_models():
        sealed = tuple(one.column for one in sealed_of(model))
        if sealed and model._meta.managed and not model._meta.proxy:
            found.append(Table(model._meta.db_table, sealed))
    return sorted(found, key=lambda table: table.name)


def held(table: Table) -> Counter[int]:
    """How many values of the table stand under each key, by its id."""
    count: Counter[int] = Counter()
    for column in table.columns:
        query = (
            f"SELECT get_byte({column}, 1) * 256 + get_byte({column}, 2), count(*)"
            f" FROM {table.name} WHERE {column} <> ''::bytea GROUP BY 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            count.update(dict(cursor.fetchall()))
    return count


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did: how many rows it changed, and the ids of those that it left as they
    were because something in them cannot be read."""

    rows: int
    unreadable: tuple[int, ...]


def reseal(table: Table, *, batch: int) -> Iterator[Step]:
    """Seal what stands under an older key afresh, each batch of rows in a transaction.

    Rows that somebody is writing are passed over and come in the next round; the last round finds
    none. What is interrupted is whole up to its last transaction, and goes on from there.
    """
    done = 1
    while done:
        done = 0
        for step in _round(table, batch):
            done += step.rows
            yield step


Row = tuple[int, Sequence[bytes | None]]


def _round(table: Table, batch: int) -> Iterator[Step]:
    last = 0
    while True:
        with transaction.atomic():
            rows = _taken(table, last, batch)
            step = _resealed(table, rows)
        if not rows:
            return
        last = rows[-1][0]
        yield step


def _taken(table: Table, last: int, batch: int) -> list[Row]:
    """The next rows of which some value stands under another key than the newest."""
    older = " OR ".join(
        f"({one} <> ''::bytea AND substring({one} FROM 1 FOR 3) <> %(head)s)"
        for one in table.columns
    )
    query = (
        f"SELECT id, {', '.join(table.columns)} FROM {table.name}"
        f" WHERE id > %(last)s AND ({older}) ORDER BY id LIMIT %(batch)s"
        " FOR NO KEY UPDATE SKIP LOCKED"
    )
    said: dict[str, int | bytes] = {"last": last, "batch": batch, "head": head(newest())}
    with connection.cursor() as cursor:
        cursor.execute(query, said)
        return [(pk, values) for pk, *values in cursor.fetchall()]


def _resealed(table: Table, rows: Sequence[Row]) -> Step:
    fresh, unreadable = [], []
    for pk, values in rows:
        try:
            fresh.append((*_afresh(table, values), pk))
        except Unreadable:
            unreadable.append(pk)
    sets = ", ".join(f"{one} = %s" for one in table.columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table.name} SET {sets} WHERE id = %s", fresh)
    return Step(len(fresh), tuple(unreadable))


def _afresh(table: Table, values: Sequence[bytes | None]) -> Iterator[bytes | None]:
    """NULL and empty stay what they are."""
    for column, value in zip(table.columns, values, strict=True):
        place = f"{table.name}.{column}"
        yield seal(unseal(value, place), place) if value else value
