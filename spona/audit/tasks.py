"""Every minute the log is sealed. A tick is only a wake-up: what is due is a query."""

from django.utils import timezone
from procrastinate.contrib.django import app

from spona.audit import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="audit_seal")
def seal(timestamp: int) -> None:
    """`timestamp` is when the tick was due; a late one does the same."""
    actions.seal(at=timezone.now())
