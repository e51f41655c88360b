"""The recipient answers: receipt and decision in one go, and what follows; and the thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.script import in_script
from spona.cases.models import Case
from spona.conduct import state
from spona.coordination import permissions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.acts import ActDraft, act_record
from spona.coordination.models import Message, Referral, Run, RunEvent

RECEIPT = "acknowledged"
DECISIONS = tuple(Referral.Decision.values)


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do in a run now; `last_seq` is its last event. `own` are the acts of
    the parties for which he or she stands; the rest is recorded for others."""

    acts: tuple[str, ...] = ()
    last_seq: int = 0
    received: bool = False
    own: frozenset[str] = frozenset()

    @property
    def may_decide(self) -> bool:
        """Whoever may confirm the receipt may decide in the same go."""
        return any(act in (RECEIPT, *DECISIONS) for act in self.acts)


@dataclass(frozen=True, slots=True)
class Answer:
    """`decision` is one of `DECISIONS`; `form` is what its act asks. Typed by the sender for a
    recipient who answered by telephone, `source_of_knowledge` says how it is known."""

    decision: str
    seen: int
    form: Mapping[str, Any] = field(default_factory=dict)
    source_of_knowledge: str = ""


def steps_of(*, referral: Referral, by: Actor, works: bool, at: datetime) -> Steps:
    """What this person may do in the run of a referral."""
    return steps_of_run(run_id=referral.run_id, by=by, works=works, at=at)


def steps_of_run(*, run_id: int, by: Actor, works: bool, at: datetime) -> Steps:
    """The acts that may happen now and are this person's, in the order of the rule book. Those who
    work on the case may also record, with the source, what another party did."""
    with rls.engine_room():
        run = Run.objects.select_related("version", "case").get(pk=run_id)
        marking = state.load(run.version.graph, run.state)
        facts = engine.facts_of(run, run.facts)
        bound = projection.bindings(run)
        last = run.events.order_by("-seq").values_list("seq", flat=True).first() or 0
    acts = run.version.book.acts
    enabled = [acts[key] for key in run.version.graph.enabled(marking, at, facts)]
    own = frozenset(act.key for act in enabled if permissions.party_of(by, act, bound))
    mine = tuple(act.key for act in enabled if not act.by_clock and (works or act.key in own))
    return Steps(mine, last, RECEIPT in run.version.graph.executed(marking), own)


@transaction.atomic
def referral_answer(*, referral: Referral, answer: Answer, by: Actor, at: datetime) -> RunEvent:
    """Receipt, if nobody has confirmed it yet, and the decision. Raises `Stale` if a colleague was
    quicker, `Refused` with the sentence of the rule that stands in the way."""
    if answer.decision not in DECISIONS:
        raise Refused(_("Choose an answer."))
    _not_answered_meanwhile(referral, answer.seen)
    steps = steps_of(referral=referral, by=by, works=False, at=at)
    draft = ActDraft(
        act=RECEIPT,
        occurred_at=at,
        seen=answer.seen,
        source_of_knowledge=answer.source_of_knowledge,
    )
    if not steps.received:
        receipt = act_record(run_id=referral.run_id, draft=draft, by=by, at=at)
        draft = replace(draft, seen=receipt.seq)
    return act_record(
        run_id=referral.run_id,
        draft=replace(draft, act=answer.decision, form=answer.form, facts=_facts(answer)),
        by=by,
        at=at,
    )


def _not_answered_meanwhile(referral: Referral, seen: int) -> None:
    """Any answer given since the page was shown, also another one than this."""
    with rls.engine_room():
        since = RunEvent.objects.filter(run_id=referral.run_id, seq__gt=seen, revoked_by=None)
        other = since.filter(act__in=DECISIONS).order_by("seq").first()
    if other is not None:
        raise Stale(
            _("%(who)s has answered already. What you wrote is kept.")
            % {"who": in_script(other.recorded_by_name)}
        )


def _facts(answer: Answer) -> dict[str, Any]:
    """A place that is expected on a day: the decision is owed by that day."""
    expected = answer.form.get("expected_on")
    return {"expected_on": expected} if expected else {}


@transaction.atomic
def message_write(*, referral: Referral, text: str, by: Actor, at: datetime) -> Message:
    """A line of the shared thread; it opens with acceptance and ends with the referral."""
    found = Referral.objects.visible_to(by, at).filter(pk=referral.pk).first()
    if found is None or by.organisation_id is None:
        raise NotAllowed
    works = Case.objects.visible_to(by, at).filter(pk=found.case_id).exists()
    if not permissions.can_write_in_thread(by, found, works_on_case=works):
        raise NotAllowed
    if not found.is_open or not found.is_in_course:
        raise Refused(_("The thread is open from acceptance until the referral ends."))
    if not text.strip():
        raise Refused(_("Write the message."))
    with rls.engine_room():
        message = Message.objects.create(
            referral=found,
            case_id=found.case_id,
            recipient_id=found.recipient_id,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            author_name=by.name,
            text=text,
            written_at=at,
        )
    audit.record("message_write", message, by=by, at=at, case_id=found.case_id)
    return message
