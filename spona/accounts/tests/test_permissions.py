"""Who may invite, change roles and plan shifts: colleague with the right, without it, stranger."""

from datetime import timedelta

import pytest

from spona.accounts import permissions as may
from spona.accounts.models import DutyShift, Invitation, Membership
from spona.accounts.tests.factories import LONG_AGO, person
from spona.base.actor import NOBODY, Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> Membership:
    return person("director")


@pytest.fixture
def worker(director: Membership) -> Membership:
    return person("case_manager", director.organisation)


def test_a_director_invites_and_plans_in_the_own_organisation_only(director: Membership) -> None:
    home, elsewhere = director.organisation, person("director").organisation
    assert may.can_invite(director.actor(), home)
    assert may.can_plan_shifts(director.actor(), home)
    assert not may.can_invite(director.actor(), elsewhere)
    assert not may.can_plan_shifts(director.actor(), elsewhere)
    assert may.can_withdraw_invitation(director.actor(), Invitation(organisation=home))


def test_a_case_manager_sees_colleagues_and_invites_nobody(worker: Membership) -> None:
    assert may.can_see_people(worker.actor(), worker.organisation)
    assert not may.can_invite(worker.actor(), worker.organisation)
    assert not may.can_plan_shifts(worker.actor(), worker.organisation)


def test_nobody_changes_or_ends_their_own_membership(
    director: Membership, worker: Membership
) -> None:
    assert may.can_change_roles(director.actor(), worker)
    assert may.can_end_membership(director.actor(), worker)
    assert not may.can_change_roles(director.actor(), director)
    assert not may.can_end_membership(director.actor(), director)
    assert not may.can_change_roles(worker.actor(), director)


def test_a_stranger_and_an_unknown_person_may_nothing(worker: Membership) -> None:
    for actor in (person("director").actor(), NOBODY):
        assert not may.can_see_people(actor, worker.organisation)
        assert not may.can_change_roles(actor, worker)


def test_who_is_ill_hands_over_the_own_shift_and_no_other(
    director: Membership, worker: Membership
) -> None:
    mine, yours = (
        DutyShift(
            organisation=worker.organisation,
            user=one.user,
            starts_at=LONG_AGO,
            ends_at=LONG_AGO + timedelta(hours=8),
        )
        for one in (worker, director)
    )
    assert may.can_find_substitute(worker.actor(), mine)
    assert not may.can_find_substitute(worker.actor(), yours)
    assert not may.can_change_shift(worker.actor(), mine)
    assert may.can_find_substitute(director.actor(), mine)


def test_only_the_operator_suspends_an_organisation(director: Membership) -> None:
    assert not may.can_suspend(director.actor(), director.organisation)
    assert may.can_suspend(
        Actor(name="operator", roles=frozenset({"operator"})), director.organisation
    )
