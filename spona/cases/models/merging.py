"""Two files are about one child: who said so, what was chosen, and how it is taken back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from spona.accounts.models import Organisation
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import Case
from spona.people.models import Person


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, actor: Actor, at: datetime) -> MergeQuerySet:
        """Those of which the actor sees both files: one alone must not tell that there are two."""
        seen = Case.objects.visible_to(actor, at)
        return self.filter(kept__in=seen, other__in=seen)

    def of(self, case: Case) -> MergeQuerySet:
        return self.filter(Q(kept=case) | Q(other=case))

    def waiting(self) -> MergeQuerySet:
        """For the yes of the other institution."""
        return self.filter(decided_at=None, refused_at=None)

    def standing(self) -> MergeQuerySet:
        return self.filter(decided_at__isnull=False, undone_at=None)

    def latest_first(self) -> MergeQuerySet:
        return self.order_by("-proposed_at", "-pk")


class Merge(models.Model):
    """`joined` is the person to whom all cases of the two point while this stands; the two stay as
    they were, without a case. `answers` holds which record each fact is from, and what was decided
    about the guardian and about access: codes and ids, no data of the child. `undoing` has the ids
    of the rows that the merging changed. `seal` says what was shown when it was decided.
    """

    kept = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kept_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    joined = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    cases_of_other = ArrayField(models.BigIntegerField(), default=list)
    answers = models.JSONField()
    seal = models.CharField(max_length=16)
    undoing = models.JSONField(default=dict)
    reason = SealedTextField(max_length=400)
    closed_other = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField()
    proposed_by_name = models.CharField(max_length=200)
    asked = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    refused_by_name = models.CharField(max_length=200, blank=True)
    refusal = SealedTextField(max_length=400, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)
    undo_reason = SealedTextField(max_length=400, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("other")), name="two_files_are_merged"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(joined__isnull=False),
                name="what_is_merged_has_one_person",
            ),
            models.CheckConstraint(
                condition=Q(asked=None)
                | Q(decided_by_id=None)
                | ~Q(decided_by_id=F("proposed_by_id")),
                name="the_other_institution_says_yes_itself",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | (Q(decided_at=None) & ~Q(refusal="")),
                name="a_refused_merging_says_why",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | (Q(decided_at__isnull=False) & ~Q(undo_reason="")),
                name="a_merging_is_taken_back_with_a_reason",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None and self.refused_at is None

    @property
    def stands(self) -> bool:
        return self.decided_at is not None and self.undone_at is None

    def other_than(self, case: Case) -> Case:
        """The file on the other side."""
        return self.other if case.pk == self.kept_id else self.kept
