"""The ledger of legal bases: a line is recorded, and the guardian looks at it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.cases import actions, permissions
from spona.cases.forms import ledger as forms
from spona.cases.models import Case, LegalBasis
from spona.cases.views.page import answer, case_of, way_back


@signed_in
def basis_add(request: Request, case_id: int) -> HttpResponse:
    """First what was decided, then only what this decision needs; `what` stands in the address."""
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_keep_ledger)
    what = request.GET.get("what", "")
    if what not in forms.FORMS:
        return _what(request, case)
    sensitive = permissions.can_see_sensitive(request.actor, case, at)
    form = forms.FORMS[what](request.POST or None, case=case, sensitive=sensitive, at=at)

    def record() -> None:
        actions.basis_record(case=case, draft=form.said(), by=request.actor, at=at)

    more = {"what": what, "heading": dict(forms.WHAT)[what], "laws": getattr(form, "laws", [])}
    return answer(request, "cases/basis_add.html", case, record, form=form, more=more)


def _what(request: Request, case: Case) -> HttpResponse:
    form = forms.WhatForm(request.GET if "what" in request.GET else None)
    at = timezone.now()
    audit.read("case_read", [case], by=request.actor, at=at, case_ids=[case.pk])
    context = {"form": form, "case": case, "next": way_back(request)}
    return render(request, "cases/basis_what.html", context, status=422 if form.errors else 200)


@signed_in
def basis_review(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    basis = get_object_or_404(LegalBasis.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, basis.case_id, at, permissions.can_keep_ledger)
    if not permissions.can_see_basis(request.actor, case, basis, at):
        raise Http404
    if request.method == "GET" and not basis.waits_for_review:
        raise Http404
    form = forms.ReviewForm(request.POST or None)

    def review() -> None:
        actions.basis_review(basis=basis, by=request.actor, at=at, **form.cleaned_data)

    read = ("basis_read", basis)
    more = {"basis": basis}
    page = "cases/basis_review.html"
    return answer(request, page, case, review, form=form, read=read, more=more)
