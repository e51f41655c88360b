"""Keep what is said about places and services: the only writer of the directory."""

from __future__ import annotations

from spona.directory.actions.centres import (
    NEVER_PUBLIC,
    capacity_record,
    centre_record,
    operation_record,
)
from spona.directory.actions.observations import Period, observe
from spona.directory.actions.service import (
    ServiceDraft,
    capacity_say,
    service_end,
    service_record,
    service_update,
)

__all__ = [
    "NEVER_PUBLIC",
    "Period",
    "ServiceDraft",
    "capacity_record",
    "capacity_say",
    "centre_record",
    "observe",
    "operation_record",
    "service_end",
    "service_record",
    "service_update",
]
