"""What repeats in a country: cases and referrals, copied in the database from some played ones.

Each copy has what its example has, with other numbers and other institutions. An example is copied
with its moments, so that the marking of its run stays true; there are many examples of each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import psycopg
from django.db import models

from spona.cases.models import (
    Case,
    CaseAccess,
    Encounter,
    Guardianship,
    LegalBasis,
    Need,
    Placement,
)
from spona.coordination.models import (
    Binding,
    Call,
    Disclosure,
    Duty,
    Notification,
    Referral,
    Run,
    RunEvent,
)
from spona.people.models import Person, PersonLanguage, PersonName

Connection = psycopg.Connection[Any]
MOST = 32  # events, and duties, of one run


@dataclass(frozen=True, slots=True)
class CaseCopy:
    """`n` is its own number; the ids follow from it."""

    n: int
    example: int
    centre: int
    municipality: int
    clinic: int
    lead: int
    code: str
    name: bytes  # sealed


@dataclass(frozen=True, slots=True)
class RunCopy:
    """`example` and `parent` are ids of runs."""

    example: int
    run: int
    case_id: int
    parent: int | None
    owner: int
    clinic: int
    recipient: int | None
    service: int | None


CASE_COLUMNS = "n, example, centre, municipality, clinic, lead, code, name"
RUN_COLUMNS = "example, run, case_id, parent, owner, clinic, recipient, service"
CASE_TABLE = """
CREATE TEMP TABLE case_copy (n bigint, example bigint, centre bigint, municipality bigint,
  clinic bigint, lead bigint, code text, name bytea)
"""
RUN_TABLE = """
CREATE TEMP TABLE run_copy (example bigint, run bigint, case_id bigint, parent bigint,
  owner bigint, clinic bigint, recipient bigint, service bigint)
"""
DUTY_EXAMPLE = """
CREATE TEMP TABLE duty_example AS
SELECT duty.*, event.seq AS ended_by,
  row_number() OVER (PARTITION BY duty.run_id ORDER BY duty.id) - 1 AS place
