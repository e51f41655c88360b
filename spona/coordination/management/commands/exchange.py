"""spona exchange import|export|unhcr: cases in and out as files."""

from __future__ import annotations

import gzip
import os
import zlib
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.coordination.actions import exchange
from spona.coordination.management.who import actor_of, organisation_of
from spona.coordination.rules import jsonstream

HELP = """\
Exchange cases with other systems as files (.gz is packed and unpacked).

  import   cases of a Primero file: the reply of its API or its JSON export. The same file again
           changes nothing; what was changed here since is not overwritten but reported.
  export   your institution's own cases in the shape of Primero's API. With --for: what may be
           given to another institution, case by case and category by category.
  unhcr    UNHCR's table of 25 columns (CSV), for those whose ledger names UNHCR as recipient.

Exit code: 0 done; 1 not done, and nothing was changed or written; 2 wrong arguments;
3 imported, but something needs a look (conflicts, records that could not be taken).
"""
TO_LOOK_AT = 3
WHY_NOT_JSON = {
    jsonstream.NOT_UTF8: "is not text in UTF-8",
    jsonstream.MALFORMED: "is not valid JSON",
    jsonstream.CUT_OFF: "ends in the middle",
    jsonstream.TOO_LARGE: "holds a record larger than any case",
    jsonstream.NOT_A_RECORD: "holds something else where a record (an object) should be",
}
WHY_LEFT_OUT = {
    "repeated": "stood in the file more than once",
    "no_longer_here": "were imported once and belong to another institution now",
    "disabled_there": "are disabled there",
    "closed_there": "are closed there",
    "closed_here": "are closed here and were not touched",
    "older_than_imported": "are older than what was imported before",
    "no_basis": "have no legal basis in force for this recipient and purpose",
}
Write = Callable[[TextIO, Organisation, Actor], exchange.Exported]


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="import|export|unhcr")
        taking = _common(what.add_parser("import", help="take over cases of a Primero file"))
        taking.add_argument(
            "--from", dest="host", required=True, help="the instance it is of: primero.example.org"
        )
        giving = _common(what.add_parser("export", help="write own cases in Primero's shape"))
        giving.add_argument("--for", dest="to", help="key of the institution that will get it")
        giving.add_argument("--purpose", default="", help="what it is for, needed with --for")
        table = _common(what.add_parser("unhcr", help="write UNHCR's table"))
        table.add_argument("--for", dest="to", default="unhcr", help="key of the recipient (unhcr)")
        table.add_argument("--purpose", default="protection", help="what for (protection)")

    def handle(self, *args: Any, what: str, file: Path, **options: Any) -> None:
        organisation = organisation_of(options["organisation"])
        by = actor_of(options["by"], organisation)
        try:
            if what == "import":
                self._import(file, options["host"], organisation, by)
            else:
                self._export(file, organisation, by, self._writer(what, options))
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}.") from error

    # --- in

    def _import(self, file: Path, host: str, organisation: Organisation, by: Actor) -> None:
        at = timezone.now()
        try:
            with _source(file) as source, rls.acting(by, at):
                records = jsonstream.records(source.read)
                done = exchange.cases_import(
                    records=records, host=host, organisation=organisation, by=by, at=at
                )
        except jsonstream.NotJson as fault:
            why = WHY_NOT_JSON[fault.why]
            raise CommandError(f"{file} {why} (byte {fault.at}). Nothing was imported.") from fault
        except (EOFError, zlib.error) as error:
            raise CommandError(f"{file} ends in the middle. Nothing was imported.") from error
        self._tell_import(done)

    def _tell_import(self, done: exchange.Imported) -> None:
        self.stdout.write(
            f"{done.read} records read: {done.created} cases opened, {done.updated} brought up to"
            f" date, {done.unchanged} as they were."
        )
        self._tell_left_out(done.left_out)
        for name, count in sorted(done.dropped.items()):
            self.stdout.write(f"never kept: {name} ({count} times)")
        for name, count in sorted(done.unknown.items()):
            self.stdout.write(f"no word for it here, kept as it was: {name} ({count} times)")
        for uuid, name in done.conflicts:
            self.stderr.write(f"changed here and there, left as it is here: {uuid} {name}")
        for record, why in done.refused:
            self.stderr.write(f"not taken: {record}: {why}")
        if not done.is_clean:
            raise SystemExit(TO_LOOK_AT)

    # --- out

    def _writer(self, what: str, options: Mapping[str, Any]) -> Write:
        at = timezone.now()
        if what == "export" and not options["to"]:
            return lambda out, own, by: exchange.cases_export(
                out=out, organisation=own, by=by, at=at
            )
        to = exchange.Recipient(organisation_of(options["to"]), options["purpose"])
        action = exchange.unhcr_export if what == "unhcr" else exchange.cases_send
        return lambda out, own, by: action(out=out, organisation=own, to=to, by=by, at=at)

    def _export(self, file: Path, organisation: Organisation, by: Actor, write: Write) -> None:
        """Under another name first: a file that is there is whole and stands in the log."""
        unfinished = file.with_name(f".{file.name}.unfinished")
        try:
            packed = file.suffix == ".gz"
            with rls.acting(by, timezone.now()), _target(unfinished, packed=packed) as out:
                done = write(out, organisation, by)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{done.cases} cases written to {file}.")
        self._tell_left_out(done.left_out)
        if "sensitive" in done.hidden:
            self.stdout.write("what is sensitive is not in it: your role does not see it")

    def _tell_left_out(self, left_out: Mapping[str, int]) -> None:
        for why, count in sorted(left_out.items()):
            self.stdout.write(f"left out: {count} that {WHY_LEFT_OUT[why]}")


def _common(parser: CommandParser) -> CommandParser:
    parser.add_argument("file", type=Path)
    parser.add_argument("--organisation", required=True, help="key of your institution")
    parser.add_argument("--by", required=True, help="e-mail of the account that does it")
    return parser


def _source(file: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file) if file.suffix == ".gz" else file.open("rb"))


def _target(file: Path, *, packed: bool) -> TextIO:
    """A new file that nobody else on the machine may read."""
    os.close(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    if packed:
        return cast("TextIO", gzip.open(file, "wt", 6, "utf-8", newline=""))
    return file.open("w", encoding="utf-8", newline="")
