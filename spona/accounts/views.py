"""Pages about the people of an organisation, its roster, and one's own sessions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from spona.accounts import actions, permissions, roles, rules
from spona.accounts.adapters import recently_confirmed
from spona.accounts.forms import AcceptForm, InvitationForm, RolesForm, ShiftForm, SubstituteForm
from spona.accounts.models import DutyShift, Invitation, Membership, Organisation
from spona.accounts.rules import Token
from spona.base.http import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEEK = timedelta(days=7)
SENTENCES = {
    Token.UNKNOWN: gettext_lazy(
        "This invitation is not known here. Please open the whole link from the e-mail."
    ),
    Token.USED: gettext_lazy("This invitation was already used. Please sign in."),
    Token.WITHDRAWN: gettext_lazy("This invitation was withdrawn. Please ask for a new one."),
    Token.EXPIRED: gettext_lazy(
        "This invitation is older than three days. Please ask for a new one."
    ),
}


def _organisation(request: Request) -> Organisation:
    """The organisation in which the person works now; 404 if in none."""
    return get_object_or_404(
        Organisation.objects.select_related("type"), pk=request.actor.organisation_id
    )


def _typed(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _allow(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# --- people


@login_required
@require_GET
def people_list(request: Request) -> HttpResponse:
    organisation = _organisation(request)
    people = Membership.objects.visible_to(request.actor).active().select_related("user")
    may_invite = permissions.can_invite(request.actor, organisation)
    invitations = Invitation.objects.visible_to(request.actor).open_at(timezone.now())
    context = {
        "organisation": organisation,
        "people": [(one, roles.names(one.roles)) for one in people.order_by("user__name", "id")],
        "may_invite": may_invite,
        "invitations": invitations.order_by("expires_at") if may_invite else [],
    }
    return render(request, "accounts/people_list.html", context)


@login_required
@recently_confirmed
def membership_roles(request: Request, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    _allow(permissions.can_change_roles(request.actor, membership))
    form = RolesForm(
        _typed(request),
        organisation=membership.organisation,
        initial={"roles": membership.roles},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["roles"]
        at = timezone.now()
        actions.membership_change_roles(
            membership=membership, roles=chosen, by=request.actor, at=at
        )
        messages.success(request, _("The roles were changed. The person signs in anew."))
        return redirect("accounts:people_list")
    context = {"form": form, "membership": membership}
    return render(request, "accounts/membership_roles.html", context)


@login_required
def membership_end(request: Request, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    _allow(permissions.can_end_membership(request.actor, membership))
    if request.method == "POST":
        actions.membership_end(membership=membership, by=request.actor, at=timezone.now())
        messages.success(request, _("This person no longer gets in and was signed out everywhere."))
        return redirect("accounts:people_list")
    return render(request, "accounts/membership_end.html", {"membership": membership})


def _membership(request: Request, pk: int) -> Membership:
    colleagues = Membership.objects.visible_to(request.actor).filter(ended_at=None)
    return get_object_or_404(colleagues.select_related("user", "organisation__type"), pk=pk)


# --- invitations


@login_required
@recently_confirmed
def invitation_send(request: Request) -> HttpResponse:
    organisation = _organisation(request)
    _allow(permissions.can_invite(request.actor, organisation))
    form = InvitationForm(_typed(request), organisation=organisation)
    if request.method == "POST" and form.is_valid():
        actions.invitation_send(
            **form.cleaned_data,
            organisation=organisation,
            by=request.actor,
            at=timezone.now(),
            link_to=lambda token: request.build_absolute_uri(
                reverse("accounts:invitation_accept", args=[token])
            ),
        )
        messages.success(request, _("The invitation is on its way. It is good for three days."))
        return redirect("accounts:people_list")
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/invitation_send.html", context)


@login_required
@require_POST
def invitation_withdraw(request: Request, pk: int) -> HttpResponse:
    invitation = get_object_or_404(
        Invitation.objects.visible_to(request.actor).select_related("organisation"), pk=pk
    )
    actions.invitation_withdraw(invitation=invitation, by=request.actor, at=timezone.now())
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("accounts:people_list")


def invitation_accept(request: Request, token: str) -> HttpResponse:
    at = timezone.now()
    invitation = Invitation.objects.with_token(token).first()
    state = invitation.state(at) if invitation else Token.UNKNOWN
    if invitation is None or state is not Token.OPEN:
        return _bad_token(request, state)
    if request.user.is_authenticated or invitation.has_account():
        context = {"invitation": invitation, "token": token}
        return render(request, "accounts/invitation_join.html", context)
    form = AcceptForm(_typed(request), invitation=invitation)
    if request.method == "POST" and form.is_valid():
        return _enter(request, token, form, at)
    return render(
        request, "accounts/invitation_accept.html", {"form": form, "invitation": invitation}
    )


def _enter(request: Request, token: str, form: AcceptForm, at: datetime) -> HttpResponse:
    """Sign the new person in; the password alone opens nothing but the set-up of the second
    factor."""
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        membership = actions.invitation_accept(token=token, name=name, password=password, at=at)
    except actions.BadTokenError as bad:
        return _bad_token(request, bad.state)
    login(request, membership.user, backend=BACKEND)
    record_authentication(request, membership.user, "password", reauthenticated=True)
    return redirect("mfa_activate_totp")


@login_required
@require_POST
def invitation_join(request: Request, token: str) -> HttpResponse:
    user: Any = request.user
    try:
        membership = actions.invitation_join(token=token, user=user, at=timezone.now())
    except actions.BadTokenError as bad:
        return _bad_token(request, bad.state)
    request.session["organisation_id"] = membership.organisation_id
    return redirect("/")


def _bad_token(request: Request, state: Token) -> HttpResponse:
    context = {"sentence": SENTENCES[state]}
    return render(request, "accounts/invitation_refused.html", context, status=410)


# --- oneself: organisation and sessions


@login_required
def organisation_choose(request: Request) -> HttpResponse:
    user: Any = request.user
    mine = user.memberships.active().select_related("organisation").order_by("organisation__key")
    if request.method == "POST":
        wanted = request.POST.get("organisation", "")
        number = int(wanted) if wanted.isdecimal() else 0
        chosen = get_object_or_404(mine, organisation_id=number)
        request.session["organisation_id"] = chosen.organisation_id
        return redirect("/")
    context = {"memberships": [(one, roles.names(one.roles)) for one in mine]}
    return render(request, "accounts/organisation_choose.html", context)


@login_required
@require_GET
def session_list(request: Request) -> HttpResponse:
    sessions = UserSession.objects.purge_and_list(request.user)
    sessions.sort(key=lambda one: one.last_seen_at, reverse=True)
    return render(request, "accounts/session_list.html", {"sessions": sessions})


@login_required
@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    user: Any = request.user
    get_object_or_404(UserSession, pk=pk, user=user)
    actions.sessions_end(user=user, by=user.actor(None), at=timezone.now(), only=pk)
    messages.success(request, _("That session has ended."))
    return redirect("usersessions_list")


@login_required
@require_POST
def session_end_others(request: Request) -> HttpResponse:
    user: Any = request.user
    keep = request.session.session_key or ""
    actions.sessions_end(user=user, by=user.actor(None), at=timezone.now(), keep=keep)
    messages.success(request, _("You are now signed in here only."))
    return redirect("usersessions_list")


# --- the roster


@login_required
@require_GET
def roster(request: Request) -> HttpResponse:
    organisation, at = _organisation(request), timezone.now()
    monday = _monday(request.GET.get("week", ""), at)
    shifts = DutyShift.objects.visible_to(request.actor).standing()
    coming = shifts.between(at, at + WEEK).values_list("starts_at", "ends_at")
    context = {
        "organisation": organisation,
        "now": at,
        "on_now": shifts.on_at(at).select_related("user"),
        "days": _days(shifts, monday),
        "before": (monday - WEEK).isoformat(),
        "after": (monday + WEEK).isoformat(),
        "gaps": rules.gaps(coming, start=at, end=at + WEEK),
        "may_plan": permissions.can_plan_shifts(request.actor, organisation),
    }
    return render(request, "accounts/roster.html", context)


def _monday(wanted: str, at: datetime) -> date:
    """The Monday of the week of an ISO date; of this week if there is none."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        day = timezone.localdate(at)
    return day - timedelta(days=day.weekday())


