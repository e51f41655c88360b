"""The handover of a case between two centres for social work, and the list of its file.

Like a referral, the row is the fold of its run and is what both centres may read; the run belongs
to those who work on the case.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from spona.accounts.models import Organisation, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.cases.models import Case, Document
from spona.coordination.models.duty import random_number
from spona.coordination.models.run import Run, seen_through_cases


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor, at: datetime) -> HandoverQuerySet:
        """Those of cases one works on, and those that one's centre was notified of."""
        to_us = Q(receiving_id=actor.organisation_id or 0, notified_at__isnull=False)
        return self.filter(seen_through_cases(actor, at) | to_us)

    def in_course(self) -> HandoverQuerySet:
        return self.filter(ended_at=None)

    def latest_first(self) -> HandoverQuerySet:
        return self.order_by("-begun_at", "-pk")


class Handover(models.Model):
    """`ground` is the rule by which the receiving centre is competent, as it was proposed. The
    handovers of siblings share a `group`, so that they are seen together."""

    number = models.CharField(max_length=8, unique=True, default=random_number)
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="handover")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    sending = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    receiving = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    group = models.UUIDField(default=uuid4)
    ground = models.CharField(max_length=32, blank=True)
    unplanned = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by_name = models.CharField(max_length=200, blank=True)
    planned_for = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    refusal = SealedTextField(blank=True)
    departed_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    former_lead = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="one_handover_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(sending=models.F("receiving")), name="a_handover_has_two_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["receiving", "-begun_at"], name="handover_to"),
            models.Index(fields=["sending", "-begun_at"], name="handover_from"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_course(self) -> bool:
        return self.ended_at is None


class HandoverItemQuerySet(models.QuerySet["HandoverItem"]):
    def visible_to(self, actor: Actor, at: datetime) -> HandoverItemQuerySet:
        return self.filter(seen_through_cases(actor, at))

    def unticked(self) -> HandoverItemQuerySet:
        return self.filter(received_at=None, missing=False)


class HandoverItem(models.Model):
    """A piece of the file: what it is, and whether it arrived."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    what = SealedTextField(max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    registry_number = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=200, blank=True)
    missing = models.BooleanField(default=False)
    note = SealedTextField(max_length=200, blank=True)

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="items_have_an_order"),
            models.CheckConstraint(
                condition=Q(missing=False) | Q(received_at=None),
                name="what_is_missing_was_not_received",
            ),
        ]
