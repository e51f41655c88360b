"""Who may do what with people, invitations, sessions and the roster of an organisation."""

from __future__ import annotations

from spona.accounts.models import DutyShift, Invitation, Membership, Organisation, User
from spona.accounts.roles import May, allows
from spona.base.actor import Actor


def can_see_people(actor: Actor, organisation: Organisation) -> bool:
    """Colleagues know each other's names and roles."""
    return actor.is_signed_in and actor.organisation_id == organisation.pk


def can_invite(actor: Actor, organisation: Organisation) -> bool:
    """Into one's own organisation only."""
    return can_see_people(actor, organisation) and allows(actor.roles, May.INVITE_PEOPLE)


def can_withdraw_invitation(actor: Actor, invitation: Invitation) -> bool:
    return can_invite(actor, invitation.organisation)


def can_change_roles(actor: Actor, membership: Membership) -> bool:
    """Never one's own: nobody gives themselves more than somebody else gave them."""
    return can_invite(actor, membership.organisation) and actor.user_id != membership.user_id


def can_end_membership(actor: Actor, membership: Membership) -> bool:
    """Never one's own, so that an organisation is not left with nobody who can invite."""
    return can_change_roles(actor, membership)


def can_plan_shifts(actor: Actor, organisation: Organisation) -> bool:
    return can_see_people(actor, organisation) and allows(actor.roles, May.RUN_DUTY_ROSTER)


def can_change_shift(actor: Actor, shift: DutyShift) -> bool:
    return can_plan_shifts(actor, shift.organisation)


def can_find_substitute(actor: Actor, shift: DutyShift) -> bool:
    """Who runs the roster, or who is ill: at three in the morning one hands over oneself."""
    own = actor.user_id == shift.user_id and can_see_people(actor, shift.organisation)
    return own or can_change_shift(actor, shift)


def can_suspend(actor: Actor, organisation: Organisation) -> bool:
    """Only who runs Spona: one stolen account must not lock a guardianship authority out."""
    return actor.has("operator")


def can_plan_substitutions(actor: Actor, organisation: Organisation) -> bool:
    """Who sees all the cases whose work changes hands, and runs the roster. An administrator sees
    no case and passes none on."""
    sees_all = allows(actor.roles, May.SEE_WHOLE_ORGANISATION)
    return sees_all and can_plan_shifts(actor, organisation)


def can_plan_substitution(actor: Actor, organisation: Organisation, absent: User) -> bool:
    """For a colleague, or for oneself when one falls ill."""
    own = actor.user_id == absent.pk and can_see_people(actor, organisation)
    return own or can_plan_substitutions(actor, organisation)
