"""A case is handed over: where it begins, how it stands, the list of the file, the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.clock import span_words
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.base.parts import DutyRow
from spona.base.script import said
from spona.cases import permissions as case_permissions
from spona.cases.models import Case, CaseLink
from spona.coordination import actions, permissions
from spona.coordination.actions.answering import steps_of_run
from spona.coordination.actions.handing_over import HandoverDraft
from spona.coordination.forms.handovers import HandoverForm, ItemForm, TickForm
from spona.coordination.models import Duty, Handover, HandoverItem
from spona.coordination.views import handover_words as words
from spona.coordination.views import rows
from spona.coordination.views.heads import case_of, frame, read
from spona.directory.models import competent_centres
from spona.directory.rules.competence import ACT_FIRST

MOST = 100


@signed_in
@require_GET
def handover_list(request: Request) -> HttpResponse:
    """What is on its way to the reader's centre or from it, the latest first. No child by name."""
    actor, at = request.actor, timezone.now()
    if not permissions.can_open_case(actor):
        raise Http404
    ours = Q(receiving_id=actor.organisation_id) | Q(sending_id=actor.organisation_id)
    seen = (
        Handover.objects.visible_to(actor, at).filter(ours).select_related("sending", "receiving")
    )
    found = list(seen.latest_first()[:MOST])
    audit.read("handover_list", found, by=actor, at=at, case_ids=[])
    context = {"now": at, "lines": words.lines(found, actor), "actor": actor}
    return render(request, "coordination/handover_list.html", context)


