"""The two circles: who works in a case and who runs it."""

from __future__ import annotations

import pytest

from spona.accounts.models import Organisation
from spona.accounts.roles import ROLES
from spona.base.actor import CLOCK, NOBODY, Actor
from spona.cases import permissions
from spona.cases.models import Case, CaseAccess

RUN = {"duty_officer", "case_manager", "head_of_service"}
OPEN = RUN
WORK = RUN | {
    "outreach_worker",
    "guardian",
    "police_officer",
    "facility_worker",
    "health_worker",
    "school_worker",
    "youth_worker",
    "asylum_officer",
    "one_time_recipient",
}


def actor(role: str, organisation: int = 1) -> Actor:
    return Actor(user_id=1, organisation_id=organisation, roles=frozenset({role}))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_stands_in_its_circle(role: str) -> None:
    case, home = Case(organisation_id=1), Organisation(pk=1)
    assert permissions.can_run(actor(role), case) is (role in RUN)
    assert permissions.can_grant(actor(role), case) is (role in RUN)
    assert permissions.can_open_case(actor(role), home) is (role in OPEN)
    assert permissions.can_work_in(actor(role), case) is (role in WORK)
    assert not permissions.can_run(actor(role, organisation=2), case)
    assert not permissions.can_open_case(actor(role, organisation=2), home)


def test_access_is_ended_by_the_clock_the_owner_or_its_holder() -> None:
    access = CaseAccess(organisation_id=2)

    def may(who: Actor) -> bool:
        return permissions.can_end_access(who, access, owner_id=1)

    assert may(CLOCK)
    assert may(actor("duty_officer", 1))
    assert may(actor("duty_officer", 2))
    assert not may(actor("duty_officer", 3))
    assert not may(actor("guardian", 1))
    assert not may(NOBODY)


def test_nobody_corrects_a_note_without_an_author() -> None:
    assert permissions.can_correct_note(actor("guardian"), 1)
    assert not permissions.can_correct_note(actor("guardian"), 2)
    assert not permissions.can_correct_note(NOBODY, None)


def test_nobody_and_the_clock_record_no_encounter() -> None:
    assert permissions.can_record_encounter(actor("outreach_worker"))
    assert not permissions.can_record_encounter(NOBODY)
    assert not permissions.can_record_encounter(CLOCK)
