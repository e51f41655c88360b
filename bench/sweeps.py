"""The engine on the rule book in force, and the clock over all open duties, beside limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter

from django.db import transaction
from django.db.models import Avg, Max
from django.db.models.functions import Length
from django.utils import timezone

from bench.figures import beside_limit
from bench.stories import STORIES
from spona.base import rls
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.state import dump, load
from spona.coordination.actions import tell_what_is_due
from spona.coordination.models import Duty, Run
from spona.protocols.models import Version

STEP_LIMIT_US, STATE_LIMIT_BYTES, SWEEP_LIMIT_S = 10.0, 1_000.0, 5.0
ROUNDS, STEP_ROUNDS, DUE_NOW = 3, 500, 1_000
COUNTED = 1_000_000  # numbers of runs: of cases below, of referrals above


def main() -> None:
    print("\nThe engine and the clock")
    _steps(Version.objects.in_force("unaccompanied-child", timezone.now()).graph)
    _states()
    _tellings()
    _sweep()


def _best(rounds: int, what: Callable[[], object]) -> float:
    """Seconds of the quickest of several rounds: the others met other work on the machine."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        what()
        taken.append(perf_counter() - begun)
    return min(taken)


# --- one step


def _steps(graph: Graph) -> None:
    begun = datetime.fromisoformat("2026-11-02T18:10:00+00:00")
    steps = sum(len(story.acts) for story in STORIES)
    markings = _played(graph, begun)

    def keep() -> None:
        for marking in markings:
            load(graph, dump(graph, marking))

    executing = _best(STEP_ROUNDS, lambda: _played(graph, begun)) / steps * 1e6
    keeping = _best(STEP_ROUNDS, keep) / steps * 1e6
    beside_limit("a step", executing, STEP_LIMIT_US, "us")
    beside_limit("a step, its marking written and read", executing + keeping, STEP_LIMIT_US, "us")


def _played(graph: Graph, begun: datetime) -> list[Marking]:
    markings = []
    for story in STORIES:
        marking, facts = graph.start(begun), dict(story.facts)
        for happened in story.acts:
            at = begun + timedelta(minutes=happened.minutes)
            marking = graph.execute(marking, happened.act, at, facts, "bez čekanja").marking
            markings.append(marking)
    return markings


def _states() -> None:
    with rls.engine_room():
        kept = Run.objects.filter(pk__lt=COUNTED).aggregate(
            mean=Avg(Length("state")), largest=Max(Length("state"))
        )
    beside_limit("a state, on average", kept["mean"], STATE_LIMIT_BYTES, "bytes")
    beside_limit("the largest state", kept["largest"], STATE_LIMIT_BYTES, "bytes")


# --- the clock


def _tellings() -> None:
    """What is told is taken back each time, so that every round tells the same."""
    with rls.engine_room():
        waiting = Duty.objects.owed().exclude(next_tell_at=None).order_by("next_tell_at")
        owed = Duty.objects.owed().count()
        moments = [at for at in waiting.values_list("next_tell_at", flat=True)[:DUE_NOW] if at]
    for at in (moments[0] - timedelta(seconds=1), moments[-1]):
        told = _tell(at)
        seconds = _best(ROUNDS, partial(_tell, at))
        beside_limit(f"what is due told, {told:,} of {owed:,} duties", seconds, SWEEP_LIMIT_S, "s")


def _tell(at: datetime) -> int:
    with transaction.atomic():
        told = tell_what_is_due(at=at)
        transaction.set_rollback(True)
    return told


def _sweep() -> None:
    """Without the index of what is due: every open duty is read, and asked whether it is late."""
    at = timezone.now()

    def ask_each() -> int:
        with rls.engine_room():
            return sum(duty.is_late(at) for duty in Duty.objects.owed().iterator(chunk_size=5_000))

    late = ask_each()
    title = f"every open duty read and asked, {late:,} late"
    beside_limit(title, _best(ROUNDS, ask_each), SWEEP_LIMIT_S, "s")
