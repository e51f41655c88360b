"""`spona audit seal | head | verify`: fix the log, print its anchor, prove it untouched."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spona.audit import actions


class Command(BaseCommand):
    help = "Seal the log (seal), print the anchor to keep elsewhere (head), or check it (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["seal", "head", "verify"])
        parser.add_argument(
            "--anchor", default="", help="a head printed earlier; it must still be in the chain"
        )

    def handle(self, *args: Any, what: str, anchor: str, **options: Any) -> None:
        if what == "seal":
            self.stdout.write(f"{actions.seal(at=timezone.now())} events sealed.")
        elif what == "head":
            self.stdout.write(actions.head())
        else:
            self._verify(anchor.strip().lower())

    def _verify(self, anchor: str) -> None:
        found = actions.verify(anchor=anchor)
        for one in found:
            self.stdout.write(str(one))
        if found:
            raise CommandError("The log is not as it was sealed.")
        self.stdout.write("The log is as it was sealed.")
