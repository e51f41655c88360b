"""Long lists page by page: by the place of the last line in the order, never by a count.

A key is the moment and the id of a line, `1763838600000000-42`; `none-42` where it has no moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NONE = "none"
LATEST = 253_370_764_800_000_000  # the year 9999


@dataclass(frozen=True, slots=True)
class Key:
    """Where a list goes on: after the line with this moment and id."""

    moment: datetime | None
    id: int

    def __str__(self) -> str:
        first = NONE if self.moment is None else str((self.moment - EPOCH) // MICROSECOND)
        return f"{first}-{self.id}"


def parse(text: str) -> Key | None:
    """The key in an address; none where there is none or it was tampered with."""
    first, _dash, number = text.partition("-")
    if not _is_number(number):
        return None
    if first == NONE:
        return Key(None, int(number))
    if not _is_number(first) or int(first) >= LATEST:
        return None
    return Key(EPOCH + int(first) * MICROSECOND, int(number))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
