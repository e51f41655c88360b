"""What people do with invitations, memberships, sessions and the roster.

Each action refuses with `PermissionDenied` whom `permissions` does not allow, and writes its audit
event in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from spona.accounts import permissions, rules
from spona.accounts.models import DutyShift, Invitation, Membership, Organisation, User
from spona.accounts.rules import Token
from spona.audit.actions import record
from spona.base.actor import Actor


class BadTokenError(Exception):
    """The invitation does not open the door; `state` says why."""

    def __init__(self, state: Token) -> None:
        super().__init__(state.value)
        self.state = state


# --- invitations


@transaction.atomic
def invitation_send(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    roles: Collection[str],
    by: Actor,
    at: datetime,
    link_to: Callable[[str], str],
) -> Invitation:
    """Invite a person by e-mail; `link_to(token)` is the address in it. An earlier invitation of
    the same address into the same organisation is withdrawn."""
    _require(permissions.can_invite(by, organisation))
    address = email.strip().lower()
    earlier = Invitation.objects.open_at(at).filter(email=address, organisation=organisation)
    earlier.update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=address,
        name=name,
        organisation=organisation,
        roles=sorted(roles),
        invited_by=User.objects.get(pk=by.user_id or 0),
        invited_at=at,
        expires_at=at + rules.VALID_FOR,
        token_hash=rules.token_hash(token),
    )
    invitation.full_clean(exclude=["accepted_at", "withdrawn_at"])
    invitation.save()
    record("invitation_send", invitation, by=by, at=at, detail={"roles": invitation.roles})
    transaction.on_commit(partial(_mail, address, link_to(token)), robust=True)
    return invitation


def _mail(address: str, link: str) -> None:
    """Neutral on purpose: whoever reads over a shoulder learns nothing of what Spona is for."""
    text = render_to_string("accounts/email/invitation.txt", {"link": link})
    send_mail(_("Your invitation"), text, None, [address])


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """The link in the e-mail opens nothing any more; one already used stays used."""
    _require(permissions.can_withdraw_invitation(by, invitation))
    if Invitation.objects.open_at(at).filter(pk=invitation.pk).update(withdrawn_at=at):
        record("invitation_withdraw", invitation, by=by, at=at)


@transaction.atomic
def invitation_accept(*, token: str, name: str, password: str, at: datetime) -> Membership:
    """A new person enters with the token from the e-mail; raises `BadTokenError`.

    Somebody who has an account joins with it (`invitation_join`) and never gets a new password
    this way.
    """
    invitation = _open(token, at)
    if invitation.has_account():
        raise BadTokenError(Token.USED)
    synthetic = invitation.organisation.synthetic
    user = User.objects.create_user(invitation.email, password, name=name, synthetic=synthetic)
    return _join(invitation, user, at)


@transaction.atomic
def invitation_join(*, token: str, user: User, at: datetime) -> Membership:
    """A person who is signed in enters one more organisation; raises `BadTokenError`."""
    invitation = _open(token, at)
    if user.email.lower() != invitation.email:
        raise BadTokenError(Token.UNKNOWN)
    return _join(invitation, user, at)


def _open(token: str, at: datetime) -> Invitation:
    invitation = Invitation.objects.with_token(token).select_for_update(of=("self",)).first()
    state = invitation.state(at) if invitation else Token.UNKNOWN
    if invitation is None or state is not Token.OPEN:
        raise BadTokenError(state)
    return invitation


def _join(invitation: Invitation, user: User, at: datetime) -> Membership:
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    membership, made = Membership.objects.get_or_create(
        user=user,
        organisation=invitation.organisation,
        ended_at=None,
        defaults={"roles": invitation.roles, "began_at": at},
    )
    detail = {"invitation": invitation.pk, "roles": membership.roles, "made": made}
    record("invitation_accept", membership, by=membership.actor(), at=at, detail=detail)
    return membership


# --- memberships and sessions


@transaction.atomic
def membership_change_roles(
    *, membership: Membership, roles: Collection[str], by: Actor, at: datetime
) -> None:
    """Give a colleague other roles; his or her sessions end, so that none keeps the old ones."""
    _require(permissions.can_change_roles(by, membership))
    before = membership.roles
    membership.roles = sorted(roles)
    membership.full_clean(exclude=["ended_at"])
    membership.save(update_fields=["roles"])
    detail = {"before": before, "after": membership.roles}
    record("membership_change_roles", membership, by=by, at=at, detail=detail)
    _end_sessions(UserSession.objects.filter(user=membership.user_id))


@transaction.atomic
def membership_end(*, membership: Membership, by: Actor, at: datetime) -> None:
    """Somebody leaves: sessions end at once, coming shifts and open invitations with them."""
    _require(permissions.can_end_membership(by, membership))
    if membership.ended_at is not None:
        return
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    _leave_the_roster(membership, at)
    sent = Invitation.objects.open_at(at).filter(organisation=membership.organisation_id)
    sent.filter(invited_by=membership.user_id).update(withdrawn_at=at)
    record("membership_end", membership, by=by, at=at)
    _end_sessions(UserSession.objects.filter(user=membership.user_id))


def _leave_the_roster(membership: Membership, at: datetime) -> None:
    shifts = DutyShift.objects.standing().filter(
        user=membership.user_id, organisation=membership.organisation_id, ends_at__gt=at
    )
    shifts.update(cancelled_at=at)


@transaction.atomic
def sessions_end(*, user: User, by: Actor, at: datetime, keep: str = "", only: int = 0) -> int:
    """End one's own sessions: all but the one whose key is `keep`, or `only` the one with this id.
    Returns how many ended."""
    _require(by.user_id == user.pk)
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    ended = _end_sessions(sessions.filter(pk=only) if only else sessions)
    if ended:
        record("sessions_end", user, by=by, at=at, detail={"ended": ended})
    return ended


def _end_sessions(sessions: models.QuerySet[UserSession]) -> int:
    ended = list(sessions)
    for session in ended:
        session.end()
    return len(ended)


# --- an organisation in trouble


@transaction.atomic
def organisation_suspend(
    *, organisation: Organisation, by: Actor, at: datetime, reason: str
) -> None:
    """Nobody of this organisation gets in from now on; what is open in it is closed."""
    _require(permissions.can_suspend(by, organisation))
    organisation.suspended_at = at
    organisation.save(update_fields=["suspended_at"])
    Invitation.objects.open_at(at).filter(organisation=organisation).update(withdrawn_at=at)
    detail = {"reason": reason}
    record("organisation_suspend", organisation, by=by, at=at, detail=detail)
    people = Membership.objects.filter(organisation=organisation, ended_at=None).values("user")
    _end_sessions(UserSession.objects.filter(user__in=people))


@transaction.atomic
def organisation_restore(
    *, organisation: Organisation, by: Actor, at: datetime, reason: str
) -> None:
    """The organisation may work again; its people sign in anew."""
    _require(permissions.can_suspend(by, organisation))
    organisation.suspended_at = None
    organisation.save(update_fields=["suspended_at"])
    record("organisation_restore", organisation, by=by, at=at, detail={"reason": reason})


# --- the roster


@transaction.atomic
def shift_plan(
    *,
    organisation: Organisation,
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime,
    phone: str = "",
) -> DutyShift:
    """Put somebody on duty; raises `ValidationError` for a stranger or a double shift."""
    _require(permissions.can_plan_shifts(by, organisation))
    shift = DutyShift(
        organisation=organisation, user=user, starts_at=starts_at, ends_at=ends_at, phone=phone
    )
    return _on_the_roster(shift, "shift_plan", by=by, at=at)


@transaction.atomic
def shift_substitute(
    *, shift: DutyShift, user: User, by: Actor, at: datetime, phone: str = ""
) -> DutyShift:
    """`user` takes over what is left of a shift; an earlier substitute is released.

    Raises `ValidationError` if the shift is over or cancelled, or as `shift_plan` does.
    """
    _require(permissions.can_find_substitute(by, shift))
    if shift.ends_at <= at or shift.cancelled_at is not None:
        raise ValidationError(_("This shift is over; nobody can take it over."))
    _release_substitutes(shift, at)
    substitute = shift.what_is_left(at)
    substitute.user, substitute.phone = user, phone
    return _on_the_roster(substitute, "shift_substitute", by=by, at=at)


def _on_the_roster(shift: DutyShift, verb: str, *, by: Actor, at: datetime) -> DutyShift:
    shift.full_clean(exclude=["cancelled_at", "stands_in_for"])
    shift.save()
    detail = {"user": shift.user_id, "stands_in_for": shift.stands_in_for_id}
    record(verb, shift, by=by, at=at, detail=detail)
    return shift


@transaction.atomic
def shift_cancel(*, shift: DutyShift, by: Actor, at: datetime) -> None:
    """Take a shift off the roster, with the person who stands in for it."""
    _require(permissions.can_change_shift(by, shift))
    if shift.cancelled_at is None:
        _release_substitutes(shift, at)
        shift.cancelled_at = at
        shift.save(update_fields=["cancelled_at"])
        record("shift_cancel", shift, by=by, at=at)


def _release_substitutes(shift: DutyShift, at: datetime) -> None:
    """Who stands in, and who stands in for them."""
    for substitute in shift.substitutes.standing():
        _release_substitutes(substitute, at)
        substitute.cancelled_at = at
        substitute.save(update_fields=["cancelled_at"])


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