@signed_in
def handover_new(request: Request, case_id: int) -> HttpResponse:
    """Who is competent, why, and who goes along; the other centre is told at once."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    if not case.is_open or not case_permissions.can_run(request.actor, case):
        raise Http404
    form = _form(request, case, at)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.handover_begin(
                case=case, draft=_draft(form, case, at), by=request.actor, at=at
            )
            messages.success(request, _("The other centre was told. Call it as well."))
            return redirect("coordination:handover_detail", begun[0].number)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    read("handover_look", case, request, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_detail", guardianships=guards, last=_("Hand over"))
    context |= {
        "form": form,
        "act_first": said({"sr-latn": ACT_FIRST.sr_latn, "en": ACT_FIRST.en}),
    }
    return render(request, "coordination/handover_new.html", context, status=status)


def _form(request: Request, case: Case, at: datetime) -> HandoverForm:
    proposed = [
        (centre, words.ground(proposal))
        for centre, proposal in _competent(case)
        if centre.pk != case.organisation_id
    ]
    return HandoverForm(
        request.POST or None,
        proposed=proposed,
        siblings=_siblings(case, request, at),
        owner_id=case.organisation_id,
        at=at,
    )


def _competent(case: Case) -> list[Any]:
    placed = case.placements.filter(until_at=None).select_related(
        "centre__organisation__municipality"
    )
    here = placed.first()
    town = here.centre.organisation.municipality if here and here.centre else None
    return competent_centres(found_in=case.municipality, placement=town)


def _siblings(case: Case, request: Request, at: datetime) -> list[tuple[Case, str]]:
    """Linked cases of the same centre that are open and on no way yet."""
    links = CaseLink.objects.visible_to(request.actor, at).standing().of(case)
    ids = {one for pair in links.values_list("first_id", "second_id") for one in pair} - {case.pk}
    same = Case.objects.visible_to(request.actor, at).filter(
        pk__in=ids, organisation=case.organisation_id, closed_at=None
    )
    free = same.exclude(handovers__in=Handover.objects.in_course())
    return [(one, one.code) for one in free.order_by("code")]


def _draft(form: HandoverForm, case: Case, at: datetime) -> HandoverDraft:
    cleaned, receiving = form.cleaned_data, form.receiving()
    return HandoverDraft(
        receiving=receiving,
        ground=_rule_of(case, receiving),
        reason=cleaned["reason"],
        planned_for=cleaned["planned_for"] if cleaned["moved"] == "no" else None,
        where_to=cleaned["where_to"],
        spoken_to=cleaned["spoken_to"],
        siblings=form.going_along(),
        siblings_stay=cleaned.get("siblings_stay", ""),
    )


def _rule_of(case: Case, receiving: Organisation) -> str:
    """The rule by which this centre was proposed; empty where it was merely chosen."""
    found: dict[int, str] = {centre.pk: proposal.rule for centre, proposal in _competent(case)}
    return found.get(receiving.pk, "")


# --- one


@signed_in
@require_GET
def handover_detail(request: Request, number: str) -> HttpResponse:
    return _page(request, *_seen(request, number))


@signed_in
@require_POST
def item_add(request: Request, number: str) -> HttpResponse:
    handover, case, at = _seen(request, number)
    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            actions.item_add(handover=handover, by=request.actor, at=at, **form.cleaned_data)
            return redirect("coordination:handover_detail", number)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    return _page(request, handover, case, at, status=422, item=form)


@signed_in
@require_POST
def item_tick(request: Request, pk: int) -> HttpResponse:
    """A piece of the file has arrived, or is missing."""
    at = timezone.now()
    found = HandoverItem.objects.visible_to(request.actor, at).select_related("handover")
    item = get_object_or_404(found, pk=pk)
    handover, case, _at = _seen(request, item.handover.number)
    form = TickForm(request.POST)
    if not form.is_valid():
        return _page(request, handover, case, at, status=422)
    try:
        actions.item_receive(item=item, by=request.actor, at=at, **form.cleaned_data)
    except NotAllowed:
        raise Http404 from None
    return redirect("coordination:handover_detail", handover.number)


@signed_in
@require_GET
def handover_print(request: Request, number: str) -> HttpResponse:
    """The joint record of the handover as a page for the file."""
    handover, case, at = _seen(request, number)
    if case is None:
        raise Http404
    audit.read("handover_read", [handover], by=request.actor, at=at, case_ids=[case.pk])
    context = {
        "now": at,
        "handover": handover,
        "case": case,
        "stages": words.stages(handover),
        "items": list(handover.items.order_by("position")),
        "flags": words.flags(handover),
        "reason": words.reason(handover),
    }
    return render(request, "coordination/handover_print.html", context)


def _seen(request: Request, number: str) -> tuple[Handover, Case | None, datetime]:
    """The handover, and the case for those who work on it; for people of cases only."""
    actor, at = request.actor, timezone.now()
    if not permissions.can_work_on_case(actor):
        raise Http404
    found = Handover.objects.visible_to(actor, at).select_related("sending", "receiving")
    handover = get_object_or_404(found, number=number)
    case = Case.objects.visible_to(actor, at).filter(pk=handover.case_id).first()
    if case is None and handover.receiving_id != actor.organisation_id:
        raise Http404
    return handover, case, at


def _page(
    request: Request,
    handover: Handover,
    case: Case | None,
    at: datetime,
    status: int = 200,
    item: ItemForm | None = None,
) -> HttpResponse:
    actor = request.actor
    steps = steps_of_run(run_id=handover.run_id, by=actor, works=case is not None, at=at)
    sending, receiving = (
        actor.organisation_id == handover.sending_id,
        actor.organisation_id == handover.receiving_id,
    )
    before = receiving and case is None and handover.is_in_course
    owed = _owed(handover, request, at)
    context = {
        "now": at,
        "handover": handover,
        "case": case,
        "gap": _gap(case, at),
        "given": words.package(handover, actor, at) if before else [],
        "stages": words.stages(handover),
        "holds": words.holder(handover),
        "owed": _rows(owed, request, at),
        "steps": words.step_links(handover, steps, owed),
        "items": list(handover.items.order_by("position")) if case else [],
        "item": item or ItemForm(),
        "may_list": sending and case is not None and handover.is_in_course,
        "may_tick": receiving and case is not None and handover.is_in_course,
        "flags": words.flags(handover) if case else [],
        "reason": words.reason(handover) if case else "",
        "others": words.group(handover, actor, at),
        "referrals": _in_course(case) if handover.taken_at else [],
    }
    if case is not None:
        audit.read("handover_read", [handover], by=actor, at=at, case_ids=[case.pk])
    return render(request, "coordination/handover_detail.html", context, status=status)


def _gap(case: Case | None, at: datetime) -> str:
    """How long the child has had no guardian."""
    if case is None or case.without_guardian_since is None:
        return ""
    return span_words(at - case.without_guardian_since)


def _owed(handover: Handover, request: Request, at: datetime) -> list[Duty]:
    found = Duty.objects.visible_to(request.actor, at).owed().filter(run=handover.run_id)
    duties = found.soonest_first().select_related("version", "organisation", "case__person")
    return list(duties)


def _rows(owed: Iterable[Duty], request: Request, at: datetime) -> list[DutyRow]:
    lines = (rows.duty_row(one, request.actor, at, seen_cases=frozenset()) for one in owed)
    return [replace(line, act=None) for line in lines]


def _in_course(case: Case | None) -> list[Any]:
    """Referrals that the former owner sent: they are sent anew, not inherited."""
    if case is None:
        return []
    foreign = case.referrals.in_course().exclude(sender=case.organisation_id)
    return list(foreign.select_related("recipient").latest_first())
