"""Seal a column in place, as a migration operation: what stood in it is sealed in batches.

    SealField("personname", "given", SealedTextField(max_length=120, blank=True))

Grants stay as they were. Constraints that ask for empty text have to be taken off before and put
back after. Taken back, the column is what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AlterField
from django.db.migrations.state import ProjectState

from spona.base.sealing.box import seal, unseal

BATCH = 2000
# `USING` takes no query, and only a query makes an array of JSON.
LIST_OF_JSON = """
CREATE FUNCTION pg_temp.list_of_json(bytea) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(array_agg(value), '{}') FROM
   json_array_elements_text(convert_from($1, 'UTF8')::json) $$
"""


class SealField(AlterField):
    """`AlterField` from text, a list of texts or JSON to the sealed field of the same meaning."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        column = _Column(self, app_label, schema_editor, to_state)
        old = _type_of(self, app_label, schema_editor, from_state)
        column.retype("bytea", f"convert_to({_as_text(old, column.name)}, 'UTF8')")
        column.rewrite(seal)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        column = _Column(self, app_label, schema_editor, from_state)
        old = _type_of(self, app_label, schema_editor, to_state)
        column.rewrite(unseal)
        if old.endswith("[]"):
            schema_editor.execute(LIST_OF_JSON)
            column.retype(old, f"pg_temp.list_of_json({column.name})")
            schema_editor.execute("DROP FUNCTION pg_temp.list_of_json(bytea)")
        else:
            column.retype(old, f"convert_from({column.name}, 'UTF8')::{old}")


def _as_text(old: str, name: str) -> str:
    return f"to_json({name})::text" if old.endswith("[]") else f"{name}::text"


def _type_of(
    operation: AlterField, app: str, editor: BaseDatabaseSchemaEditor, state: ProjectState
) -> str:
    field: Any = state.apps.get_model(app, operation.model_name)._meta.get_field(operation.name)
    return str(field.db_type(editor.connection))


class _Column:
    """The column in the database, with the key of its table."""

    def __init__(
        self,
        operation: AlterField,
        app: str,
        editor: BaseDatabaseSchemaEditor,
        sealed: ProjectState,
    ) -> None:
        meta = sealed.apps.get_model(app, operation.model_name)._meta
        field: Any = meta.get_field(operation.name)
        quoted = editor.connection.ops.quote_name
        self.editor, self.place = editor, field.place
        self.table, self.name = quoted(meta.db_table), quoted(field.column)

    def retype(self, to: str, using: str) -> None:
        # Deferred foreign keys of what was written in this transaction would be in the way.
        self.editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.editor.execute(
            f"ALTER TABLE {self.table} ALTER COLUMN {self.name} TYPE {to} USING {using}"
        )

    def rewrite(self, turned: Callable[[bytes, str], bytes]) -> None:
        """Every value that is not empty, once."""
        change = f"UPDATE {self.table} SET {self.name} = %s WHERE id = %s"
        for rows in self._batches():
            with self.editor.connection.cursor() as cursor:
                cursor.executemany(change, [(turned(value, self.place), pk) for pk, value in rows])

    def _batches(self) -> Iterator[list[tuple[int, bytes]]]:
        query = (
            f"SELECT id, {self.name} FROM {self.table}"
            f" WHERE id > %s AND {self.name} <> ''::bytea ORDER BY id LIMIT {BATCH}"
        )
        last = 0
        while True:
            with self.editor.connection.cursor() as cursor:
                cursor.execute(query, [last])
                rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            last = rows[-1][0]
