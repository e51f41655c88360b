"""“Cannot”: the duty stays owed, the obstacle goes up, and it is not lateness of the person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import codes
from spona.coordination import permissions
from spona.coordination.actions.acts import works_on_case
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import Duty, Obstacle


@transaction.atomic
def obstacle_record(*, duty: Duty, code: str, note: str, by: Actor, at: datetime) -> Obstacle:
    """Say why the duty cannot be done now; `code` is one of `cases/codes/obstacles.yaml`."""
    duty = _mine(duty, by, at)
    if code not in codes.obstacles():
        raise Refused(_("Choose what stands in the way."))
    if duty.state != Duty.State.OWED:
        raise Stale(_("This duty is no longer owed; nothing stands in its way."))
    if duty.obstacle:
        raise Stale(_("An obstacle has been recorded already."))
    with rls.engine_room():
        obstacle = Obstacle.objects.create(
            duty=duty,
            case_id=duty.case_id,
            organisation_id=duty.organisation_id,
            code=code,
            note=note,
            met_at=at,
            recorded_by_id=by.user_id,
            recorded_by_name=by.name,
        )
        duty.obstacle = code
        duty.save(update_fields=["obstacle"])
        outbox = Outbox(at)
        outbox.met_obstacle(duty)
        outbox.send()
    audit.record(
        "obstacle_record", obstacle, by=by, at=at, case_id=duty.case_id, detail={"code": code}
    )
    return obstacle


@transaction.atomic
def obstacle_overcome(*, duty: Duty, by: Actor, at: datetime) -> None:
    """Nothing stands in the way any more; the clock was never stopped."""
    duty = _mine(duty, by, at)
    if not duty.obstacle:
        raise Stale(_("No obstacle is recorded."))
    with rls.engine_room():
        duty.obstacles.filter(overcome_at=None).update(overcome_at=at)
        duty.obstacle = ""
        duty.save(update_fields=["obstacle"])
    audit.record("obstacle_overcome", duty, by=by, at=at, case_id=duty.case_id)


def _mine(duty: Duty, by: Actor, at: datetime) -> Duty:
    """The duty as it stands now, locked; only whoever owes it or works on the case goes on."""
    works = works_on_case(duty.run_id, by, at)
    locked = Duty.objects.visible_to(by, at).select_for_update(of=("self",)).filter(pk=duty.pk)
    found = locked.first()
    if found is None or not permissions.can_say_cannot(by, found, works_on_case=works):
        raise NotAllowed()
    if not permissions.can_answer(by, works_on_case=works, inside=found.inside):
        raise NotAllowed()
    return found
