"""A case ends with a reason and a second pair of eyes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import access, gate, placements
from spona.cases.models import Case, CaseAccess, ClosureRequest

NO_SUCH_REASON = _("Say why the case is closed.")
NO_SUMMARY = _("Write in short what was done and how things stand.")
NOTHING_REMAINS = _("Write what remains to be done and with whom; if nothing remains, write that.")
WAITING_ALREADY = _("It was proposed already to close this case. A colleague has to answer.")
PROPOSE_FIRST = _(
    "A case is closed by two people. Propose the closing first; a colleague looks at it and "
    "confirms it."
)
SOMEBODY_ELSE = _("You proposed this closing yourself. A colleague has to confirm it.")
ANSWERED_ALREADY = _("This proposal was answered already. Look at the case as it is now.")
WHY_RETURNED = _("Say what is missing, so that your colleague knows what to do.")

# Opened twice is no reason to propose: the two files are merged (`merging`).
TO_PROPOSE = frozenset(Case.Closure.values) - {Case.Closure.DOUBLE.value}

ENDS_WITH_THE_CASE = (
    CaseAccess.Basis.GRANT,
    CaseAccess.Basis.SUBSTITUTE,
    CaseAccess.Basis.EMERGENCY,
)


@transaction.atomic
def closure_propose(
    *, case: Case, reason: str, summary: str, remains: str, by: Actor, at: datetime
) -> ClosureRequest:
    """Propose to close a case, with a coded reason (`Case.Closure`) and with what remains."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    if by.user_id is None:
        raise NotAllowed
    if reason not in TO_PROPOSE:
        raise Refused(NO_SUCH_REASON)
    if not summary.strip():
        raise Refused(NO_SUMMARY)
    if not remains.strip():
        raise Refused(NOTHING_REMAINS)
    if current.closurerequests.waiting().exists():
        raise Refused(WAITING_ALREADY)
    request = ClosureRequest.objects.create(
        case=current,
        reason=reason,
        summary=summary,
        remains=remains,
        proposed_at=at,
        proposed_by_id=by.user_id,
        proposed_by_name=by.name,
    )
    detail = {"reason": reason}
    audit.record("closure_propose", request, by=by, at=at, case_id=current.pk, detail=detail)
    return request


@transaction.atomic
def closure_confirm(*, closure: ClosureRequest, by: Actor, at: datetime) -> Case:
    """Another person than the proposer has looked: the case is closed."""
    case = gate.locked(closure.case_id, by=by, at=at, may=permissions.can_run)
    if not case.closurerequests.waiting().filter(pk=closure.pk).exists():
        raise Refused(ANSWERED_ALREADY)
    return case_close(case=case, by=by, at=at)


@transaction.atomic
def closure_return(
    *, closure: ClosureRequest, return_reason: str, by: Actor, at: datetime
) -> ClosureRequest:
    """Send a proposal back and say what is missing. Who proposed it may take it back so, too."""
    case = gate.locked_open(closure.case_id, by=by, at=at, may=permissions.can_run)
    current = case.closurerequests.waiting().filter(pk=closure.pk).first()
    if current is None:
        raise Refused(ANSWERED_ALREADY)
    if not return_reason.strip():
        raise Refused(WHY_RETURNED)
    current.returned_at, current.returned_by_name = at, by.name
    current.return_reason = return_reason
    current.save(force_update=True)
    audit.record("closure_return", current, by=by, at=at, case_id=case.pk)
    return current


@transaction.atomic
def case_close(*, case: Case, by: Actor, at: datetime) -> Case:
    """Close a case as somebody else has proposed it; refused where nobody else has.

    The placement ends, and so does what was granted to other institutions. The owner and the
    guardian still see the case.
    """
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    proposal = current.closurerequests.waiting().first()
    if proposal is None:
        raise Refused(PROPOSE_FIRST)
    if not permissions.can_answer_closure(by, current, proposal.proposed_by_id):
        raise Refused(SOMEBODY_ELSE)
    _confirm(proposal, by=by, at=at)
    current.closed_at = at
    current.closure_reason = proposal.reason
    current.row_version += 1
    current.save(force_update=True)
    detail = {"reason": proposal.reason}
    audit.record("case_close", current, by=by, at=at, case_id=current.pk, detail=detail)
    for placement in current.placements.filter(until_at=None):
        placements.end(placement, until_at=max(at, placement.from_at), by=by, at=at)
    for row in _granted(current):
        access.end(row, by=by, at=at)
    return current


def _confirm(proposal: ClosureRequest, *, by: Actor, at: datetime) -> None:
    proposal.confirmed_at = at
    proposal.confirmed_by_id, proposal.confirmed_by_name = by.user_id, by.name
    proposal.save(force_update=True)
    audit.record("closure_confirm", proposal, by=by, at=at, case_id=proposal.case_id)


def _granted(case: Case) -> list[CaseAccess]:
    with rls.engine_room():
        rows = CaseAccess.objects.select_for_update().filter(case_id=case.pk, ended_at=None)
        return [one for one in rows if ends_with_the_case(one, case)]


def ends_with_the_case(one: CaseAccess, case: Case) -> bool:
    """What another institution was given for a purpose that ends with the case."""
    return one.organisation_id != case.organisation_id and one.basis in ENDS_WITH_THE_CASE


@transaction.atomic
def access_list(*, case: Case, by: Actor, at: datetime) -> list[CaseAccess]:
    """Who may see a case now, for those who run it: other institutions' rows are theirs, and the
    owner has to know of them all the same. Raises `NotAllowed`."""
    visible = Case.objects.visible_to(by, at).filter(pk=case.pk).first()
    if visible is None or not permissions.can_run(by, visible):
        raise NotAllowed
    with rls.engine_room():
        rows = CaseAccess.objects.in_force(at).filter(case_id=case.pk)
        return list(rows.select_related("organisation", "user").order_by("from_at", "pk"))
