"""A run begins: which book, for whom, who stands for its parties. And one act done in passing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from spona.base.actor import Actor
from spona.cases.models import Case
from spona.conduct import state
from spona.coordination.actions import engine
from spona.coordination.actions.engine import Happening
from spona.coordination.models import Binding, Run, RunEvent
from spona.protocols.models import Version


def begin(
    *,
    protocol: str,
    organisation_id: int,
    started_at: datetime,
    parties: Mapping[str, int | None],
    case: Case | None = None,
    encounter_id: int | None = None,
    parent: Run | None = None,
) -> Run:
    """A new run of the version in force; `parties` are institutions by party, those of None are
    not bound. Called in the engine room."""
    version = Version.objects.in_force(protocol, started_at)
    run = Run.objects.create(
        version=version,
        case=case,
        parent=parent,
        organisation_id=organisation_id,
        encounter_id=encounter_id,
        started_at=started_at,
    )
    Binding.objects.bulk_create(
        Binding(run=run, case=case, party=party, organisation_id=bound, from_at=started_at)
        for party, bound in parties.items()
        if bound is not None
    )
    run.state = state.dump(version.graph, version.graph.start(started_at))
    return run


def keeper(case: Case, by: Actor) -> Actor:
    """The rule book lets a party do this act; the case is kept by its owner. The name in the log
    stays that of the person who acted."""
    return replace(
        by,
        organisation_id=case.organisation_id,
        roles=frozenset({"duty_officer"}),
        reach="organisation",
    )


def do(
    run: Run,
    act: str,
    occurred_at: datetime,
    party: str,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    reason: str = "",
) -> RunEvent:
    """Execute `act` as part of something else that was done; called in the engine room. Raises
    `conduct.marking.Blocked` where a guard stands."""
    happening = doing(act, occurred_at, party, by=by, at=at, facts=facts, form=form, reason=reason)
    event, _done = engine.step(run, happening)
    return event


def doing(
    act: str,
    occurred_at: datetime,
    party: str,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Happening:
    """`act` by this person, for `engine.steps`."""
    return Happening(
        occurred_at=occurred_at,
        recorded_at=at,
        by=by,
        act=act,
        party=party,
        organisation_id=by.organisation_id,
        facts={key: value for key, value in (facts or {}).items() if value is not None},
        form=form or {},
        reason=reason,
    )
