"""What stands behind a number: the duties, or the children without a guardian."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from spona.audit import actions as audit
from spona.base import keyset
from spona.base.actor import Actor
from spona.base.clock import span_words
from spona.base.http import Request, signed_in
from spona.cases import codes
from spona.coordination import permissions
from spona.coordination.models import Duty, DutyQuerySet
from spona.coordination.rules.figures import Outcome
from spona.coordination.views import rows
from spona.home.forms import FiguresForm, Span
from spona.home.views.figures import OUTCOMES, came_due, met, without_guardian
from spona.home.views.held import in_our_cases

PAGE = 50


@signed_in
@require_GET
def figure_rows(request: Request) -> HttpResponse:
    """The duties that one number counts, the latest first."""
    actor, at = request.actor, timezone.localtime()
    if not permissions.can_see_own_figures(actor):
        raise Http404
    span = FiguresForm.of(request.GET, at).span
    names = ("rule", "outcome", "obstacle", "institution")
    asked = {name: request.GET.get(name, "") for name in names}
    behind = _behind(asked, actor, span, at)
    found, more = _page(behind, keyset.parse(request.GET.get("after", "")))
    audit.read("figure_rows", found, by=actor, at=at, case_ids=[duty.case_id for duty in found])
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "now": at,
        "words": _words(asked, span),
        "rows": rows.duty_rows(found, actor, at),
        "more": more,
        "query": query.urlencode(),
    }
    return render(request, "home/figure_rows.html", context)


def _behind(asked: dict[str, str], actor: Actor, span: Span, at: datetime) -> DutyQuerySet:
    if asked["obstacle"]:
        duties = met(actor, span, at).filter(code=asked["obstacle"]).values("duty_id")
        return Duty.objects.visible_to(actor, at).filter(pk__in=duties)
    wanted = {name: asked[name] for name in ("rule", "outcome") if asked[name]}
    if asked["institution"].isdecimal():
        others = in_our_cases(actor, span, at).filter(organisation_id=int(asked["institution"]))
        return others.filter(**wanted)
    return came_due(actor, span, at).filter(**wanted)


def _page(duties: DutyQuerySet, after: keyset.Key | None) -> tuple[list[Any], keyset.Key | None]:
    if after is not None and after.moment is not None:
        earlier = Q(due_at__lt=after.moment) | Q(due_at=after.moment, pk__lt=after.id)
        duties = duties.filter(earlier)
    whole = duties.select_related("version", "organisation", "user", "case__person")
    named = whole.prefetch_related("case__person__names")
    found = list(named.order_by("-due_at", "-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], keyset.Key(found[PAGE - 1].due_at, found[PAGE - 1].pk)


def _words(asked: dict[str, str], span: Span) -> list[str]:
    """What the number counted, in words."""
    outcome, obstacle = asked["outcome"], asked["obstacle"]
    return [
        *([str(OUTCOMES[Outcome(outcome)])] if outcome in OUTCOMES else []),
        *([str(codes.obstacles()[obstacle])] if obstacle in codes.obstacles() else []),
        *([asked["rule"]] if asked["rule"] else []),
        span.words(),
    ]


@signed_in
@require_GET
def figure_cases(request: Request) -> HttpResponse:
    """Children without a guardian now, who wait longest first."""
    actor, at = request.actor, timezone.localtime()
    if not permissions.can_see_own_figures(actor):
        raise Http404
    after = keyset.parse(request.GET.get("after", ""))
    waiting: Any = without_guardian(actor, at)
    if after is not None and after.moment is not None:
        waiting = waiting.filter(Q(since__gt=after.moment) | Q(since=after.moment, pk__gt=after.id))
    found = list(waiting.order_by("since", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    audit.read("figure_rows", shown, by=actor, at=at, case_ids=[case.pk for case in shown])
    context = {
        "lines": [(case, span_words(at - case.since)) for case in shown],
        "more": keyset.Key(shown[-1].since, shown[-1].pk) if len(found) > PAGE else None,
    }
    return render(request, "home/figure_cases.html", context)
