"""`spona organisation suspend|restore KEY --reason ...`: close an organisation in one act."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spona.accounts import actions
from spona.accounts.models import Organisation
from spona.base.actor import Actor


class Command(BaseCommand):
    help = "Let nobody of an organisation in (suspend), or let them in again (restore)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["suspend", "restore"])
        parser.add_argument("key", help="the key of the organisation")
        parser.add_argument("--reason", required=True, help="a code for the log, no names")

    def handle(self, *args: Any, what: str, key: str, reason: str, **options: Any) -> None:
        organisation = Organisation.objects.filter(key=key).first()
        if organisation is None:
            raise CommandError(f"No organisation has the key '{key}'.")
        operator = Actor(name=f"operator {getpass.getuser()}", roles=frozenset({"operator"}))
        act = {"suspend": actions.organisation_suspend, "restore": actions.organisation_restore}
        act[what](organisation=organisation, by=operator, at=timezone.now(), reason=reason)
        self.stdout.write(f"{organisation.name_sr}: {what} done.")
