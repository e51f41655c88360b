"""Case conferences: who was there and what was decided. Decisions become duties above."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from spona.accounts.models import Organisation
from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import OfCase


class Conference(OfCase):
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    minutes = SealedTextField(blank=True)
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(held_at=None) | Q(minutes=""), name="minutes_are_of_what_was_held"
            )
        ]

    def owed(self) -> list[ConferenceDecision]:
        """Decisions that some institution owes by a day: each becomes a duty above."""
        return list(
            self.decisions.filter(organisation__isnull=False, due_on__isnull=False).order_by("pk")
        )


class ConferenceParticipant(OfCase):
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="participants"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = SealedTextField(max_length=120)
    function = models.CharField(max_length=120, blank=True)


class ConferenceDecision(OfCase):
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="decisions")
    text = SealedTextField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField(null=True)
