"""A case is closed by two: one proposes, another one looks and confirms or returns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import Case, OfCase, OfCaseQuerySet


class ClosureRequestQuerySet(OfCaseQuerySet["ClosureRequest"]):
    def waiting(self) -> ClosureRequestQuerySet:
        return self.filter(confirmed_at=None, returned_at=None)


class ClosureRequest(OfCase):
    """Why a case may be closed, and what remains and with whom."""

    reason = models.CharField(max_length=16, choices=Case.Closure.choices)
    summary = SealedTextField()
    remains = SealedTextField()
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField()
    proposed_by_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=200, blank=True)
    return_reason = SealedTextField(max_length=400, blank=True)

    objects = ClosureRequestQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(confirmed_at=None, returned_at=None),
                name="one_proposal_to_close_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by_id=None)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by_id__isnull=False)
                    & ~Q(confirmed_by_id=F("proposed_by_id"))
                ),
                name="a_closing_is_confirmed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | (Q(confirmed_at=None) & ~Q(return_reason="")),
                name="a_returned_proposal_says_why",
            ),
        ]
