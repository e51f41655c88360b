"""Places, and services that a need can be matched with."""

from __future__ import annotations

from spona.directory.models.centres import Centre, CentreCapacity, CentreOperation
from spona.directory.models.competence import competent_centres
from spona.directory.models.service import Service, ServiceObservation

__all__ = [
    "Centre",
    "CentreCapacity",
    "CentreOperation",
    "Service",
    "ServiceObservation",
    "competent_centres",
]
