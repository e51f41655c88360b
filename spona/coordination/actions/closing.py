"""Closing a case that a colleague proposed to close: the rules of conduct have their say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.actions.closures import ANSWERED_ALREADY
from spona.cases.models import Case, ClosureRequest
from spona.conduct.book import Act
from spona.coordination.actions import engine
from spona.coordination.actions.acts import ActDraft, act_record
from spona.coordination.actions.starting import do
from spona.coordination.models import Run

OTHER = "other"
PROPOSED = "closure_proposed"
IN_THE_BOOK = {Case.Closure.MAJORITY: "adult"}


@transaction.atomic
def closure_confirm(*, closure: ClosureRequest, by: Actor, at: datetime) -> Case:
    """Confirm a proposal and close the case.

    Where a run has an act for it, that act is recorded and may be refused by a rule ("while the
    disappearance has not been reported ..."); a case without such a run is closed at once.
    """
    waiting = ClosureRequest.objects.visible_to(by, at).filter(pk=closure.pk)
    current = waiting.select_related("case").first()
    if current is None:
        raise NotAllowed
    if current.confirmed_at or current.returned_at:
        raise Refused(ANSWERED_ALREADY)
    run, act = _ending(current.case, by, at)
    if run is None or act is None:
        return cases.closure_confirm(closure=current, by=by, at=at)
    _proposed(run.pk, current, by=by, at=at)
    draft = ActDraft(act=act.key, occurred_at=at, seen=_last_seq(run), form=_form(act, current, by))
    act_record(run_id=run.pk, draft=draft, by=by, at=at)
    return Case.objects.visible_to(by, at).get(pk=current.case_id)


def _proposed(run_id: int, closure: ClosureRequest, *, by: Actor, at: datetime) -> None:
    """The proposal is an act of the book as well, of whoever made it and at that moment."""
    proposer = replace(by, user_id=closure.proposed_by_id, name=closure.proposed_by_name)
    with rls.engine_room():
        run = engine.locked(run_id)
        graph, facts = run.version.graph, engine.facts_of(run, run.facts)
        if PROPOSED in graph.enabled(engine.marking_of(run), closure.proposed_at, facts):
            form = _form(run.version.book.acts[PROPOSED], closure, proposer)
            do(run, PROPOSED, closure.proposed_at, "csr", by=proposer, at=at, form=form)


def _ending(case: Case, by: Actor, at: datetime) -> tuple[Run | None, Act | None]:
    """The run that ends with the case, and by which act."""
    runs = Run.objects.visible_to(by, at).filter(case=case, ended_at=None)
    for run in runs.select_related("version").order_by("pk"):
        for act in run.version.book.acts.values():
            if act.records == "closure":
                return run, act
    return None, None


def _last_seq(run: Run) -> int:
    return run.events.order_by("-seq").values_list("seq", flat=True).first() or 0


def _form(act: Act, closure: ClosureRequest, by: Actor) -> dict[str, str]:
    """The questions of the act, answered from the proposal in the words of the book."""
    offered = next((set(one.choices) for one in act.form if one.key == "reason"), set())
    reason = IN_THE_BOOK.get(Case.Closure(closure.reason), closure.reason)
    return {"reason": reason if reason in offered else OTHER, "approved_by": by.name}
