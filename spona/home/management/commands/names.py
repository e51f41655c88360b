"""`spona names evaluate`: how well names are found across scripts, on files of three formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spona.home.management import crowd, measuring
from spona.names.evaluating import variants_measured

Rows = list[dict[str, str]]
PEOPLE = 1_000_000
COLUMNS = {
    "variants": ("component", "group_qid", "script", "form"),
    "search": ("qid", "query", "query_style", "stored_name", "stored_style", "name_groups"),
    "registers": ("record_id", "register", "person_id", "given", "family", "dob"),
}
DATABASE = "spona_names_evaluate"


class Command(BaseCommand):
    help = (
        "Measure words across scripts, full names among many synthetic people in PostgreSQL, and"
        " registers that are linked. The people are made in a database of their own, which is"
        " dropped afterwards. (`spona names link` links registers.)"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["evaluate"])
        for name, columns in COLUMNS.items():
            parser.add_argument(f"--{name}", required=True, help=f"columns: {', '.join(columns)}")
        parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, people: int, **options: Any) -> None:
        files = {name: Path(options[name]) for name in COLUMNS}
        rows = {name: _rows(path, COLUMNS[name]) for name, path in files.items()}
        told = {
            "variants": variants_measured(rows["variants"]),
            "search": _searched(
                rows["variants"], rows["search"], people, whole=not options["json"]
            ),
            "linkage": _linked(files["registers"]),
        }
        self.stdout.write(json.dumps(told) if options["json"] else _table(told))


def _searched(variants: Rows, asked: Rows, people: int, *, whole: bool) -> dict[str, Any]:
    """`whole` measures more than the JSON has a place for: half typed words, the very person."""
    with peopled(variants, asked, people) as everybody:
        told = measuring.search_measured(asked, everybody)
        very_person = told.pop("very_person")
        if whole:
            half_typed = measuring.prefix_measured(asked, everybody)
            told |= {"very_person": very_person, "half_typed": half_typed}
        return told


@contextmanager
def peopled(variants: Rows, asked: Rows, people: int) -> Iterator[crowd.Crowd]:
    """The people whom `asked` is to find hidden among so many, in the database that Django means
    inside."""
    from config import scratch  # the command line's own room, above the tower

    everybody = crowd.drawn(variants, measuring.hidden(asked), people)
    with scratch.database(DATABASE) as dsn:
        crowd.settle(dsn, everybody)
        yield everybody


def _linked(registers: Path) -> dict[str, float]:
    try:
        from spona.names.linking import matching
    except ImportError:
        raise CommandError(
            "Registers are linked with the extra: pip install 'spona[linkage]'"
        ) from None
    from spona.names.linking.registers import WrongFile

    try:
        return matching.evaluate(registers)
    except WrongFile as wrong:
        raise CommandError(f"{registers}: {wrong}") from None


def _rows(path: Path, columns: tuple[str, ...]) -> Rows:
    """The rows of a CSV, or of a TSV by its name. A clear sentence for what is neither."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
            missing = set(columns) - set(reader.fieldnames or ())
            rows = [] if missing else list(reader)
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"{path} cannot be read: {problem}") from None
    if missing:
        raise CommandError(f"{path} has no column {', '.join(sorted(missing))}.")
    return rows


def _table(told: dict[str, Any]) -> str:
    lines = [
        f"{part + ' ' + name:<32}{value if not isinstance(value, dict) else json.dumps(value)}"
        for part, values in told.items()
        for name, value in values.items()
    ]
    return "\n".join(lines)
