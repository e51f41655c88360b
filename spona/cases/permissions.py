"""Who may do what in a case. Whether a case is seen at all is decided before, by access.

Two circles: those who *work in* a case (any institution that has access and whose role works with
people), and those who *run* it (the owner's case workers). A guardian works in the case and does
not decide on it.
"""

from __future__ import annotations

from spona.accounts.models import Organisation
from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.cases.models import Case, CaseAccess


def can_record_encounter(actor: Actor) -> bool:
    return allows(actor.roles, May.RECORD_ENCOUNTERS)


def can_open_case(actor: Actor, organisation: Organisation) -> bool:
    """Whoever may take over a notification opens a case, for the own organisation only."""
    own = actor.organisation_id == organisation.pk
    return own and allows(actor.roles, May.CLAIM_NOTIFICATIONS)


def can_work_in(actor: Actor, case: Case) -> bool:
    """Write notes, needs and documents into a case that one sees."""
    return allows(actor.roles, May.WORK_ON_CASES) or allows(actor.roles, May.ACT_FOR_PARTY)


def can_run(actor: Actor, case: Case) -> bool:
    """Decide on placement, guardianship, conferences and closing."""
    return actor.organisation_id == case.organisation_id and allows(actor.roles, May.GRANT_ACCESS)


def can_correct_note(actor: Actor, author_id: int | None) -> bool:
    """One corrects one's own words and nobody else's."""
    return actor.user_id is not None and actor.user_id == author_id


def can_grant(actor: Actor, case: Case) -> bool:
    return can_run(actor, case)


def can_end_access(actor: Actor, access: CaseAccess, owner_id: int) -> bool:
    """The clock, the owner of the case, or the institution that has the access."""
    if actor.has("clock"):
        return True
    mine = actor.organisation_id in (owner_id, access.organisation_id)
    return mine and allows(actor.roles, May.GRANT_ACCESS)
