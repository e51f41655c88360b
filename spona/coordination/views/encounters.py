"""Somebody was met: two forms, a list, and the page that says what follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base import keyset
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.cases import actions as cases
from spona.cases.models import Encounter
from spona.coordination import actions, permissions
from spona.coordination.forms.calls import CallForm
from spona.coordination.forms.encounters import ChildForm, LightForm
from spona.coordination.models import Duty, Notification, RunEvent
from spona.coordination.views import doubles, rows, telling
from spona.coordination.views.doubles import Decided
from spona.people.rules import birth_of_age
from spona.people.rules.doubles import NO_BIRTH, Known

Kind = Encounter.Kind
PAGE = 50
VOICED = "intention_voiced"
CARRIED_OVER = ("seen_where", "age_said", "language", "municipality", "occurred_at", "sex", "alone",
                "onward_risk", "needs", "safety_information_given")  # fmt: skip


def _may_record(actor: Actor) -> None:
    if not permissions.can_record_encounter(actor):
        raise Http404


# --- recording


@signed_in
@require_GET
def encounter_new(request: Request) -> HttpResponse:
    """Light contact or child: the one question before the form."""
    _may_record(request.actor)
    return render(request, "coordination/encounter_new.html")


@signed_in
def encounter_light(request: Request) -> HttpResponse:
    _may_record(request.actor)
    at = timezone.now()
    form = LightForm(request.POST or None, at=at)
    return _record(request, form, Kind.LIGHT, at)


@signed_in
def encounter_child(request: Request) -> HttpResponse:
    _may_record(request.actor)
    at = timezone.now()
    form = ChildForm(request.POST or None, at=at, initial=_as_last_time(request.actor))
    return _record(request, form, Kind.CHILD, at)


@signed_in
def encounter_to_child(request: Request, pk: int) -> HttpResponse:
    """A light contact becomes a child's encounter by decision; deciding twice makes one."""
    _may_record(request.actor)
    at = timezone.now()
    light = get_object_or_404(_own(request.actor), pk=pk, kind=Kind.LIGHT)
    initial = {field: getattr(light, field) for field in CARRIED_OVER}
    initial["client_token"] = _decided(light)
    audit.read("encounter_read", [light], by=request.actor, at=at)
    form = ChildForm(request.POST or None, at=at, initial=initial)
    return _record(request, form, Kind.CHILD, at)


def _decided(light: Encounter) -> UUID:
    return uuid5(light.client_token, Kind.CHILD)


def _as_last_time(actor: Actor) -> dict[str, Any]:
    """The municipality of the person's last encounter: one shift is mostly in one town."""
    mine = Encounter.objects.visible_to(actor).filter(recorded_by_id=actor.user_id)
    last = mine.exclude(municipality=None).order_by("-recorded_at").first()
    return {"municipality": last.municipality_id} if last else {}


def _record(request: Request, form: LightForm | ChildForm, kind: str, at: datetime) -> HttpResponse:
    question = None
    if request.method == "POST" and form.is_valid():
        question = doubles.asked(request, _known(form.cleaned_data), at)
        if not question.is_open:
            try:
                decided, by = question.decided, request.actor
                encounter = _write(form.cleaned_data, kind, decided, by=by, at=at)
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
            else:
                return redirect("coordination:encounter_detail", encounter.pk)
    context = {"form": form, "question": question}
    status = 422 if form.errors or (question and question.is_open) else 200
    return render(request, f"coordination/encounter_{kind}.html", context, status=status)


def _known(said: dict[str, Any]) -> Known:
    """What is known of somebody who was met and named; nothing is kept of it here."""
    name, age = said.get("name_said", ""), said.get("age_said")
    met_on = timezone.localdate(said["occurred_at"])
    birth = NO_BIRTH if age is None else birth_of_age(age, today=met_on)
    return Known((name,) if name else (), birth=birth, sex=said.get("sex", ""))


@transaction.atomic
def _write(
    said: dict[str, Any], kind: str, decided: Decided, *, by: Actor, at: datetime
) -> Encounter:
    """An encounter with a child and its notification are written together, or neither is."""
    encounter = cases.encounter_record(by=by, at=at, kind=kind, **said)
    if encounter.kind == Kind.CHILD:
        actions.encounter_begin(encounter=encounter, by=by, at=at)
    actions.told(encounter, apart=decided.apart, same=decided.same, by=by, at=at)
    return encounter


# --- reading


def _own(actor: Actor) -> Any:
    return Encounter.objects.visible_to(actor).select_related("municipality")


@signed_in
@require_GET
def encounter_list(request: Request) -> HttpResponse:
    """What one's own organisation recorded, the newest first."""
    _may_record(request.actor)
    after = keyset.parse(request.GET.get("after", ""))
    found = list(_newest_first(Encounter.objects.visible_to(request.actor), after)[: PAGE + 1])
    shown, at = found[:PAGE], timezone.now()
    told = {one.encounter_id: one for one in _notifications(request.actor, shown)}
    audit.read("encounter_list", shown, by=request.actor, at=at)
    context = {
        "lines": [(one, telling.in_short(one), told.get(one.pk)) for one in shown],
        "more": keyset.Key(shown[-1].occurred_at, shown[-1].pk) if len(found) > PAGE else None,
        "now": at,
    }
    return render(request, "coordination/encounter_list.html", context)


