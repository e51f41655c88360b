"""Assessment, plan and closing: the pages on which they are written."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from spona.base.http import Request, signed_in
from spona.cases import actions, permissions
from spona.cases.codes import assessments
from spona.cases.forms import casework as forms
from spona.cases.models import Assessment, ClosureRequest, Goal, Plan
from spona.cases.views.page import answer, case_of, press


@signed_in
def assessment_add(request: Request, case_id: int, kind: str) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_run)
    if kind not in assessments.forms():
        raise Http404
    form = forms.AssessmentForm(request.POST or None, kind=kind, case=case, at=at)

    def record() -> None:
        actions.assessment_record(case=case, kind=kind, by=request.actor, at=at, **form.said())

    more = {"heading": str(form.asked.name)}
    return answer(request, "cases/assessment_form.html", case, record, form=form, more=more)


@signed_in
def assessment_correct(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    made = get_object_or_404(Assessment.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, made.case_id, at, permissions.can_run)
    if made.kind not in assessments.forms():
        raise Http404
    typed = forms.typed_answers(made)
    form = forms.AnswersCorrectionForm(request.POST or None, initial=typed, kind=made.kind)

    def correct() -> None:
        actions.assessment_correct(assessment=made, by=request.actor, at=at, **form.said())

    more = {"heading": str(form.asked.name), "corrects": True}
    read = ("assessment_read", made)
    page = "cases/assessment_form.html"
    return answer(request, page, case, correct, form=form, read=read, more=more)


@signed_in
def plan_new(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_run)
    form = forms.PlanForm(request.POST or None)

    def write() -> None:
        actions.plan_write(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/plan_new.html", case, write, form=form)


@signed_in
def plan_change(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    plan = get_object_or_404(Plan.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, plan.case_id, at, permissions.can_run)
    initial = {name: getattr(plan, name) for name in forms.PlanChangeForm.base_fields}
    form = forms.PlanChangeForm(request.POST or None, initial=initial)

    def change() -> None:
        actions.plan_change(plan=plan, by=request.actor, at=at, **form.cleaned_data)

    read = ("plan_read", plan)
    return answer(request, "cases/plan_change.html", case, change, form=form, read=read)


@signed_in
def plan_review(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    plan = get_object_or_404(Plan.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, plan.case_id, at, permissions.can_run)
    initial = {"held_on": timezone.localdate(at), "child_view": plan.child_view}
    form = forms.PlanReviewForm(request.POST or None, initial=initial)

    def review() -> None:
        actions.plan_review(plan=plan, by=request.actor, at=at, **form.cleaned_data)

    read = ("plan_read", plan)
    return answer(request, "cases/plan_review.html", case, review, form=form, read=read)


@signed_in
def goal_add(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    plan = get_object_or_404(Plan.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, plan.case_id, at, permissions.can_run)
    form = forms.GoalForm(request.POST or None)

    def add() -> None:
        actions.goal_set(plan=plan, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/goal_add.html", case, add, form=form)


@signed_in
@require_POST
def goal_reach(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    goal = get_object_or_404(Goal.objects.visible_to(request.actor, at), pk=pk)
    return press(request, lambda: actions.goal_reach(goal=goal, by=request.actor, at=at))


@signed_in
def goal_drop(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    goal = get_object_or_404(Goal.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, goal.case_id, at, permissions.can_run)
    form = forms.GoalDropForm(request.POST or None)

    def drop() -> None:
        actions.goal_drop(goal=goal, by=request.actor, at=at, **form.cleaned_data)

    more = {"goal": goal}
    read = ("plan_read", goal)
    return answer(request, "cases/goal_drop.html", case, drop, form=form, read=read, more=more)


# --- closing; a colleague confirms it on the page of the case, where the rules have their say


@signed_in
def closure_propose(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_run)
    form = forms.ClosureForm(request.POST or None)

    def propose() -> None:
        actions.closure_propose(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/closure_propose.html", case, propose, form=form)


@signed_in
def closure_return(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    closure = get_object_or_404(ClosureRequest.objects.visible_to(request.actor, at), pk=pk)
    case = case_of(request, closure.case_id, at, permissions.can_run)
    form = forms.ClosureReturnForm(request.POST or None)

    def send_back() -> None:
        actions.closure_return(closure=closure, by=request.actor, at=at, **form.cleaned_data)

    more = {"closure": closure}
    read = ("closure_read", closure)
    page = "cases/closure_return.html"
    return answer(request, page, case, send_back, form=form, read=read, more=more)
