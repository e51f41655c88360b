"""The plan of a case: assessments, goals, reviews, conferences; and both as pages for the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.base.parts import Fact, Link
from spona.cases import codes
from spona.cases import permissions as case_permissions
from spona.cases.codes import assessments
from spona.cases.models import Assessment, Case, Goal, Interpreting, Plan
from spona.coordination.permissions import can_see_sensitive
from spona.coordination.views.heads import case_of, frame, read


@signed_in
@require_GET
def case_plan(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_plan", guardianships=guards)
    plan = case.plans.first()
    context |= {
        "assessments": [(kind_words(one), one) for one in case.assessments.order_by("-made_at")],
        "kinds": _kinds(case),
        "conferences": case.conferences.prefetch_related(
            "participants", "decisions__organisation"
        ).order_by("-planned_at"),
        "proposal": case.closurerequests.waiting().first(),
        "today": timezone.localdate(at),
        "runs_case": case_permissions.can_run(request.actor, case),
        "may_run": case.is_open and case_permissions.can_run(request.actor, case),
        **(_of_plan(plan, sensitive=context["head"].sensitive) if plan else {}),
    }
    read("plan_read", case, request, at)
    return render(request, "coordination/case_plan.html", context)


def kind_words(assessment: Assessment) -> str:
    """The name of the form; of one that is no longer in the list, its code."""
    form = assessments.forms().get(assessment.kind)
    return str(form.name) if form else assessment.kind


def _kinds(case: Case) -> list[Link]:
    return [
        Link(str(form.name), reverse("cases:assessment_add", args=[case.pk, kind]))
        for kind, form in assessments.forms().items()
    ]


def _of_plan(plan: Plan, *, sensitive: bool) -> dict[str, Any]:
    goals = plan.goals.select_related("organisation").order_by("due_on", "pk")
    shown = [one for one in goals if sensitive or not one.sensitive]
    return {
        "plan": plan,
        "open_goals": [one for one in shown if one.state == Goal.State.OPEN],
        "ended_goals": [one for one in shown if one.state != Goal.State.OPEN],
        "reviews": plan.reviews.order_by("-held_on", "-pk"),
        "versions": plan.versions.order_by("-number"),
    }


# --- pages for the file


@signed_in
@require_GET
def plan_print(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    plan = get_object_or_404(Plan.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, plan.case_id, at)
    audit.read("plan_read", [plan], by=request.actor, at=at, case_ids=[case.pk])
    sensitive = can_see_sensitive(request.actor, case, at)
    context = _page(case, at) | _of_plan(plan, sensitive=sensitive)
    context |= {"registry_number": plan.registry_number, "on": timezone.localdate(plan.written_at)}
    return render(request, "coordination/plan_print.html", context)


@signed_in
@require_GET
def assessment_print(request: Request, pk: int) -> HttpResponse:
    """The answers as they stand, or as they stood: `version` is a number of an earlier one."""
    at = timezone.now()
    found = Assessment.objects.visible_to(request.actor, at).select_related("interpreting")
    made = get_object_or_404(found, pk=pk)
    case = case_of(request, made.case_id, at)
    audit.read("assessment_read", [made], by=request.actor, at=at, case_ids=[case.pk])
    sensitive = can_see_sensitive(request.actor, case, at)
    shown = _version(made, request.GET.get("version", ""))
    answers = shown.answers | (shown.restricted if sensitive else {})
    context = _page(case, at) | {
        "assessment": made,
        "heading": kind_words(made),
        "areas": list(_areas(made.kind, answers)),
        "how": _interpreted(made),
        "restricted_is_shown": sensitive,
        "earlier": None if shown is made else shown,
        "versions": made.versions.order_by("-number"),
        "registry_number": made.registry_number,
        "on": timezone.localdate(made.made_at),
    }
    return render(request, "coordination/assessment_print.html", context)


def _version(made: Assessment, number: str) -> Any:
    """The assessment itself, or the earlier version that is asked for; else 404."""
    if not number:
        return made
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(made.versions, number=number)


def _page(case: Case, at: datetime) -> dict[str, Any]:
    back = reverse("coordination:case_plan", args=[case.pk])
    return {"case": case, "owner": case.organisation, "now": at, "back": back}


def _areas(kind: str, answers: Mapping[str, Any]) -> Iterator[tuple[str, list[Fact]]]:
    """Area by area what was answered; a form that is no longer in the list shows its keys."""
    form = assessments.forms().get(kind)
    if form is None:
        yield "", [Fact(key, str(answer)) for key, answer in answers.items()]
        return
    for area in form.areas:
        said = [
            Fact(str(one.code), one.words(answers[one.key]))
            for one in area.questions
            if one.key in answers
        ]
        if said:
            yield str(area.name), said


def _interpreted(made: Assessment) -> str:
    if made.interpreting is None:
        return str(made.get_interpretation_display())
    return meeting_words(made.interpreting)


def meeting_words(one: Interpreting) -> str:
    """Who interpreted, in which language, how."""
    language = str(codes.languages().get(one.language, one.language))
    tongue = f"{language} ({one.dialect})" if one.dialect else language
    name = one.interpreter_name or _("nobody")
    return f"{name} · {tongue} · {one.get_mode_display()}"
