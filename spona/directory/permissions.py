"""Who keeps the directory of places and services."""

from __future__ import annotations

from spona.accounts.models import Organisation
from spona.base.actor import Actor

KEEPERS = ("head_of_service", "director", "administrator")


def can_record(actor: Actor) -> bool:
    """An administrator, or an import run by the clock."""
    return actor.has("administrator", "clock")


def can_keep_services(actor: Actor, organisation: Organisation) -> bool:
    """Who leads the institution, for its own services only; or an import run by the clock."""
    own = speaks_for_itself(actor, organisation.pk)
    return actor.has("clock") or (own and actor.has(*KEEPERS))


def can_say_capacity(actor: Actor, organisation_id: int) -> bool:
    """Everybody who works in the institution: who opens the door knows whether there is room."""
    return actor.has("clock") or speaks_for_itself(actor, organisation_id)


def can_see_figures(actor: Actor, organisation_id: int) -> bool:
    """In the first year an institution sees what was observed of its own services only."""
    return speaks_for_itself(actor, organisation_id)


def can_observe(actor: Actor) -> bool:
    """Figures are counted by the system and typed by nobody."""
    return actor.has("clock")


def speaks_for_itself(actor: Actor, organisation_id: int) -> bool:
    return actor.is_signed_in and actor.organisation_id == organisation_id
