"""A referral as its two sides see it: what was asked and given, how it stands, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base import keyset
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.parts import DutyRow
from spona.cases.models import Case
from spona.coordination import actions, permissions
from spona.coordination.actions.answering import Answer, Steps, steps_of
from spona.coordination.forms.referrals import AnswerForm, FieldsForm, MessageForm
from spona.coordination.models import Disclosure, Duty, Referral
from spona.coordination.models.referral import ReferralQuerySet
from spona.coordination.views import referral_words as words
from spona.coordination.views import rows
from spona.coordination.views.heads import case_of, frame, read
from spona.coordination.views.matters import matters
from spona.directory.models import Service

PAGE = 50


# --- lists


@signed_in
@require_GET
def referral_list(request: Request) -> HttpResponse:
    """What was sent to the reader's institution, or by it, the latest first. Covers only."""
    actor, at = request.actor, timezone.now()
    if not permissions.can_answer(actor, works_on_case=False, inside=False):
        raise Http404
    sent = request.GET.get("sent") == "1" and permissions.can_work_on_case(actor)
    ended = request.GET.get("ended") == "1"
    seen = Referral.objects.visible_to(actor, at)
    own = actor.organisation_id
    listed = seen.filter(sender_id=own or 0) if sent else seen.to(own)
    if request.GET.get("unanswered") == "1":
        listed = listed.unanswered()
    found, more = _page_of(_may_list(listed, actor, at).filter(ended_at__isnull=not ended), request)
    audit.read("referral_list", found, by=actor, at=at, case_ids=[])
    context = {
        "now": at,
        "lines": words.lines(found, at),
        "more": more,
        "ended": ended,
        "sent": sent,
        "side": "recipient" if sent else "sender",
        "may_see_sent": permissions.can_work_on_case(actor),
    }
    return render(request, "coordination/referral_list.html", context)


