"""Running matters that went on under another version of their rule book."""

from __future__ import annotations

from django.db import models

from spona.accounts.models import Organisation
from spona.base.actor import Actor
from spona.protocols.models import Version


class RunMigrationQuerySet(models.QuerySet["RunMigration"]):
    def visible_to(self, actor: Actor) -> RunMigrationQuerySet:
        """Those of one's own institution."""
        return self.filter(organisation_id=actor.organisation_id or 0)


class RunMigration(models.Model):
    """One decision of an institution about some of its running matters. It names none of them:
    which they are, and what it changed in each, stands in their events."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    runs = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by_name = models.CharField(max_length=200, blank=True)

    objects = RunMigrationQuerySet.as_manager()
