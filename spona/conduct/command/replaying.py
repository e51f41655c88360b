"""`spona conduct replay LOG`: an event log held against rules, or against its own planned ends."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from holidays import list_supported_countries

from spona.conduct.book import Book
from spona.conduct.calendar import Calendar
from spona.conduct.command.files import Refused, read_book, why
from spona.conduct.dcrxml import Plain, read_dcr
from spona.conduct.dcrxml import Refused as NoGraph
from spona.conduct.faults import BookFaults
from spona.conduct.replay import telling
from spona.conduct.replay.lateness import lateness
from spona.conduct.replay.log import Log, Unusable
from spona.conduct.replay.machine import NotPlain, TooManyStates
from spona.conduct.replay.mapping import Words, read_words
from spona.conduct.replay.plain import replay_plain
from spona.conduct.replay.reading import read_log
from spona.conduct.replay.report import replay, suppressed

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands

HELP = """\
Hold an event log (CSV or XES, also .gz) against a rule book: what was kept, late, never done, out
of order, done by the wrong institution, and the time lost, by rule and institution. Without --book
only the ends of cases are held against their planned ends. A book that ends in .xml is a DCR graph.

--map FILE (YAML) says what the words of the log mean; each part may be left out:
  case: .. activity: .. time: .. resource: ..   columns of a CSV, or the attribute of who did it
  acts: {activity: act}     parties: {resource: party}     null: known, and left out
  facts: {attribute: fact}  moments: {attribute of a case with a time: act}
  ended: ..  planned: ..    attributes of a case: when it was over, and when it was to be

Exit code: 0 nothing found; 1 findings; 2 the input cannot be used.
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "replay",
        help="an event log held against rules",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("log", type=Path)
    command.add_argument("--book", type=Path, metavar="FILE", help="a rule book, or a DCR graph")
    command.add_argument("--map", type=Path, metavar="FILE", help="what the words of the log mean")
    command.add_argument(
        "--by", action="append", default=[], metavar="ATTR", help="sum up by an attribute of cases"
    )
    command.add_argument(
        "--suppress", type=int, default=0, metavar="N", help="withhold numbers from 1 to N - 1"
    )
    command.add_argument(
        "--calendar", default="RS", metavar="COUNTRY", help="whose public holidays (RS)"
    )
    command.add_argument(
        "--zone", default="Europe/Belgrade", help="where days begin (Europe/Belgrade)"
    )
    command.add_argument("--json", action="store_true", help="all findings, for programs")
    command.set_defaults(run=_replay)


def _replay(given: argparse.Namespace) -> int:
    try:
        return _held(given, _calendar(given.calendar, given.zone))
    except (Unusable, NotPlain, TooManyStates, NoGraph) as refused:
        raise Refused(str(refused)) from refused
    except BookFaults as faults:
        print(faults)
        return 1


def _held(given: argparse.Namespace, calendar: Calendar) -> int:
    book = _book(given.book)
    text = _text(given.map) if given.map else ""
    words = read_words(text, book if isinstance(book, Book) else None)
    log = _log(given.log, calendar, words)
    parts = list(_parts(given, log, book, words, calendar))
    if given.json:
        print(json.dumps({name: data for name, data, _, _ in parts}, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(lines) for _, _, lines, _ in parts))
    return int(any(found for *_, found in parts))


Part = tuple[str, dict[str, Any], list[str], bool]  # name, as JSON, as text, whether it found some


def _parts(
    given: argparse.Namespace, log: Log, book: Book | Plain | None, words: Words, calendar: Calendar
) -> Iterator[Part]:
    """The planned ends, then the rules. Where small numbers are withheld it is one of the two:
    with both, what the one withholds could be counted back from the other."""
    if book is None or not given.suppress:
        yield from _ends(given, log, words, calendar, alone=book is None)
    if isinstance(book, Plain):
        yield _graph(given, log, book, words)
    elif book is not None:
        yield _rules(given, log, book, words, calendar)


def _ends(
    given: argparse.Namespace, log: Log, words: Words, calendar: Calendar, *, alone: bool
) -> Iterator[Part]:
    found = lateness(
        log,
        calendar,
        planned=words.planned,
        ended=words.ended,
        by=given.by,
        least=given.suppress,
    )
    if found is not None:
        late = any(group.late != 0 for group in found.groups)
        yield "ends", telling.lateness_json(found), list(telling.told_lateness(found)), late
    elif alone:
        raise Unusable("No case has an end and a planned end. Name a rule book with --book.")


def _graph(given: argparse.Namespace, log: Log, book: Plain, words: Words) -> Part:
    if given.suppress:
        raise Unusable("A DCR graph has no small groups to withhold; leave --suppress out.")
    held = replay_plain(log, book, words)
    differs = held.accepted < held.traces
    return "graph", telling.plain_json(held), list(telling.told_plain(held)), differs


def _rules(
    given: argparse.Namespace, log: Log, book: Book, words: Words, calendar: Calendar
) -> Part:
    report = replay(log, book, words, calendar=calendar, by=given.by)
    found = bool(report.findings)
    if given.suppress:
        report = suppressed(report, given.suppress)
    return "rules", telling.as_json(report), list(telling.told(report)), found


def _calendar(country: str, zone: str) -> Calendar:
    if country not in list_supported_countries():
        raise Refused(f"There are no public holidays of {country}; a code such as RS is needed.")
    try:
        return Calendar(country, ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise Refused(
            f"There is no time zone {zone}; one such as Europe/Belgrade is needed."
        ) from error


def _book(path: Path | None) -> Book | Plain | None:
    if path is None:
        return None
    return read_dcr(_bytes(path)) if path.suffix == ".xml" else read_book(path)


def _log(path: Path, calendar: Calendar, words: Words) -> Log:
    try:
        return read_log(path, calendar.zone, words.columns)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {why(error)}.") from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not text in UTF-8.") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {why(error)}.") from error
