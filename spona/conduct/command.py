"""`spona conduct ...`: walks, deadlines, faults and sentences, without Django or a database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from spona.conduct.book import Book, Term, Unit
from spona.conduct.calendar import due
from spona.conduct.faults import BookFaults
from spona.conduct.reader import read
from spona.conduct.walk import WrongShape, name, walk

UNITS = frozenset(unit.value for unit in Unit)
UNITS_TOLD = ", ".join(unit.value for unit in Unit)
LANGUAGES = ("sr-latn", "sr", "en")


class Refused(Exception):  # noqa: N818 -- what the command does with its input
    """The input cannot be used; the message is one sentence for the person who gave it."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message[:1].upper()}{message[1:]}; see spona conduct --help.")


def main(argv: list[str]) -> int:
    """Run one command; 0 is well, 1 found differences or faults, 2 cannot use its input."""
    try:
        given = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], int] = given.run
        code = run(given)
        sys.stdout.flush()
        return code
    except (Refused, WrongShape) as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as ended:  # --help
        return int(ended.code or 0)


def _parser() -> Parser:
    parser = Parser(prog="spona conduct", description="Rules of conduct, checked and explained.")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("walk", help="compare walks with what a file expects")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_walk)
    command = commands.add_parser("due", help="when a deadline is due")
    command.add_argument("--check", type=Path, metavar="FILE", help="compare with a file")
    command.add_argument("--from", dest="start", help="the event, ISO 8601 with a time zone")
    command.add_argument("--within", help='such as {"days": 3}')
    command.set_defaults(run=_due)
    command = commands.add_parser("check", help="every fault of rule books")
    command.add_argument("files", type=Path, nargs="+")
    command.set_defaults(run=_check)
    command = commands.add_parser("explain", help="a rule book in sentences")
    command.add_argument("file", type=Path)
    command.add_argument("--lang", choices=LANGUAGES, default="sr-latn")
    command.set_defaults(run=_explain)
    return parser


# -- files


def _why(error: OSError) -> str:
    return (error.strerror or "it cannot be read").lower()


def _cases(path: Path) -> list[Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {_why(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path} is not JSON: {error}.") from error
    cases = data.get("cases") if isinstance(data, dict) else data
    if not isinstance(cases, list):
        raise Refused(f"{path} holds no list of cases.")
    return cases


def _judge(path: Path, judge: Callable[[Any], str | None]) -> int:
    """Print the difference of each failing case and the count; every case is judged first."""
    differences = [(case, judge(case)) for case in _cases(path)]
    failed = [(case, difference) for case, difference in differences if difference]
    for case, difference in failed:
        print(f"{name(case)}: {difference}")
    print(f"{len(differences) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


# -- commands


def _walk(given: argparse.Namespace) -> int:
    return _judge(given.file, walk)


def _due(given: argparse.Namespace) -> int:
    if given.check:
        return _judge(given.check, _late)
    if given.start is None or given.within is None:
        raise Refused("Give --check FILE, or both --from and --within.")
    try:
        within = json.loads(given.within)
    except ValueError as error:
        raise Refused(f"--within is not JSON: {error}.") from error
    print(_counted(given.start, within).isoformat())
    return 0


def _late(case: Any) -> str | None:
    try:
        start, within, expected = case["from"], case["within"], case["due"]
        wanted = datetime.fromisoformat(expected)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"A case is no deadline of the known form: {_shown(case)}.") from error
    found = _counted(start, within)
    if wanted.tzinfo is not None and found == wanted:
        return None
    return (
        f"from {start} within {json.dumps(within)} is due {found.isoformat()}, expected {expected}"
    )


def _counted(start: Any, within: Any) -> datetime:
    term = _term(within)
    try:
        moment = datetime.fromisoformat(start)
    except (TypeError, ValueError) as error:
        raise Refused(f"{_shown(start)} is no moment such as 2026-11-23T10:00+01:00.") from error
    try:
        return due(moment, term)
    except (ValueError, OverflowError) as error:
        told = f"{start} has no time zone" if moment.tzinfo is None else "no calendar goes so far"
        raise Refused(f"The deadline cannot be counted: {told}.") from error


def _term(within: Any) -> Term:
    match list(within.items()) if isinstance(within, dict) else []:
        case [(unit, int(amount))] if unit in UNITS and amount >= 0 and amount is not True:
            return Term(Unit(unit), amount)
    raise Refused(f'{_shown(within)} is no length such as {{"days": 3}}; units are {UNITS_TOLD}.')


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _check(given: argparse.Namespace) -> int:
    found = [fault for path in given.files for fault in _faults(path)]
    for fault in found:
        print(fault)
    if not found:
        print("no faults")
    return 1 if found else 0


def _faults(path: Path) -> Iterable[object]:
    try:
        _read(path)
    except BookFaults as faults:
        return faults.faults
    return ()


def _read(path: Path) -> Book:
    try:
        return read(path)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {_why(error)}.") from error


def _explain(given: argparse.Namespace) -> int:
    try:
        book = _read(given.file)
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
