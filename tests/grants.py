"""Who may read what, written down a second time and plainly: the oracle of `test_grants.py`.

Nothing here asks `visible_to`, row security or the ledger. A row of `Access` says who sees a case
because of what and until when; a `Package` says which fields an institution reads because of which
lines; the rest is read off the rows as the trust of the house has it in words (trust.md P1, P8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value

from spona.accounts.models import Membership
from spona.base import rls
from spona.cases.models import Case, OfCase
from spona.coordination.models import (
    Binding,
    Disclosure,
    Duty,
    Handover,
    HandoverItem,
    Message,
    Referral,
    Run,
    RunEvent,
)

# Roles in words, not as `accounts.roles` has them.
WIDE = {"duty_officer", "head_of_service", "director"}
WORKS = {"duty_officer", "head_of_service", "case_manager", "guardian"}
DECIDES = {"duty_officer", "head_of_service", "case_manager"}
READ: tuple[Any, ...] = (
    Case, *OfCase.__subclasses__(), Run, RunEvent, Binding, Duty, Referral, Disclosure, Message,
    Handover, HandoverItem,
)  # fmt: skip


@dataclass
class Access:
    """Who sees a case (`user` of None: all who see their whole institution), why, until when."""

    case: int
    org: int
    user: int | None
    why: str
    until: datetime | None = None
    over: bool = False

    def lets_in(self, who: Membership, at: datetime) -> bool:
        if self.over or who.organisation_id != self.org or (self.until and at >= self.until):
            return False
        return self.user == who.user_id or (self.user is None and not WIDE.isdisjoint(who.roles))


@dataclass
class Line:
    """A line of the ledger, of all data and one purpose; a consent names who is meant by `org`."""

    pk: int
    case: int
    purpose: str
    until: datetime
    org: int | None = None
    said: datetime | None = None
    taken_back: datetime | None = None

    @property
    def is_consent(self) -> bool:
        return self.org is not None

    def stands(self, at: datetime) -> bool:
        return self.taken_back is None and at < self.until


@dataclass
class Package:
    """What goes with a referral or a handover: `reads` are fields, each with its line."""

    run: int
    case: int
    sender: int
    to: int
    purpose: str
    later: frozenset[str] = frozenset()
    reads: dict[str, int] = field(default_factory=dict)
    decided: str = ""
    withdrawn: bool = False


class Oracle:
    """`people` by a word; those who have left stand in `gone`."""

    def __init__(self, people: Mapping[str, Membership]) -> None:
        self.people = people
        self.gone: set[str] = set()
        self.access: list[Access] = []
        self.lines: list[Line] = []
        self.packages: dict[int, Package] = {}

    # --- cases

    def sees(self, who: str, at: datetime) -> set[int]:
        return {one.case for one in self.access if one.lets_in(self.people[who], at)}

    def sees_restricted(self, who: str, at: datetime, owner: Mapping[int, int]) -> set[int]:
        """Of the cases that the person sees: those of the own institution that he or she runs, and
        of a guardian the wards; nothing through an emergency."""
        member = self.people[who]
        found = set()
        for one in self.access:
            if not one.lets_in(member, at) or one.why == "emergency":
                continue
            runs = owner[one.case] == member.organisation_id and not DECIDES.isdisjoint(
                member.roles
            )
            guards = "guardian" in member.roles and one.why in ("guardian", "substitute")
            found |= {one.case} if runs or guards else set()
        return found

    def ends(self, **which: Any) -> None:
        for one in self.access:
            if all(getattr(one, key) == value for key, value in which.items()):
                one.over = True

    # --- the ledger

    def line_for(self, package: Package, at: datetime) -> Line | None:
        """Duty and vital interest stand by themselves; of consents the last word counts."""
        about = [
            one
            for one in self.lines
            if (one.case, one.purpose) == (package.case, package.purpose)
            and one.org in (None, package.to)
        ]
        firm = [one for one in about if not one.is_consent and one.stands(at)]
        words = sorted((one for one in about if one.is_consent), key=_last_word)
        if firm:
            return firm[-1]
        return words[-1] if words and words[-1].stands(at) else None

    def give(self, package: Package, fields: frozenset[str], at: datetime) -> None:
        line = self.line_for(package, at)
        if line is not None:
            package.reads |= {one: line.pk for one in fields if one not in package.reads}

    def sweep(self, at: datetime) -> None:
        """What no line carries any more is read by nobody; a no to all of it ends the referral."""
        for one in self.packages.values():
            if one.reads and self.line_for(one, at) is None:
                resting = [line for line in self.lines if line.pk in one.reads.values()]
                one.withdrawn |= any(line.is_consent and at < line.until for line in resting)
                one.reads = {}


def _last_word(line: Line) -> tuple[Any, bool, int]:
    return (line.taken_back or line.said, line.taken_back is not None, line.pk)


# --- rows


def everything() -> list[tuple[str, dict[str, Any]]]:
    """Each row of each table, by the name of its model, as the engine room sees it."""
    with rls.engine_room():
        return [(model.__name__, row) for model in READ for row in model._default_manager.values()]


def both_locks(who: Membership, at: datetime) -> tuple[set[Any], set[Any]]:
    """What `visible_to` gives, and what the database gives to a forgotten filter."""
    actor = who.actor()
    with rls.acting(actor, at):
        first = _union(model._default_manager.visible_to(actor, at) for model in READ)
        second = _union(model._default_manager.all() for model in READ)
        return set(first), set(second)


def _union(parts: Iterator[QuerySet[Any]]) -> QuerySet[Any]:
    named = [
        part.order_by().annotate(of=Value(part.model.__name__, CharField())).values_list("of", "pk")
        for part in parts
    ]
    rows: QuerySet[Any] = named[0].union(*named[1:], all=True)
    return rows


def expected(
    rows: list[tuple[str, dict[str, Any]]], seen: set[int], who: Membership
) -> set[tuple[str, int]]:
    """Rows of the cases that one sees, and what is addressed to one's institution."""
    return {
        (name, row["id"])
        for name, row in rows
        if (row["id"] if name == "Case" else row["case_id"]) in seen
        or ADDRESSED.get(name, _nobody)(row, who)
    }


def _nobody(row: Mapping[str, Any], who: Membership) -> bool:
    return False


def _duty(row: Mapping[str, Any], who: Membership) -> bool:
    if row["organisation_id"] != who.organisation_id:
        return False
    wide = not WIDE.isdisjoint(who.roles)
    return not row["inside"] or wide or row["user_id"] == who.user_id


ADDRESSED: Mapping[str, Callable[[Mapping[str, Any], Membership], bool]] = {
    "Run": lambda row, who: (
        row["case_id"] is None and row["organisation_id"] == who.organisation_id
    ),
    "RunEvent": lambda row, who: (
        row["organisation_id"] == who.organisation_id
        and (row["case_id"] is None or row["recorded_by_id"] == who.user_id)
    ),
    "Binding": lambda row, who: row["organisation_id"] == who.organisation_id,
    "Duty": _duty,
    "Referral": lambda row, who: row["recipient_id"] == who.organisation_id,
    "Disclosure": lambda row, who: (
        row["recipient_id"] == who.organisation_id and row["ended_at"] is None
    ),
    "Message": lambda row, who: row["recipient_id"] == who.organisation_id,
    "Handover": lambda row, who: row["receiving_id"] == who.organisation_id,
}
