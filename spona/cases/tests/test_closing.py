"""A case is closed by two people, and what was given for it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from spona.accounts.tests.factories import person
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions
from spona.cases.models import Case, ClosureRequest
from spona.cases.tests.factories import (
    NOW,
    access,
    acting,
    begin_placement,
    case,
    close,
    propose_closing,
)

pytestmark = pytest.mark.django_db


def test_one_person_closes_nothing() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        with pytest.raises(Refused, match="two people"):
            actions.case_close(case=opened, by=by, at=NOW)
        mine = propose_closing(opened, owner)
        with pytest.raises(Refused, match="yourself"):
            actions.case_close(case=opened, by=by, at=NOW)
        with pytest.raises(Refused, match="yourself"):
            actions.closure_confirm(closure=mine, by=by, at=NOW)
        assert Case.objects.get().is_open


@pytest.mark.parametrize("role", ["head_of_service", "duty_officer", "case_manager"])
def test_a_colleague_confirms_and_the_reason_is_the_one_proposed(role: str) -> None:
    owner = person("duty_officer")
    colleague = person(role, owner.organisation)
    opened = case(owner)
    access(opened, colleague.organisation, colleague.user, basis="owner")
    with acting(owner):
        proposed = propose_closing(opened, owner)
    with acting(colleague):
        closed = actions.closure_confirm(closure=proposed, by=colleague.actor(), at=NOW)
        with pytest.raises(Refused, match="answered already"):
            actions.closure_confirm(closure=proposed, by=colleague.actor(), at=NOW)
        request = ClosureRequest.objects.get()
    assert (closed.closed_at, closed.closure_reason) == (NOW, "reunited")
    assert request.confirmed_by_name == colleague.user.name


def test_who_does_not_run_the_case_neither_proposes_nor_confirms() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        proposed = propose_closing(opened, owner)
    guardian = person("guardian", owner.organisation)
    partner, director = person("duty_officer"), person("director", owner.organisation)
    access(opened, guardian.organisation, guardian.user, basis="guardian")
    access(opened, partner.organisation)
    for who in (guardian, partner, director, person("duty_officer")):
        with acting(who):
            with pytest.raises(NotAllowed):
                actions.closure_confirm(closure=proposed, by=who.actor(), at=NOW)
            with pytest.raises(NotAllowed):
                propose_closing(opened, who)


def test_a_proposal_goes_back_with_a_reason_and_may_be_made_again() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        first = propose_closing(opened, owner)
        with pytest.raises(Refused, match="proposed already"):
            propose_closing(opened, owner)
        with pytest.raises(Refused, match="what is missing"):
            actions.closure_return(closure=first, return_reason=" ", by=by, at=NOW)
        actions.closure_return(closure=first, return_reason="ko prati školu?", by=by, at=NOW)
        with pytest.raises(Refused, match="answered already"):
            actions.closure_return(closure=first, return_reason="opet", by=by, at=NOW)
        propose_closing(opened, owner)


def test_a_proposal_says_how_things_stand_and_what_remains() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    said = {"reason": "reunited", "summary": "a", "remains": "b"}
    with acting(owner):
        for wrong, sentence in (
            ({"reason": "tired"}, "why the case"),
            ({"summary": " "}, "how things stand"),
            ({"remains": " "}, "what remains"),
        ):
            with pytest.raises(Refused, match=sentence):
                actions.closure_propose(case=opened, by=owner.actor(), at=NOW, **(said | wrong))


def test_closing_ends_the_placement_and_what_others_were_granted() -> None:
    owner, partner, guardian = person("duty_officer"), person("duty_officer"), person("guardian")
    opened = case(owner)
    later = NOW + timedelta(days=9)
    access(opened, partner.organisation, basis="substitute", until=later)
    access(opened, guardian.organisation, guardian.user, basis="guardian")
    with acting(owner):
        begin_placement(opened, owner)
        close(opened, owner)
        assert not opened.placements.filter(until_at=None).exists()
        left = actions.access_list(case=opened, by=owner.actor(), at=NOW)
    assert {one.basis for one in left} == {"owner", "guardian"}
    with acting(partner):
        assert not Case.objects.exists()
    for who in (owner, guardian):
        with acting(who):
            assert Case.objects.get() == opened


def test_who_sees_a_case_is_told_to_those_who_run_it_alone() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    access(opened, partner.organisation)
    for who in (partner, person("director", owner.organisation), person("duty_officer")):
        with acting(who), pytest.raises(NotAllowed):
            actions.access_list(case=opened, by=who.actor(), at=NOW)
    with acting(owner):
        seen = actions.access_list(case=opened, by=owner.actor(), at=NOW)
    assert {one.organisation for one in seen} == {owner.organisation, partner.organisation}


class Closing(RuleBasedStateMachine):
    """Whatever people do in whatever order, a closed case was looked at by two."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def a_case(self) -> None:
        first = person("duty_officer")
        home = first.organisation
        self.people = [first, person("head_of_service", home), person("duty_officer", home)]
        self.case = case(first)

    @rule(who=st.integers(0, 2), act=st.sampled_from(["propose", "confirm", "return", "close"]))
    def somebody_does(self, who: int, act: str) -> None:
        one = self.people[who]
        by: Any = {"by": one.actor(), "at": NOW}
        with acting(one):
            last = ClosureRequest.objects.order_by("-pk").first()
            try:
                if act == "propose":
                    propose_closing(self.case, one)
                elif act == "close":
                    actions.case_close(case=self.case, **by)
                elif act == "confirm" and last:
                    actions.closure_confirm(closure=last, **by)
                elif act == "return" and last:
                    actions.closure_return(closure=last, return_reason="fali", **by)
            except Refused:
                pass

    @invariant()
    def closed_by_two(self) -> None:
        with acting(self.people[0]):
            now = Case.objects.get()
            confirmed = ClosureRequest.objects.filter(confirmed_at__isnull=False)
            assert confirmed.count() == int(not now.is_open)
            assert ClosureRequest.objects.waiting().count() <= 1
            for one in confirmed:
                assert one.confirmed_by_id != one.proposed_by_id
            if not now.is_open:
                assert not ClosureRequest.objects.waiting().exists()


def test_nobody_alone_ever_closes_a_case() -> None:
    few = settings(
        max_examples=15,
        stateful_step_count=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run(Closing, settings=few)