def _newest_first(encounters: Any, after: keyset.Key | None) -> Any:
    if after is not None and after.moment is not None:
        same = Q(occurred_at=after.moment, pk__lt=after.id)
        encounters = encounters.filter(Q(occurred_at__lt=after.moment) | same)
    return encounters.order_by("-occurred_at", "-pk")


def _notifications(actor: Actor, encounters: list[Encounter]) -> Any:
    """Never joined to its run: once there is a case, the sender no longer sees that."""
    mine = Notification.objects.visible_to(actor).filter(sender_id=actor.organisation_id)
    mine = mine.filter(encounter_id__in=[one.pk for one in encounters])
    return mine.select_related("recipient")


@signed_in
@require_GET
def encounter_detail(request: Request, pk: int) -> HttpResponse:
    """What was recorded, who was told, whether anybody has taken over, and what is next."""
    _may_record(request.actor)
    return _page(request, pk, timezone.now())


@signed_in
@require_GET
def encounter_state(request: Request, pk: int) -> HttpResponse:
    """The part of the page that asks again every half a minute. Nothing of the child is in it, so
    that it is not written into the log of what was read."""
    _may_record(request.actor)
    at = timezone.now()
    encounter = get_object_or_404(_own(request.actor), pk=pk)
    notification = _notification(request.actor, encounter)
    if notification is None:
        raise Http404
    context = {"encounter": encounter} | _following(request.actor, notification, at)
    return render(request, "coordination/encounter_detail.html#state", context)


def _page(
    request: Request, pk: int, at: datetime, form: CallForm | None = None, status: int = 200
) -> HttpResponse:
    encounter = get_object_or_404(_own(request.actor), pk=pk)
    context: dict[str, Any] = {
        "encounter": encounter,
        "facts": telling.encounter_facts(encounter),
        "may_ask": permissions.can_ask_from_encounter(request.actor, encounter)
        and encounter.anonymised_at is None,
    }
    notification = _notification(request.actor, encounter)
    if notification is not None:
        context |= _following(request.actor, notification, at)
        context |= _what_is_open(request.actor, notification, at)
        context["form"] = form or CallForm(at=at)
    elif encounter.kind == Kind.LIGHT:
        context["made_case"] = _own(request.actor).filter(client_token=_decided(encounter)).first()
    audit.read("encounter_read", [encounter], by=request.actor, at=at)
    return render(request, "coordination/encounter_detail.html", context, status=status)


def _notification(actor: Actor, encounter: Encounter) -> Notification | None:
    found: Notification | None = _notifications(actor, [encounter]).first()
    return found


def _following(actor: Actor, notification: Notification, at: datetime) -> dict[str, Any]:
    calls = list(notification.calls.order_by("called_at", "id"))
    return {
        "notification": notification,
        "standing": telling.standing(notification, calls, at),
        "now": at,
    }


def _what_is_open(actor: Actor, notification: Notification, at: datetime) -> dict[str, Any]:
    """The finder's own duties, and whether the words of the child about asylum are recorded."""
    run = notification.run_id
    duties = Duty.objects.visible_to(actor, at).owed().filter(run=run)
    mine = duties.filter(organisation_id=actor.organisation_id or 0).exclude(acts=["csr_notified"])
    events = RunEvent.objects.visible_to(actor, at).filter(run=run)
    own = list(events.filter(organisation_id=actor.organisation_id or 0).in_order())
    found = mine.select_related("version", "organisation", "case__person").soonest_first()
    return {
        "duties": rows.duty_rows(found, actor, at),
        "voiced": next((event for event in own if event.act == VOICED), None),
        "seen": own[-1].seq if own else 0,
    }


# --- doing


@signed_in
@require_POST
def call_add(request: Request, pk: int) -> HttpResponse:
    """A call to the on-call number, answered or not."""
    _may_record(request.actor)
    at = timezone.now()
    notification = _sent(request.actor, pk)
    form = CallForm(request.POST, at=at)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.call_record(notification=notification, **said, by=request.actor, at=at)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The call is recorded."))
            return redirect("coordination:encounter_detail", pk)
    return _page(request, pk, at, form, 422)


@signed_in
@require_POST
def intention_add(request: Request, pk: int) -> HttpResponse:
    """The child said that it wants asylum: recorded at once, by anyone, waiting for nothing."""
    _may_record(request.actor)
    at = timezone.now()
    notification = _sent(request.actor, pk)
    seen = request.POST.get("seen", "")
    draft = actions.ActDraft(act=VOICED, occurred_at=at, seen=int(seen) if seen.isdecimal() else 0)
    try:
        actions.act_record(run_id=notification.run_id, draft=draft, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Recorded: the child said that it wants asylum."))
    return redirect("coordination:encounter_detail", pk)


def _sent(actor: Actor, pk: int) -> Notification:
    notification = _notification(actor, get_object_or_404(_own(actor), pk=pk))
    if notification is None:
        raise Http404
    return notification
