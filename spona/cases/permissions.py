"""Who may do what in a case. Whether a case is seen at all is decided before, by access.

Two circles: those who *work in* a case (any institution that has access and whose role works with
people), and those who *run* it (the owner's case workers). A guardian works in the case and does
not decide on it.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from spona.accounts.models import Organisation
from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.cases.codes.sharing import are_restricted
from spona.cases.models import Case, CaseAccess, LegalBasis
from spona.people.permissions import can_correct

Basis = CaseAccess.Basis
OF_GUARDIANS = (Basis.GUARDIAN, Basis.SUBSTITUTE)


def can_record_encounter(actor: Actor) -> bool:
    return allows(actor.roles, May.RECORD_ENCOUNTERS)


def can_open_case(actor: Actor, organisation: Organisation) -> bool:
    """Whoever may take over a notification opens a case, for the own organisation only."""
    own = actor.organisation_id == organisation.pk
    return own and allows(actor.roles, May.CLAIM_NOTIFICATIONS)


def can_work_in(actor: Actor, case: Case) -> bool:
    """Write notes, needs and documents into a case that one sees."""
    return allows(actor.roles, May.WORK_ON_CASES) or allows(actor.roles, May.ACT_FOR_PARTY)


def runs_cases(actor: Actor) -> bool:
    """Has a role that decides in cases of the own institution."""
    return allows(actor.roles, May.GRANT_ACCESS)


def can_run(actor: Actor, case: Case) -> bool:
    """Decide on placement, guardianship, conferences and closing."""
    return actor.organisation_id == case.organisation_id and runs_cases(actor)


def sensitive_cases(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Cases of which the actor sees the restricted part (trafficking, violence, health, asylum):
    as one who runs them, or as the guardian of this child. What was opened in an emergency helps
    tonight and opens no restricted part, whatever the person is elsewhere."""
    ways = CaseAccess.objects.giving(actor, at).exclude(basis=Basis.EMERGENCY)
    seen = Q(pk__in=())
    if runs_cases(actor):
        own = Q(organisation_id=actor.organisation_id or 0)
        seen |= own & Q(pk__in=ways.values("case_id"))
    if actor.has("guardian"):
        seen |= Q(pk__in=ways.filter(basis__in=OF_GUARDIANS).values("case_id"))
    return Case.objects.filter(seen)


def can_see_sensitive(actor: Actor, case: Case, at: datetime) -> bool:
    return sensitive_cases(actor, at).filter(pk=case.pk).exists()


def can_take_sensitive_away(actor: Actor, owner_id: int) -> bool:
    """In a file of all cases of the own institution: who runs them."""
    return actor.organisation_id == owner_id and runs_cases(actor)


def can_write_around(actor: Actor, case: Case) -> bool:
    """Write down who interprets, who the lawyer is, which children belong together: those who work
    on cases, the guardian among them, and no institution that only has something to do in one."""
    return allows(actor.roles, May.WORK_ON_CASES)


def can_keep_ledger(actor: Actor, case: Case) -> bool:
    """Write down on which basis something is shared, and withdraw it: those who work on cases."""
    return allows(actor.roles, May.WORK_ON_CASES)


def can_see_basis(actor: Actor, case: Case, basis: LegalBasis, at: datetime) -> bool:
    """A line that names restricted data is for those who see the restricted part."""
    return not are_restricted(basis.categories) or can_see_sensitive(actor, case, at)


def can_review(actor: Actor, case: Case, guardian_id: int | None) -> bool:
    """The guardian; for one without an account, whoever runs the case writes it down."""
    if guardian_id is None:
        return can_run(actor, case)
    return actor.user_id == guardian_id


def can_open_in_emergency(actor: Actor) -> bool:
    """Somebody with a name, whose role takes children over; a guardian calls the duty officer."""
    return actor.is_signed_in and allows(actor.roles, May.CLAIM_NOTIFICATIONS)


def can_keep_interpreters(actor: Actor) -> bool:
    """See and keep the register of one's institution: those who meet people."""
    return actor.organisation_id is not None and allows(actor.roles, May.RECORD_ENCOUNTERS)


def can_answer_closure(actor: Actor, case: Case, proposed_by_id: int) -> bool:
    """A second pair of eyes: who may run the case, and has not proposed to close it."""
    return can_run(actor, case) and actor.user_id != proposed_by_id


def can_merge(actor: Actor, kept: Case, other: Case) -> bool:
    """Say that two files are about one child, or that they are not: who runs one of them, and sees
    both. Where the other one has another owner, that owner has to agree (`actions.merging`)."""
    owners = (kept.organisation_id, other.organisation_id)
    return actor.organisation_id in owners and runs_cases(actor) and can_correct(actor)


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
