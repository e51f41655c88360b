"""What was done and what was read, by whom. Ids and names are text: the log outlives what it names.

Events are append-only and sealed in batches (`Seal`): a seal holds the digest of every event it
covers and the digest of the seal before, so that an edited, deleted, inserted or reordered row,
and a truncated tail, are named exactly by `spona audit verify`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class TransactionId(models.Func):
    """The id of the writing transaction; a batch is sealed once all that began before are over."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class EventQuerySet(models.QuerySet["Event"]):
    def of_case(self, case_id: int) -> EventQuerySet:
        return self.filter(case_ids__contains=[case_id])

    def latest_first(self) -> EventQuerySet:
        return self.order_by("-at", "-id")


class Event(models.Model):
    """One write or read. `detail` holds codes and ids, never what a person said or is named."""

    class Kind(models.TextChoices):
        WRITE = "write"
        READ = "read"
        REFUSED = "refused"

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=8, choices=Kind.choices)
    verb = models.CharField(max_length=64)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    subject_type = models.CharField(max_length=64)
    subject_ids = ArrayField(models.BigIntegerField(), default=list)
    case_ids = ArrayField(models.BigIntegerField(), default=list)
    detail = models.JSONField(default=dict)
    transaction = models.BigIntegerField(db_default=TransactionId())

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["case_ids"], name="audit_event_cases"),
            models.Index(fields=["transaction", "id"], name="audit_event_sealing"),
        ]


class Seal(models.Model):
    """A batch of events, fixed for good.

    `event_ids[i]` had the digest `digests[64*i : 64*i+64]` (hex sha256); `digest` covers both lists
    and `previous`, the digest of the seal before.
    """

    sealed_at = models.DateTimeField()
    before_transaction = models.BigIntegerField()
    event_ids = ArrayField(models.BigIntegerField())
    digests = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
