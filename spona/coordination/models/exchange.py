"""What came from another system by file: which record it was there, and its history of referrals.

Both are seen by whoever sees the case and by nobody else. An imported referral is history of
another house: it has no run, owes nobody an answer, and is in no inbox, since the institution that
it names was never asked from here.
"""

from __future__ import annotations

from django.db import models

from spona.accounts.models import Organisation
from spona.base.sealing.fields import SealedJSONField
from spona.cases.models import Need
from spona.cases.models.case import OfCase
from spona.directory.models import Service


class ExternalRecord(OfCase):
    """A record of another instance, once an institution: `host`, `kind` and `uuid` name it there.

    `payload` holds verbatim what has no place here. `seen` holds a fingerprint of each field as it
    was last read, so that a later file can be told from a correction made here; `digest` is of the
    whole record and empty while a conflict stands.
    """

    class Kind(models.TextChoices):
        CASE = "case"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    host = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    uuid = models.UUIDField()
    payload = SealedJSONField(default=dict)
    seen = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    changed_there_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField()
    imported_by_id = models.BigIntegerField(null=True)
    imported_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # An institution of its own each: otherwise a refused double would say that another
            # institution has the same child.
            models.UniqueConstraint(
                fields=["organisation", "host", "kind", "uuid"], name="an_external_record_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.kind} {self.uuid}"


class ImportedReferral(OfCase):
    """A line of `services_section` there, with the referrals made for it; without intermediate
    history. `uid` is its `unique_id`, or the id of a referral without a line.

    `row` and `transitions` are kept as they were; `service` and `recipient` are set where the
    directory has them.
    """

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        DONE = "done"
        REVOKED = "revoked"

    record = models.ForeignKey(ExternalRecord, on_delete=models.PROTECT, related_name="referrals")
    uid = models.CharField(max_length=64)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(max_length=11, choices=Status.choices, blank=True)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    row = SealedJSONField(null=True)
    transitions = SealedJSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "uid"], name="an_imported_referral_once"),
        ]
