"""What a case conference decided becomes a duty of the institution that it names.

A decision is a run of the book `conference-decision`. Its words go to an institution that does not
work on the case only where the ledger justifies it; else that institution has the duty, the day
and whom to call.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.actions import DecisionDraft
from spona.cases.models import CaseAccess, Conference, ConferenceDecision
from spona.coordination.actions import disclosing
from spona.coordination.actions.disclosing import Sharing
from spona.coordination.actions.referring import root_run
from spona.coordination.actions.starting import begin, do
from spona.coordination.models import Duty, Run, RunEvent
from spona.coordination.models.duty import random_number

PROTOCOL = "conference-decision"
WORDS = "message"
PURPOSE = "protection"


@transaction.atomic
def conference_hold(
    *,
    conference: Conference,
    held_at: datetime,
    minutes: str,
    decisions: Sequence[DecisionDraft] = (),
    by: Actor,
    at: datetime,
) -> Conference:
    """Keep the minutes; each decision that names an institution and a day becomes its duty.
    Raises what `cases.actions.conference_hold` raises, and then nothing is kept."""
    held = cases.conference_hold(
        conference=conference,
        by=by,
        at=at,
        held_at=held_at,
        minutes=minutes,
        decisions=decisions,
    )
    for decision in held.owed():
        _owe(decision, held, by=by, at=at)
    return held


def _owe(decision: ConferenceDecision, held: Conference, *, by: Actor, at: datetime) -> None:
    if decision.due_on is None or decision.organisation_id is None:
        return
    owner_id, then = held.case.organisation_id, held.held_at or at
    with rls.engine_room():
        run = begin(
            protocol=PROTOCOL,
            organisation_id=owner_id,
            started_at=then,
            case=held.case,
            parent=root_run(held.case),
            parties={"owner": owner_id, "responsible": decision.organisation_id},
        )
        facts = {"due_on": decision.due_on.isoformat()}
        form = {"decision": decision.pk}
        do(run, "decision_made", then, "owner", by=by, at=at, facts=facts, form=form)
    _tell_the_words(run, decision, owner_id, by=by, at=at)


def _tell_the_words(
    run: Run, decision: ConferenceDecision, owner_id: int, *, by: Actor, at: datetime
) -> None:
    """To whom works on the case they are known anyway."""
    with rls.engine_room():
        access = CaseAccess.objects.in_force(at).filter(case=decision.case_id, user=None)
        works = access.filter(organisation=decision.organisation_id).exists()
    if works or decision.organisation_id is None:
        return
    sharing = _sharing(run, decision, decision.organisation_id)
    bases = disclosing.bases_for(sharing.case_id, sharing.recipient_id, PURPOSE, [WORDS], at)
    if bases[WORDS] is not None:
        disclosing.disclose(sharing, [WORDS], {WORDS: decision.text}, by=by, at=at)


def _sharing(run: Run, decision: ConferenceDecision, recipient_id: int) -> Sharing:
    return Sharing(
        run_id=run.pk,
        number=random_number(),
        case_id=decision.case_id,
        owner_id=run.organisation_id,
        recipient_id=recipient_id,
        purpose=PURPOSE,
    )


def decision_words(*, duty: Duty, by: Actor, at: datetime) -> str:
    """What was decided: for those who work on the case, and for the institution that owes it as far
    as the words were given to it on a basis that is in force; the first reading is the receipt.
    Empty where they may not be told, and for duties of other books."""
    if duty.version.protocol != PROTOCOL:
        return ""
    with rls.engine_room():
        made = RunEvent.objects.get(run=duty.run_id, act="decision_made", revoked_by=None)
        decision = ConferenceDecision.objects.get(pk=made.form["decision"])
        run = Run.objects.get(pk=duty.run_id)
    if ConferenceDecision.objects.visible_to(by, at).filter(pk=decision.pk).exists():
        return decision.text
    if by.organisation_id != duty.organisation_id or duty.organisation_id is None:
        return ""
    sharing = _sharing(run, decision, duty.organisation_id)
    given = disclosing.package_read(sharing=sharing, by=by, at=at)
    return next((str(one.value) for one in given if one.field == WORDS), "")
