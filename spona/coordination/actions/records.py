"""What the case keeps of an act: a placement, a guardianship, a party bound, an end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from spona.accounts.models import Membership, User
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case, Placement
from spona.conduct.book import Act
from spona.coordination.actions import handing_back, handing_over, projection, referring
from spona.coordination.actions.starting import keeper
from spona.coordination.models import Run, RunEvent
from spona.directory.models import Centre

KINDS = {
    "bed_tonight": Placement.Kind.BED_TONIGHT,
    "urgent_placement": Placement.Kind.URGENT,
    "placement_foster": Placement.Kind.FOSTER,
    "placement_institution": Placement.Kind.INSTITUTION,
    "placement_health": Placement.Kind.HEALTH,
    "placement_asylum_centre": Placement.Kind.ASYLUM_CENTRE,
}


def keep(
    run: Run, act: Act, event: RunEvent, form: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Called inside the engine room, after the event was written."""
    for party, field in act.binds.items():
        _bind(run, party, form.get(field), event.occurred_at)
    _follow(run, event, by=by, at=at)
    if run.case is None:
        return
    as_owner, then = keeper(run.case, by), event.occurred_at
    if act.records == "placement":
        _placement(run.case, act, event, form, by=as_owner)
    elif act.records == "guardianship":
        _guardianship(run.case, event, form, by=as_owner)
    elif act.records == "guardianship_end":
        _end_guardianship(run.case, by=as_owner, at=then)
    elif act.records == "closure":
        cases.case_close(case=run.case, by=by, at=at)  # two people, and neither is the keeper
        run.ended_at = then
        run.save(update_fields=["ended_at"])


def _follow(run: Run, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """The row of a referral or of a handover follows its run."""
    if run.version.protocol == referring.PROTOCOL:
        referring.follow(run, by=by, at=at)
    elif run.version.protocol == handing_over.PROTOCOL:
        if event.act == "file_received":
            handing_over.file_is_ticked(run)
        handing_over.follow(run, event, by=by, at=at)


def undo(run: Run, event: RunEvent, *, by: Actor, at: datetime) -> None:
    """The event was taken back: what the case kept of it ends, and stays readable."""
    act = run.version.book.acts[event.act] if event.act else None
    if run.version.protocol == referring.PROTOCOL:
        referring.follow(run, by=by, at=at)
    elif run.version.protocol == handing_over.PROTOCOL:
        handing_back.undo(run, event, by=by, at=at)
    if act is None or run.case is None:
        return
    if act.records == "placement":
        for placement in run.case.placements.filter(until_at=None, from_at=event.occurred_at):
            cases.placement_end(placement=placement, by=keeper(run.case, by), at=at)
    elif act.records == "guardianship":
        appointed = run.case.guardianships.filter(until_at=None, from_at=event.occurred_at)
        for guardianship in appointed.order_by("-pk")[:1]:
            cases.guardianship_end(guardianship=guardianship, by=keeper(run.case, by), at=at)


def _end_guardianship(case: Case, *, by: Actor, at: datetime) -> None:
    """The guardian in office longest goes; the new one is in before the old one is out."""
    first = case.guardianships.filter(until_at=None).order_by("from_at").first()
    if first is not None:
        cases.guardianship_end(guardianship=first, by=by, at=at)


def _bind(run: Run, party: str, chosen: Any, at: datetime) -> None:
    """The form names an institution (a centre) or a person (a user) for the party."""
    if isinstance(chosen, Mapping) and chosen.get("centre"):
        centre = Centre.objects.get(pk=chosen["centre"])
        projection.bind(run, party, organisation_id=centre.organisation_id, at=at)
    elif isinstance(chosen, Mapping) and chosen.get("user"):
        member = Membership.objects.active().filter(user_id=chosen["user"]).order_by("id").first()
        projection.bind(
            run,
            party,
            organisation_id=member.organisation_id if member else None,
            user_id=chosen["user"],
            name=str(chosen.get("name", "")),
            at=at,
        )
    elif isinstance(chosen, Mapping) and chosen.get("name"):
        projection.bind(run, party, organisation_id=None, name=str(chosen["name"]), at=at)


def _placement(
    case: Case, act: Act, event: RunEvent, form: Mapping[str, Any], *, by: Actor
) -> None:
    chosen = form.get("facility") or {}
    centre = Centre.objects.filter(pk=chosen["centre"]).first() if chosen.get("centre") else None
    cases.placement_begin(
        case=case,
        kind=KINDS.get(act.key, Placement.Kind.OTHER),
        centre=centre,
        place=str(chosen.get("name", "") or form.get("place", "") or form.get("actual_place", "")),
        reason=str(form.get("reason", "")) or event.reason,
        deviation=act.key == "placement_deviation",
        deviation_rule=str(form.get("rule_departed_from", "")),
        review_on=form.get("review_on") or None,
        by=by,
        at=event.occurred_at,
    )


def _guardianship(case: Case, event: RunEvent, form: Mapping[str, Any], *, by: Actor) -> None:
    chosen = form.get("guardian_person") or {}
    guardian = User.objects.filter(pk=chosen["user"]).first() if chosen.get("user") else None
    cases.guardianship_begin(
        case=case,
        kind="temporary",
        guardian=guardian,
        guardian_name=str(chosen.get("name", "")),
        guardian_phone=str(chosen.get("phone", "")),
        registry_number=str(form.get("registry_number", "")),
        by=by,
        at=event.occurred_at,
    )
