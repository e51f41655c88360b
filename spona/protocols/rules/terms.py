"""Lengths of time and deadlines of a rule book as a choice and a number, and back."""

from __future__ import annotations

from typing import Any

from spona.conduct.book import Word
from spona.conduct.build import TERM

UNITS = {"H": "hours", "D": "days", "M": "months", "Y": "years"}
LETTERS = {unit: letter for letter, unit in UNITS.items()}
TERM_UNITS = ("hours", "days", "working_days", "months", "years")
UNTIL = "until"


def split(raw: Any) -> tuple[str, int | None]:
    """`PT24H` is ("hours", 24), `{working_days: 5}` is ("working_days", 5), nothing ("", None)."""
    if isinstance(raw, dict) and isinstance(raw.get("working_days"), int):
        return "working_days", raw["working_days"]
    match = TERM.fullmatch(raw) if isinstance(raw, str) else None
    return (UNITS[match[3]], int(match[2])) if match else ("", None)


def join(unit: str, amount: int | None) -> Any:
    """What the book says for a unit and a number; None where one of them is missing."""
    if not unit or amount is None:
        return None
    if unit == "working_days":
        return {"working_days": amount}
    return f"P{'T' if unit == 'hours' else ''}{amount}{LETTERS[unit]}"


def split_within(raw: Any) -> tuple[str, int | None, str]:
    """The kind of a deadline (a unit, a word of the law, `until`), its number, its fact."""
    if isinstance(raw, dict) and UNTIL in raw:
        return UNTIL, None, str(raw[UNTIL])
    if isinstance(raw, str) and raw in frozenset(Word):
        return raw, None, ""
    return (*split(raw), "")


def join_within(kind: str, amount: int | None, until: str) -> Any:
    if kind == UNTIL:
        return {UNTIL: until} if until else None
    return kind if kind in frozenset(Word) else join(kind, amount)
