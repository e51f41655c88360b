"""How services answered in the last three months: how often they were asked, and what came of it.

Told downwards to the directory, where it orders the choice of the next sender. Counts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import transaction
from django.utils import timezone

from spona.base import rls
from spona.base.actor import CLOCK
from spona.coordination.models import Referral
from spona.directory import actions as directory
from spona.directory.actions import Period
from spona.directory.models import Service

SEEN_FOR = timedelta(days=90)  # long enough for some service to be asked five times
IN_TIME = timedelta(hours=72)
OPENING = ("accepted", "accepted_partly")


@transaction.atomic
def services_observe(*, at: datetime) -> int:
    """Keep the figures of every service that was asked in the last ninety days; how many."""
    first = at - SEEN_FOR
    with rls.engine_room():
        asked = Referral.objects.filter(sent_at__gte=first, withdrawn_at=None)
        ripe = asked.exclude(decided_at=None, sent_at__gt=at - IN_TIME)
        rows = list(ripe.values_list("service_id", "sent_at", "decided_at", "decision"))
    by_service: dict[int, list[Sequence[Any]]] = {}
    for service_id, *row in rows:
        by_service.setdefault(service_id, []).append(row)
    period = Period(timezone.localdate(first), timezone.localdate(at))
    for service in Service.objects.filter(pk__in=by_service):
        seen = _figures(by_service[service.pk])
        directory.observe(service=service, period=period, by=CLOCK, at=at, **seen)
    return len(by_service)


def _figures(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    found = list(rows)
    waits = [decided - sent for sent, decided, _decision in found if decided]
    hours = [wait / timedelta(hours=1) for wait in waits]
    return {
        "asked": len(found),
        "answered_in_time": sum(wait <= IN_TIME for wait in waits),
        "accepted": sum(decision in OPENING for _sent, _decided, decision in found),
        "median_hours": median(hours) if hours else None,
    }
