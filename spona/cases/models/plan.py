"""The plan of a case: what is to be reached, who does it, what the child says to it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import OfCase, OfCaseQuerySet


class PlanQuerySet(OfCaseQuerySet["Plan"]):
    def review_due(self, at: datetime) -> PlanQuerySet:
        """Plans of open cases that should have been looked at again by that day."""
        today = timezone.localdate(at)
        return self.filter(case__closed_at=None, next_review_on__lte=today)


class Plan(OfCase):
    """One a case. Its words may change, what they were is in `PlanVersion`; goals are never
    rewritten: they are reached, or dropped with a reason, and another one is set."""

    aim = SealedTextField()
    child_view = SealedTextField()
    next_review_on = models.DateField()
    registry_number = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
    author_organisation = models.CharField(max_length=200, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="one_plan_a_case")]
        indexes = [models.Index(fields=["next_review_on"], name="cases_plans_to_review")]


class PlanVersion(OfCase):
    """Earlier words of a plan, and who replaced them when."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    aim = SealedTextField()
    child_view = SealedTextField()
    next_review_on = models.DateField()
    replaced_at = models.DateTimeField()
    replaced_by_id = models.BigIntegerField(null=True)
    replaced_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="a_version_once_a_plan")
        ]


class Goal(OfCase):
    """What, who does it (an institution, a person, or both), by when, and how one will know."""

    class State(models.TextChoices):
        OPEN = "open", _("open goal")
        REACHED = "reached", _("goal reached")
        DROPPED = "dropped", _("goal given up")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    what = SealedTextField(max_length=400)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = SealedTextField(max_length=120, blank=True)
    due_on = models.DateField()
    known_by = SealedTextField(max_length=400)
    sensitive = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    reason = SealedTextField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(person=""),
                name="a_goal_says_who_does_it",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="an_open_goal_has_no_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="a_dropped_goal_says_why"
            ),
        ]


class PlanReview(OfCase):
    """The plan was looked at again: what changed, what the child said, when next."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    changed = SealedTextField()
    child_view = SealedTextField()
    next_review_on = models.DateField()
    written_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
