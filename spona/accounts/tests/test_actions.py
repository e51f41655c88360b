"""What happens when people are invited, leave, fall ill, or their organisation is suspended."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from spona.accounts import actions
from spona.accounts.models import DutyShift, Invitation, Membership, User
from spona.accounts.rules import Token
from spona.accounts.tests.factories import UserFactory, person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.actor import Actor

pytestmark = pytest.mark.django_db
AT = timezone.now()
HOUR = timedelta(hours=1)
OPERATOR = Actor(name="operator", roles=frozenset({"operator"}))
EMAIL = "nova@primer.invalid"


@pytest.fixture
def director() -> Membership:
    return person("director")


@pytest.fixture
def invite(director: Membership, django_capture_on_commit_callbacks: Any) -> Callable[..., str]:
    """Invites and returns the token that stands in the e-mail."""

    def send(by: Membership = director, roles: Collection[str] = ("case_manager",)) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            actions.invitation_send(
                email=EMAIL,
                name="Sintetička Nova",
                organisation=director.organisation,
                roles=roles,
                by=by.actor(),
                at=AT,
                link_to=lambda token: f"https://primer.invalid/{token}",
            )
        body = str(mail.outbox[-1].body)
        return body.split("https://primer.invalid/")[1].split()[0]

    return send


def _accept(token: str, at: datetime = AT) -> Membership:
    return actions.invitation_accept(
        token=token, name="Sintetička Nova", password="dugačka lozinka", at=at
    )


def _verbs() -> list[str]:
    with rls.engine_room():
        return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_an_invited_person_enters_with_the_roles_of_the_invitation(
    director: Membership, invite: Callable[..., str]
) -> None:
    membership = _accept(invite())
    assert membership.organisation == director.organisation
    assert membership.roles == ["case_manager"]
    assert membership.user.check_password("dugačka lozinka")
    assert membership.user.synthetic
    assert _verbs() == ["invitation_send", "invitation_accept"]


def test_the_letter_says_nothing_about_children_and_the_table_keeps_no_token(
    invite: Callable[..., str],
) -> None:
    token = invite()
    letter = f"{mail.outbox[-1].subject} {mail.outbox[-1].body}".lower()
    assert not any(word in letter for word in ("child", "migrant", "det", "izbeg", "azil"))
    assert mail.outbox[-1].to == [EMAIL]
    assert token not in str(Invitation.objects.values().get())


def test_a_token_works_once(invite: Callable[..., str]) -> None:
    token = invite()
    _accept(token)
    with pytest.raises(actions.BadTokenError) as refused:
        _accept(token)
    assert refused.value.state is Token.USED


def test_a_token_is_refused_after_three_days_or_when_unknown(invite: Callable[..., str]) -> None:
    with pytest.raises(actions.BadTokenError) as refused:
        _accept(invite(), at=AT + 72 * HOUR)
    assert refused.value.state is Token.EXPIRED
    with pytest.raises(actions.BadTokenError) as refused:
        _accept("nonsense")
    assert refused.value.state is Token.UNKNOWN


def test_a_withdrawn_or_repeated_invitation_no_longer_opens_the_door(
    director: Membership, invite: Callable[..., str]
) -> None:
    first, second = invite(), invite()
    with pytest.raises(actions.BadTokenError) as refused:
        _accept(first)
    assert refused.value.state is Token.WITHDRAWN
    still_open = Invitation.objects.open_at(AT).get()
    actions.invitation_withdraw(invitation=still_open, by=director.actor(), at=AT)
    with pytest.raises(actions.BadTokenError):
        _accept(second)
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_case_manager_and_a_director_from_elsewhere_cannot_invite(
    director: Membership, invite: Callable[..., str]
) -> None:
    for stranger in (person("case_manager", director.organisation), person("director")):
        with pytest.raises(PermissionDenied):
            invite(stranger)
    assert not Invitation.objects.exists()


def test_an_invitation_with_unknown_or_no_roles_is_not_sent(invite: Callable[..., str]) -> None:
    with pytest.raises(ValidationError):
        invite(roles=())


def test_an_invitation_never_gives_an_existing_account_a_new_password(
    invite: Callable[..., str],
) -> None:
    known = UserFactory.create(email=EMAIL)
    token = invite()
    with pytest.raises(actions.BadTokenError):
        _accept(token)
    known.refresh_from_db()
    assert not known.check_password("dugačka lozinka")
    joined = actions.invitation_join(token=token, user=known, at=AT)
    assert joined.user == known


def test_nobody_joins_with_the_invitation_of_somebody_else(invite: Callable[..., str]) -> None:
    with pytest.raises(actions.BadTokenError) as refused:
        actions.invitation_join(token=invite(), user=UserFactory.create(), at=AT)
    assert refused.value.state is Token.UNKNOWN


def test_who_leaves_is_signed_out_everywhere_and_off_the_roster(
    director: Membership, invite: Callable[..., str]
) -> None:
    head = person("head_of_service", director.organisation)
    browsers = [signed_in(head), signed_in(head)]
    shift = _plan(director, head, AT + HOUR)
    invite(head)
    actions.membership_end(membership=head, by=director.actor(), at=AT)
    assert not UserSession.objects.filter(user=head.user).exists()
    assert all("_auth_user_id" not in browser.session for browser in browsers)
    assert not head.user.actor(None).is_signed_in
    assert not DutyShift.objects.standing().filter(pk=shift.pk).exists()
    assert not Invitation.objects.open_at(AT).exists()
    actions.membership_end(membership=head, by=director.actor(), at=AT + HOUR)
    head.refresh_from_db()
    assert head.ended_at == AT


def test_new_roles_end_the_old_sessions_and_stand_in_the_log(director: Membership) -> None:
    worker = person("case_manager", director.organisation)
    signed_in(worker)
    actions.membership_change_roles(
        membership=worker, roles=["head_of_service"], by=director.actor(), at=AT
    )
    assert worker.user.actor(None).has("head_of_service")
    assert not UserSession.objects.filter(user=worker.user).exists()
    with rls.engine_room():
        event = Event.objects.get(verb="membership_change_roles")
    assert event.detail == {"before": ["case_manager"], "after": ["head_of_service"]}


def test_unknown_roles_are_refused(director: Membership) -> None:
    worker = person("case_manager", director.organisation)
    with pytest.raises(ValidationError):
        actions.membership_change_roles(
            membership=worker, roles=["emperor"], by=director.actor(), at=AT
        )


def test_a_person_ends_the_other_sessions_and_nobody_else_can(director: Membership) -> None:
    here, _there = signed_in(director), signed_in(director)
    key = here.session.session_key or ""
    by = director.actor()
    assert actions.sessions_end(user=director.user, by=by, at=AT, keep=key) == 1
    assert "_auth_user_id" in here.session
    with pytest.raises(PermissionDenied):
        actions.sessions_end(user=director.user, by=person("director").actor(), at=AT)


def test_a_suspended_organisation_is_closed_at_once_and_another_stays_open(
    director: Membership, invite: Callable[..., str]
) -> None:
    elsewhere = person("director")
    browser, other = signed_in(director), signed_in(elsewhere)
    token = invite()
    actions.organisation_suspend(
        organisation=director.organisation, by=OPERATOR, at=AT, reason="stolen-account"
    )
    assert not director.user.actor(None).is_signed_in
    assert "_auth_user_id" not in browser.session
    assert "_auth_user_id" in other.session
    with pytest.raises(actions.BadTokenError):
        _accept(token)
    actions.organisation_restore(
        organisation=director.organisation, by=OPERATOR, at=AT, reason="settled"
    )
    assert director.user.actor(None).is_signed_in


def test_a_director_cannot_suspend_an_organisation(director: Membership) -> None:
    with pytest.raises(PermissionDenied):
        actions.organisation_suspend(
            organisation=director.organisation, by=director.actor(), at=AT, reason="mistake"
        )


def _plan(director: Membership, who: Membership, start: datetime, hours: int = 8) -> DutyShift:
    return actions.shift_plan(
        organisation=director.organisation,
        user=who.user,
        starts_at=start,
        ends_at=start + hours * HOUR,
        by=director.actor(),
        at=AT,
    )


def _on_duty(director: Membership, at: datetime) -> list[User]:
    return DutyShift.objects.on_duty(director.organisation_id, at)


@pytest.fixture
def officer(director: Membership) -> Membership:
    return person("duty_officer", director.organisation)


@pytest.fixture
def standby(director: Membership) -> Membership:
    return person("duty_officer", director.organisation)


def test_an_officer_is_on_duty_from_the_first_moment_until_before_the_last(
    director: Membership, officer: Membership
) -> None:
    _plan(director, officer, AT)
    assert _on_duty(director, AT) == [officer.user]
    assert _on_duty(director, AT - timedelta(seconds=1)) == []
    assert _on_duty(director, AT + 8 * HOUR) == []
    assert _on_duty(person("director"), AT) == []


def test_a_substitute_answers_from_now_on_and_the_ill_person_did_before(
    director: Membership, officer: Membership, standby: Membership
) -> None:
    shift = _plan(director, officer, AT)
    fell_ill = AT + 3 * HOUR
    actions.shift_substitute(shift=shift, user=standby.user, by=officer.actor(), at=fell_ill)
    assert _on_duty(director, AT + HOUR) == [officer.user]
    assert _on_duty(director, fell_ill) == [standby.user]


def test_a_substitute_can_be_replaced_and_released(
    director: Membership, officer: Membership, standby: Membership
) -> None:
    shift = _plan(director, officer, AT)
    by = director.actor()
    first = actions.shift_substitute(shift=shift, user=standby.user, by=by, at=AT)
    actions.shift_substitute(shift=first, user=director.user, by=by, at=AT + HOUR)
    assert _on_duty(director, AT + HOUR) == [director.user]
    second = actions.shift_substitute(shift=shift, user=director.user, by=by, at=AT + 2 * HOUR)
    assert _on_duty(director, AT + 2 * HOUR) == [director.user]
    actions.shift_cancel(shift=second, by=by, at=AT)
    assert _on_duty(director, AT + 2 * HOUR) == [officer.user]


def test_a_cancelled_shift_takes_its_substitute_along(
    director: Membership, officer: Membership, standby: Membership
) -> None:
    shift = _plan(director, officer, AT)
    actions.shift_substitute(shift=shift, user=standby.user, by=director.actor(), at=AT)
    actions.shift_cancel(shift=shift, by=director.actor(), at=AT)
    assert _on_duty(director, AT) == []


def test_nobody_takes_over_a_shift_that_is_over(
    director: Membership, officer: Membership, standby: Membership
) -> None:
    shift = _plan(director, officer, AT)
    with pytest.raises(ValidationError):
        actions.shift_substitute(
            shift=shift, user=standby.user, by=director.actor(), at=AT + 8 * HOUR
        )


def test_a_stranger_a_double_shift_and_a_shift_that_ends_first_are_refused(
    director: Membership, officer: Membership
) -> None:
    _plan(director, officer, AT)
    wrong = [(officer, AT + HOUR, 8), (person("duty_officer"), AT, 8), (director, AT, -1)]
    for who, start, hours in [*wrong, (director, AT, 24 * 8)]:
        with pytest.raises(ValidationError):
            _plan(director, who, start, hours)


def test_a_duty_officer_does_not_plan_the_roster(
    director: Membership, officer: Membership, standby: Membership
) -> None:
    shift = _plan(director, officer, AT)
    with pytest.raises(PermissionDenied):
        _plan(officer, standby, AT)
    with pytest.raises(PermissionDenied):
        actions.shift_cancel(shift=shift, by=officer.actor(), at=AT)
    with pytest.raises(PermissionDenied):
        actions.shift_substitute(shift=shift, user=standby.user, by=standby.actor(), at=AT)


def test_the_operator_suspends_from_the_command_line_and_a_wrong_key_is_said(
    director: Membership,
) -> None:
    call_command(
        "organisation", "suspend", director.organisation.key, reason="test", stdout=StringIO()
    )
    assert not director.user.actor(None).is_signed_in
    with pytest.raises(CommandError, match="No organisation has the key 'nowhere'"):
        call_command("organisation", "restore", "nowhere", reason="test", stdout=StringIO())
