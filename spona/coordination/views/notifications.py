"""A child was met and the centre is told: the package, and the taking over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.parts import DutyRow
from spona.cases.models import Case
from spona.coordination import actions, permissions
from spona.coordination.actions.notifications import Claim
from spona.coordination.forms.calls import ClaimForm
from spona.coordination.models import Duty, Notification
from spona.coordination.views import doubles, rows, telling
from spona.coordination.views.doubles import Question
from spona.people.forms import OtherScriptsForm


@signed_in
@require_GET
def notification_detail(request: Request, pk: int) -> HttpResponse:
    """The package for the centre that was told; for the sender, how it stands."""
    return _page(request, _seen(request.actor, pk), timezone.now())


@signed_in
@require_POST
def notification_claim(request: Request, pk: int) -> HttpResponse:
    """A named person takes over; whoever comes second is told who was first."""
    at = timezone.now()
    notification = _seen(request.actor, pk)
    form = ClaimForm(request.POST, at=at)
    if not permissions.can_claim(request.actor, notification.recipient_id):
        raise Http404
    question, scripts = _doubles(request, notification, at), _scripts(request, notification)
    if not all((form.is_valid(), scripts.is_valid())) or question.is_open:
        return _page(request, notification, at, form, 422, question)
    decided, also = question.decided, tuple(scripts.drafts())
    claim = Claim(**form.cleaned_data, also=also, apart=decided.apart, same=decided.same)
    try:
        case = actions.notification_claim(
            notification=notification, claim=claim, by=request.actor, at=at
        )
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        status = 409 if isinstance(refused, Stale) else 422
        return _page(request, notification, at, form, status, question)
    return redirect(f"coordination:case_{'doubles' if decided.is_same else 'detail'}", case.pk)


def _doubles(request: Request, notification: Notification, at: datetime) -> Question:
    """Whether the child is in a file already; of what a colleague took over nothing is asked."""
    waits = notification.confirmed_at is None
    draft = actions.person_met(notification.package) if waits else {}
    return doubles.asked(request, doubles.said(draft), at)


def _scripts(request: Request, notification: Notification) -> OtherScriptsForm:
    """The name that was said in other scripts, of which somebody may tick some."""
    given, family = actions.name_met(notification.package)
    return OtherScriptsForm(request.POST or None, given=given, family=family)


def _seen(actor: Actor, pk: int) -> Notification:
    """Never joined to its run, which neither end may see at all times."""
    visible = Notification.objects.visible_to(actor).select_related("sender", "recipient")
    notification = get_object_or_404(visible, pk=pk)
    mine = notification.recipient_id == actor.organisation_id
    if mine and not (permissions.can_claim(actor, actor.organisation_id or 0) or _wide(actor)):
        raise Http404
    return notification


def _wide(actor: Actor) -> bool:
    return actor.reach == "organisation"


def _page(
    request: Request,
    notification: Notification,
    at: datetime,
    form: ClaimForm | None = None,
    status: int = 200,
    question: Question | None = None,
) -> HttpResponse:
    notification.refresh_from_db(fields=["confirmed_at", "confirmed_by_name", "notified_at"])
    calls = list(notification.calls.order_by("called_at", "id"))
    context: dict[str, Any] = {
        "notification": notification,
        "standing": telling.standing(notification, calls, at),
        "now": at,
        "question": question,
    }
    if notification.recipient_id == request.actor.organisation_id:
        context |= _for_the_centre(request.actor, notification, at)
        if permissions.can_claim(request.actor, notification.recipient_id):
            context["form"] = form or _proposed(notification, at)
            context["scripts"] = _scripts(request, notification)
    audit.read("notification_read", [notification], by=request.actor, at=at)
    return render(request, "coordination/notification_detail.html", context, status=status)


def _proposed(notification: Notification, at: datetime) -> ClaimForm:
    """What the finder said about danger stands until the officer says otherwise."""
    return ClaimForm(at=at, initial={"danger": notification.package["danger_now"]})


def _for_the_centre(actor: Actor, notification: Notification, at: datetime) -> dict[str, Any]:
    """The package while it waits; then, for those who see it, the case instead."""
    runs = Duty.objects.visible_to(actor, at).filter(run_id=notification.run_id).owed()
    due = runs.select_related("version", "organisation").soonest_first()
    case = Case.objects.visible_to(actor, at).filter(encounter_id=notification.encounter_id).first()
    waiting = notification.confirmed_at is None
    package = telling.package_facts(notification.package) if waiting or case else []
    return {
        "package": package,
        "case": case,
        "duties": _without_acts(rows.duty_rows(due, actor, at)) if waiting else [],
    }


def _without_acts(lines: list[DutyRow]) -> list[DutyRow]:
    """First somebody takes over; then what is owed can be done."""
    return [replace(line, act=None, href="") for line in lines]
