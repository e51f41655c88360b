"""Pure: into which group of the desk a duty falls, which of them one wants to see, and what the
desk says in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
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


STATES = (Group.LATE, Group.TODAY, Group.WEEK, Group.OBSTACLE)
WHOSE = ("mine", "ours")
WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines stand on the desk: words of the rule books, never a person or a case.

    `whose` is `mine` (addressed to oneself) or `ours` (to the institution as such).
    """

    state: str = ""
    book: str = ""
    rule: str = ""
    party: str = ""
    whose: str = ""

    @staticmethod
    def of(typed: Mapping[str, str]) -> Filters:
        """From an address, a form or what was kept; what makes no sense is left out."""
        known = {name: typed.get(name, "") for name in FILTERS}
        fit = {name: word for name, word in known.items() if WORD.fullmatch(word)}
        if fit.get("state") not in STATES:
            fit.pop("state", None)
        if fit.get("whose") not in WHOSE:
            fit.pop("whose", None)
        return Filters(**fit)

    def chosen(self) -> dict[str, str]:
        """What was chosen, in the order of the chips."""
        return {name: word for name in FILTERS if (word := str(getattr(self, name)))}

    def without(self, name: str) -> Filters:
        return replace(self, **{name: ""})


FILTERS = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence on top of the desk counts."""

    late: int = 0
    today: int = 0
    without_guardian: int = 0
    waiting: int = 0
    not_taken_over: int = 0
    went_up: int = 0
    to_look_at: int = 0

    @property
    def nothing(self) -> bool:
        """Nothing of one's own; what came up to one is said then."""
        return self == Counts(went_up=self.went_up)
