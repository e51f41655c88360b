"""Who keeps the directory of places."""

from __future__ import annotations

from spona.base.actor import Actor


def can_record(actor: Actor) -> bool:
    """An administrator, or an import run by the clock."""
    return actor.has("administrator", "clock")
