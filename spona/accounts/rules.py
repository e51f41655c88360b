"""Invitations and rosters without Django, clock or database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

VALID_FOR = timedelta(hours=72)


class Token(StrEnum):
    """What a token of an invitation is worth."""

    OPEN = "open"
    UNKNOWN = "unknown"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Span(NamedTuple):
    """A stretch of time; the end no longer belongs to it."""

    start: datetime
    end: datetime


def token_hash(token: str) -> str:
    """What is kept of a token (sha256, 64 hexadecimal digits): it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_state(
    *,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    at: datetime,
) -> Token:
    """The first reason for which an invitation no longer opens the door, or OPEN."""
    if accepted_at is not None:
        return Token.USED
    if withdrawn_at is not None:
        return Token.WITHDRAWN
    return Token.OPEN if at < expires_at else Token.EXPIRED


def gaps(
    shifts: Iterable[tuple[datetime, datetime]], *, start: datetime, end: datetime
) -> list[Span]:
    """The stretches of [start, end) in which no shift runs, in order and as long as they are."""
    found: list[Span] = []
    covered = start
    for begins, ends in sorted(shifts):
        if begins > covered and covered < end:
            found.append(Span(covered, min(begins, end)))
        covered = max(covered, ends)
    if covered < end:
        found.append(Span(covered, end))
    return found
