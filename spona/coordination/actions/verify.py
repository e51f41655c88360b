"""Proof that the marking kept with each run is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spona.base import rls
from spona.conduct import state
from spona.coordination.actions import engine, projection
from spona.coordination.models import Run


@dataclass(frozen=True, slots=True)
class Difference:
    """A run whose `what` (marking, facts or duties) is not what its events say."""

    run_id: int
    what: str


def runs_verify() -> Iterator[Difference]:
    """Fold every run anew and compare."""
    with rls.engine_room():
        runs = Run.objects.select_related("version").order_by("pk")
        for run in runs.iterator(chunk_size=500):
            yield from _verify(run)


def _verify(run: Run) -> Iterator[Difference]:
    graph = run.version.graph
    marking, facts = engine.fold(run, engine.standing(run))
    if state.dump(graph, marking) != run.state:
        yield Difference(run.pk, "marking")
    if facts != run.facts:
        yield Difference(run.pk, "facts")
    owing = () if run.rests else graph.owed(marking)
    owed = {projection.key_of(duty): duty.due for duty in owing if not duty.hidden}
    if owed != {tuple(duty.acts): duty.due_at for duty in run.duties.owed()}:
        yield Difference(run.pk, "duties")
