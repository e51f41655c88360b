"""Assessments: short forms as data (`codes/assessments.yaml`), answered once and corrected openly.

What needs to be known by few stands in a column of its own, so that a page for others never has
it in its hands. Never a score, a ground of asylum, or the words of a disclosure (practice.md 49).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.base.sealing.fields import SealedJSONField
from spona.cases.models.case import OfCase
from spona.cases.models.people import Interpreting


class Assessment(OfCase):
    """Answers as they stand, by key of the question; what they were is in `AssessmentVersion`.

    `restricted` holds the answers to questions of a layer (health, gbv, trafficking, asylum).
    """

    class Interpretation(models.TextChoices):
        NOT_NEEDED = "not_needed", _("the child and the worker speak one language")
        NONE = "none", _("no interpreter was there")
        INTERPRETED = "interpreted", _("with an interpreter")

    kind = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    answers = SealedJSONField(default=dict)
    restricted = SealedJSONField(default=dict)
    interpretation = models.CharField(max_length=11, choices=Interpretation.choices)
    interpreting = models.ForeignKey(
        Interpreting, on_delete=models.PROTECT, null=True, related_name="assessments"
    )
    registry_number = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
    author_organisation = models.CharField(max_length=200, blank=True)
    corrected_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(interpretation="interpreted", interpreting__isnull=False)
                | (~Q(interpretation="interpreted") & Q(interpreting=None)),
                name="an_assessment_says_who_interpreted",
            )
        ]


class AssessmentVersion(OfCase):
    """What an assessment said before, and who replaced it when."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    answers = SealedJSONField(default=dict)
    restricted = SealedJSONField(default=dict)
    replaced_at = models.DateTimeField()
    replaced_by_id = models.BigIntegerField(null=True)
    replaced_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="a_version_once_an_assessment"
            )
        ]
