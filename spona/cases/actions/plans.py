"""The plan of a case, its goals, and looking at it again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Goal, Plan, PlanReview, PlanVersion

HAS_ONE = _("This case has a plan already. Change it, or write a review.")
NO_AIM = _("Write what the plan is for.")
NO_VIEW = _("Write what the child says to it; if the child was not asked, write why.")
REVIEW_PASSED = _("Choose a day from today on for the next review.")
DUE_PASSED = _("A goal cannot be due before today. Choose a later day.")
NOBODY_DOES_IT = _("Say who does it: an institution or a person.")
NOT_CLEAR = _("Write what is to be reached and how you will know it.")
DONE_ALREADY = _("This goal was reached or given up already. Look at the plan as it is now.")
NO_REASON = _("Say why the goal is given up; the reason stays in the plan.")
NOTHING_CHANGED = _("Write what has changed since the last time, or that nothing has.")
NOT_YET = _("A review cannot have been held after today.")


@transaction.atomic
def plan_write(
    *,
    case: Case,
    aim: str,
    child_view: str,
    next_review_on: date,
    by: Actor,
    at: datetime,
    registry_number: str = "",
) -> Plan:
    """Write the plan of a case, once. Goals are set afterwards, one by one."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    if Plan.objects.filter(case=current).exists():
        raise Refused(HAS_ONE)
    _check_words(aim, child_view, next_review_on, at)
    plan = Plan.objects.create(
        case=current,
        aim=aim,
        child_view=child_view,
        next_review_on=next_review_on,
        registry_number=registry_number,
        written_at=at,
        author_id=by.user_id,
        author_name=by.name,
        author_organisation=by.organisation_name,
    )
    audit.record("plan_write", plan, by=by, at=at, case_id=current.pk)
    return plan


def _check_words(aim: str, child_view: str, next_review_on: date, at: datetime) -> None:
    if not aim.strip():
        raise Refused(NO_AIM)
    if not child_view.strip():
        raise Refused(NO_VIEW)
    if next_review_on < timezone.localdate(at):
        raise Refused(REVIEW_PASSED)


@transaction.atomic
def plan_change(
    *,
    plan: Plan,
    row_version: int,
    aim: str,
    child_view: str,
    next_review_on: date,
    by: Actor,
    at: datetime,
    registry_number: str = "",
) -> Plan:
    """Change the words of a plan; the earlier ones are kept.

    Raises `Stale` if somebody has changed it since `row_version` was shown.
    """
    current = _locked(plan, by=by, at=at)
    if current.row_version != row_version:
        raise Stale
    _check_words(aim, child_view, next_review_on, at)
    _keep(current, by=by, at=at)
    current.aim, current.child_view = aim, child_view
    current.next_review_on = next_review_on
    current.registry_number = registry_number
    current.save(force_update=True)
    audit.record("plan_change", current, by=by, at=at, case_id=current.case_id)
    return current


def _locked(plan: Plan, *, by: Actor, at: datetime) -> Plan:
    gate.locked_open(plan.case_id, by=by, at=at, may=permissions.can_run)
    current = Plan.objects.visible_to(by, at).filter(pk=plan.pk).first()
    if current is None:
        raise NotAllowed
    return current


def _keep(plan: Plan, *, by: Actor, at: datetime) -> None:
    """The words as they were, and a number more on the plan."""
    PlanVersion.objects.create(
        case_id=plan.case_id,
        plan=plan,
        number=plan.row_version,
        aim=plan.aim,
        child_view=plan.child_view,
        next_review_on=plan.next_review_on,
        replaced_at=at,
        replaced_by_id=by.user_id,
        replaced_by_name=by.name,
    )
    plan.row_version += 1


@transaction.atomic
def plan_review(
    *,
    plan: Plan,
    held_on: date,
    changed: str,
    child_view: str,
    next_review_on: date,
    by: Actor,
    at: datetime,
) -> PlanReview:
    """The plan was looked at again, and when it will be next."""
    current = _locked(plan, by=by, at=at)
    if held_on > timezone.localdate(at):
        raise Refused(NOT_YET)
    if not changed.strip():
        raise Refused(NOTHING_CHANGED)
    _check_words(current.aim, child_view, next_review_on, at)
    _keep(current, by=by, at=at)
    current.child_view, current.next_review_on = child_view, next_review_on
    current.save(force_update=True)
    review = PlanReview.objects.create(
        case_id=current.case_id,
        plan=current,
        held_on=held_on,
        changed=changed,
        child_view=child_view,
        next_review_on=next_review_on,
        written_at=at,
        author_id=by.user_id,
        author_name=by.name,
    )
    audit.record("plan_review", review, by=by, at=at, case_id=current.case_id)
    return review


# --- goals


@transaction.atomic
def goal_set(
    *,
    plan: Plan,
    what: str,
    due_on: date,
    known_by: str,
    by: Actor,
    at: datetime,
    organisation: Organisation | None = None,
    person: str = "",
    sensitive: bool = False,
) -> Goal:
    """Set a goal: what, who does it, by when, how one will know."""
    current = _locked(plan, by=by, at=at)
    if not what.strip() or not known_by.strip():
        raise Refused(NOT_CLEAR)
    if organisation is None and not person.strip():
        raise Refused(NOBODY_DOES_IT)
    if due_on < timezone.localdate(at):
        raise Refused(DUE_PASSED)
    goal = Goal.objects.create(
        case_id=current.case_id,
        plan=current,
        what=what,
        organisation=organisation,
        person=person,
        due_on=due_on,
        known_by=known_by,
        sensitive=sensitive,
        set_at=at,
    )
    audit.record("goal_set", goal, by=by, at=at, case_id=current.case_id)
    return goal


@transaction.atomic
def goal_reach(*, goal: Goal, by: Actor, at: datetime) -> Goal:
    """Say that a goal has been reached."""
    return _end(goal, Goal.State.REACHED, "", by=by, at=at)


@transaction.atomic
def goal_drop(*, goal: Goal, reason: str, by: Actor, at: datetime) -> Goal:
    """Give a goal up, and say why."""
    if not reason.strip():
        raise Refused(NO_REASON)
    return _end(goal, Goal.State.DROPPED, reason, by=by, at=at)


def _end(goal: Goal, state: str, reason: str, *, by: Actor, at: datetime) -> Goal:
    gate.locked_open(goal.case_id, by=by, at=at, may=permissions.can_run)
    current = Goal.objects.visible_to(by, at).filter(pk=goal.pk).first()
    if current is None:
        raise NotAllowed
    if current.state != Goal.State.OPEN:
        raise Refused(DONE_ALREADY)
    current.state, current.reason = state, reason
    current.ended_at, current.ended_by_name = at, by.name
    current.save(force_update=True)
    detail = {"state": state}
    audit.record("goal_end", current, by=by, at=at, case_id=current.case_id, detail=detail)
    return current
