"""P7: a case is opened in an emergency with a reason, for a time, and its owner is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import Refused
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess
from spona.coordination import actions
from spona.coordination.models import Notice
from spona.coordination.tests.story import EVENING, HOUR, Town

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR
WHY = "Dete je kod nas, ima napad astme, centar se ne javlja."


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def case(town: Town) -> Case:
    return town.boy_in_care()


def browser(who: Membership) -> Client:
    client = signed_in(who)
    client.cookies["language"] = "en"
    return client


def asked(town: Town, code: str, **said: Any) -> dict[str, Any]:
    return {
        "organisation": town.centre.pk,
        "code": code,
        "reason_code": "life",
        "reason": WHY,
    } | said


def opens(who: Client, data: dict[str, Any]) -> Any:
    return who.post(reverse("coordination:emergency"), data)


def page_of(case: Case) -> str:
    return reverse("coordination:case_detail", args=[case.pk])


def test_a_night_in_which_the_centre_does_not_answer(
    town: Town, case: Case, now: time_machine.Traveller
) -> None:
    """Opened with a reason; the owner is told at once; seen for four hours, and everything is in
    the log; then it is over."""
    stranger = browser(town.stranger)
    assert stranger.get(page_of(case)).status_code == 404
    opened = opens(stranger, asked(town, case.code))
    assert opened.headers["Location"] == page_of(case)
    body = stranger.get(page_of(case)).content.decode()
    assert "Emergency access" in body
    assert "was told at once" in body

    head = browser(town.head)
    told = head.get(reverse("home:desk")).content.decode()
    assert "Somebody has opened a case by emergency access" in told
    assert case.code in told
    lead = browser(town.officer).get(reverse("home:desk")).content.decode()
    assert "Somebody has opened a case by emergency access" in lead
    access = head.get(reverse("coordination:case_access", args=[case.pk])).content.decode()
    assert WHY in access
    assert town.stranger.user.name in access

    with rls.engine_room():
        log = Event.objects.of_case(case.pk).filter(actor_id=town.stranger.user_id)
        assert {"emergency_open", "access_grant", "case_read"} <= {one.verb for one in log}
    now.shift(4 * HOUR)
    assert stranger.get(page_of(case)).status_code == 404
    later = head.get(reverse("coordination:case_access", args=[case.pk])).content.decode()
    assert "Emergency accesses that are over" in later
    assert WHY in later
    own = stranger.get(reverse("coordination:emergency")).content.decode()
    assert WHY not in own
    assert case.code not in own


def test_the_lead_and_the_head_get_an_urgent_mail_without_a_name(town: Town, case: Case) -> None:
    opens(browser(town.stranger), asked(town, case.code))
    with rls.engine_room():
        notices = list(Notice.objects.filter(kind="emergency"))
    assert {(one.level, one.user_id) for one in notices} == {
        ("head_of_service", None),
        ("", case.lead_id),
    }
    assert all(one.urgent and one.organisation_id == town.centre.pk for one in notices)
    with rls.engine_room():
        Notice.objects.exclude(kind="emergency").update(mailed_at=NOW)
    actions.mail_notices(at=NOW)
    sent = {address for one in mail.outbox for address in one.to}
    assert sent <= {town.head.user.email, town.officer.user.email}
    assert all(case.code not in f"{one.subject} {one.body}" for one in mail.outbox)


def test_an_institution_without_a_head_is_told_as_a_whole(town: Town, case: Case) -> None:
    town.head.ended_at = EVENING
    town.head.save()
    opens(browser(town.stranger), asked(town, case.code))
    with rls.engine_room():
        assert Notice.objects.filter(kind="emergency", level="", user=None).count() == 1


def test_a_wrong_code_and_a_hidden_case_get_the_same_answer(town: Town, case: Case) -> None:
    """No oracle: not whose code it is, not whether there is one, not whether it is closed."""
    stranger = browser(town.stranger)
    wrong = opens(stranger, asked(town, "VR-2026-9999"))
    elsewhere = opens(stranger, asked(town, case.code, organisation=town.stranger.organisation_id))
    assert wrong.status_code == elsewhere.status_code == 422
    assert "Nothing was opened" in wrong.content.decode()
    assert wrong.context["form"].non_field_errors() == elsewhere.context["form"].non_field_errors()
    with rls.engine_room():
        refused = Event.objects.filter(kind="refused", verb="emergency_open")
        assert refused.count() == 2
        assert all(one.case_ids == [] for one in refused)
        assert not CaseAccess.objects.filter(basis="emergency").exists()


def test_after_five_tries_a_day_there_is_no_sixth(
    town: Town, case: Case, now: time_machine.Traveller
) -> None:
    stranger = browser(town.stranger)
    for number in range(5):
        opens(stranger, asked(town, f"VR-2026-9{number}"))
    sixth = opens(stranger, asked(town, case.code))
    assert sixth.status_code == 422
    assert "too often" in sixth.content.decode()
    now.shift(timedelta(days=1))
    assert opens(stranger, asked(town, case.code)).status_code == 302


@pytest.mark.parametrize("said", [{"reason": "hitno je"}, {"reason": ""}, {"reason_code": ""}])
def test_without_a_reason_nothing_opens_and_nothing_typed_is_lost(
    town: Town, case: Case, said: dict[str, str]
) -> None:
    answer = opens(browser(town.stranger), asked(town, case.code, **said))
    assert answer.status_code == 422
    assert case.code in answer.content.decode()


@pytest.mark.parametrize(
    "who", ["policeman", "nurse", "worker", "guardian", "coordinator", "director"]
)
def test_who_takes_no_children_over_has_no_such_door(town: Town, case: Case, who: str) -> None:
    client = browser(getattr(town, who))
    assert client.get(reverse("coordination:emergency")).status_code == 404
    assert opens(client, asked(town, case.code)).status_code == 404


def test_whoever_sees_the_case_anyway_goes_to_it_and_nobody_is_alarmed(
    town: Town, case: Case
) -> None:
    assert opens(browser(town.second_officer), asked(town, case.code)).status_code == 302
    with rls.engine_room():
        assert not Notice.objects.filter(kind="emergency").exists()
        assert not CaseAccess.objects.filter(basis="emergency").exists()


def test_it_is_personal_and_is_given_back(town: Town, case: Case) -> None:
    stranger, colleague = browser(town.stranger), person("duty_officer", town.stranger.organisation)
    opens(stranger, asked(town, case.code))
    assert browser(colleague).get(page_of(case)).status_code == 404
    with rls.engine_room():
        row = CaseAccess.objects.get(basis="emergency")
    assert row.user_id == town.stranger.user_id
    end = reverse("coordination:emergency_end", args=[row.pk])
    assert browser(colleague).post(end).status_code == 404
    assert stranger.post(end).status_code == 302
    assert stranger.get(page_of(case)).status_code == 404
    assert WHY not in stranger.get(reverse("coordination:emergency")).content.decode()
    again = stranger.post(end, follow=True)
    assert "already ended" in again.content.decode()


def test_the_owner_ends_it(town: Town, case: Case) -> None:
    stranger = browser(town.stranger)
    opens(stranger, asked(town, case.code))
    with rls.engine_room():
        row = CaseAccess.objects.get(basis="emergency")
    end = reverse("coordination:access_end", args=[case.pk, row.pk])
    assert stranger.post(end).status_code == 404
    assert browser(town.head).post(end).status_code == 302
    assert stranger.get(page_of(case)).status_code == 404


def test_it_lets_nobody_decide_who_else_sees_the_child(town: Town, case: Case) -> None:
    """Neither a stranger nor a colleague of the owner turns four hours into a door for others."""
    colleague = person("case_manager", town.centre)
    opens(browser(colleague), asked(town, case.code))
    with rls.acting(colleague.actor(), NOW):
        assert Case.objects.get() == case
        with pytest.raises(Refused, match=r"(?i)vanredn|emergency"):
            cases.access_grant(
                case=case,
                organisation=colleague.organisation,
                user=colleague.user,
                basis="grant",
                by=colleague.actor(),
                at=NOW,
                until=NOW + timedelta(days=30),
                reason="da mi ostane",
            )
    ledger = reverse("cases:basis_add", args=[case.pk])
    typed = {
        "note": "dete je ugroženo",
        "purpose": "service",
        "categories": ["needs"],
        "lasts": "30",
        "child_view": "agrees",
    }
    answer = browser(colleague).post(f"{ledger}?what=vital_interest", typed)
    assert answer.status_code == 422
    assert "emergency access" in answer.content.decode()


def test_it_lasts_four_hours(town: Town, case: Case) -> None:
    opens(browser(town.stranger), asked(town, case.code))
    with rls.engine_room():
        assert CaseAccess.objects.get(basis="emergency").until == NOW + 4 * HOUR
