"""Blind matching: to ask, to see that it was sent; and the owner's page, where it is decided.

What the asker gets is made of the query and of what owners disclosed, and of nothing else (P20).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base import keyset
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.http import Request, signed_in
from spona.cases import permissions as case_permissions
from spona.cases.codes import sharing
from spona.cases.models import Encounter
from spona.coordination import actions, permissions
from spona.coordination.forms.matching import ANSWER, MatchForm, QueryForm
from spona.coordination.models import BlindMatch, BlindQuery
from spona.coordination.views import matching_words as words
from spona.coordination.views.heads import case_of, frame

PAGE = 50


# --- asking


@signed_in
def query_case(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    if not permissions.can_ask_from_case(request.actor, case) or not case.is_open:
        raise Http404
    form = QueryForm(request.POST or None)
    query = _ask(request, form, at, case=case)
    if query is not None:
        return redirect("coordination:query_detail", query.number)
    guards = list(case.guardianships.all())
    last = _("Does somebody already work with this child?")
    context = frame(case, request, at, "case_person", guardianships=guards, last=last)
    context |= {"form": form}
    audit.read("query_look", [case], by=request.actor, at=at, case_ids=[case.pk])
    status = 422 if form.errors else 200
    return render(request, "coordination/query_case.html", context, status=status)


@signed_in
def query_encounter(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    encounter = get_object_or_404(Encounter.objects.visible_to(request.actor), pk=pk)
    if not permissions.can_ask_from_encounter(request.actor, encounter):
        raise Http404
    form = QueryForm(request.POST or None)
    query = _ask(request, form, at, encounter=encounter)
    if query is not None:
        return redirect("coordination:query_detail", query.number)
    audit.read("query_look", [encounter], by=request.actor, at=at)
    context = {"form": form, "encounter": encounter}
    status = 422 if form.errors else 200
    return render(request, "coordination/query_encounter.html", context, status=status)


def _ask(request: Request, form: QueryForm, at: datetime, **place: Any) -> BlindQuery | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        query = actions.query_ask(**form.cleaned_data, **place, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return None
    messages.success(request, _("The query is sent."))
    return query


# --- what was sent


@signed_in
@require_GET
def query_list(request: Request) -> HttpResponse:
    """What one's own institution has asked, the newest first."""
    actor, at = request.actor, timezone.now()
    if not permissions.can_ask(actor):
        raise Http404
    queries = BlindQuery.objects.visible_to(actor, at)
    after = keyset.parse(request.GET.get("after", ""))
    if after is not None and after.moment is not None:
        same = Q(asked_at=after.moment, pk__lt=after.id)
        queries = queries.filter(Q(asked_at__lt=after.moment) | same)
    found = list(queries.select_related("case").latest_first()[: PAGE + 1])
    shown = found[:PAGE]
    answered = actions.queries_answered(queries=shown, by=actor, at=at)
    case_ids = [one.case_id for one in shown]
    audit.read("query_list", shown, by=actor, at=at, case_ids=case_ids)
    context = {
        "lines": [(one, _purpose(one.purpose), one.pk in answered) for one in shown],
        "more": keyset.Key(shown[-1].asked_at, shown[-1].pk) if len(found) > PAGE else None,
    }
    return render(request, "coordination/query_list.html", context)


@signed_in
@require_GET
def query_detail(request: Request, number: str) -> HttpResponse:
    actor, at = request.actor, timezone.now()
    if not permissions.can_ask(actor):
        raise Http404
    mine = BlindQuery.objects.visible_to(actor, at).select_related("case")
    query = get_object_or_404(mine, number=number)
    context = {
        "query": query,
        "purpose": _purpose(query.purpose),
        "answers": actions.answers_read(query=query, by=actor, at=at),
    }
    audit.read("query_read", [query], by=actor, at=at, case_ids=[query.case_id])
    return render(request, "coordination/query_detail.html", context)


def _purpose(code: str) -> str:
    return str(sharing.purposes()[code])


# --- what the owner decides


@signed_in
@require_GET
def match_list(request: Request) -> HttpResponse:
    """Who asks about children that look like ours, the nearest term first."""
    actor, at = request.actor, timezone.now()
    if not case_permissions.runs_cases(actor):
        raise Http404
    waiting = BlindMatch.objects.visible_to(actor, at).waiting(at).soonest_first()
    found = list(waiting.select_related("case", "asker")[:PAGE])
    audit.read("match_list", found, by=actor, at=at, case_ids=[one.case_id for one in found])
    return render(request, "coordination/match_list.html", {"matches": found})


@signed_in
@require_GET
def match_detail(request: Request, number: str) -> HttpResponse:
    at = timezone.now()
    return _page(request, _seen(request, number, at), at, MatchForm())


@signed_in
@require_POST
def match_decide(request: Request, number: str) -> HttpResponse:
    at = timezone.now()
    match, form = _seen(request, number, at), MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, match, at, form, 422)
    answers = form.cleaned_data["decision"] == ANSWER
    act = actions.match_answer if answers else actions.match_decline
    try:
        act(match=match, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        now = _seen(request, number, at)
        return _page(request, now, at, form, 409 if isinstance(refused, Stale) else 422)
    done = _("They are told to call you.") if answers else _("Recorded. Nobody is told.")
    messages.success(request, done)
    return redirect("coordination:match_detail", number)


def _seen(request: Request, number: str, at: datetime) -> BlindMatch:
    seen = BlindMatch.objects.visible_to(request.actor, at)
    match = get_object_or_404(seen.select_related("case__organisation", "asker"), number=number)
    if not permissions.can_decide_match(request.actor, match):
        raise Http404
    return match


def _page(
    request: Request, match: BlindMatch, at: datetime, form: MatchForm, status: int = 200
) -> HttpResponse:
    actor = request.actor
    waits = match.state == BlindMatch.State.WAITING and match.expires_at > at
    context = {
        "match": match,
        "case": match.case,
        "facts": words.asked_facts(match, _purpose(match.purpose)),
        "waterfall": words.waterfall(match.explanation) if match.explanation else None,
        "basis": actions.match_basis(match=match, by=actor, at=at) if waits else None,
        "purpose": _purpose(match.purpose),
        "waits": waits,
        "form": form,
        "now": at,
    }
    audit.read("match_read", [match], by=actor, at=at, case_ids=[match.case_id])
    return render(request, "coordination/match_detail.html", context, status=status)
