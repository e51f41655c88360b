"""`spona messages collect | build | check`: the catalogues of the pages."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spona.base import messages


class Command(BaseCommand):
    help = "Collect the messages of the pages, build their catalogues, check the Serbian."
    requires_system_checks = ()  # `make setup` builds before anything is configured

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", choices=["collect", "build", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        task = {"collect": self._collect, "build": self._build, "check": self._check}
        task[options["task"]](locale)

    def _collect(self, locale: Path) -> None:
        self.stdout.write(f"Collected; {messages.collect(locale)} without Serbian.")

    def _build(self, locale: Path) -> None:
        self.stdout.write(f"Built {messages.build(locale)} messages in both scripts.")

    def _check(self, locale: Path) -> None:
        if faults := messages.check(locale):
            raise CommandError("\n".join([*faults, "Run: spona messages collect, then translate."]))
        self.stdout.write("Every message has its Serbian.")
