"""Who may write about a person. Which person, is decided by access to a case and row security."""

from __future__ import annotations

from spona.accounts.roles import May, allows
from spona.base.actor import Actor


def can_create(actor: Actor) -> bool:
    return allows(actor.roles, May.WORK_ON_CASES)


def can_correct(actor: Actor) -> bool:
    return allows(actor.roles, May.WORK_ON_CASES)
