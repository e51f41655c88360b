"""Institutions are asked about a draft, say what they think rule by rule, and are answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spona.base.errors import Refused
from spona.base.http import Request, signed_in
from spona.protocols import actions, permissions
from spona.protocols.actions import OpinionDraft
from spona.protocols.forms import ConsultForm
from spona.protocols.models import Consultation, Draft, Opinion
from spona.protocols.rules.reading import bound, types_of
from spona.protocols.views import doors
from spona.protocols.views.table import RuleLines, table


@signed_in
def draft_consult(request: Request, pk: int) -> HttpResponse:
    """Whom one asks, what they said; the coordinator reads it."""
    draft = doors.shown(request, pk)
    mine = permissions.can_write(request.actor, draft)
    if not mine and not permissions.can_publish(request.actor):
        raise Http404
    book = draft.sound.book
    form = ConsultForm(
        doors.typed(request), types=bound(book) if book else (), today=timezone.localdate()
    )
    if request.method == "POST" and mine and form.is_valid() and _asked(request, draft, form):
        messages.success(request, _("The institutions are asked; they find it on their desks."))
        return redirect("protocols:draft_consult", pk=pk)
    context = doors.frame(request, draft, "draft_consult") | {
        "form": form,
        "consultations": draft.consultations.select_related("organisation").order_by("pk"),
        "objections": objections(draft),
        "accepted": Opinion.objects.filter(consultation__draft=draft, accepts=True).count(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "protocols/draft_consult.html", context, status=status)


def _asked(request: Request, draft: Draft, form: ConsultForm) -> bool:
    try:
        actions.draft_consult(draft=draft, by=request.actor, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return False
    return True


def objections(draft: Draft) -> list[tuple[Opinion, bool]]:
    """Every objection that stands, and whether the rule reads otherwise since."""
    wordings = draft.wordings
    found = Opinion.objects.filter(consultation__draft=draft).objections()
    return [
        (one, wordings.get(one.rule_id) != one.wording) for one in found.order_by("rule_id", "pk")
    ]


@signed_in
def opinion_give(request: Request, pk: int) -> HttpResponse:
    """What one's institution says of each rule; those that bind it stand first."""
    draft = doors.shown(request, pk)
    consultation = doors.asked(request, draft)
    if consultation is None:
        raise Http404
    given = {one.rule_id: one for one in consultation.opinions.all()}
    lines = [_line(request, one, given.get(one.id)) for one in table(draft) if one.id]
    said = [one["said"] for one in lines if one["said"]]
    error = ""
    if request.method == "POST":
        error = _given(request, consultation, lines, said)
        if not error:
            messages.success(
                request, _("Your opinion is recorded. Until the book is signed you can change it.")
            )
            return redirect("protocols:opinion_give", pk=pk)
    types = _bound_types(draft)
    mine = consultation.organisation.type.code
    context = doors.frame(request, draft, "opinion_give") | {
        "consultation": consultation,
        "error": error,
        "ours": [one for one in lines if types.get(one["rule"].id, set()) & {mine, "any"}],
        "others": [one for one in lines if not types.get(one["rule"].id, set()) & {mine, "any"}],
        "is_open": draft.state == Draft.State.CONSULTED,
    }
    return render(request, "protocols/opinion_give.html", context, status=422 if error else 200)


def _bound_types(draft: Draft) -> dict[str, set[str]]:
    book = draft.sound.book
    return {rule.id: types_of(book, rule) for rule in book.rules} if book else {}


def _line(request: Request, rule: RuleLines, before: Opinion | None) -> dict[str, Any]:
    """A rule with what was said of it, by the form where one was sent."""
    if request.method == "POST":
        choice = request.POST.get(f"choice-{rule.id}", "")
        if not choice and "accept_rest" in request.POST:
            choice = "accept"
        reason = request.POST.get(f"reason-{rule.id}", "").strip()
        seen = request.POST.get(f"wording-{rule.id}", "")
    else:
        current = before is not None and before.wording == rule.wording
        choice = ("accept" if before.accepts else "object") if before and current else ""
        reason, seen = (before.reason if before else ""), rule.wording
    wants = choice == "object" and not reason
    said = OpinionDraft(rule.id, seen, choice == "accept", reason) if choice and not wants else None
    return {
        "rule": rule, "before": before, "choice": choice, "reason": reason, "wants": wants,
        "said": said, "moved": seen != rule.wording,
        "changed": before is not None and before.wording != rule.wording,
    }  # fmt: skip


def _given(
    request: Request,
    consultation: Consultation,
    lines: list[dict[str, Any]],
    said: list[OpinionDraft],
) -> str:
    """A sentence where the opinion was not taken, else nothing."""
    if any(one["wants"] for one in lines):
        return _("An objection needs its reason: without it the author cannot answer.")
    if not said:
        return _("Say of one rule at least whether you accept it.")
    try:
        actions.opinions_give(
            consultation=consultation, opinions=said, by=request.actor, at=timezone.now()
        )
    except Refused as refused:
        return str(refused.sentence)
    return ""


@signed_in
@require_POST
def opinion_answer(request: Request, pk: int) -> HttpResponse:
    opinion = get_object_or_404(Opinion.objects.select_related("consultation"), pk=pk)
    draft = doors.written(request, opinion.consultation.draft_id)
    answer = request.POST.get("answer", "").strip()
    if not answer:
        messages.error(request, _("Write what you answer."))
        return redirect("protocols:draft_consult", pk=draft.pk)
    try:
        actions.opinion_answer(opinion=opinion, answer=answer, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Your answer stands beside the objection."))
    return redirect("protocols:draft_consult", pk=draft.pk)