def _days(shifts: Any, monday: date) -> list[tuple[date, list[DutyShift]]]:
    zone = timezone.get_current_timezone()
    midnights = [
        datetime.combine(monday + timedelta(days=n), time.min, tzinfo=zone) for n in range(8)
    ]
    week = shifts.between(midnights[0], midnights[-1]).select_related("user", "stands_in_for__user")
    rows = list(week.order_by("starts_at", "id"))
    return [
        (start.date(), [one for one in rows if one.starts_at < end and one.ends_at > start])
        for start, end in pairwise(midnights)
    ]


@login_required
def shift_plan(request: Request) -> HttpResponse:
    organisation = _organisation(request)
    _allow(permissions.can_plan_shifts(request.actor, organisation))
    form = ShiftForm(_typed(request), shift=DutyShift(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        actions.shift_plan(**form.cleaned_data, organisation=organisation, by=request.actor, at=at)
        messages.success(request, _("The shift is on the roster."))
        return redirect("accounts:roster")
    return render(request, "accounts/shift_plan.html", {"form": form})


@login_required
def shift_substitute(request: Request, pk: int) -> HttpResponse:
    shift, at = _shift(request, pk), timezone.now()
    _allow(permissions.can_find_substitute(request.actor, shift))
    form = SubstituteForm(_typed(request), shift=shift.what_is_left(at))
    if request.method == "POST" and form.is_valid():
        actions.shift_substitute(**form.cleaned_data, shift=shift, by=request.actor, at=at)
        messages.success(request, _("The substitute is on the roster."))
        return redirect("accounts:roster")
    return render(request, "accounts/shift_substitute.html", {"form": form, "shift": shift})


@login_required
@require_POST
def shift_cancel(request: Request, pk: int) -> HttpResponse:
    actions.shift_cancel(shift=_shift(request, pk), by=request.actor, at=timezone.now())
    messages.success(request, _("The shift was taken off the roster."))
    return redirect("accounts:roster")


def _shift(request: Request, pk: int) -> DutyShift:
    """A shift that is not over, of one's own organisation."""
    coming = DutyShift.objects.visible_to(request.actor).standing()
    return get_object_or_404(
        coming.filter(ends_at__gt=timezone.now()).select_related("organisation", "user"), pk=pk
    )
