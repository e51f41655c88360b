"""Somebody was met. Most are met once, at night, and are gone (practice.md 13)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.people.models import Person


class EncounterQuerySet(models.QuerySet["Encounter"]):
    def visible_to(self, actor: Actor) -> EncounterQuerySet:
        """What the actor's own organisation recorded."""
        if not actor.is_signed_in or actor.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def identifying_before(self, moment: datetime) -> EncounterQuerySet:
        """Recorded before `moment` and not anonymised yet."""
        return self.filter(recorded_at__lt=moment, anonymised_at=None)


class Encounter(models.Model):
    """A light contact has no name at all; an encounter with a child may become a case.

    It points at no case: the case keeps the link, so that an encounter can be anonymised alone.
    """

    class Kind(models.TextChoices):
        LIGHT = "light", _("light contact")
        CHILD = "child", _("encounter with a child")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    seen_where = models.CharField(max_length=32)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+"
    )
    place_note = SealedTextField(max_length=200, blank=True)
    age_said = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=7, choices=Person.Sex.choices, default=Person.Sex.UNKNOWN)
    language = models.CharField(max_length=3, blank=True)
    needs = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    danger_now = models.BooleanField(default=False)
    onward_risk = models.BooleanField(null=True)
    alone = models.BooleanField(null=True)
    safety_information_given = models.BooleanField(default=False)
    name_said = SealedTextField(max_length=120, blank=True)
    wants_asylum = models.BooleanField(null=True)
    note = SealedTextField(blank=True)
    client_token = models.UUIDField()
    anonymised_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-occurred_at"], name="encounters_latest"),
            models.Index(
                fields=["recorded_at"], condition=Q(anonymised_at=None), name="encounters_to_forget"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client_token"], name="a_retry_makes_no_double"
            ),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="nobody_is_met_in_the_future"
            ),
            models.CheckConstraint(
                condition=~Q(kind="light") | Q(name_said=""), name="a_light_contact_has_no_name"
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) | Q(name_said="", note="", place_note=""),
                name="what_is_anonymised_says_nothing",
            ),
        ]
