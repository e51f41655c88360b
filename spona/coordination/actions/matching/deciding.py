"""The owner of a case that looks alike says that it is not the child, or asks to be called.

Silence and no are one to the asker. To answer is to share: it rests on a line of the ledger, which
`cases.actions.decide` finds, and is decided again each time when the asker reads it (P8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions as cases
from spona.cases.models import LegalBasis
from spona.coordination import permissions
from spona.coordination.actions import disclosing
from spona.coordination.actions.disclosing import Cell, FileGiven
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import BlindMatch, BlindQuery, Disclosure

FIELD, CATEGORY = "centre_phone", "contact"
OVER = _("The term of this query is over. Nothing was told to whoever asked.")
DECIDED = _("A colleague has decided about this query in the meantime. Look at what was decided.")
NO_PHONE = _(
    "Your institution has no on-call number in Spona, so that nobody would know whom to call."
    " Have it written down, or call the institution that asks."
)
State = BlindMatch.State


@dataclass(frozen=True, slots=True)
class Answered:
    """An institution that works with the child and asks to be called."""

    organisation: str
    phone: str
    at: datetime


@transaction.atomic
def match_decline(*, match: BlindMatch, by: Actor, at: datetime) -> None:
    """It is another child, or the owner does not answer: the asker learns neither. Raises
    `NotAllowed`, `Stale`, `Refused`."""
    current = _mine(match, by, at)
    _decide(current, State.DECLINED, by=by, at=at)
    audit.record("match_decline", current, by=by, at=at, case_id=current.case_id)


@transaction.atomic
def match_answer(*, match: BlindMatch, by: Actor, at: datetime) -> Disclosure:
    """Ask the asker to call: that one works with this child, and the telephone, are shared with it.
    Raises `NotAllowed`, `Stale`, and `Refused` without a legal basis or a telephone."""
    current = _mine(match, by, at)
    basis = _basis(current, at)
    if basis is None:
        raise Refused(disclosing.no_basis([FIELD]))
    if not current.case.organisation.on_call_phone:
        raise Refused(NO_PHONE)
    given = _give(current, basis, by=by, at=at)
    _decide(current, State.ANSWERED, disclosure=given, by=by, at=at)
    audit.record("match_answer", current, by=by, at=at, case_id=current.case_id)
    with rls.engine_room():
        query = BlindQuery.objects.get(pk=current.query_id)
        outbox = Outbox(at)
        outbox.query_answered(query, current.case.organisation_id)
        outbox.send()
    return given


def match_basis(*, match: BlindMatch, by: Actor, at: datetime) -> LegalBasis | None:
    """On which line of the ledger an answer would rest now. Raises `NotAllowed`."""
    if not permissions.can_decide_match(by, match):
        raise NotAllowed
    return _basis(match, at)


def _basis(match: BlindMatch, at: datetime) -> LegalBasis | None:
    decided = cases.decide(
        case_id=match.case_id,
        recipient_id=match.asker_id,
        purpose=match.purpose,
        categories=[CATEGORY],
        at=at,
    )
    return decided[CATEGORY]


def _mine(match: BlindMatch, by: Actor, at: datetime) -> BlindMatch:
    """Locked, and still to be decided."""
    seen = BlindMatch.objects.visible_to(by, at).select_related("case__organisation")
    found = seen.filter(pk=match.pk).first()
    if found is None or not permissions.can_decide_match(by, found):
        raise NotAllowed
    with rls.engine_room():
        state = BlindMatch.objects.select_for_update().values_list("state", flat=True)
        now = state.get(pk=found.pk)
    if now in (State.ANSWERED, State.DECLINED):
        raise Stale(DECIDED)
    if now == State.EXPIRED or found.expires_at <= at:
        raise Refused(OVER)
    return found


def _decide(
    match: BlindMatch,
    state: str,
    *,
    by: Actor,
    at: datetime,
    disclosure: Disclosure | None = None,
) -> None:
    with rls.engine_room():
        BlindMatch.objects.filter(pk=match.pk).update(
            state=state,
            decided_at=at,
            decided_by_id=by.user_id,
            decided_by_name=by.name,
            disclosure=disclosure,
        )


def _give(match: BlindMatch, basis: LegalBasis, *, by: Actor, at: datetime) -> Disclosure:
    """The proof of what was told; the words themselves are made when the asker reads them."""
    case = match.case
    told = FileGiven(
        owner_id=case.organisation_id,
        recipient_id=match.asker_id,
        purpose=match.purpose,
        by=by,
        at=at,
    )
    told.add(case.pk, [Cell(FIELD, CATEGORY, case.organisation.on_call_phone)], {CATEGORY: basis})
    told.keep()
    with rls.engine_room():
        made = Disclosure.objects.get(case=case, number=told.number)
    detail = {"fields": [FIELD], "recipient": match.asker_id, "number": told.number}
    audit.record("disclosure", made, by=by, at=at, case_id=case.pk, detail=detail)
    return made


# --- what the asker reads


def answers_read(*, query: BlindQuery, by: Actor, at: datetime) -> list[Answered]:
    """Who has asked to be called, as far as it still may be known; the first reading is the
    receipt. Whoever does not answer is not in it, and cannot be told from nobody."""
    if not BlindQuery.objects.visible_to(by, at).filter(pk=query.pk).exists():
        raise NotAllowed
    with transaction.atomic(), rls.engine_room():
        shown = [match for match in _answers([query.pk]) if _basis(match, at) is not None]
        given = [match.disclosure for match in shown if match.disclosure is not None]
        new = [one.pk for one in given if one.receipt_at is None]
        if new:
            rows = Disclosure.objects.filter(pk__in=new)
            rows.update(receipt_at=at, receipt_by_name=by.name)
    case_ids = [match.case_id for match in shown]
    audit.read("query_answer_read", given, by=by, at=at, case_ids=case_ids)
    return [_told(one) for one in given]


def queries_answered(*, queries: Iterable[BlindQuery], by: Actor, at: datetime) -> set[int]:
    """Those of one's own queries to which somebody has answered."""
    ids = [one.pk for one in queries]
    mine = BlindQuery.objects.visible_to(by, at).filter(pk__in=ids).values_list("pk", flat=True)
    known = list(mine)
    with transaction.atomic(), rls.engine_room():
        answers = _answers(known)
        return {match.query_id for match in answers if _basis(match, at) is not None}


def _answers(query_ids: list[int]) -> list[BlindMatch]:
    rows = BlindMatch.objects.filter(query_id__in=query_ids, state=State.ANSWERED)
    standing = rows.filter(disclosure__ended_at=None).select_related("disclosure__owner")
    return list(standing.order_by("decided_at", "pk"))


def _told(given: Disclosure) -> Answered:
    owner = given.owner
    return Answered(str(owner), owner.on_call_phone, given.disclosed_at)
