"""Random walks of a referral and of a handover, with entries taken back and parties handed on:
what was ever owed is done, or closed by something that has a name, or still owed, and is read by
the owner; and no referral ends without an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, signed_in
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.conduct.book import Act, Field
from spona.coordination import actions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.answering import steps_of_run
from spona.coordination.models import Duty, Referral, Run, RunEvent
from spona.coordination.tests.asking import Asking, fresh, last_seq
from spona.coordination.tests.moving import Moving
from spona.coordination.tests.story import DAY, HOUR

pytestmark = pytest.mark.django_db
Moves = list[tuple[str, int]]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(("act", "act", "act", "take back", "hand on", "wait")), st.integers(0, 40)
    ),
    min_size=8,
    max_size=16,
)
FEW = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
WHERE_FROM = "javljeno telefonom"


@dataclass
class Walk:
    """One run from its beginning; `known` are the duties that were ever owed."""

    run_id: int
    owner: Membership
    other: Membership
    at: datetime
    known: set[int] = field(default_factory=set)

    def go(self, move: str, pick: int) -> None:
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                {
                    "act": self._act,
                    "take back": self._take_back,
                    "hand on": self._hand_on,
                    "wait": self._wait,
                }[move](pick)
        except (Refused, NotAllowed):
            return

    def run(self) -> Run:
        return Run.objects.select_related("version", "case").get(pk=self.run_id)

    def _act(self, pick: int) -> None:
        """Any act that may happen, by whom it is for, or with its source by the owner."""
        by = self.owner.actor()
        acts = steps_of_run(run_id=self.run_id, by=by, works=True, at=self.at).acts
        if not acts:
            return
        act = acts[pick % len(acts)]
        theirs = steps_of_run(run_id=self.run_id, by=self.other.actor(), works=False, at=self.at)
        who = self.other if act in theirs.acts else self.owner
        with rls.engine_room():
            run = self.run()
            seen = run.events.latest("seq").seq
        form = answers(run.version.book.acts[act], pick, self.at)
        sets = {one.sets: one.key for one in run.version.book.acts[act].form if one.sets}
        draft = actions.ActDraft(
            act=act,
            occurred_at=self.at,
            seen=seen,
            form=form,
            facts={fact: form[key] for fact, key in sets.items() if key in form},
            reason="drugačije nije moglo",
            source_of_knowledge=WHERE_FROM,
        )
        with rls.acting(who.actor(), self.at):
            actions.act_record(run_id=self.run_id, draft=draft, by=who.actor(), at=self.at)

    def _take_back(self, pick: int) -> None:
        with rls.engine_room():
            standing = list(
                engine.standing(self.run()).exclude(act="").values_list("pk", flat=True)
            )
        by = (self.owner, self.other)[pick % 2].actor()
        with rls.acting(by, self.at):
            event = RunEvent.objects.filter(pk=standing[pick % len(standing)]).first()
            if event is not None:
                actions.event_revoke(event_id=event.pk, reason="pogrešno", by=by, at=self.at)

    def _hand_on(self, pick: int) -> None:
        """Another institution stands for a party; its clocks begin anew."""
        with rls.engine_room():
            run = engine.locked(self.run_id)
            bound = sorted(run.bindings.current().values_list("party", flat=True))
            to = OrganisationFactory.create()
            engine.hand_over(
                run, bound[pick % len(bound)], to.pk, by=self.owner.actor(), at=self.at
            )

    def _wait(self, pick: int) -> None:
        self.at += pick * HOUR
        actions.catch_up(at=self.at)

    # --- what has to hold

    def check(self) -> None:
        with rls.engine_room():
            run = self.run()
            duties = list(run.duties.select_related("ended_by"))
            owed = run.version.graph.owed(engine.marking_of(run))
        assert self.known <= {one.pk for one in duties}
        self.known |= {one.pk for one in duties}
        still = {tuple(one.acts) for one in duties if one.state == Duty.State.OWED}
        assert still == {projection.key_of(one) for one in owed if not one.hidden}
        assert [one for one in duties if not well_ended(one)] == []
        by = self.owner.actor()
        with rls.acting(by, self.at):
            seen = set(Duty.objects.visible_to(by, self.at).values_list("pk", flat=True))
        assert self.known <= seen


def well_ended(duty: Duty) -> bool:
    """Owed and not ended; done by its act; or closed by an entry or a rule, late if it was late."""
    if duty.state == Duty.State.OWED:
        return duty.ended_at is None
    if duty.ended_at is None or duty.ended_by is None:
        return False
    if duty.state == Duty.State.DONE:
        return duty.ended_by.act in duty.acts
    late = duty.due_at is not None and duty.ended_at > duty.due_at
    return (duty.state == Duty.State.CLOSED_LATE) == late


def answers(act: Act, pick: int, at: datetime) -> dict[str, Any]:
    return {one.key: answer(one, pick, at) for one in act.form if one.type != "document"}


def answer(question: Field, pick: int, at: datetime) -> Any:
    words: dict[str, Any] = {
        "boolean": bool(pick % 2),
        "date": timezone.localdate(at + pick * DAY).isoformat(),
        "datetime": (at + pick * HOUR).isoformat(),
        "person": {"name": "Sintetička Osoba", "phone": "000-000-009"},
        "place": {"name": "sintetička kuća"},
    }
    if question.type == "code":
        return list(question.choices)[pick % len(question.choices)]
    return words.get(question.type, "sintetička reč")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_nothing_owed_in_a_referral_vanishes_and_none_ends_without_an_outcome() -> None:
    asking = Asking()
    asking.basis()

    @FEW
    @given(moves=MOVES)
    def walks(moves: Moves) -> None:
        with undone():
            referral = asking.sent()
            walk = Walk(referral.run_id, asking.town.officer, asking.helper, asking.at)
            for move, pick in moves:
                walk.go(move, pick)
                walk.check()
                now = fresh(referral)
                assert now.ended_at is None or now.ended_as
                assert now.run.ended_at == now.ended_at

    walks()
    assert list(actions.runs_verify()) == []


def test_nothing_owed_in_a_handover_vanishes() -> None:
    moving = Moving()

    @FEW
    @given(moves=MOVES)
    def walks(moves: Moves) -> None:
        with undone():
            handover = moving.begun()
            walk = Walk(handover.run_id, moving.town.officer, moving.branka, moving.at)
            root = Walk(_root(moving), moving.town.officer, moving.branka, moving.at)
            for move, pick in moves:
                walk.go(move, pick)
                walk.check()
                root.at = walk.at
                root.check()
            assert list(actions.runs_verify()) == []

    walks()


def _root(moving: Moving) -> int:
    with rls.engine_room():
        return Run.objects.get(case=moving.case, parent=None).pk


# --- an outcome, in each place where one could be forgotten


def test_neither_page_nor_action_nor_database_ends_a_referral_without_an_outcome() -> None:
    asking = Asking()
    asking.basis()
    referral = asking.sent()
    asking.answers(referral, "declined", reason="no_capacity")
    asking.act(referral, "next_step", who=asking.town.officer, form={"decision": "help_ourselves"})
    page = reverse("coordination:act_new", args=[referral.run_id, "closed"])
    with time_machine.travel(asking.at, tick=False):
        when = timezone.localtime(asking.at).strftime("%Y-%m-%dT%H:%M")
        typed = {"occurred_at": when, "seen": last_seq(referral)}
        assert signed_in(asking.town.officer).post(page, typed).status_code == 422
    with pytest.raises(Refused):
        asking.act(referral, "closed", who=asking.town.officer, form={})
    with pytest.raises(IntegrityError), transaction.atomic(), rls.engine_room():
        Referral.objects.filter(pk=referral.pk).update(ended_at=asking.at)
    assert fresh(referral).ended_at is None
