"""Rows of models, with their ids, on the way into an empty database by COPY."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

import psycopg
from django.db import connection, models
from psycopg.types.json import Jsonb

from spona.base.sealing.fields import Sealed

Made = TypeVar("Made", bound=models.Model)


FORCED = "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname"
LINKS = """
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype IN ('f', 'u') AND connamespace = 'public'::regnamespace
ORDER BY contype DESC
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


class Rows:
    """What is put here is written at `write`, which may be called again and again.

    Keys and indexes are put back at the end, all rows checked at once, so that the order does not
    matter. COPY knows no row security: until then it does not hold for the owner of the tables.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._forced = [str(name) for (name,) in connection.execute(FORCED)]
        self._force("NO FORCE")
        self._links = connection.execute(LINKS).fetchall()
        for table, name, _definition in reversed(self._links):
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
        self._indexes = connection.execute(INDEXES).fetchall()
        for name, _definition in self._indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        self._waiting: dict[type[models.Model], list[models.Model]] = {}
        self._ids: dict[type[models.Model], count[int]] = {}

    def put(self, made: Made) -> Made:
        """Give the row its id and keep it until `write`."""
        model = type(made)
        ids = self._ids.setdefault(model, count(1))
        if made.pk is None:
            made.pk = next(ids)
        self._waiting.setdefault(model, []).append(made)
        return made

    def next_id(self, model: type[models.Model]) -> int:
        return next(self._ids.setdefault(model, count(1)))

    def write(self) -> None:
        for model, rows in self._waiting.items():
            self._copy(model, rows)
        self._waiting = {}

    def go_on(self) -> None:
        """Write what is left; sequences go on after the ids that are there."""
        self.write()
        for model in self._ids:
            name, key = model._meta.db_table, model._meta.pk.column
            self._connection.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({key})) FROM {name}".encode(),
                [name, key],
            )

    def finish(self) -> None:
        """Indexes and keys are put back."""
        self.go_on()
        self._connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in self._indexes:
            self._connection.execute(definition.encode())
        for table, name, definition in self._links:
            statement = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
            self._connection.execute(statement.encode())
        self._force("FORCE")

    def _force(self, how: str) -> None:
        for name in self._forced:
            self._connection.execute(f"ALTER TABLE {name} {how} ROW LEVEL SECURITY".encode())

    def _copy(self, model: type[models.Model], rows: list[models.Model]) -> None:
        fields = model._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row([_value(field, row) for field in fields])


def _value(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if isinstance(field, Sealed):
        return field.get_db_prep_value(value, connection)
    return Jsonb(value) if isinstance(field, models.JSONField) else value
