"""No address skips authorisation (P2): each address, each person, each method, as the table says.

The table is tests/access_matrix.csv: a row an address, an object and a method; a column a person.
`login` leads to sign in. An empty POST is sent: 422 is a form that came back, 302 an act of one
button. `-` was not asked: pages in which there is no child are tried as six people only, and a
method that an address does not know as two.

After a change: `SPONA_WRITE_MATRIX=1 pytest tests/test_access_matrix.py`, and then somebody reads
every cell that changed: a 200 for whoever should not see it is a fault and no entry of the table.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from tests.addresses import Address, addresses, names, of_the_house
from tests.world import Answer, World

TABLE = Path(__file__).parent / "access_matrix.csv"
WRITE = os.environ.get("SPONA_WRITE_MATRIX") == "1"
PEOPLE = (
    "anonymous", "finder", "owner", "second_officer", "case_manager", "guardian", "head",
    "director", "police", "health", "asylum", "facility", "coordinator", "administrator",
    "stranger", "expired", "recipient", "other_centre", "lawyer",
)  # fmt: skip
ON_PAGES_OF_THE_HOUSE = (
    "anonymous",
    "owner",
    "head",
    "administrator",
    "police",
    "stranger",
    "lawyer",
)
NOT_ASKED = "-"
# The first reading of a package by its recipient is the receipt of each field.
BY_LOOKING = {
    ("account_reset_password_from_key", "account_emailaddress"),
    ("coordination:referral_detail", "coordination_disclosure"),
    ("coordination:handover_detail", "coordination_disclosure"),
}
Key = tuple[str, str, str]
Refusal = tuple[str, tuple[tuple[str, str], ...]]


def read_table() -> dict[Key, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["object"], row["method"]): row for row in csv.DictReader(file)}


def write_table(rows: dict[Key, dict[str, str]]) -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "object", "method", *PEOPLE))
        for key, row in sorted(rows.items()):
            writer.writerow((*key, *(row[who] for who in PEOPLE)))


def cell(answer: Answer) -> str:
    onward = answer.headers.get("Location", "")
    if answer.status == 302 and onward.startswith("/accounts/login/"):
        return "login"
    return str(answer.status)


class Found(NamedTuple):
    """What everybody got, which tables a look at an address has written, and every way in which
    somebody was told that there is nothing."""

    rows: dict[Key, dict[str, str]]
    written: set[tuple[str, str]]
    refusals: set[Refusal]


@pytest.fixture(scope="module")
def found(world: World) -> Found:
    """The whole table, as it is."""
    found = Found({}, set(), set())
    for one in addresses(world):
        before = writes()
        found.rows[one.name, one.object, "GET"] = _row(found, world, one, "get")
        found.written.update((one.name, table) for table in _more(before, writes()))
        found.rows[one.name, one.object, "POST"] = _row(found, world, one, "post")
    return found


def _row(found: Found, world: World, one: Address, method: str) -> dict[str, str]:
    answers = {who: world.visit(who, one.path, method=method) for who in ("anonymous", "owner")}
    if answers["owner"].status != 405:
        asked = ON_PAGES_OF_THE_HOUSE if of_the_house(one.name) else PEOPLE
        answers = {who: world.visit(who, one.path, method=method) for who in asked}
    for answer in answers.values():
        if answer.status == 404:
            found.refusals.add((answer.body, tuple(sorted(answer.headers.items()))))
    return dict.fromkeys(PEOPLE, NOT_ASKED) | {who: cell(one) for who, one in answers.items()}


def writes() -> dict[str, int]:
    """Rows written by this transaction, undone ones too, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def _more(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {table for table, count in after.items() if count != before.get(table, 0)}


def test_everybody_gets_what_the_table_says(found: Found) -> None:
    if WRITE:
        write_table(found.rows)
    table = read_table()
    assert set(found.rows) - set(table) == set(), "addresses that are not in the table"
    assert set(table) - set(found.rows) == set(), "rows of the table that lead nowhere"
    wrong = [
        f"{' '.join(key)} {who}: {row[who]}, and the table says {table[key][who]}"
        for key, row in found.rows.items()
        for who in PEOPLE
        if row[who] != table[key][who]
    ]
    assert wrong == []


def test_every_name_of_an_address_is_in_the_table() -> None:
    assert {name for name, _object, _method in read_table()} == set(names())


def test_looking_writes_into_the_log_and_the_session_only(found: Found) -> None:
    tables = {table for _name, table in found.written}
    assert "audit_event" in tables
    ours = {"audit_event", "django_session"}
    written = {(name, table) for name, table in found.written if table not in ours}
    assert written <= BY_LOOKING


def test_hidden_and_absent_are_the_same_answer(found: Found, world: World) -> None:
    """P5: one body and one set of headers for everybody, whatever there is behind the address."""
    absent = set()
    for one in addresses(world):
        if one.absent and not of_the_house(one.name):
            for method in ("get", "post"):
                answer = world.visit("owner", one.absent_path, method=method)
                assert answer.status in (404, 405) or one.name == "home:owed_list", one
                if answer.status == 404:
                    absent.add((answer.body, tuple(sorted(answer.headers.items()))))
    assert absent == found.refusals
    assert len(absent) == 1
