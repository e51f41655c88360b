"""`spona conduct explain FILE`: a rule book in sentences."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct.book import Book
from spona.conduct.command.files import read_book
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands

LANGUAGES = ("sr-latn", "sr", "en")


def add(commands: Commands) -> None:
    command = commands.add_parser("explain", help="a rule book in sentences")
    command.add_argument("file", type=Path)
    command.add_argument("--lang", choices=LANGUAGES, default="sr-latn")
    command.set_defaults(run=_explain)


def _explain(given: argparse.Namespace) -> int:
    try:
        book = read_book(given.file)
    except BookFaults as faults:
        print(faults)
        return 1
    for sentence in _sentences(book, given.lang):
        print(sentence)
    return 0


def _sentences(book: Book, lang: str) -> Iterator[str]:
    from spona.conduct.text import explain
    from spona.names.cyrillic import to_cyrillic

    for sentence in explain(book, "en" if lang == "en" else "sr-latn"):
        yield to_cyrillic(sentence) if lang == "sr" else sentence
