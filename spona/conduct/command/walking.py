"""`spona conduct walk FILE`: walks of another engine, compared step by step."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from spona.conduct.command.judging import judge
from spona.conduct.walk import walk

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands


def add(commands: Commands) -> None:
    command = commands.add_parser("walk", help="compare walks with what a file expects")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_walk)


def _walk(given: argparse.Namespace) -> int:
    return judge(given.file, walk)
