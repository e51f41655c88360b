"""Each minute the clock acts, whoever is to be told is told, and mail goes out.

A tick is only a wake-up: what is due is a query, also for the time the system was down.
"""

from django.utils import timezone
from procrastinate.contrib.django import app

from spona.coordination import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="coordination_tick")
def tick(timestamp: int) -> None:
    """`timestamp` is when the tick was due; a late one does the same."""
    at = timezone.now()
    actions.catch_up(at=at)
    actions.disclosures_sweep(at=at)
    actions.queries_follow(at=at)
    actions.tell_what_is_due(at=at)
    actions.substitutions_follow(at=at)
    actions.mail_notices(at=at)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="coordination_forget")
def forget(timestamp: int) -> None:
    """Each night: a package is forgotten with its encounter, and how services answer is counted."""
    at = timezone.now()
    actions.packages_forget(at=at)
    actions.services_observe(at=at)
