"""The minutes of a case conference: its decisions become duties."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from spona.base.http import Request, signed_in
from spona.cases import forms, permissions
from spona.cases.models import Conference
from spona.cases.views.page import answer, case_of
from spona.coordination import actions


@signed_in
def conference_hold(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    found = Conference.objects.visible_to(request.actor, at).select_related("case")
    conference = get_object_or_404(found, pk=pk)
    case = case_of(request, conference.case_id, at, permissions.can_run)
    form = forms.MinutesForm(request.POST or None, initial={"held_at": conference.planned_at})
    rows = forms.DecisionFormSet(request.POST or None, prefix="decided")

    def hold() -> None:
        actions.conference_hold(
            conference=conference,
            decisions=forms.filled(rows),
            by=request.actor,
            at=at,
            **form.cleaned_data,
        )

    return answer(request, "coordination/conference_hold.html", case, hold, form=form, rows=rows)
