"""What those who work with an invented child do beside the acts of its protocol: the ledger,
referrals, plan, conference, interpreter, handover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from demo.persons import Doing, Work
from demo.story import SEEN_ALL, Story
from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.codes import sharing
from spona.cases.models import Conference, Goal, Interpreter, LegalBasis, Plan
from spona.coordination import actions
from spona.coordination.actions.answering import Answer
from spona.coordination.models import Handover, Referral
from spona.directory.models import Service

Said = Mapping[str, Any]


def do(story: Story, work: Work) -> None:
    """One piece of work, at its own moment and as the person who did it."""
    by, at = story.staff[work.by], story.moment(work.hours)
    with rls.acting(by, at):
        DOES[work.does](story, work.said, by, at)


def _need(story: Story, said: Said, by: Actor, at: datetime) -> None:
    cases.need_add(case=story.case, by=by, at=at, system="own", code=said["code"], source="said")


def _sibling(story: Story, said: Said, by: Actor, at: datetime) -> None:
    code = story.told[said["child"]].code
    cases.case_link(case=story.case, code=code, kind="sibling", by=by, at=at)


def _interpreting(story: Story, said: Said, by: Actor, at: datetime) -> None:
    draft = cases.InterpretingDraft(
        interpreter=_interpreter(said, by, at),
        language=said["language"],
        mode=said["mode"],
        held_at=at,
        purpose=said["purpose"],
        child=said["child"],
    )
    cases.interpreting_record(case=story.case, draft=draft, by=by, at=at)


def _interpreter(said: Said, by: Actor, at: datetime) -> Interpreter:
    """Of the register; who interprets for the first time is put into it."""
    known = Interpreter.objects.visible_to(by).active().filter(name=said["name"]).first()
    draft = cases.InterpreterDraft(
        name=said["name"], languages=[said["language"]], reach="both", phone="000-000-301"
    )
    return known or cases.interpreter_add(draft=draft, by=by, at=at)


# --- the ledger


def _duty(story: Story, said: Said, by: Actor, at: datetime) -> None:
    draft = cases.BasisDraft(
        kind=sharing.laws()[said["law"]].kind,
        law=said["law"],
        purpose=said["purpose"],
        categories=said["categories"],
        note=said["words"],
        child_view=said["child"],
        expires_at=_in_days(story, said),
    )
    cases.basis_record(case=story.case, draft=draft, by=by, at=at)


def _consent(story: Story, said: Said, by: Actor, at: datetime) -> None:
    """The guardian's, after the child was asked."""
    draft = cases.BasisDraft(
        kind="consent",
        consent_kind="data",
        purpose=said["purpose"],
        categories=said["categories"],
        recipient=_organisation(said),
        given_by="guardian",
        language=story.child.languages[0],
        mode="phone",
        explained=True,
        child_view=said["child"],
        child_told=True,
        expires_at=_in_days(story, said),
    )
    cases.basis_record(case=story.case, draft=draft, by=by, at=at)


def _withdrawal(story: Story, said: Said, by: Actor, at: datetime) -> None:
    given = LegalBasis.objects.visible_to(by, at).filter(case=story.case, kind="consent")
    basis = given.get(recipient__key=said["whom"], withdrawn_at=None)
    actions.consent_withdraw(basis=basis, why="", by=by, at=at)


def _in_days(story: Story, said: Said) -> datetime:
    return story.now + timedelta(days=said["days"])


def _organisation(said: Said) -> Organisation | None:
    return Organisation.objects.get(key=said["whom"]) if said["whom"] else None


# --- referrals


def _referral(story: Story, said: Said, by: Actor, at: datetime) -> None:
    draft = actions.ReferralDraft(
        services=[Service.objects.get(key=said["to"])],
        urgency=said["urgency"],
        purpose=said["purpose"],
        now=said["first"],
        later=said["later"],
        need=story.case.needs.get(code=said["need"], resolved_at=None),
        typed=said["words"],
    )
    actions.referral_send(case=story.case, draft=draft, by=by, at=at)


def _sent(story: Story, said: Said, by: Actor, at: datetime) -> Referral:
    seen = Referral.objects.visible_to(by, at).filter(case=story.case)
    return seen.get(service__key=said["to"])


def _answer(story: Story, said: Said, by: Actor, at: datetime) -> None:
    referral = _sent(story, said, by, at)
    form = said["form"]
    if "service" in form:
        form = form | {"service": Service.objects.get(key=form["service"]).pk}
    answer = Answer(decision=said["decision"], seen=SEEN_ALL, form=form)
    actions.referral_answer(referral=referral, answer=answer, by=by, at=at)


