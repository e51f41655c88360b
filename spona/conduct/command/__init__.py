"""`spona conduct ...`: rules of conduct on a command line, without Django or a database."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from spona.conduct.command import (
    checking,
    converting,
    counting,
    drawing,
    explaining,
    printing,
    replaying,
    verifying,
    walking,
)
from spona.conduct.command.files import Refused
from spona.conduct.walk import WrongShape

COMMANDS = (
    checking,
    verifying,
    explaining,
    drawing,
    replaying,
    converting,
    walking,
    counting,
    printing,
)


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
    for module in COMMANDS:
        module.add(commands)
    return parser