FROM coordination_duty duty LEFT JOIN coordination_runevent event ON event.id = duty.ended_by_id
"""
WHOSE = """CASE x.party WHEN 'csr' THEN c.owner WHEN 'sender' THEN c.owner
  WHEN 'health' THEN c.clinic WHEN 'receiver' THEN c.recipient ELSE x.organisation_id END"""
# Odd times odd is one to one: numbers that say nothing, and no two alike.
NUMBER = "lpad(to_hex(({id} * 2654435761) & 4294967295), 8, '0')"


def tables(connection: Connection) -> None:
    connection.execute(CASE_TABLE)
    connection.execute(RUN_TABLE)


def put_cases(connection: Connection, copies: Iterable[CaseCopy]) -> None:
    _copy(connection, f"COPY case_copy ({CASE_COLUMNS}) FROM STDIN", copies)


def put_runs(connection: Connection, copies: Iterable[RunCopy]) -> None:
    _copy(connection, f"COPY run_copy ({RUN_COLUMNS}) FROM STDIN", copies)


def _copy(connection: Connection, statement: str, rows: Iterable[Any]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(astuple(row))


def cases(connection: Connection) -> None:
    """The cases of `case_copy` with their people, and what each keeps; their runs come after."""
    connection.execute("ANALYZE case_copy")
    example = "case_copy c JOIN cases_case s ON s.id = c.example JOIN {table} x ON x.{key} = s.{of}"
    people = example.format(table="{table}", key="{key}", of="person_id")
    met = example.format(table="{table}", key="{key}", of="encounter_id")
    own = example.format(table="{table}", key="{key}", of="id")
    _insert(connection, Person, people, "id", id="c.n")
    _insert(connection, PersonName, people, "person_id", person_id="c.n", family="c.name")
    _insert(connection, PersonLanguage, people, "person_id", person_id="c.n")
    place, own_token = "c.municipality", {"client_token": "gen_random_uuid()"}
    _insert(
        connection,
        Encounter,
        met,
        "id",
        id="c.n",
        municipality_id=place,
        **own_token,
    )
    _insert(
        connection, Case, own, "id", id="c.n", organisation_id="c.centre", person_id="c.n",
        encounter_id="c.n", code="c.code", municipality_id=place, lead_id="c.lead",
    )  # fmt: skip
    mine = "x.basis = 'owner'"
    _insert(
        connection, CaseAccess, own, "case_id", case_id="c.n",
        organisation_id=f"CASE WHEN {mine} THEN c.centre ELSE x.organisation_id END",
        user_id=f"CASE WHEN {mine} AND x.user_id IS NOT NULL THEN c.lead ELSE x.user_id END",
    )  # fmt: skip
    _insert(connection, LegalBasis, own, "case_id", id="c.n", case_id="c.n")
    for model in (Need, Placement, Guardianship):
        _insert(connection, model, own, "case_id", case_id="c.n")


def runs(connection: Connection) -> None:
    """The runs of `run_copy`: events, duties, bindings, and what tells of them."""
    connection.execute("ANALYZE run_copy")
    connection.execute(DUTY_EXAMPLE)
    same = "run_copy c JOIN {table} x ON x.{key} = c.example"
    of_run = {"run_id": "c.run", "case_id": "c.case_id"}
    meeting = "CASE WHEN x.encounter_id IS NULL THEN NULL ELSE c.case_id END"
    begun = "CASE WHEN c.parent IS NULL THEN x.organisation_id ELSE c.owner END"
    _insert(
        connection, Run, same, "id", id="c.run", case_id="c.case_id", parent_id="c.parent",
        organisation_id=begun, encounter_id=meeting,
    )  # fmt: skip
    _insert(connection, Binding, same, "run_id", **of_run, organisation_id=WHOSE)
    event = f"c.run * {MOST} + x.seq"
    _insert(connection, RunEvent, same, "run_id", **of_run, id=event, organisation_id=WHOSE)
    duty = f"(c.run * {MOST} + x.place)"
    _insert(
        connection, Duty, "run_copy c JOIN duty_example x ON x.run_id = c.example", "run_id",
        **of_run, id=duty, organisation_id=WHOSE, number=NUMBER.format(id=duty),
        ended_by_id=f"c.run * {MOST} + x.ended_by",
    )  # fmt: skip
    _insert(
        connection, Notification, same, "run_id", run_id="c.run", id="c.run",
        encounter_id="c.case_id", recipient_id="c.owner",
    )  # fmt: skip
    number = NUMBER.format(id="c.run")
    _insert(
        connection, Referral, same, "run_id", **of_run, id="c.run", number=number,
        need_id="NULL", service_id="c.service", sender_id="c.owner", recipient_id="c.recipient",
    )  # fmt: skip
    _insert(
        connection, Disclosure, same, "run_id", **of_run, id="c.run", number=number,
        owner_id="c.owner", recipient_id="c.recipient", basis_id="c.case_id",
    )  # fmt: skip
    calls = (
        "run_copy c JOIN coordination_notification s ON s.run_id = c.example"
        " JOIN {table} x ON x.{key} = s.id"
    )
    _insert(
        connection, Call, calls, "notification_id", notification_id="c.run", recipient_id="c.owner"
    )


def _insert(
    connection: Connection,
    model: type[models.Model],
    source: str,
    key: str,
    **other: str,
) -> None:
    """Rows of the model as those found by `source`, but for the columns in `other`."""
    columns: Sequence[str] = [str(field.column) for field in model._meta.concrete_fields]
    table = model._meta.db_table
    fresh = {"id": f"nextval(pg_get_serial_sequence('{table}', 'id'))"} | other
    values = ", ".join(fresh.get(column, f"x.{column}") for column in columns)
    found = source.format(table=table, key=key)
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {found}".encode()
    )
