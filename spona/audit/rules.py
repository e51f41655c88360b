"""What an edited, deleted, inserted or moved line of the log looks like. Pure: no database.

A seal fixes, for a batch of events, the id and the digest of each, the transaction before which
everything is sealed, the moment, and the digest of the seal before. Whoever rewrites the whole
chain is found by an anchor: a digest that was printed or mailed earlier and must still be in it.
Events younger than the last seal (a minute at most) are not protected yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

GENESIS = "0" * 64
WIDTH = 64  # hexadecimal digits of a sha256
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Fault(StrEnum):
    EDITED = "edited"
    DELETED = "deleted"
    TAIL_CUT = "tail_cut"
    INSERTED = "inserted"
    MOVED = "moved"
    SEAL_EDITED = "seal_edited"
    SEAL_MISSING = "seal_missing"
    ANCHOR_MISSING = "anchor_missing"


class Finding(NamedTuple):
    """`number` is the event or the seal; `other` the second one of a pair, or the end of a tail."""

    fault: Fault
    number: int
    other: int = 0

    def __str__(self) -> str:
        return SENTENCES[self.fault].format(self.number, self.other)


SENTENCES = {
    Fault.EDITED: "Event {0} was edited.",
    Fault.DELETED: "Event {0} was deleted.",
    Fault.TAIL_CUT: "The end of the log was cut off: events {0} to {1} are gone.",
    Fault.INSERTED: "Event {0} was inserted afterwards: no seal covers it.",
    Fault.MOVED: "Event {0} holds what was sealed as event {1}.",
    Fault.SEAL_EDITED: "Seal {0} was edited.",
    Fault.SEAL_MISSING: "The seal before seal {0} is gone or was rewritten.",
    Fault.ANCHOR_MISSING: "The anchor is not in the chain, whose last seal is {0}: "
    "seals were removed or rewritten.",
}


def event_digest(fields: Sequence[object]) -> str:
    """sha256 of the fields of an event but its id: texts, numbers, lists of numbers, or nothing."""
    return hashlib.sha256(_as_json(fields).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Batch:
    """What a seal says. `sealed_us` are microseconds since 1970; `digests[i]` is of `ids[i]`."""

    previous: str
    sealed_us: int
    before_transaction: int
    ids: Sequence[int]
    digests: str

    def digest(self) -> str:
        """The link of the chain (sha256, hexadecimal)."""
        return event_digest(
            [self.previous, self.sealed_us, self.before_transaction, list(self.ids), self.digests]
        )

    def sealed(self) -> dict[int, str]:
        """The digest that each event had."""
        cuts = range(0, len(self.digests), WIDTH)
        return dict(zip(self.ids, (self.digests[cut : cut + WIDTH] for cut in cuts), strict=False))


def check_link(number: int, batch: Batch, *, digest: str, before: str) -> list[Finding]:
    """What is wrong with seal `number`, whose predecessor had the digest `before`."""
    found = []
    if batch.previous != before:
        found.append(Finding(Fault.SEAL_MISSING, number))
    if batch.digest() != digest:
        found.append(Finding(Fault.SEAL_EDITED, number))
    return found


@dataclass(slots=True)
class Comparison:
    """Grows chunk by chunk; holds only what differs."""

    edited: dict[int, tuple[str, str]] = field(default_factory=dict)
    deleted: dict[int, str] = field(default_factory=dict)
    last_present: int = 0

    def add(self, sealed: Mapping[int, str], present: Mapping[int, str]) -> None:
        """Compare the digests that were sealed with those of the rows as they are."""
        if present:
            self.last_present = max(self.last_present, max(present))
        for number, was in sealed.items():
            now = present.get(number)
            if now is None:
                self.deleted[number] = was
            elif now != was:
                self.edited[number] = (was, now)

    def findings(self) -> list[Finding]:
        """Named by the event's id, in order; a pair that changed places is named once."""
        moved = self._moved()
        edited = [Finding(Fault.EDITED, n) for n in self.edited.keys() - moved.keys()]
        swapped = [
            Finding(Fault.MOVED, here, there)
            for here, there in moved.items()
            if moved.get(there) != here or here < there
        ]
        return sorted([*edited, *swapped, *self._gone()], key=lambda one: one.number)

    def _moved(self) -> dict[int, int]:
        """Events that now hold what was sealed under another id, of which nothing else is left."""
        was = {digest: number for number, digest in self.deleted.items()}
        was |= {digest: number for number, (digest, _) in self.edited.items()}
        return {here: was[now] for here, (_, now) in self.edited.items() if now in was}

    def _gone(self) -> list[Finding]:
        tail = [number for number in self.deleted if number > self.last_present]
        gone = [Finding(Fault.DELETED, n) for n in self.deleted if n <= self.last_present]
        if tail:
            gone.append(Finding(Fault.TAIL_CUT, min(tail), max(tail)))
        return gone
