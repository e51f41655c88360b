"""`spona conduct due`: when a deadline is due."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spona.conduct.book import Term, Unit
from spona.conduct.calendar import due
from spona.conduct.command.files import Refused, shown
from spona.conduct.command.judging import judge

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands

UNITS = frozenset(unit.value for unit in Unit)
UNITS_TOLD = ", ".join(unit.value for unit in Unit)


def add(commands: Commands) -> None:
    command = commands.add_parser("due", help="when a deadline is due")
    command.add_argument("--check", type=Path, metavar="FILE", help="compare with a file")
    command.add_argument("--from", dest="start", help="the event, ISO 8601 with a time zone")
    command.add_argument("--within", help='such as {"days": 3}')
    command.set_defaults(run=_due)


def _due(given: argparse.Namespace) -> int:
    if given.check:
        return judge(given.check, _late)
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
        raise Refused(f"A case is no deadline of the known form: {shown(case)}.") from error
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
        raise Refused(f"{shown(start)} is no moment such as 2026-11-23T10:00+01:00.") from error
    try:
        return due(moment, term)
    except (ValueError, OverflowError) as error:
        told = f"{start} has no time zone" if moment.tzinfo is None else "no calendar goes so far"
        raise Refused(f"The deadline cannot be counted: {told}.") from error


def _term(within: Any) -> Term:
    match list(within.items()) if isinstance(within, dict) else []:
        case [(unit, int(amount))] if unit in UNITS and amount >= 0 and amount is not True:
            return Term(Unit(unit), amount)
    raise Refused(f'{shown(within)} is no length such as {{"days": 3}}; units are {UNITS_TOLD}.')
