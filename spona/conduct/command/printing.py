"""`spona conduct book FILE -o out.pdf|.html`: a rule book to hand out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct.book import Book
from spona.conduct.command.explaining import LANGUAGES
from spona.conduct.command.files import Refused, read_book, why
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands

KINDS = (".pdf", ".html")


def add(commands: Commands) -> None:
    command = commands.add_parser("book", help="a rule book as PDF or HTML, to hand out")
    command.add_argument("file", type=Path)
    command.add_argument("-o", "--output", type=Path, required=True, help="a name in .pdf or .html")
    command.add_argument("--party", default="", help="one page: what is expected of this party")
    command.add_argument("--lang", choices=LANGUAGES, default="sr-latn")
    command.set_defaults(run=_print)


def _print(given: argparse.Namespace) -> int:
    if given.output.suffix not in KINDS:
        raise Refused(f"{given.output} ends in neither .pdf nor .html.")
    try:
        book = read_book(given.file)
    except BookFaults as faults:
        print(faults)
        return 1
    if given.party and given.party not in book.parties:
        raise Refused(f"There is no party '{given.party}'; there are {', '.join(book.parties)}.")
    try:
        given.output.write_bytes(_made(book, given))
    except OSError as error:
        raise Refused(f"{given.output} cannot be written: {why(error)}.") from error
    print(given.output)
    return 0


def _made(book: Book, given: argparse.Namespace) -> bytes:
    from spona.conduct.booklet import card, html, leaflet, pdf
    from spona.conduct.draw import draw

    whole = leaflet(book, given.lang)
    of = card(book, given.party, given.lang) if given.party else None
    diagram = "" if of else draw(book, given.lang)
    if given.output.suffix == ".pdf":
        return pdf(whole, of, diagram)
    return html(whole, of, diagram).encode()
