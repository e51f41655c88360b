"""The state of a run, and what a step does to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from spona.conduct.book import Row, Strength


class Pending(NamedTuple):
    """What is owed in one slot: when it is due (None: no deadline), since when, by which relation.

    `relation` is -1 for what was owed before the run began.
    """

    due: datetime | None
    since: datetime
    relation: int


class Marking(NamedTuple):
    """A state of a run, in UTC. A slot is an act's number, or a number of a group of acts.

    `included`, `done` and `owed` are bit sets of acts; `waiting` are relations whose guard could
    not be read yet, with the moment when their source was executed. Never change the mappings.
    """

    started: datetime
    last: datetime
    included: int
    done: int
    owed: int
    executed: Mapping[int, datetime]
    pending: Mapping[int, Pending]
    waiting: Mapping[int, datetime]


class Owed(NamedTuple):
    """A duty: one of `acts`, by `due`; `hidden` while all of them are closed."""

    acts: tuple[str, ...]
    due: datetime | None
    since: datetime
    rule_id: str
    row: Row | None
    hidden: bool

    def late(self, at: datetime) -> bool:
        """At the deadline is in time."""
        return self.due is not None and at > self.due


class Ended(NamedTuple):
    """A duty that was discharged or closed at `at`; `rule_id` is the rule that closed it."""

    owed: Owed
    at: datetime
    late: bool
    rule_id: str = ""


class Block(NamedTuple):
    """Why an act may not happen: excluded, condition, delay (`until`) or milestone."""

    kind: str
    rule_id: str
    source: str
    strength: Strength
    until: datetime | None
    row: Row | None


class Blocked(Exception):  # noqa: N818 -- a fact about the act, not a fault of the program
    """The act may not happen; `blocks` say why."""

    def __init__(self, act: str, blocks: tuple[Block, ...]) -> None:
        super().__init__(f"'{act}' is blocked: {', '.join(block.kind for block in blocks)}.")
        self.act, self.blocks = act, blocks
