"""Own runs leave as an event log: pseudonymised, without what is sensitive, without small groups.

It is still personal data. Times are kept to the instant, because every deadline is counted from
them; shifting all of them by one length would break working days and hide little. So whoever knows
when something happened to a child finds the run of that child, and from there its other events. The
file goes only where the law and an agreement let it go.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TextIO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed
from spona.cases.models import Case
from spona.coordination import permissions
from spona.coordination.models import Run, RunEvent
from spona.coordination.rules import eventlog
from spona.coordination.rules.eventlog import Happened, Pseudonyms, Told

NOT_YOURS = _(
    "A log of all runs is made by the head of service or the director of this institution."
)
PORTION = 500
KEPT = (RunEvent.Kind.ACT, RunEvent.Kind.FACT, RunEvent.Kind.HANDED)


class Form(StrEnum):
    XES = "xes"
    OCEL = "ocel"


@dataclass(slots=True)
class Logged:
    """How many runs and events are in the file, and how many runs are not, because something in
    them happened in few."""

    runs: int = 0
    events: int = 0
    rare: int = 0
    case_ids: array[int] = field(default_factory=lambda: array("q"))


@transaction.atomic
def runs_export(
    *, out: TextIO, form: Form, organisation: Organisation, by: Actor, at: datetime
) -> Logged:
    """The runs of the institution's own cases as an event log. Raises `NotAllowed`."""
    if not permissions.can_export(by, organisation.pk):
        raise NotAllowed(NOT_YOURS)
    names = Pseudonyms(secrets.token_bytes(32))
    told = {
        run.pk: (run.case_id, _told(run, events, names))
        for run, events in _runs(organisation, by, at)
    }
    left = eventlog.common([run for _case, run in told.values()])
    chosen = {run.run for run in left}
    if form is Form.XES:
        eventlog.xes.write(left, out)
    else:
        eventlog.ocel.write(left, out)
    logged = Logged(len(left), sum(len(run.happened) for run in left), len(told) - len(left))
    cases = {case_id for case_id, run in told.values() if run.run in chosen and case_id}
    logged.case_ids.extend(sorted(cases))
    detail = {"form": form.value, "runs": logged.runs, "events": logged.events, "rare": logged.rare}
    audit.file("runs_export", Case, logged.case_ids, came=False, by=by, at=at, detail=detail)
    return logged


def _runs(
    organisation: Organisation, by: Actor, at: datetime
) -> Iterator[tuple[Run, list[RunEvent]]]:
    """Of own cases only: what runs in another institution's case is that one's to tell. In
    portions, each with one question for its events."""
    own = Q(case__organisation=organisation) | Q(case=None, organisation=organisation)
    seen = Run.objects.visible_to(by, at).filter(own).select_related("version", "case")
    runs = seen.order_by("pk").iterator(chunk_size=PORTION)
    known = RunEvent.objects.visible_to(by, at).filter(kind__in=KEPT, revoked_by=None)
    while portion := list(islice(runs, PORTION)):
        events: dict[int, list[RunEvent]] = {run.pk: [] for run in portion}
        for event in known.filter(run__in=portion).order_by("run_id", "seq"):
            events[event.run_id].append(event)
        yield from ((run, events[run.pk]) for run in portion)


def _told(run: Run, events: Iterable[RunEvent], names: Pseudonyms) -> Told:
    book = run.version.book
    untold = eventlog.untold_of(book)
    happened = (_happened(event, untold, names) for event in events)
    return Told(
        run=names.of("run", run.pk),
        case=names.of("case", run.case_id),
        owner=names.of("institution", run.case.organisation_id if run.case else None),
        protocol=f"{book.id} {book.version}",
        digest=book.digest,
        started=run.started_at,
        ended=run.ended_at,
        happened=tuple(one for one in happened if one is not None),
        untold=tuple(sorted(untold)),
    )


def _happened(event: RunEvent, untold: frozenset[str], names: Pseudonyms) -> Happened | None:
    facts = {key: value for key, value in event.facts.items() if key not in untold}
    silent = event.kind == RunEvent.Kind.FACT and not facts
    if silent or event.act in untold:
        return None
    return Happened(
        kind=str(event.kind),
        at=event.occurred_at,
        act=event.act,
        party=event.party,
        institution=names.of("institution", event.organisation_id),
        person=names.of("person", event.recorded_by_id),
        reason=bool(event.reason),
        by_proxy=event.by_proxy,
        facts=facts,
        restarts=tuple(event.form["acts"]) if event.kind == RunEvent.Kind.HANDED else (),
    )
