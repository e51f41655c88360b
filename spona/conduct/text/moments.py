"""Dates and times as they are written in a sentence, in Belgrade."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from spona.conduct.calendar import BELGRADE

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def moment(at: datetime, lang: str) -> str:
    """`23. 11. 2026. u 21.10`, `23 November 2026 at 21:10`; raises `ValueError` if naive."""
    local = _local(at)
    if lang == "en":
        return f"{day(local, lang)} at {local:%H:%M}"
    return f"{day(local, lang)} u {local.hour}.{local:%M}"


def deadline(due: datetime, lang: str) -> str:
    """What stands after *do* and *by*: a moment, or the end of a day where due at midnight."""
    local = _local(due)
    if local.time() != time():
        return moment(due, lang)
    last = day(local - timedelta(days=1), lang)
    return f"the end of {last}" if lang == "en" else f"kraja dana {last}"


def day(local: date, lang: str) -> str:
    """`23. 11. 2026.`, `23 November 2026`."""
    if lang == "en":
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{local.day}. {local.month}. {local.year}."


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be written.")
    return at.astimezone(BELGRADE)
