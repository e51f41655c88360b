"""Mail: urgent at once at any hour, all else in a digest; a link, and nothing of a child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import TestCase, override_settings

from spona.accounts.tests.factories import person
from spona.base import rls
from spona.base.checks import mail_leads_to_spona
from spona.coordination import actions
from spona.coordination.models import Notice
from spona.coordination.tests.story import Town
from spona.protocols.models import Version

pytestmark = pytest.mark.django_db
FRIDAY_EVENING = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # 16.00 in Belgrade
MONDAY = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)  # 7.30
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def town() -> Town:
    return Town()


def told(town: Town, at: datetime, *, urgent: bool = False, count: int = 1) -> None:
    with rls.engine_room():
        Notice.objects.bulk_create(
            Notice(
                organisation=town.centre,
                user=town.officer.user,
                kind=Notice.Kind.DUTY,
                version=Version.objects.in_force("unaccompanied-child", MONDAY),
                urgent=urgent,
                at=at,
            )
            for _ in range(count)
        )


def mailed(at: datetime) -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return actions.mail_notices(at=at)


def test_ten_notices_are_one_mail_on_the_next_working_morning(town: Town) -> None:
    told(town, FRIDAY_EVENING, count=10)
    for silent in (FRIDAY_EVENING, FRIDAY_EVENING + 20 * HOUR, MONDAY - MINUTE):
        assert mailed(silent) == 0
    assert mailed(MONDAY) == 1
    assert mailed(MONDAY + MINUTE) == 0
    (letter,) = mail.outbox
    assert letter.to == [town.officer.user.email]
    assert "10" in letter.body
    assert "http://localhost:8000/" in letter.body


def test_what_is_urgent_goes_out_at_night_and_takes_nothing_else_along(town: Town) -> None:
    told(town, FRIDAY_EVENING, count=600)
    told(town, FRIDAY_EVENING + 10 * HOUR, urgent=True)
    assert mailed(FRIDAY_EVENING + 10 * HOUR) == 1
    assert "600" not in mail.outbox[0].body
    with rls.engine_room():
        assert Notice.objects.filter(mailed_at=None).count() == 600


def test_a_digest_that_was_held_up_goes_out_the_same_day(town: Town) -> None:
    told(town, FRIDAY_EVENING)
    assert mailed(MONDAY + 3 * HOUR) == 1


def test_what_was_told_after_the_digest_waits_for_the_next(town: Town) -> None:
    told(town, MONDAY + MINUTE)
    assert mailed(MONDAY + 2 * MINUTE) == 0
    assert mailed(MONDAY + 6 * HOUR) == 1  # 13.30


def test_what_was_read_is_not_mailed(town: Town) -> None:
    told(town, FRIDAY_EVENING)
    with rls.engine_room():
        Notice.objects.update(read_at=FRIDAY_EVENING)
    assert mailed(MONDAY) == 0


def test_a_notice_to_the_institution_reaches_those_who_work_there(town: Town) -> None:
    gone = person("case_manager", town.centre, ended=True)
    told(town, FRIDAY_EVENING)
    with rls.engine_room():
        Notice.objects.update(user=None)
    mailed(MONDAY)
    written = {letter.to[0] for letter in mail.outbox}
    assert town.head.user.email in written
    assert gone.user.email not in written
    assert town.stranger.user.email not in written


@pytest.mark.parametrize("address", ["", "http://spona.example.org"])
def test_spona_does_not_start_without_an_address_for_its_mail(address: str) -> None:
    with override_settings(LOCAL=False, SITE_URL=address):
        assert [error.id for error in mail_leads_to_spona(None)] == ["spona.E003"]
    with override_settings(LOCAL=False, SITE_URL="https://spona.example.org"):
        assert mail_leads_to_spona(None) == []


def test_one_duty_alone_has_its_own_link_by_a_random_number(town: Town) -> None:
    with rls.engine_room():
        Notice.objects.create(
            organisation=town.centre,
            user=town.officer.user,
            kind=Notice.Kind.DUTY,
            version=Version.objects.in_force("unaccompanied-child", MONDAY),
            duty_number="8KX2ABCD",
            urgent=True,
            at=MONDAY,
        )
    assert mailed(MONDAY) == 1
    assert "http://localhost:8000/duties/8KX2ABCD/open/" in mail.outbox[0].body
