"""spona publish protocols/*.yaml"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spona.base.actor import Actor
from spona.conduct.faults import BookFaults
from spona.protocols import actions


class Command(BaseCommand):
    help = "Publish rule books; a book that is published already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--by", default="operator", help="who publishes, for the record")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor(name=options["by"])
        for path in options["files"]:
            try:
                text = path.read_text(encoding="utf-8")
                version, new = actions.version_publish(text=text, by=by, at=timezone.now())
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
            except (BookFaults, actions.AlreadyPublished) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{version}: {'published' if new else 'unchanged'}")
