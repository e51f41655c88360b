"""Runs of rule books, the duties they make, and who was told of what."""

from spona.coordination.models.duty import Duty, DutyQuerySet, Obstacle
from spona.coordination.models.exchange import ExternalRecord, ImportedReferral
from spona.coordination.models.handover import Handover, HandoverItem
from spona.coordination.models.matching import BlindMatch, BlindQuery
from spona.coordination.models.migration import RunMigration
from spona.coordination.models.notice import Call, Notice, Notification
from spona.coordination.models.parts import Beginning, Parts
from spona.coordination.models.referral import Disclosure, Doorway, Message, Referral
from spona.coordination.models.run import Binding, Run, RunEvent

__all__ = [
    "Beginning",
    "Binding",
    "BlindMatch",
    "BlindQuery",
    "Call",
    "Disclosure",
    "Doorway",
    "Duty",
    "DutyQuerySet",
    "ExternalRecord",
    "Handover",
    "HandoverItem",
    "ImportedReferral",
    "Message",
    "Notice",
    "Notification",
    "Obstacle",
    "Parts",
    "Referral",
    "Run",
    "RunEvent",
    "RunMigration",
]
