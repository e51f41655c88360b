"""Runs of rule books, the duties they make, and who was told of what."""

from spona.coordination.models.duty import Duty, DutyQuerySet, Obstacle
from spona.coordination.models.notice import Call, Notice, Notification
from spona.coordination.models.run import Binding, Run, RunEvent

__all__ = [
    "Binding",
    "Call",
    "Duty",
    "DutyQuerySet",
    "Notice",
    "Notification",
    "Obstacle",
    "Run",
    "RunEvent",
]
