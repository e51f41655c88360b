"""Closing a case in which rules of conduct run: two people, and the rules have their say."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess, ClosureRequest
from spona.cases.tests.factories import case as case_without_rules
from spona.cases.tests.factories import propose_closing
from spona.coordination import actions
from spona.coordination.models import RunEvent
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town, run_of

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR


@pytest.fixture(autouse=True)
def evening() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def case(town: Town) -> Case:
    """A boy with a bed and a guardian: nothing stands in the way of closing."""
    opened = town.boy_in_care()
    town.act(opened, "bed_tonight", form={"place": "Demo kuća"})
    town.appoint(opened)
    return opened


def proposed(town: Town, of: Case) -> ClosureRequest:
    with rls.acting(town.officer.actor(), NOW):
        return propose_closing(of, town.officer, at=NOW)


def confirm(who: Membership, closure: ClosureRequest) -> Case:
    with rls.acting(who.actor(), NOW):
        return actions.closure_confirm(closure=closure, by=who.actor(), at=NOW)


def page(client: Client, name: str, pk: int, method: str = "get", **said: Any) -> Any:
    return getattr(client, method)(reverse(name, args=[pk]), said)


def test_a_colleague_confirms_and_the_run_ends_with_the_case(town: Town, case: Case) -> None:
    closed = confirm(town.head, proposed(town, case))
    assert (closed.closed_at, closed.closure_reason) == (NOW, "reunited")
    assert run_of(case).ended_at == NOW
    with rls.engine_room():
        event = RunEvent.objects.get(act="case_closed")
        assert event.form == {"reason": "reunited", "approved_by": town.head.user.name}
        assert not case.placements.filter(until_at=None).exists()
        assert not case.duties.owed().filter(acts__contains=["guardian_visit"]).exists()


def test_the_proposer_does_not_confirm_and_nothing_is_written(town: Town, case: Case) -> None:
    waiting = proposed(town, case)
    with pytest.raises(Refused):
        confirm(town.officer, waiting)
    assert run_of(case).ended_at is None
    with rls.engine_room():
        assert not RunEvent.objects.filter(act="case_closed").exists()


def test_the_act_alone_closes_nothing(town: Town, case: Case) -> None:
    form = {"reason": "reunited", "approved_by": "Sintetički Rukovodilac"}
    with pytest.raises(Refused):
        town.act(case, "case_closed", after=2 * HOUR, form=form)
    waiting = proposed(town, case)
    with pytest.raises(Refused):
        town.act(case, "case_closed", after=2 * HOUR, form=form)
    why: dict[str, Any] = {"form": form, "reason": "Predlog je u spisu."}
    town.act(case, "case_closed", who=town.second_officer, after=2 * HOUR, **why)
    with rls.engine_room():
        assert ClosureRequest.objects.get(pk=waiting.pk).confirmed_by_id == (
            town.second_officer.user_id
        )


def test_a_guardian_of_the_centre_does_not_confirm(town: Town, case: Case) -> None:
    with pytest.raises(NotAllowed):
        confirm(town.guardian, proposed(town, case))


def test_a_rule_says_no_as_long_as_the_child_has_no_guardian(town: Town) -> None:
    opened = town.boy_in_care()
    waiting = proposed(town, opened)
    client = signed_in(town.head)
    answer = page(client, "coordination:closure_confirm", waiting.pk, "post")
    assert answer.status_code == 422
    assert "staratelj" in answer.content.decode()
    with rls.engine_room():
        assert Case.objects.get(pk=opened.pk).is_open
        assert ClosureRequest.objects.get().confirmed_at is None


def test_a_case_without_rules_is_closed_too() -> None:
    owner = person("duty_officer")
    opened = case_without_rules(owner, at=NOW)
    with rls.acting(owner.actor(), NOW):
        waiting = propose_closing(opened, owner, at=NOW)
    assert not confirm(person("duty_officer", owner.organisation), waiting).is_open


def test_the_page_says_what_ends_and_who_still_sees_the_case(town: Town, case: Case) -> None:
    partner = person("duty_officer")
    with rls.acting(town.officer.actor(), NOW):
        cases.access_grant(
            case=case,
            organisation=partner.organisation,
            basis=CaseAccess.Basis.GRANT,
            by=town.officer.actor(),
            at=NOW,
            until=NOW + 30 * DAY,
            reason="Zajednički rad sa detetom.",
        )
    waiting = proposed(town, case)
    mine, theirs = signed_in(town.officer), signed_in(town.head)
    for client in (mine, theirs):
        client.cookies["language"] = "en"
    before = page(theirs, "coordination:case_closure", case.pk).content.decode()
    assert "ends when the case is closed" in before
    assert "Demo kuća" in before
    address = reverse("coordination:closure_confirm", args=[waiting.pk])
    assert address in before
    assert address not in page(mine, "coordination:case_closure", case.pk).content.decode()
    assert page(theirs, "coordination:closure_confirm", waiting.pk, "post").status_code == 302
    after = page(theirs, "coordination:case_closure", case.pk).content.decode()
    assert "ends when the case is closed" not in after
    assert str(partner.organisation) not in after
    assert town.guardian.user.name in after


def test_hidden_absent_and_not_ones_own_are_the_same(town: Town, case: Case) -> None:
    waiting = proposed(town, case)
    for who in (town.stranger, town.policeman, town.director, town.guardian, town.coordinator):
        client = signed_in(who)
        answers = [
            page(client, "coordination:case_closure", case.pk),
            page(client, "coordination:closure_confirm", waiting.pk, "post"),
            page(client, "coordination:closure_confirm", 999_999, "post"),
            page(client, "cases:closure_return", waiting.pk),
        ]
        assert {answer.status_code for answer in answers} == {404}, who.roles
        assert len({answer.content for answer in answers}) == 1
