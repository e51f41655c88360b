"""Closing a case: what was proposed, what ends with it, who still sees it; the confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Act
from spona.cases import actions as cases
from spona.cases import permissions
from spona.cases.actions.closures import ends_with_the_case
from spona.cases.models import Case, CaseAccess, ClosureRequest
from spona.coordination import actions
from spona.coordination.views.heads import case_of, frame, read


@dataclass(frozen=True, slots=True)
class AccessLine:
    """Who sees the case, why, until when; `ends` where it ends with the case."""

    who: str
    basis: str
    until: datetime | None
    ends: bool


@signed_in
@require_GET
def case_closure(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    return _page(request, _run_case(request, case_id, at), at)


def _run_case(request: Request, case_id: int, at: datetime) -> Case:
    case = case_of(request, case_id, at)
    if not permissions.can_run(request.actor, case):
        raise Http404
    return case


def _page(request: Request, case: Case, at: datetime, refused: str = "") -> HttpResponse:
    """`refused` is the sentence of a rule or of an action that said no."""
    guards = list(case.guardianships.all())
    proposal = case.closurerequests.waiting().first()
    accesses = cases.access_list(case=case, by=request.actor, at=at)
    title = _("Closing the case")
    context = frame(case, request, at, "case_plan", guardianships=guards, last=title) | {
        "proposal": proposal,
        "confirm": _confirm(request, case, proposal),
        "returned": case.closurerequests.filter(returned_at__isnull=False).order_by("-returned_at"),
        "done": case.closurerequests.filter(confirmed_at__isnull=False).last(),
        "placement": case.placements.filter(until_at=None).select_related("centre").first(),
        "accesses": [_line(one, case) for one in accesses],
        "refused": refused,
    }
    read("closure_read", case, request, at)
    status = 422 if refused else 200
    return render(request, "coordination/case_closure.html", context, status=status)


def _confirm(request: Request, case: Case, proposal: ClosureRequest | None) -> Act | None:
    """The button of the second pair of eyes; none for whoever proposed it."""
    if proposal is None:
        return None
    if not permissions.can_answer_closure(request.actor, case, proposal.proposed_by_id):
        return None
    return Act(
        _("Confirm and close the case"),
        reverse("coordination:closure_confirm", args=[proposal.pk]),
        method="post",
        confirm=_("Close the case? Access of other institutions ends at once."),
    )


def _line(one: CaseAccess, case: Case) -> AccessLine:
    return AccessLine(
        who=f"{one.user}, {one.organisation}" if one.user else str(one.organisation),
        basis=one.get_basis_display(),
        until=one.until,
        ends=case.is_open and ends_with_the_case(one, case),
    )


@signed_in
@require_POST
def closure_confirm(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    closure = get_object_or_404(ClosureRequest.objects.visible_to(request.actor, at), pk=pk)
    case = _run_case(request, closure.case_id, at)
    try:
        actions.closure_confirm(closure=closure, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        return _page(request, case, at, refused=str(refused.sentence))
    messages.success(request, _("The case is closed."))
    return redirect("coordination:case_closure", case.pk)
