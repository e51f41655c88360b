"""Runs as they leave in an event log: pseudonyms instead of people, and no word of a text."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from spona.conduct.book import Book

# Not sensitive in the sense of a rule book, yet it names a person: no guard needs it, since what
# the clock does at a birthday is an event of its own.
IDENTIFYING = frozenset({"birth_date"})


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """HMAC-SHA256 of an id with a key that is made for one file and then forgotten: the same one
    has the same name throughout the file, and nobody finds the way back, not even from another
    file."""

    key: bytes

    def of(self, kind: str, number: int | None) -> str:
        """Such as `case-1f0c...`; nothing for nobody."""
        if number is None:
            return ""
        digest = hmac.new(self.key, f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()
        return f"{kind}-{digest[:16]}"


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `kind` is act, fact or handed; `act` is empty but for the first. `reason` says
    that one was given. `facts` are those that it establishes (none: unknown again)."""

    kind: str
    at: datetime
    act: str = ""
    party: str = ""
    institution: str = ""
    person: str = ""
    reason: bool = False
    by_proxy: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
    restarts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One run: what happened in it, in its order. `untold` are the acts and facts of its rule book
    that never leave (`untold_of`)."""

    run: str
    case: str
    owner: str
    protocol: str
    digest: str
    started: datetime
    ended: datetime | None
    happened: tuple[Happened, ...]
    untold: tuple[str, ...] = ()


def untold_of(book: Book) -> frozenset[str]:
    """Acts and facts that are in no file: what is sensitive (trafficking, violence, health), and
    what names a person."""
    acts = {key for key, act in book.acts.items() if act.sensitive}
    facts = {key for key, fact in book.facts.items() if fact.sensitive}
    return frozenset(acts | facts | IDENTIFYING & book.facts.keys())
