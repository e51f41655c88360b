"""Row security: the second lock on every person and case, as migration operations.

Policies read `id = ANY(SELECT unnest((SELECT visible_case_ids())))`: the ids are asked for once a
query, by an index, and hashed; a row that the query's own filter (the first lock) has found is
looked up in the hash. An array instead would be searched from its beginning for each row (4,000
cases: 60 us a row), and the planner would expect ten cases whatever their number (bench/).
Who is asking stands in five settings of the transaction, written by `act_as` and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime

from django.db import connection, models, transaction
from django.db.migrations import RunSQL
from psycopg.pq import TransactionStatus

from spona.base.actor import NOBODY, Actor

IN_ROOM = "spona_in_engine_room"  # of the connection: who is inside does not go in again
ROLES_THAT_SEE_ALL = ("spona_owner", "spona_worker")

ORGANISATION = "(SELECT nullif(current_setting('spona.organisation_id', true), '')::bigint)"
USER = "(SELECT nullif(current_setting('spona.user_id', true), '')::bigint)"
CASES = "ANY(SELECT unnest((SELECT visible_case_ids())))"
PERSONS = "ANY(SELECT unnest((SELECT visible_person_ids())))"


def row_security(table: str, using: str, *, check: str = "") -> RunSQL:
    """Force row security on `table`: the app sees and writes rows for which `using` holds.

    `check` is what a new row must satisfy where it differs from what may be seen.
    """
    everything = "".join(
        f"CREATE POLICY {role} ON {table} TO {role} USING (true) WITH CHECK (true);"
        for role in ROLES_THAT_SEE_ALL
    )
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY app ON {table} TO spona_app USING ({using}) WITH CHECK ({check or using});"
        f"{everything}",
        f"DROP POLICY app ON {table};"
        + "".join(f"DROP POLICY {role} ON {table};" for role in ROLES_THAT_SEE_ALL)
        + f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def append_only(table: str) -> RunSQL:
    """Take from the app the right to change or delete what it wrote."""
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM spona_app, spona_worker;",
        f"GRANT UPDATE, DELETE ON {table} TO spona_app, spona_worker;",
    )


def visibility_function(name: str, query: str, *, reads: tuple[str, ...]) -> RunSQL:
    """A function returning the ids that the actor of this transaction may see, some perhaps twice:
    sorting them would take longer than reading them.

    It belongs to `spona_see`, which bypasses row security and may read only the tables in `reads`.
    """
    grants = "".join(f"GRANT SELECT ON {table} TO spona_see;" for table in reads)
    return RunSQL(
        f"""
        GRANT USAGE, CREATE ON SCHEMA public TO spona_see;
        {grants}
        SET ROLE spona_see;
        CREATE OR REPLACE FUNCTION {name}() RETURNS bigint[]
          LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = public
          AS $$ SELECT ARRAY({query}) $$;
        RESET ROLE;
        REVOKE CREATE ON SCHEMA public FROM spona_see;
        """,
        f"SET ROLE spona_see; DROP FUNCTION IF EXISTS {name}(); RESET ROLE;",
    )


def act_as(actor: Actor, at: datetime) -> None:
    """Tell this transaction who asks, in which organisation, how far they see, and when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('spona.user_id', %s, true),"
            " set_config('spona.organisation_id', %s, true),"
            " set_config('spona.reach', %s, true),"
            " set_config('spona.at', %s, true)",
            [
                str(actor.user_id or ""),
                str(actor.organisation_id or ""),
                actor.reach,
                at.isoformat() if actor.is_signed_in else "",
            ],
        )


@contextmanager
def acting(actor: Actor, at: datetime) -> Iterator[None]:
    """One transaction as `actor`; who asks is forgotten at its end, whatever happened."""
    with transaction.atomic():
        act_as(actor, at)
        try:
            yield
        finally:
            if _usable():
                act_as(NOBODY, at)


@contextmanager
def engine_room() -> Iterator[None]:
    """The rules of conduct must see a whole run even where the person acting may not (the police
    register an intention; which other duties that opens is none of their business).

    Inside, the transaction works as `spona_worker`. Only `coordination.engine`, `cases.access` and
    `tasks` may use it (tests/test_consistency.py); a view never does.
    """
    if getattr(connection, IN_ROOM, False):
        yield
        return
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        with connection.cursor() as cursor:
            # One round trip: the columns of a row are evaluated from left to right.
            cursor.execute("SELECT current_user, set_config('role', 'spona_worker', true)")
            before = cursor.fetchone()[0]
        setattr(connection, IN_ROOM, True)
        try:
            yield
        finally:
            setattr(connection, IN_ROOM, False)
            if _usable():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(before)}")


def _usable() -> bool:
    """False once the transaction is broken: its end undoes our settings by itself."""
    status = connection.connection.info.transaction_status
    return not connection.needs_rollback and status == TransactionStatus.INTRANS


def next_id(model: type[models.Model]) -> int:
    """Draw the id of a row before it exists, so that access to it can be written first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s))",
            [model._meta.db_table, model._meta.pk.column],
        )
        return int(cursor.fetchone()[0])
