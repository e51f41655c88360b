"""Two files of one child, where rules of conduct run: nothing that is owed goes down between them.

Of two files of one owner the run of the one that is closed rests (`engine.rest`). A person says of
each duty in it that the other file has it too, or that it goes on there: then it becomes a run of
the book `carried-duty`, at the moment that it had. Splitting wakes the run up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.actions import AccessChoice, MergeChoice
from spona.cases.models import Case, Merge
from spona.coordination import permissions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.clock import run_clock
from spona.coordination.actions.engine import Happening
from spona.coordination.actions.referring import root_run
from spona.coordination.actions.starting import begin, do
from spona.coordination.models import Duty, Run, RunEvent
from spona.people.actions import BOTH
from spona.people.rules import Side

PROTOCOL = "carried-duty"
CARRIED = "duty_carried"
THERE, GOES_ON = "there", "goes_on"
SAY_OF_EACH = _(
    "Say of each thing that is owed in the file that is closed what becomes of it. If something is "
    "owed there by now that was not shown, look at the list again."
)
NOT_THERE = _(
    "The file that is led on neither owes this nor has done it. Let it go on there: nothing that is"
    " owed may vanish."
)
ON_ITS_WAY = _("A handover of one of the two files is in course. Finish it or cancel it first.")
SPLIT = _("The files were split again.")


@dataclass(frozen=True, slots=True)
class Twice:
    """A duty of the file that would be closed. `owed` is the same in the file that is led on,
    `done` the entry by which it was done there; without either it is owed in the one alone."""

    duty: Duty
    owed: Duty | None
    done: RunEvent | None

    @property
    def is_there(self) -> bool:
        return self.owed is not None or self.done is not None

    @property
    def later_there(self) -> bool:
        """The other file gives more time, so that the earlier moment would be lost."""
        if self.owed is None or self.duty.due_at is None:
            return False
        return self.owed.due_at is None or self.owed.due_at > self.duty.due_at

    @property
    def proposed(self) -> str:
        return THERE if self.is_there and not self.later_there else GOES_ON


def owed_twice(*, kept: Case, other: Case, by: Actor, at: datetime) -> list[Twice]:
    """What is owed in `other`, soonest first, beside the same in `kept`. Raises what
    `cases.actions.files_compare` raises."""
    compared = cases.files_compare(kept=kept, other=other, by=by, at=at)
    with rls.engine_room():
        _nothing_on_its_way(kept, other)
        return _twice(kept, other) if compared.closes else []


@transaction.atomic
def files_merge(
    *,
    kept: Case,
    other: Case,
    choice: MergeChoice,
    duties: Mapping[str, str],
    reason: str,
    by: Actor,
    at: datetime,
) -> Merge:
    """`cases.actions.persons_merge`, and what follows in the runs. `duties` says of each number of
    a duty in the file that is closed `there` or `goes_on`.

    Raises `NotAllowed`, `Refused`, `Stale`; then nothing is written.
    """
    for case in (kept, other):
        _catch_up(case, by, at)
    twice = owed_twice(kept=kept, other=other, by=by, at=at)
    _check(twice, duties)
    merge = cases.persons_merge(kept=kept, other=other, choice=choice, reason=reason, by=by, at=at)
    with rls.engine_room():
        if merge.closed_other:
            _rest(merge, twice, duties, by=by, at=at)
        if merge.stands:
            _tell_the_age(merge, by=by, at=at)
    return merge


@transaction.atomic
def merge_confirm(
    *, merge: Merge, access: Mapping[int, AccessChoice], by: Actor, at: datetime
) -> Merge:
    """The other owner agrees. Each file goes on with what is owed in it."""
    with rls.engine_room():
        _nothing_on_its_way(merge.kept, merge.other)
    merged = cases.merge_confirm(merge=merge, access=access, by=by, at=at)
    with rls.engine_room():
        _tell_the_age(merged, by=by, at=at)
    return merged


@transaction.atomic
def files_split(
    *, merge: Merge, whose: Mapping[str, str], reason: str, by: Actor, at: datetime
) -> Merge:
    """`cases.actions.merge_undo`, and the run that rested is awake again with what was owed and the
    moments it had; what was carried into the other file and is not done yet ends there."""
    split = cases.merge_undo(merge=merge, whose=whose, reason=reason, by=by, at=at)
    with rls.engine_room():
        for event in _rests_of(split):
            _wake(event, by=by, at=at)
        _forget_the_age(split, by=by, at=at)
        corrected = _whose(split, whose.get("birth", ""))
        _count_with(Run.objects.filter(case__person__in=corrected), split, by=by, at=at)
    return split


def carried_from(*, duty: Duty, by: Actor, at: datetime) -> Duty | None:
    """The duty that goes on as this one: of what is restricted only for those who may know of it.
    None for duties of other books."""
    if duty.version.protocol != PROTOCOL or not Duty.objects.visible_to(by, at).filter(pk=duty.pk):
        return None
    with rls.engine_room():
        event = RunEvent.objects.get(run=duty.run_id, act=CARRIED, revoked_by=None)
        first = Duty.objects.select_related("version").get(pk=event.form["duty"])
    restricted = any(first.version.book.acts[act].sensitive for act in first.acts)
    if restricted and not permissions.can_see_duty(by, duty, duty.case, at):
        return None
    return first


# --- what is owed in both


def _twice(kept: Case, other: Case) -> list[Twice]:
    beside = root_run(kept)
    owed: dict[tuple[str, ...], Duty] = {}
    done: dict[str, RunEvent] = {}
    if beside is not None:
        owed = {tuple(one.acts): one for one in beside.duties.owed()}
        done = {one.act: one for one in engine.standing(beside) if one.act}
    found = Duty.objects.owed().filter(run__in=_running(other)).soonest_first()
    return [
        Twice(
            duty,
            owed.get(tuple(duty.acts)),
            next((done[act] for act in duty.acts if act in done), None),
        )
        for duty in found.select_related("version", "organisation", "run")
    ]


def _running(case: Case) -> list[Run]:
    """The runs that rest with the file: that of the child. Referrals and decisions go on."""
    return list(case.runs.filter(parent=None, ended_at=None).order_by("pk"))


def _nothing_on_its_way(kept: Case, other: Case) -> None:
    if any(case.handovers.in_course().exists() for case in (kept, other)):
        raise Refused(ON_ITS_WAY)


def _check(twice: Iterable[Twice], duties: Mapping[str, str]) -> None:
    for one in twice:
        decided = duties.get(one.duty.number)
        if decided not in (THERE, GOES_ON):
            raise Refused(SAY_OF_EACH)
        if decided == THERE and not one.is_there:
            raise Refused(NOT_THERE)


def _catch_up(case: Case, by: Actor, at: datetime) -> None:
    """What time brought about comes before what is decided about it."""
    if not Case.objects.visible_to(by, at).filter(pk=case.pk).exists():
        raise NotAllowed
    with rls.engine_room():
        for run in _running(case):
            run_clock(engine.locked(run.pk), until=at, at=at)


# --- rest, carry, wake


def _rest(
    merge: Merge, twice: Iterable[Twice], duties: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    carried = [
        _carry(one.duty, merge.kept, by=by, at=at).pk
        for one in twice
        if duties[one.duty.number] == GOES_ON
    ]
    decided = {one.duty.number: duties[one.duty.number] for one in twice}
    told = {"merge": merge.pk, "duties": decided, "carried": carried}
    for run in _running(merge.other):
        engine.rest(engine.locked(run.pk), told=told, by=by, at=at)


def _carry(duty: Duty, kept: Case, *, by: Actor, at: datetime) -> Run:
    """The same institution, or person, owes it in the other file at the same moment."""
    owner_id = kept.organisation_id
    run = begin(
        protocol=PROTOCOL,
        organisation_id=owner_id,
        started_at=at,
        case=kept,
        parent=root_run(kept),
        parties={"owner": owner_id},
    )
    organisation_id = duty.organisation_id or owner_id
    projection.bind(
        run, "responsible", organisation_id=organisation_id, user_id=duty.user_id, at=at
    )
    facts = {"due_at": duty.due_at.isoformat() if duty.due_at else None}
    do(run, CARRIED, at, "owner", by=by, at=at, facts=facts, form={"duty": duty.pk})
    return run


def _rests_of(merge: Merge) -> list[RunEvent]:
    rested = RunEvent.objects.filter(
        kind=RunEvent.Kind.RESTED, run__case__in=(merge.kept_id, merge.other_id), revoked_by=None
    )
    return [event for event in rested.order_by("pk") if event.form.get("merge") == merge.pk]


def _wake(event: RunEvent, *, by: Actor, at: datetime) -> None:
    if "duties" in event.form:
        for run_id in event.form["carried"]:
            _lay_down(run_id, event.form["merge"], by=by, at=at)
    run = engine.wake(event, reason=str(SPLIT), by=by, at=at)
    run_clock(run, until=at, at=at)


def _lay_down(run_id: int, merge_id: int, *, by: Actor, at: datetime) -> None:
    """What was carried goes back where it came from; what was done of it stays done here."""
    run = Run.objects.get(pk=run_id)
    if run.duties.owed().exists():
        engine.rest(engine.locked(run_id), told={"merge_undone": merge_id}, by=by, at=at)


# --- the age that the rules count with


def _tell_the_age(merge: Merge, *, by: Actor, at: datetime) -> None:
    """The open runs of the file whose date of birth was not chosen know the age that follows from
    the other one; in the engine room, for no rule waits for whoever sees both files."""
    kept, other = merge.kept_person, merge.other_person
    if kept.birth == other.birth:
        return
    from_other = merge.answers["fields"].get("birth") == Side.OTHER
    of_other = Q(case__in=merge.cases_of_other)
    told = Run.objects.filter(case__person=merge.joined_id)
    told = told.exclude(of_other) if from_other else told.filter(of_other)
    _count_with(told, merge, by=by, at=at)


def _count_with(runs: QuerySet[Run], merge: Merge, *, by: Actor, at: datetime) -> None:
    today = timezone.localdate(at)
    known = runs.filter(ended_at=None).select_related("version", "case__person")
    for run in known.order_by("pk"):
        age = run.case.person.age_on(today) if run.case else None
        counts = "age" in run.version.book.facts and run.facts.get("age") != age
        if age is not None and counts:
            _learn(engine.locked(run.pk), age, merge, by=by, at=at)


def _learn(run: Run, age: int, merge: Merge, *, by: Actor, at: datetime) -> None:
    happening = Happening(
        occurred_at=at,
        recorded_at=at,
        by=by,
        organisation_id=by.organisation_id,
        facts={"age": age},
        form={"merge": merge.pk},
    )
    event, _done = engine.step(run, happening)
    detail = {"facts": ["age"]}
    audit.record("fact_record", event, by=by, at=at, case_id=run.case_id, detail=detail)


def _whose(merge: Merge, side: str) -> list[int]:
    """The records to which a date of birth goes that was corrected after the merging."""
    records = {Side.KEPT: merge.kept_person_id, Side.OTHER: merge.other_person_id}
    return [pk for key, pk in records.items() if side in (key, BOTH)]


def _forget_the_age(merge: Merge, *, by: Actor, at: datetime) -> None:
    """What the runs were told by the merging is taken back."""
    files = (merge.kept_id, merge.other_id)
    told = RunEvent.objects.filter(
        kind=RunEvent.Kind.FACT, run__case__in=files, revoked_by=None, run__ended_at=None
    )
    for event in (one for one in told.order_by("pk") if one.form.get("merge") == merge.pk):
        engine.revoke(engine.locked(event.run_id), event, reason=str(SPLIT), by=by, at=at)
