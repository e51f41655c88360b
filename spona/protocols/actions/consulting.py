"""The institutions that a draft would bind say rule by rule what they think; its author answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.protocols import permissions
from spona.protocols.actions.drafting import CLOSED, SIGNED
from spona.protocols.models import Consultation, Draft, Opinion


@dataclass(frozen=True, slots=True)
class OpinionDraft:
    """`wording` is the digest of the rule that the institution has read."""

    rule_id: str
    wording: str
    accepts: bool
    reason: str = ""


@transaction.atomic
def draft_consult(
    *, draft: Draft, organisations: Iterable[Organisation], until: date, by: Actor, at: datetime
) -> Draft:
    """Ask institutions for their opinion until that day; whoever was asked before is not asked
    twice and gets the new day. Raises `NotAllowed`, and `Refused` while the book has faults."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_write(by, locked):
        raise NotAllowed
    if not locked.is_written:
        raise Refused(SIGNED if locked.state == Draft.State.SIGNED else CLOSED)
    if not locked.digest:
        raise Refused(_("The book has faults. Mend them before you ask others to read it."))
    for organisation in organisations:
        one, _new = Consultation.objects.update_or_create(
            draft=locked,
            organisation=organisation,
            defaults={"until": until, "answered_at": None, "answered_by": ""},
            create_defaults={"until": until, "asked_at": at, "asked_by": by.name},
        )
        detail = {"draft": locked.pk, "organisation": organisation.pk}
        audit.record("draft_consult", one, by=by, at=at, detail=detail)
    locked.state = Draft.State.CONSULTED
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def opinions_give(
    *, consultation: Consultation, opinions: Iterable[OpinionDraft], by: Actor, at: datetime
) -> Consultation:
    """What one institution says of these rules; what it said before of the same rule gives way.

    Raises `NotAllowed`, `Refused` where the draft is signed or closed, `Stale` where a rule was
    changed since it was read.
    """
    draft = Draft.objects.select_for_update().get(pk=consultation.draft_id)
    if not permissions.can_give_opinion(by, consultation):
        raise NotAllowed
    if draft.state != Draft.State.CONSULTED:
        raise Refused(_("Opinions on this draft are no longer taken."))
    said, known = list(opinions), draft.wordings
    if any(known.get(one.rule_id) != one.wording for one in said):
        raise Stale(
            _(
                "A rule was changed while you were reading. Read the marked rules again; "
                "what you wrote is still in the form."
            )
        )
    for one in said:
        _opinion(consultation, one, by, at)
    consultation.answered_at, consultation.answered_by = at, by.name
    consultation.save(update_fields=["answered_at", "answered_by"])
    detail = {"accepted": sum(one.accepts for one in said), "of": len(said)}
    audit.record("opinions_give", consultation, by=by, at=at, detail=detail)
    return consultation


def _opinion(consultation: Consultation, one: OpinionDraft, by: Actor, at: datetime) -> None:
    before = consultation.opinions.filter(rule_id=one.rule_id).first()
    alike = before and (before.accepts, before.reason, before.wording) == (
        one.accepts,
        one.reason,
        one.wording,
    )
    if alike:
        return
    Opinion.objects.update_or_create(
        consultation=consultation,
        rule_id=one.rule_id,
        defaults={
            "wording": one.wording,
            "accepts": one.accepts,
            "reason": one.reason,
            "by_name": by.name,
            "at": at,
            "answer": "",
            "answered_by": "",
            "answered_at": None,
        },
    )


@transaction.atomic
def opinion_answer(*, opinion: Opinion, answer: str, by: Actor, at: datetime) -> Opinion:
    """What the author says to an objection; the objection stays, and its answer beside it."""
    draft = opinion.consultation.draft
    if not permissions.can_write(by, draft):
        raise NotAllowed
    if not draft.is_written:
        raise Refused(SIGNED if draft.state == Draft.State.SIGNED else CLOSED)
    opinion.answer, opinion.answered_by, opinion.answered_at = answer, by.name, at
    opinion.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record("opinion_answer", opinion, by=by, at=at, detail={"draft": draft.pk})
    return opinion
