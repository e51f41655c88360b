"""`spona conduct draw FILE`: a protocol, or a part of it, as a diagram."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct.book import Book
from spona.conduct.command.files import Refused, read_graph, write
from spona.conduct.dcrxml import Plain
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands
    from spona.conduct.draw import Part

LANGUAGES = ("sr-latn", "sr", "en")


def add(commands: Commands) -> None:
    command = commands.add_parser("draw", help="a protocol as a diagram (SVG)")
    command.add_argument("file", type=Path, help="a rule book (YAML) or a DCR graph (XML)")
    command.add_argument("-o", dest="out", type=Path, metavar="FILE", help="write here, not out")
    command.add_argument("--lang", choices=LANGUAGES, default="sr-latn")
    part = command.add_argument_group("a part, with what one arrow binds to it")
    part.add_argument("--party", action="append", default=[], metavar="KEY", help="acts of a party")
    part.add_argument("--rule", action="append", default=[], metavar="ID", help="acts of a rule")
    part.add_argument("--acts", nargs="+", default=[], metavar="KEY", help="these acts")
    command.set_defaults(run=_draw)


def _draw(given: argparse.Namespace) -> int:
    from spona.conduct.draw import draw

    try:
        drawn = read_graph(given.file)
    except BookFaults as faults:
        print(faults)
        return 1
    try:
        drawing = draw(drawn, given.lang, part=_part(drawn, given))
    except KeyError as error:
        raise Refused(f"{given.file}: no act stands in that part.") from error
    if given.out:
        write(given.out, drawing)
    else:
        sys.stdout.write(drawing)
    return 0


def _part(drawn: Book | Plain, given: argparse.Namespace) -> Part | None:
    """What was asked for; refuses what the file does not hold, and says what it holds."""
    from spona.conduct.draw import Part

    parties = ["anyone", "clock", *drawn.parties] if isinstance(drawn, Book) else []
    rules = [rule.id for rule in drawn.rules] if isinstance(drawn, Book) else []
    for name, asked, known in (
        ("party", given.party, parties),
        ("rule", given.rule, rules),
        ("act", given.acts, list(drawn.acts)),
    ):
        if strange := [key for key in asked if key not in known]:
            held = ", ".join(known) or "none"
            raise Refused(f"{given.file} has no {name} {strange[0]}; it has {held}.")
    if not (given.party or given.rule or given.acts):
        return None
    return Part(tuple(given.party), tuple(given.rule), tuple(given.acts))
