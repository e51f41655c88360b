"""`spona conduct check FILE...`: every fault of rule books."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct.command.files import read_book
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands


def add(commands: Commands) -> None:
    command = commands.add_parser("check", help="every fault of rule books")
    command.add_argument("files", type=Path, nargs="+")
    command.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    found = [fault for path in given.files for fault in _faults(path)]
    for fault in found:
        print(fault)
    if not found:
        print("no faults")
    return 1 if found else 0


def _faults(path: Path) -> Iterable[object]:
    try:
        read_book(path)
    except BookFaults as faults:
        return faults.faults
    return ()
