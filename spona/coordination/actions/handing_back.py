"""An entry of a handover was wrong and is taken back: access, ownership and clocks go back with it.

The clock began anew for whoever took the case over, and begins anew for whoever has it again: what
was late stays late with the one who was late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.cases import actions as cases
from spona.cases.models import Guardianship
from spona.coordination.actions import disclosing, engine, handing_over
from spona.coordination.actions.handing_over import PACKAGE, PURPOSE, sharing_of
from spona.coordination.actions.starting import keeper
from spona.coordination.models import Handover, Run, RunEvent

IN_THE_CASE = "handed_over"  # what the case's own run says of it


def undo(run: Run, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """After `event` was taken back, in the engine room. Raises `Refused` where a later step rests
    on it."""
    records = run.version.book.acts[event.act].records if event.act else ""
    handover = Handover.objects.get(run=run)
    _not_impossible(handover, records, by)
    handing_over.follow(run, None, by=by, at=at)
    effect = UNDONE.get(records)
    if effect is not None:
        effect(Handover.objects.select_related("case").get(run=run), event, by=by, at=at)


def _not_impossible(handover: Handover, records: str, by: Actor) -> None:
    """`handover` still says what it said before."""
    if records == "handover_access_ended":
        raise Refused(
            _("The time in which the former centre may look is over. Let it see the case yourself.")
        )
    if records == "handover_confirmed" and handover.taken_at is not None:
        raise Refused(_("The case has been taken over since. Take that entry back first."))
    if records == "handover_taken" and handover.done_at is not None:
        raise Refused(_("The joint record stands. Take that entry back first."))
    if records == "handover_taken" and by.organisation_id != handover.receiving_id:
        raise Refused(
            _("The case is with %(who)s now: that centre takes this entry back.")
            % {"who": handover.receiving}
        )
    if records == "handover_cancelled" and handover.case.handovers.in_course().exists():
        raise Refused(_("Another handover of this case is in course."))


def _confirmation(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """The receiving centre reads the package again, and no more."""
    if handover.confirmed_at is None:
        cases.handover_access_end(case=handover.case, organisation=handover.receiving, by=by, at=at)


def _taking(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    if handover.taken_at is not None:
        return
    cases.case_give_back(
        case=handover.case, to=handover.sending, lead=handover.former_lead, by=by, at=at
    )
    _say_so_in_the_case(handover, event, by=by, at=at)
    _hand_back(handover, event, by=by, at=at)


def _say_so_in_the_case(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    said = RunEvent.objects.filter(
        case=handover.case_id, act=IN_THE_CASE, recorded_at=event.recorded_at, revoked_by=None
    )
    for one in said.exclude(kind=RunEvent.Kind.REVOKED):
        reason = _("The handover was taken back.")
        engine.revoke(engine.locked(one.run_id), one, reason=reason, by=by, at=at)


def _hand_back(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """To each party that was handed with the event, who stood for it before."""
    handed = RunEvent.objects.filter(
        case=handover.case_id,
        kind=RunEvent.Kind.HANDED,
        recorded_at=event.recorded_at,
        run__ended_at=None,
    )
    for run_id, party in list(handed.values_list("run_id", "party").order_by("pk")):
        run = engine.locked(run_id)
        before = run.bindings.filter(party=party, until_at=event.recorded_at).last()
        if before is not None and before.organisation_id is not None:
            engine.hand_over(
                run, party, before.organisation_id, user_id=before.user_id, by=by, at=at
            )


def _cancelling(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """The move goes on: package, access and the new guardian are there again."""
    run = handover.run
    run.ended_at = None
    run.save(update_fields=["ended_at"])
    cases.handover_access_restore(
        case=handover.case,
        organisation=handover.receiving,
        ended_at=event.recorded_at,
        by=by,
        at=at,
    )
    allowed = disclosing.bases_for(
        handover.case_id, handover.receiving_id, PURPOSE, PACKAGE, at
    ).items()
    fields = [field for field, basis in allowed if basis is not None]
    disclosing.disclose(sharing_of(handover), fields, {}, by=by, at=at)
    _in_office_again(handover, ended_at=event.recorded_at, by=by, at=at)


def _relief(handover: Handover, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """The former guardian was not relieved: in office again, also in the case's own runs."""
    _in_office_again(handover, ended_at=event.occurred_at, by=by, at=at)
    _hand_back(handover, event, by=by, at=at)


def _in_office_again(handover: Handover, *, ended_at: datetime, by: Actor, at: datetime) -> None:
    ended = Guardianship.objects.filter(case=handover.case_id, until_at=ended_at)
    last = ended.select_related("case", "guardian").order_by("pk").last()
    if last is not None:
        as_owner = keeper(handover.case, by)
        cases.guardianship_again(guardianship=last, by=as_owner, at=at)


UNDONE: Mapping[str, Callable[..., None]] = {
    "guardianship_end": _relief,
    "handover_confirmed": _confirmation,
    "handover_taken": _taking,
    "handover_cancelled": _cancelling,
}
