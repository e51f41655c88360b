"""`spona identity reseal [--batch N]`: everything sealed stands under the newest key afterwards;
`spona identity rekey [--batch N]`: so do the hashes by which people are found."""

from __future__ import annotations

import getpass
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from spona.base.actor import Actor
from spona.base.sealing import newest, resealing
from spona.people import actions

NOT_THE_OWNER = (
    "Only the owner of the tables may seal afresh what nobody else may change:"
    " SPONA_DB_ROLE=spona_owner spona identity ..."
)


class Command(BaseCommand):
    help = (
        "Seal what says who a child is under the first key of SPONA_IDENTITY_KEYS (reseal), or hash"
        " anew by what people are found (rekey; also after an upgrade)."
        " Others go on working; what was interrupted goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reseal", "rekey"])
        parser.add_argument(
            "--batch", type=int, default=500, metavar="N", help="rows in one transaction"
        )

    def handle(self, *args: Any, what: str, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch is a number of rows, at least 1.")
        if not _is_owner():
            raise CommandError(NOT_THE_OWNER)
        if what == "rekey":
            self._rekey(batch)
        else:
            self._seal_afresh(batch)

    def _seal_afresh(self, batch: int) -> None:
        unreadable = self._reseal(batch)
        self._say_what_is_left()
        if unreadable:
            raise CommandError(
                f"{unreadable} rows cannot be read and were left as they are: a key is missing from"
                " SPONA_IDENTITY_KEYS, or they were changed by another hand."
            )

    def _rekey(self, batch: int) -> None:
        for step in actions.keys_renew(batch=batch, by=_operator(), at=timezone.now()):
            self.stdout.write(f"{step.what}: {step.done} made anew, {step.left} left")
        self.stdout.write(f"Everybody is found under key {newest()}.")

    def _reseal(self, batch: int) -> int:
        """How many rows cannot be read."""
        rows: Counter[str] = Counter()
        unreadable: set[tuple[str, int]] = set()
        for table, step in actions.identity_reseal(batch=batch, by=_operator(), at=timezone.now()):
            rows[table] += step.rows
            self.stdout.write(f"{table}: {rows[table]} rows")
            fresh = {(table, pk) for pk in step.unreadable} - unreadable
            for _table, pk in sorted(fresh):
                self.stderr.write(f"{table}: row {pk} cannot be read")
            unreadable |= fresh
        return len(unreadable)

    def _say_what_is_left(self) -> None:
        held: Counter[int] = Counter({newest(): 0})
        for table in resealing.tables():
            held.update(resealing.held(table))
        for key_id, count in sorted(held.items(), reverse=True):
            self.stdout.write(f"key {key_id}: {count} values")
        if set(held) == {newest()}:
            self.stdout.write("No value is left under an older key.")


def _operator() -> Actor:
    return Actor(name=f"operator {getpass.getuser()}", roles=frozenset({"operator"}))


def _is_owner() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(current_user, 'spona_owner', 'USAGE')")
        return bool(cursor.fetchone()[0])
