"""When a meeting may have been, and how a case is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

OLDEST_EVENT = timedelta(days=2 * 365)
KEPT_WITHOUT_A_CASE = timedelta(days=90)  # trust.md: encounters without a case


class EventFault(StrEnum):
    """Why a moment cannot be when something happened."""

    FUTURE = "future"
    TOO_OLD = "too_old"


def event_fault(occurred_at: datetime, *, at: datetime) -> EventFault | None:
    """Nothing has happened after `at`; what is older than two years is a slip of the pen."""
    if occurred_at > at:
        return EventFault.FUTURE
    return EventFault.TOO_OLD if occurred_at < at - OLDEST_EVENT else None


def case_code(prefix: str, year: int, number: int) -> str:
    """`VR-2026-0147`."""
    return f"{prefix}-{year}-{number:04d}"


def blurred(occurred_at: datetime) -> datetime:
    """The first moment of the month: what an anonymised encounter keeps of its time."""
    return occurred_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
