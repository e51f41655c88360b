"""Desks of any length: their parts, and numbers that nobody counts to the end."""

from __future__ import annotations

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.coordination.models import Duty
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town
from spona.home.rules import MANY, Counts, up_to
from spona.home.views.sentence import sentence

NOW = EVENING + 2 * HOUR


@pytest.mark.django_db
def test_the_parts_of_a_desk_are_the_desk_and_no_duty_is_in_two() -> None:
    town = Town()
    town.appoint(town.boy_in_care())
    town.boy_met()
    for who in (town.officer, town.head, town.guardian, town.policeman, town.worker, town.nurse):
        with rls.acting(who.actor(), NOW):
            whole = set(Duty.objects.on_desk_of(who.actor(), NOW).values_list("pk", flat=True))
            parts = Duty.objects.parts_of_desk(who.actor(), NOW)
            found = [pk for part in parts.parts for pk in part.values_list("pk", flat=True)]
            assert sorted(found) == sorted(whole)
            assert set(parts.soonest(MANY).values_list("pk", flat=True)) == whole
            assert parts.count_up_to(MANY) == len(whole)
            assert parts.count_up_to(1) == min(1, len(whole))


@pytest.mark.django_db
def test_a_child_whose_guardian_left_is_without_one_from_then_on() -> None:
    town = Town()
    case = town.boy_in_care()
    assert waits(case, town.officer) is not None
    town.appoint(case)
    assert waits(case, town.officer) is None
    by = town.officer.actor()
    with rls.acting(by, EVENING + DAY):
        guardianship = case.guardianships.get(until_at=None)
        cases.guardianship_end(guardianship=guardianship, by=by, at=EVENING + DAY)
    assert waits(case, town.officer) == EVENING + DAY


def waits(case: Case, who: Membership) -> object:
    with rls.acting(who.actor(), NOW):
        return Case.objects.get(pk=case.pk).without_guardian_since


def test_beyond_a_hundred_there_are_more_than_ninety_nine() -> None:
    assert [up_to(n) for n in (0, 99, 100)] == ["0", "99", "99+"]
    few, many = Counts(late=99, today=1), Counts(late=MANY, today=MANY, waiting=MANY)
    assert "99" in sentence(few)[0]
    assert all("99" in part and "100" not in part for part in sentence(many))


@pytest.mark.django_db
def test_a_session_is_written_down_every_five_minutes_and_when_the_browser_changes() -> None:
    town = Town()
    with time_machine.travel(NOW, tick=False) as now:
        browser = signed_in(town.officer)
        browser.get("/")
        assert seen(browser, town.officer) == NOW
        now.shift(HOUR / 30)
        browser.get("/")
        assert seen(browser, town.officer) == NOW
        browser.get("/", headers={"user-agent": "another"})
        assert seen(browser, town.officer) == NOW + HOUR / 30
        now.shift(HOUR / 10)
        browser.get("/", headers={"user-agent": "another"})
        assert seen(browser, town.officer) == NOW + HOUR / 30 + HOUR / 10


def seen(browser: Client, who: Membership) -> object:
    of_browser = UserSession.objects.filter(user=who.user, session_key=browser.session.session_key)
    return of_browser.get().last_seen_at
