"""What the clock does with encounters and files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from spona.base import rls
from spona.cases import rules
from spona.cases.actions import encounter_anonymise
from spona.cases.models import Document, Encounter

NEW = timedelta(days=1)  # a file this young may belong to a transaction that still runs
BATCH = 500


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="cases_forget")
def forget(timestamp: int) -> None:
    """Each night; `timestamp` is when the tick was due, what is due is a query."""
    at = timezone.now()
    anonymise_old(at)
    sweep_documents(at)


def anonymise_old(at: datetime) -> int:
    """Forget who was met more than 90 days ago; a case, if one was opened, knows what it needs.

    Returns how many encounters were anonymised. In batches, so that no lock is held for long.
    """
    done = 0
    while count := _anonymise_batch(at):
        done += count
    return done


@transaction.atomic
def _anonymise_batch(at: datetime) -> int:
    with rls.engine_room():
        old = Encounter.objects.identifying_before(at - rules.KEPT_WITHOUT_A_CASE)
        batch = list(old.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
        for encounter in batch:
            encounter_anonymise(encounter=encounter, at=at)
    return len(batch)


def sweep_documents(at: datetime) -> int:
    """Remove files whose row was never committed. Returns how many."""
    folder = Document.folder()
    if not folder.is_dir():
        return 0
    old = {path.name: path for path in folder.iterdir() if _is_old(path, at)}
    with transaction.atomic(), rls.engine_room():
        named = Document.objects.filter(stored_name__in=old)
        lost = old.keys() - set(named.values_list("stored_name", flat=True))
    for name in lost:
        old[name].unlink(missing_ok=True)
    return len(lost)


def _is_old(path: Path, at: datetime) -> bool:
    return path.stat().st_mtime < (at - NEW).timestamp()
