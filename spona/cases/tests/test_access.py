"""Access is given for a time, ends at once, and is written by nobody but its two actions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from spona.accounts.tests.factories import person
from spona.base import rls
from spona.base.actor import CLOCK
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions
from spona.cases.models import Case, CaseAccess
from spona.cases.tests.factories import NOW, access, acting, case

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_access_for_a_time_ends_by_itself() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        actions.access_grant(
            case=opened,
            organisation=partner.organisation,
            basis="grant",
            by=owner.actor(),
            at=NOW,
            until=LATER,
            reason="dežurstvo vikendom",
        )
    with acting(partner):
        assert Case.objects.get() == opened
    with acting(partner, LATER):
        assert not Case.objects.exists()
        assert not Case.objects.visible_to(partner.actor(), LATER).exists()


def test_access_cannot_end_before_it_begins() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match="later"):
        actions.access_grant(
            case=opened,
            organisation=owner.organisation,
            basis="grant",
            by=owner.actor(),
            at=NOW,
            until=NOW,
            reason="greška u datumu",
        )


def test_ended_access_is_gone_at_once_and_cannot_end_twice() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    given = access(opened, partner.organisation)
    with acting(owner):
        actions.access_end(access=given, by=owner.actor(), at=NOW)
        with pytest.raises(Refused, match="already ended"):
            actions.access_end(access=given, by=owner.actor(), at=NOW)
    with acting(partner):
        assert not Case.objects.exists()


def test_the_owner_cannot_lose_its_case_by_ending_access() -> None:
    owner = person("duty_officer")
    case(owner)
    with acting(owner):
        own = CaseAccess.objects.get()
        with pytest.raises(Refused, match="without its owner"):
            actions.access_end(access=own, by=owner.actor(), at=NOW)


def test_a_stranger_ends_no_access_and_the_clock_may() -> None:
    opened, stranger = case(person("duty_officer")), person("duty_officer")
    given = access(opened, person("duty_officer").organisation)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.access_end(access=given, by=stranger.actor(), at=NOW)
    with rls.acting(CLOCK, NOW):
        assert actions.access_end(access=given, by=CLOCK, at=LATER).ended_at == LATER
        with pytest.raises(NotAllowed):
            actions.access_end(access=CaseAccess(pk=0, case=opened), by=CLOCK, at=NOW)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cases_caseaccess SELECT * FROM cases_caseaccess",
        "UPDATE cases_caseaccess SET until = NULL",
        "DELETE FROM cases_caseaccess",
    ],
)
def test_the_app_itself_cannot_write_access(sql: str) -> None:
    owner = person("duty_officer")
    case(owner)
    with (
        acting(owner),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(sql)
