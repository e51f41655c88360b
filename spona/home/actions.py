"""A notice was read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.coordination.models import Notice


@transaction.atomic
def notice_read(*, notice: Notice, by: Actor, at: datetime) -> None:
    """Mark it read, once; of a notice to a whole level, for all who hold it."""
    changed = Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
    if changed:
        audit.record("notice_read", notice, by=by, at=at)
