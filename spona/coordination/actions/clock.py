"""The clock is a party: it acts when its time has come, also for the time the system was down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import CLOCK
from spona.conduct import state
from spona.coordination import rules
from spona.coordination.actions import engine, projection, records
from spona.coordination.actions.engine import Happening
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import Duty, Run

MOST_IN_ONE_CATCH_UP = 1_000
TOLD = f"""
UPDATE {Duty._meta.db_table} duty SET told = new.told, next_tell_at = new.next_tell_at
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) new (id, told, next_tell_at)
WHERE duty.id = new.id
"""  # noqa: S608 - the name of our own table


class TooMuchToCatchUp(RuntimeError):  # noqa: N818 - an alarm
    """A run whose clock acts do not come to an end: a fault of the rule book, not of a person."""


def catch_up(*, at: datetime) -> int:
    """Let the clock do what is due by `at`, run by run; returns how many acts it did."""
    with rls.engine_room():
        due = list(Run.objects.with_clock_due(at).values_list("pk", flat=True))
    return sum(_catch_up(run_id, at) for run_id in due)


@transaction.atomic
def _catch_up(run_id: int, at: datetime) -> int:
    with rls.engine_room():
        return run_clock(engine.locked(run_id), until=at, at=at)


def run_clock(run: Run, *, until: datetime, at: datetime) -> int:
    """Let the clock do in this run what was due by `until`; called in the engine room, also before
    an act is recorded, so that what time brought about comes before it."""
    graph = run.version.graph
    for count in range(MOST_IN_ONE_CATCH_UP):
        if run.next_clock_at is None or run.next_clock_at > until:
            return count
        facts = engine.facts_of(run, run.facts)
        moment, act = graph.clock_due(state.load(graph, run.state), facts, until)[0]
        _act(run, moment, act, at=at)
    raise TooMuchToCatchUp(f"Run {run.pk} has more than {MOST_IN_ONE_CATCH_UP} acts of the clock.")


def _act(run: Run, moment: datetime, act: str, *, at: datetime) -> None:
    happening = Happening(occurred_at=moment, recorded_at=at, by=CLOCK, act=act, party="clock")
    event, _done = engine.step(run, happening)
    records.keep(run, run.version.book.acts[act], event, {}, by=CLOCK, at=at)
    audit.record("clock_act", event, by=CLOCK, at=at, case_id=run.case_id, detail={"act": act})


@transaction.atomic
def tell_what_is_due(*, at: datetime) -> int:
    """Tell whoever is to be told of each duty by `at`; returns how many were told. Idempotent."""
    with rls.engine_room():
        duties = list(
            Duty.objects.to_be_told(at)
            .select_related("version")
            .select_for_update(of=("self",), skip_locked=True)
        )
        outbox = Outbox(at)
        for duty in duties:
            _tell(duty, outbox, at)
        outbox.send()
        _write_told(duties)
    return len(duties)


def _write_told(duties: Sequence[Duty]) -> None:
    """All at once, as arrays: a `CASE` for each row would take longer than all the rest."""
    columns = [(duty.pk, duty.told, duty.next_tell_at) for duty in duties]
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [list(column) for column in zip(*columns, strict=True)] or [[]] * 3)


def _tell(duty: Duty, outbox: Outbox, at: datetime) -> None:
    """Every rung that was passed, in order; a warning where the moment is still to come."""
    book = duty.version.book
    rule = book.rule(duty.rule)
    if duty.due_at and at <= duty.due_at:
        outbox.warned(duty)
    while (rung := rules.next_rung(rule, duty.told, duty.due_at)) and rung.at <= at:
        if not duty.obstacle:
            outbox.late(duty, rung.tell)
        duty.told = rung.number
    duty.next_tell_at = projection.next_telling(book, duty, at)
