"""`spona conduct convert FILE -o OUT`: between rule books, DCR graphs and BPMN."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct import dcrxml
from spona.conduct.book import Book
from spona.conduct.command.files import Refused, read_book, read_graph, why, write
from spona.conduct.dcrxml import Plain
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands

BOOK, DCR, BPMN = (".yaml", ".yml"), (".xml",), (".bpmn",)
KNOWN = "YAML rule books (.yaml), DCR graphs (.xml) and, to be written only, BPMN 2.0 (.bpmn)"
Made = tuple[str, Iterable[str]]


def add(commands: Commands) -> None:
    command = commands.add_parser("convert", help="a rule book as a DCR graph or BPMN, and back")
    command.add_argument("file", type=Path, help=f"one of: {KNOWN}")
    command.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True)
    command.add_argument("--lang", choices=("sr-latn", "sr", "en"), default="sr-latn")
    command.set_defaults(run=_convert)


def _convert(given: argparse.Namespace) -> int:
    """What the new form cannot say is printed, a line each."""
    try:
        text, lost = _made(given.file, given.out, given.lang)
    except BookFaults as faults:
        print(faults)
        return 1
    write(given.out, text)
    for line in lost:
        print(line)
    return 0


def _made(source: Path, out: Path, lang: str) -> Made:
    ends = source.suffix.lower(), out.suffix.lower()
    if ends[1] in BPMN and ends[0] in (*BOOK, *DCR):
        return _to_bpmn(read_graph(source), lang)
    if ends[0] in BOOK and ends[1] in DCR:
        return _to_dcr(source, lang)
    if ends[0] in DCR and ends[1] in BOOK:
        return _to_book(source)
    raise Refused(f"{source} cannot become {out}; known are {KNOWN}.")


def _to_bpmn(drawn: Book | Plain, lang: str) -> Made:
    from spona.conduct.interchange.bpmn import to_bpmn

    return to_bpmn(drawn, lang)


def _to_dcr(source: Path, lang: str) -> Made:
    from spona.conduct.interchange.todcr import to_dcr
    from spona.conduct.yamltree import parse

    book = read_book(source)
    if lang == "sr":
        raise Refused("Labels of a DCR graph are in sr-latn or en.")
    return to_dcr(book, parse(source.read_text(encoding="utf-8")).data, lang)


def _to_book(source: Path) -> Made:
    import yaml

    from spona.conduct.interchange.fromdcr import from_dcr

    try:
        data, lost = from_dcr(source.read_bytes(), source.stem)
    except OSError as error:
        raise Refused(f"{source} cannot be read: {why(error)}.") from error
    except dcrxml.Refused as error:
        raise Refused(f"{source}: {error}") from error
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100), lost
