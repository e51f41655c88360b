"""Running matters go on under another version of their rule book: shown first, then decided.

A new version binds new matters. What runs keeps its version until who answers for the institution
decides otherwise: the events are folded anew under the new book, and what would change is told
before it does (`conduct.migrating`). What happened is never lost; no deadline moves in silence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.conduct import migrating
from spona.conduct.migrating import Change, Course, Plan, Side
from spona.coordination import permissions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.clock import run_clock
from spona.coordination.models import Run, RunEvent, RunMigration
from spona.protocols.models import Version


@dataclass(frozen=True, slots=True)
class Planned:
    """A running matter, the version that it has now, and what would change in it."""

    run: Run
    plan: Plan

    @property
    def seal(self) -> str:
        """What was shown is what is agreed to: another change has another seal."""
        told = json.dumps(_told(self.plan.changes), sort_keys=True)
        return hashlib.sha256(f"{self.run.pk}{told}".encode()).hexdigest()[:16]


def runs_plan(
    *, to: Version, by: Actor, at: datetime, after: int = 0, most: int = 25
) -> list[Planned]:
    """What would change in the running matters of the institution that have another version;
    writes nothing. In the order of their numbers, from `after` on."""
    _only_who_answers(by)
    found = Run.objects.visible_to(by, at).older_than(to, by).filter(pk__gt=after)
    runs = list(found.select_related("version", "case").order_by("pk")[:most])
    with rls.engine_room():
        return [Planned(run, _plan(run, to, at)) for run in runs]


@transaction.atomic
def runs_migrate(
    *, to: Version, agreed: Mapping[int, str], by: Actor, at: datetime
) -> RunMigration:
    """These matters go on under `to`. `agreed` has the seal of what was shown for each run.

    Raises `Stale` where something else would change by now, and `Refused` where the new book does
    not know what happened or does not bind yet; then none of them goes on.
    """
    _only_who_answers(by)
    if not Version.objects.binding(at).filter(pk=to.pk).exists():
        raise Refused(_("These rules do not bind yet. Wait for their first day."))
    mine = Run.objects.visible_to(by, at).older_than(to, by)
    ids = list(mine.filter(pk__in=agreed).order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise Refused(_("Choose at least one matter that is to go on under the new version."))
    done = RunMigration.objects.create(
        organisation_id=by.organisation_id or 0,
        version=to,
        runs=len(ids),
        made_at=at,
        made_by_name=by.name,
    )
    with rls.engine_room():
        for pk in ids:
            _go_on(pk, to, agreed[pk], done, by=by, at=at)
    audit.record("runs_migrate", done, by=by, at=at, detail={"version": str(to)})
    return done


def _go_on(pk: int, to: Version, seal: str, done: RunMigration, *, by: Actor, at: datetime) -> None:
    run = engine.locked(pk)
    run_clock(run, until=at, at=at)
    planned = Planned(run, _plan(run, to, at))
    if not planned.plan.possible:
        raise Refused(_("The new version does not know what has happened in one of these matters."))
    if planned.seal != seal:
        raise Stale(_("Something else would change by now in one of them. Look at the list again."))
    _migrate(run, to, planned.plan, done, by=by, at=at)


def _migrate(
    run: Run, to: Version, plan: Plan, done: RunMigration, *, by: Actor, at: datetime
) -> None:
    told = {
        "migration": done.pk,
        "from": run.version.version,
        "from_id": run.version_id,
        "to": to.version,
        "changes": _told(plan.changes),
    }
    event = engine.migrate(run, to, plan.marking, told=told, by=by, at=at)
    audit.record("run_migrate", event, by=by, at=at, case_id=run.case_id)


@transaction.atomic
def migration_take_back(*, migration: RunMigration, by: Actor, at: datetime) -> RunMigration:
    """Every matter goes back to the version that it had; what has happened since stays.

    Raises `Refused` where something happened since that the old book does not know.
    """
    _only_who_answers(by)
    locked = RunMigration.objects.select_for_update().filter(pk=migration.pk)
    migration = locked.get(organisation_id=by.organisation_id or 0)
    if migration.taken_back_at:
        raise Stale(_("This has been taken back already."))
    with rls.engine_room():
        for event in _last_moves(migration):
            _go_back(event, migration, by=by, at=at)
    migration.taken_back_at, migration.taken_back_by_name = at, by.name
    migration.save(update_fields=["taken_back_at", "taken_back_by_name"])
    audit.record("migration_take_back", migration, by=by, at=at)
    return migration


def _last_moves(migration: RunMigration) -> Iterator[RunEvent]:
    """The event of each run that this decision moved, if the run still stands where it moved it."""
    moved = RunEvent.objects.filter(
        kind=RunEvent.Kind.MIGRATED,
        recorded_at=migration.made_at,
        run__version=migration.version,
        run__ended_at=None,
    )
    # Which decision moved it stands in what is sealed.
    for event in moved.order_by("pk").iterator():
        if event.form["migration"] == migration.pk:
            yield event


def _go_back(event: RunEvent, migration: RunMigration, *, by: Actor, at: datetime) -> None:
    run = engine.locked(event.run_id)
    run_clock(run, until=at, at=at)
    old = Version.objects.get(pk=event.form["from_id"])
    plan = _plan(run, old, at)
    if not plan.possible:
        raise Refused(
            _("Since then something happened that the earlier version does not know: nothing was"
              " taken back.")
        )  # fmt: skip
    _migrate(run, old, plan, migration, by=by, at=at)


def _only_who_answers(by: Actor) -> None:
    if not permissions.can_migrate(by):
        raise NotAllowed()


# --- what would change


def _plan(run: Run, to: Version, at: datetime) -> Plan:
    old, new = side_of(run.version), side_of(to)
    return migrating.plan(old, new, engine.marking_of(run), _course(run, to), at)


def _course(run: Run, to: Version) -> Course:
    standing = list(engine.standing(run))
    acts = run.events.exclude(act="").values_list("act", flat=True).distinct()
    parties = projection.bindings(run)
    known = engine.facts_of(run, run.facts)
    events = list(engine.as_conduct(to.book, standing))
    return Course(run.started_at, events, list(acts), known, list(parties))


@lru_cache(maxsize=32)
def _side(digest: str, version_id: int) -> Side:
    version = Version.objects.get(pk=version_id)
    return Side.of(version.book, version.graph)


def side_of(version: Version) -> Side:
    """What is made of a version once for all its runs."""
    return _side(version.digest, version.pk)


def _told(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes as they are kept with the event."""
    return [
        {
            "kind": change.kind,
            "names": list(change.names),
            "rule": change.rule_id,
            "before": change.before and change.before.isoformat(),
            "after": change.after and change.after.isoformat(),
        }
        for change in changes
    ]
