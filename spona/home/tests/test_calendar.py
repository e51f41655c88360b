"""The calendar of one's own duties: an address is the key, and it says nothing of a child."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils.translation import gettext as _
from icalendar import Calendar

from spona.accounts.models import CalendarFeed, Membership
from spona.accounts.tests.factories import signed_in
from spona.base import rls
from spona.base.log import WithoutTokens
from spona.coordination.tests.story import EVENING, HOUR, Town, owed
from spona.home.views import calendar

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def address(who: Membership) -> str:
    shown: str = signed_in(who).post("/calendar/renew/").context["address"]
    return shown.removeprefix("http://localhost:8000")


def fetched(path: str) -> Any:
    return Client().get(path)


def test_a_calendar_shows_moments_and_numbers_and_nothing_of_a_child(town: Town) -> None:
    case = town.boy_in_care()
    response = fetched(address(town.officer))
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in response.headers["Cache-Control"]
    written = response.content.decode()
    events: list[Any] = Calendar.from_ical(written).walk("VEVENT")
    duties = {duty.number: duty for duty in owed(case).values() if duty.due_at}
    assert {str(event["uid"]) for event in events} == {f"{number}@spona" for number in duties}
    for event in events:
        number = str(event["uid"])[:8]
        assert str(event["summary"]) == _("Spona: duty %(number)s") % {"number": number}
        assert duties[number].rule not in str(event)
    for canary in (case.code, "Uzorak", "Vranje", "Sintetičk", "stanic"):
        assert canary not in written
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_what_ends_with_a_day_is_an_event_of_that_day(town: Town) -> None:
    case = town.boy_in_care()
    with rls.engine_room():
        midnight = NOW.replace(hour=23, minute=0)  # 24.00 in Belgrade
        case.duties.owed().update(due_at=midnight)
    events: list[Any] = Calendar.from_ical(fetched(address(town.officer)).content).walk("VEVENT")
    assert events[0]["dtstart"].dt == NOW.date()


def test_a_new_address_closes_the_old_one_and_off_is_off(town: Town) -> None:
    first = address(town.officer)
    second = address(town.officer)
    assert fetched(first).status_code == 404
    assert fetched(second).status_code == 200
    assert second not in signed_in(town.officer).get("/calendar/").content.decode()
    signed_in(town.officer).post("/calendar/end/")
    assert fetched(second).status_code == 404
    assert not CalendarFeed.objects.in_use().exists()


def test_only_the_hash_of_the_token_is_kept(town: Town) -> None:
    token = address(town.officer).removeprefix("/calendar/").removesuffix(".ics")
    assert token not in str(CalendarFeed.objects.values())


def test_who_left_has_no_calendar(town: Town) -> None:
    path = address(town.officer)
    with rls.engine_room():
        town.officer.ended_at = NOW
        town.officer.save(update_fields=["ended_at"])
    assert fetched(path).status_code == 404


def test_unknown_and_hidden_are_the_same_answer(town: Town) -> None:
    unknown, page = fetched("/calendar/nijedan.ics"), fetched("/ne-postoji/")
    assert unknown.status_code == page.status_code == 404
    assert unknown.content == page.content


def test_an_address_is_not_asked_without_end(
    town: Town, monkeypatch: pytest.MonkeyPatch, now: time_machine.Traveller
) -> None:
    monkeypatch.setattr(calendar, "FETCHES", 2)
    monkeypatch.setattr(calendar, "STRANGERS", 1)
    path = address(town.officer)
    assert [fetched(path).status_code for _ in range(3)] == [200, 200, 429]
    assert [fetched(f"/calendar/x{n}.ics").status_code for n in range(2)] == [404, 429]
    now.move_to(NOW + HOUR, tick=False)
    assert fetched(path).status_code == 200


def test_no_log_holds_an_address_that_is_a_key() -> None:
    keep = ("/calendar/renew/", "/accounts/invitations/3/withdraw/")
    keys = ("/calendar/abcDEF_-1.ics", "/accounts/invitations/open/abcDEF_-1/")
    for path in (*keys, *keep):
        record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (path,), None)
        assert WithoutTokens().filter(record)
        assert ("abcDEF" in record.getMessage()) is False
        assert (path in record.getMessage()) is (path in keep)


def test_nobody_signed_out_makes_a_calendar() -> None:
    for path in ("/calendar/", "/calendar/renew/", "/calendar/end/"):
        assert Client().post(path).status_code in (302, 405)
