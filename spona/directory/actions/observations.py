"""What was seen of a service: told from above, where requests are known. Counts, never a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.directory import permissions
from spona.directory.models import Service, ServiceObservation

IMPOSSIBLE = _("These figures are not possible: more answers than questions, or no period.")


class Period(NamedTuple):
    """Both days included."""

    first: date
    last: date


@transaction.atomic
def observe(
    *,
    service: Service,
    period: Period,
    asked: int,
    answered_in_time: int,
    accepted: int,
    by: Actor,
    at: datetime,
    median_hours: float | None = None,
) -> ServiceObservation:
    """Keep the figures of a period; said again for the same period, the new ones replace them.

    `asked` counts requests whose time to answer has passed or that were answered; `median_hours`
    is until the answer, `None` without any. Raises `NotAllowed` and, for impossible figures,
    `Refused`.
    """
    if not permissions.can_observe(by):
        raise NotAllowed
    if period.last < period.first or not 0 <= max(answered_in_time, accepted) <= asked:
        raise Refused(IMPOSSIBLE)
    observation, _new = ServiceObservation.objects.update_or_create(
        service=service,
        period_from=period.first,
        period_until=period.last,
        defaults={
            "asked": asked,
            "answered_in_time": answered_in_time,
            "accepted": accepted,
            "median_hours": median_hours,
            "observed_at": at,
        },
    )
    audit.record("service_observe", service, by=by, at=at, detail={"asked": asked})
    return observation
