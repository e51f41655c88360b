"""spona runs_export: own runs as an event log, for research."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.coordination.actions import logs
from spona.coordination.management.who import actor_of, organisation_of

HELP = """\
Write the runs of your institution's own cases as an event log (XES or OCEL 2.0 JSON).

People, cases and institutions have pseudonyms whose key is forgotten at once; no text is in the
file, nothing sensitive and no birth date. Runs in which something happened that happened in fewer
than five are left out whole. Times are kept: whoever knows when something happened finds the run.
So the file is still personal data; give it only to whom the law and an agreement allow.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--xes", type=Path, metavar="FILE", help="write XES (IEEE 1849)")
        kind.add_argument("--ocel", type=Path, metavar="FILE", help="write OCEL 2.0 JSON")
        parser.add_argument("--organisation", required=True, help="key of your institution")
        parser.add_argument("--by", required=True, help="e-mail of the account that does it")

    def handle(self, *args: Any, xes: Path | None, ocel: Path | None, **options: Any) -> None:
        organisation = organisation_of(options["organisation"])
        by, form = actor_of(options["by"], organisation), logs.Form.XES if xes else logs.Form.OCEL
        file = xes or ocel
        try:
            if file is not None:
                self._write(file, form, organisation, by)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}.") from error

    def _write(self, file: Path, form: logs.Form, organisation: Organisation, by: Actor) -> None:
        """Under another name first, which nobody else on the machine may read."""
        unfinished, at = file.with_name(f".{file.name}.unfinished"), timezone.now()
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
            with (
                rls.acting(by, at),
                unfinished.open("w", encoding="utf-8", newline="") as out,
            ):
                done = logs.runs_export(out=out, form=form, organisation=organisation, by=by, at=at)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{done.runs} runs, {done.events} events written to {file}.")
        if done.rare:
            self.stdout.write(f"left out: {done.rare} runs with something that is rare")
        self.stdout.write("The file is still personal data: times are kept.")