def _referral_act(story: Story, said: Said, by: Actor, at: datetime) -> None:
    _act(_sent(story, said, by, at).run_id, said, by, at)


def _page(story: Story, said: Said, by: Actor, at: datetime) -> None:
    """The page of a recipient without an account; its address is not kept."""
    actions.doorway_make(referral=_sent(story, said, by, at), by=by, at=at)


def _act(run_id: int, said: Said, by: Actor, at: datetime) -> None:
    draft = actions.ActDraft(act=said["act"], occurred_at=at, seen=SEEN_ALL, form=said["form"])
    actions.act_record(run_id=run_id, draft=draft, by=by, at=at)


# --- plan and conference


def _plan(story: Story, said: Said, by: Actor, at: datetime) -> None:
    cases.plan_write(
        case=story.case,
        aim=said["aim"],
        child_view=said["child"],
        next_review_on=timezone.localdate(_in_days(story, said)),
        by=by,
        at=at,
    )


def _goal(story: Story, said: Said, by: Actor, at: datetime) -> None:
    cases.goal_set(
        plan=Plan.objects.visible_to(by, at).get(case=story.case),
        what=said["what"],
        organisation=_organisation(said),
        person=said["person"],
        due_on=timezone.localdate(_in_days(story, said)),
        known_by=said["known_by"],
        by=by,
        at=at,
    )


def _goal_reached(story: Story, said: Said, by: Actor, at: datetime) -> None:
    goals = Goal.objects.visible_to(by, at).filter(case=story.case)
    goal = next(one for one in goals if one.what == said["what"])
    cases.goal_reach(goal=goal, by=by, at=at)


def _conference(story: Story, said: Said, by: Actor, at: datetime) -> None:
    """Invited are staff of the demo, by key; it is planned for the day after."""
    actors = [story.staff[key] for key in said["invited"]]
    homes = Organisation.objects.in_bulk([one.organisation_id for one in actors])
    invited = [
        cases.ParticipantDraft(name=one.name, organisation=homes.get(one.organisation_id or 0))
        for one in actors
    ]
    then = at + timedelta(days=1)
    cases.conference_plan(case=story.case, planned_at=then, participants=invited, by=by, at=at)


def _minutes(story: Story, said: Said, by: Actor, at: datetime) -> None:
    conference = Conference.objects.visible_to(by, at).get(case=story.case, held_at=None)
    decisions = [
        cases.DecisionDraft(
            text=one["text"],
            organisation=_organisation(one),
            due_on=timezone.localdate(_in_days(story, one)),
        )
        for one in said["decided"]
    ]
    actions.conference_hold(
        conference=conference,
        held_at=at,
        minutes=said["words"],
        decisions=decisions,
        by=by,
        at=at,
    )


# --- handover


def _handover(story: Story, said: Said, by: Actor, at: datetime) -> None:
    draft = actions.HandoverDraft(
        receiving=Organisation.objects.get(key=said["whom"]),
        ground=said["rule"],
        reason=said["words"],
        planned_for=story.now + timedelta(hours=said["in_hours"]),
        spoken_to=said["spoken_to"],
    )
    actions.handover_begin(case=story.case, draft=draft, by=by, at=at)


def _handed(story: Story, by: Actor, at: datetime) -> Handover:
    return Handover.objects.visible_to(by, at).get(case=story.case)


def _handover_act(story: Story, said: Said, by: Actor, at: datetime) -> None:
    _act(_handed(story, by, at).run_id, said, by, at)


def _handover_item(story: Story, said: Said, by: Actor, at: datetime) -> None:
    actions.item_add(handover=_handed(story, by, at), what=said["what"], by=by, at=at)


DOES: Mapping[Doing, Callable[[Story, Said, Actor, datetime], None]] = {
    Doing.NEED: _need,
    Doing.SIBLING: _sibling,
    Doing.INTERPRETING: _interpreting,
    Doing.DUTY: _duty,
    Doing.CONSENT: _consent,
    Doing.WITHDRAWAL: _withdrawal,
    Doing.REFERRAL: _referral,
    Doing.ANSWER: _answer,
    Doing.REFERRAL_ACT: _referral_act,
    Doing.PAGE: _page,
    Doing.PLAN: _plan,
    Doing.GOAL: _goal,
    Doing.GOAL_REACHED: _goal_reached,
    Doing.CONFERENCE: _conference,
    Doing.MINUTES: _minutes,
    Doing.HANDOVER: _handover,
    Doing.HANDOVER_ACT: _handover_act,
    Doing.HANDOVER_ITEM: _handover_item,
}
