"""What an engine found, held against what a file of cases expects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from spona.conduct.command.files import cases_of
from spona.conduct.walk import name


def judge(path: Path, differs: Callable[[Any], str | None]) -> int:
    """Print the difference of each failing case and the count; every case is judged first."""
    differences = [(case, differs(case)) for case in cases_of(path)]
    failed = [(case, difference) for case, difference in differences if difference]
    for case, difference in failed:
        print(f"{name(case)}: {difference}")
    print(f"{len(differences) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
