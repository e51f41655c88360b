"""Rows of models, with their ids, on the way into an empty database by COPY."""

from __future__ import annotations

from itertools import count
from typing import Any, LiteralString, TypeVar

import psycopg
from django.db import models
from psycopg import sql
from psycopg.types.json import Jsonb

Made = TypeVar("Made", bound=models.Model)


FORCED = "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname"


class Rows:
    """What is put here is written at `write`, which may be called again and again.

    Foreign keys are checked at the end, so that the order does not matter. COPY knows no row
    security: until `finish` it does not hold for the owner of the tables, who is filling them.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._forced = [str(name) for (name,) in connection.execute(FORCED)]
        self._force("NO FORCE")
        self._waiting: dict[type[models.Model], list[models.Model]] = {}
        self._ids: dict[type[models.Model], count[int]] = {}

    def put(self, made: Made) -> Made:
        """Give the row its id and keep it until `write`."""
        model = type(made)
        if made.pk is None:
            made.pk = self.next_id(model)
        self._waiting.setdefault(model, []).append(made)
        return made

    def next_id(self, model: type[models.Model]) -> int:
        return next(self._ids.setdefault(model, count(1)))

    def write(self) -> None:
        for model, rows in self._waiting.items():
            self._copy(model, rows)
        self._waiting = {}

    def finish(self) -> None:
        """Write what is left; sequences go on after the ids that were given here."""
        self.write()
        for model in self._ids:
            name, key = model._meta.db_table, model._meta.pk.column
            self._connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [name, key, self.next_id(model)],
            )
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._force("FORCE")

    def _force(self, how: LiteralString) -> None:
        for name in self._forced:
            statement = sql.SQL(f"ALTER TABLE {{}} {how} ROW LEVEL SECURITY")
            self._connection.execute(statement.format(sql.Identifier(name)))

    def _copy(self, model: type[models.Model], rows: list[models.Model]) -> None:
        fields = model._meta.concrete_fields
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_value(field, row) for field in fields])


def _value(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return Jsonb(value) if isinstance(field, models.JSONField) else value
