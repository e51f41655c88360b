"""Pure: into which group of the desk a duty falls, and what the desk says in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MANY = 100  # nobody counts further: `up_to` says that there are more


def up_to(n: int) -> str:
    """A number that was counted no further than `MANY`."""
    return f"{MANY - 1}+" if n >= MANY else str(n)


class Group(StrEnum):
    """In the order of the desk. An obstacle is not lateness, so it stands apart."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    OBSTACLE = "obstacle"


def group_of(due: datetime | None, *, obstacle: bool, at: datetime) -> Group:
    """`at` is local: its day and its week, Monday to Sunday, are those of the reader.

    Due at midnight is the end of the day before.
    """
    if obstacle:
        return Group.OBSTACLE
    if due is None:
        return Group.LATER
    if due < at:
        return Group.LATE
    if due <= end_of_day(at):
        return Group.TODAY
    return Group.WEEK if due <= end_of_week(at) else Group.LATER


def end_of_day(at: datetime) -> datetime:
    """The first moment that is no longer the local day of `at`."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def end_of_week(at: datetime) -> datetime:
    """The first moment of next Monday."""
    return end_of_day(at) + timedelta(days=6 - at.weekday())


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence on top of the desk counts."""

    late: int = 0
    today: int = 0
    without_guardian: int = 0
    waiting: int = 0
    not_taken_over: int = 0
    went_up: int = 0

    @property
    def nothing(self) -> bool:
        """Nothing of one's own; what came up to one is said then."""
        return self == Counts(went_up=self.went_up)