@signed_in
@require_GET
def case_referrals(request: Request, case_id: int) -> HttpResponse:
    """The referrals of a case, need by need, and what left the case with each."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    found = case.referrals.select_related("service", "recipient", "sender", "need").latest_first()
    context = frame(case, request, at, "case_referrals", guardianships=guards)
    context |= {
        "needs": words.by_need(found, at, sensitive=context["head"].sensitive),
        "may_refer": case.is_open and permissions.can_refer(request.actor, case),
    }
    read("referrals_read", case, request, at)
    return render(request, "coordination/case_referrals.html", context)


def _may_list(referrals: ReferralQuerySet, actor: Actor, at: datetime) -> ReferralQuerySet:
    """Of those that others sent for a restricted need only what came to us, or is ours to see."""
    ours = Q(recipient_id=actor.organisation_id or 0)
    ours |= Q(case__in=permissions.sensitive_cases(actor, at))
    return referrals.filter(ours | Q(need=None) | Q(need__sensitive=False))


def _page_of(
    referrals: ReferralQuerySet, request: Request
) -> tuple[list[Referral], keyset.Key | None]:
    after = keyset.parse(request.GET.get("after", ""))
    if after is not None and after.moment is not None:
        same = Q(sent_at=after.moment, pk__lt=after.id)
        referrals = referrals.filter(Q(sent_at__lt=after.moment) | same)
    with_names = referrals.select_related("service", "sender", "recipient").latest_first()
    found = list(with_names[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], keyset.Key(found[PAGE - 1].sent_at, found[PAGE - 1].pk)


# --- one


@signed_in
@require_GET
def referral_detail(request: Request, number: str) -> HttpResponse:
    return _page(request, *_seen(request, number, timezone.now()))


@signed_in
@require_POST
def referral_answer(request: Request, number: str) -> HttpResponse:
    """Receipt and decision; by those who work on the case also for a recipient who telephoned."""
    referral, case, at = _seen(request, number, timezone.now())
    form = answer_form(request, referral, at)
    if not form.is_valid():
        return _page(request, referral, case, at, form, 422)
    answer = Answer(
        decision=form.cleaned_data["decision"],
        seen=form.cleaned_data["seen"],
        form=form.form_of(),
        source_of_knowledge=form.cleaned_data.get("source_of_knowledge", ""),
    )
    try:
        actions.referral_answer(referral=referral, answer=answer, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return _page(request, referral, case, at, form, 409 if isinstance(refused, Stale) else 422)
    messages.success(request, _("Your answer is recorded, and the other side is told."))
    return redirect("coordination:referral_detail", number)


@signed_in
@require_POST
def message_add(request: Request, number: str) -> HttpResponse:
    referral, case, at = _seen(request, number, timezone.now())
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            actions.message_write(referral=referral, text=text, by=request.actor, at=at)
            return redirect("coordination:referral_detail", number)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    return _page(request, referral, case, at, status=422, message=form)


@signed_in
@require_POST
def doorway_new(request: Request, number: str) -> HttpResponse:
    """A page for a recipient without an account: the address and the code are shown once."""
    referral, _case, at = _seen(request, number, timezone.now())
    try:
        key = actions.doorway_make(referral=referral, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("coordination:referral_detail", number)
    address = request.build_absolute_uri(reverse("coordination:door", args=[key.token]))
    context = {"referral": referral, "address": address, "code": key.code}
    return render(request, "coordination/doorway_new.html", context)


@signed_in
def field_open(request: Request, number: str) -> HttpResponse:
    """The owner opens more than the package, field by field."""
    referral, case, at = _seen(request, number, timezone.now())
    if case is None or not permissions.can_refer(request.actor, case):
        raise Http404
    closed, without = words.still_closed(referral, at)
    form = FieldsForm(request.POST or None, closed=closed)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["fields_"]
        try:
            actions.field_open(
                referral=referral, fields=chosen, typed=form.typed(), by=request.actor, at=at
            )
            return redirect("coordination:referral_detail", number)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    audit.read("referral_read", [referral], by=request.actor, at=at, case_ids=[case.pk])
    context = {"referral": referral, "case": case, "form": form, "without": without}
    status = 422 if form.errors else 200
    return render(request, "coordination/field_open.html", context, status=status)


@signed_in
@require_POST
def disclosure_end(request: Request, pk: int) -> HttpResponse:
    """The owner takes one field back."""
    at = timezone.now()
    disclosure = get_object_or_404(Disclosure.objects.visible_to(request.actor, at), pk=pk)
    try:
        actions.field_close(disclosure=disclosure, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    run_id = disclosure.run_id or 0
    matter = matters([run_id], request.actor, at).get(run_id)
    return redirect(matter.href if matter else "/")


def _seen(request: Request, number: str, at: datetime) -> tuple[Referral, Case | None, datetime]:
    """The referral, and the case for those who work on it; else 404."""
    actor = request.actor
    found = Referral.objects.visible_to(actor, at).select_related(
        "service", "sender", "recipient", "replaces", "proposed"
    )
    referral = get_object_or_404(found, number=number)
    case = None
    if permissions.can_work_on_case(actor):
        case = Case.objects.visible_to(actor, at).filter(pk=referral.case_id).first()
    if case is not None and not _may_know(referral, case, request, at):
        case = None
    if case is None and not permissions.can_open_referral(actor, referral):
        raise Http404
    return referral, case, at


def _may_know(referral: Referral, case: Case, request: Request, at: datetime) -> bool:
    """Of a restricted need know those who see the restricted part, and who sent the referral."""
    restricted = referral.need is not None and referral.need.sensitive
    if not restricted or referral.sent_by_id == request.actor.user_id:
        return True
    return permissions.can_see_sensitive(request.actor, case, at)


def answer_form(
    request: Request, referral: Referral, at: datetime, seen: int | None = None
) -> AnswerForm:
    """Bound to what was posted; empty with `seen`, the last event of the run."""
    others = Service.objects.visible_to(request.actor).standing().filter(accepts_referrals=True)
    return AnswerForm(
        request.POST if seen is None else None,
        at=timezone.localtime(at),
        services=others.exclude(pk=referral.service_id).select_related("organisation"),
        proxy=request.actor.organisation_id != referral.recipient_id,
        initial={"seen": seen},
    )


def _page(
    request: Request,
    referral: Referral,
    case: Case | None,
    at: datetime,
    form: AnswerForm | None = None,
    status: int = 200,
    message: MessageForm | None = None,
) -> HttpResponse:
    actor = request.actor
    steps = steps_of(referral=referral, by=actor, works=case is not None, at=at)
    ours = permissions.can_open_referral(actor, referral)
    owed = _owed(referral, request, at)
    context = {
        "now": at,
        "referral": referral,
        "case": case,
        "ours": ours,
        "stages": words.stages(referral),
        "words": words.head(referral),
        "given": words.package(referral, actor, at) if ours else [],
        "disclosures": words.disclosed(referral) if case is not None else [],
        "promised": words.promised(referral),
        "steps": words.step_links(referral, steps, owed),
        "owed": _rows(owed, request, at),
        "form": form or (_blank(request, referral, steps, at) if steps.may_decide else None),
        "thread": words.thread(referral, actor, at),
        "message": message or MessageForm(),
        "may_write": referral.is_open and referral.is_in_course,
        "without_account": not referral.recipient.uses_spona and referral.decided_at is None,
    }
    if case is not None:
        audit.read("referral_read", [referral], by=actor, at=at, case_ids=[case.pk])
    return render(request, "coordination/referral_detail.html", context, status=status)


def _owed(referral: Referral, request: Request, at: datetime) -> list[Duty]:
    """What is owed in it now, as far as the reader sees it."""
    found = Duty.objects.visible_to(request.actor, at).owed().filter(run=referral.run_id)
    duties = found.soonest_first().select_related("version", "organisation", "case__person")
    return list(duties)


def _rows(owed: Iterable[Duty], request: Request, at: datetime) -> list[DutyRow]:
    """Each line leads to its duty, where one may also say that it cannot be done."""
    lines = (rows.duty_row(one, request.actor, at, seen_cases=frozenset()) for one in owed)
    return [replace(line, act=None) for line in lines]


def _blank(request: Request, referral: Referral, steps: Steps, at: datetime) -> AnswerForm:
    return answer_form(request, referral, at, seen=steps.last_seq)
