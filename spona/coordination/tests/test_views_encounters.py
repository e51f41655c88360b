"""A child is met at a bus station: the pages from the pavement to the centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases.models import Case, Encounter
from spona.coordination.models import Call, Notification, RunEvent
from spona.coordination.tests.story import EVENING, HOUR, MINUTE, Town

pytestmark = pytest.mark.django_db
SOON = EVENING + 12 * MINUTE


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def soon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SOON, tick=False) as traveller:
        yield traveller


def local(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def light() -> dict[str, Any]:
    said = {"seen_where": "park", "occurred_at": local(SOON), "sex": "unknown"}
    return said | {"client_token": str(uuid4())}


def child(town: Town) -> dict[str, Any]:
    four = {"seen_where": "bus_station", "age_said": "15", "language": "prs", "danger_now": "no"}
    return light() | four | {"municipality": town.municipality.pk, "sex": "m"}


def post(who: Membership | Client, name: str, data: dict[str, Any], *args: Any) -> Any:
    browser = who if isinstance(who, Client) else signed_in(who)
    return browser.post(reverse(f"coordination:{name}", args=args), data)


def page(who: Membership, name: str, *args: Any, **headers: str) -> Any:
    return signed_in(who).get(reverse(f"coordination:{name}", args=args), headers=headers)


def say(response: Any) -> str:
    text: str = response.content.decode()
    return text


# --- recording


def test_a_light_contact_needs_a_place_and_tells_nobody(town: Town) -> None:
    response = post(town.worker, "encounter_light", light())
    assert response.status_code == 302
    with rls.engine_room():
        assert Encounter.objects.get().kind == "light"
        assert not Notification.objects.exists()


def test_a_light_contact_without_a_place_is_asked_again(town: Town) -> None:
    response = post(town.worker, "encounter_light", light() | {"seen_where": "", "age_said": "17"})
    assert response.status_code == 422
    assert 'value="17"' in say(response)


def test_of_a_child_four_facts_and_the_place_are_enough(town: Town) -> None:
    response = post(town.worker, "encounter_child", child(town))
    with rls.engine_room():
        met = Notification.objects.get()
    assert response.headers["Location"] == f"/encounters/{met.encounter_id}/"
    assert met.recipient == town.centre


@pytest.mark.parametrize(
    "missing", ["seen_where", "age_said", "language", "danger_now", "municipality"]
)
def test_what_is_missing_is_asked_and_nothing_is_lost(town: Town, missing: str) -> None:
    said = child(town) | {"name_said": "Uzorak Sintetički", missing: ""}
    response = post(town.worker, "encounter_child", said)
    assert response.status_code == 422
    assert "Uzorak Sintetički" in say(response)
    assert f"#id_{missing}" in say(response)


def test_a_mistake_in_what_is_folded_away_opens_it(town: Town) -> None:
    said = child(town) | {"occurred_at": local(SOON + HOUR)}
    response = post(town.worker, "encounter_child", said)
    assert response.status_code == 422
    assert '<details class="more" open' in say(response)


def test_only_places_with_a_centre_can_be_chosen(town: Town) -> None:
    said = child(town) | {"municipality": town.worker.organisation.municipality_id}
    assert post(town.worker, "encounter_child", said).status_code == 422


def test_a_retry_makes_no_double(town: Town) -> None:
    said, browser = child(town), signed_in(town.worker)
    first, again = (post(browser, "encounter_child", said) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    with rls.engine_room():
        assert Encounter.objects.count() == Notification.objects.count() == 1


def test_the_municipality_of_the_last_encounter_is_proposed(town: Town) -> None:
    post(town.worker, "encounter_child", child(town))
    assert f'value="{town.municipality.pk}" selected' in say(page(town.worker, "encounter_child"))


def test_a_guardian_records_no_encounter(town: Town) -> None:
    for name in ("encounter_new", "encounter_light", "encounter_child", "encounter_list"):
        assert page(town.guardian, name).status_code == 404
    assert post(town.guardian, "encounter_light", light()).status_code == 404


def test_nobody_is_sent_to_sign_in(town: Town) -> None:
    response = Client().get(reverse("coordination:encounter_new"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_a_light_contact_becomes_a_child_by_decision_and_only_once(town: Town) -> None:
    post(town.worker, "encounter_light", light() | {"age_said": "16"})
    with rls.engine_room():
        met = Encounter.objects.get()
    asked = page(town.worker, "encounter_to_child", met.pk)
    assert 'value="16"' in say(asked)
    token = asked.context["form"].initial["client_token"]
    said = child(town) | {"client_token": str(token)}
    for _ in range(2):
        assert post(town.worker, "encounter_to_child", said, met.pk).status_code == 302
    with rls.engine_room():
        assert Notification.objects.count() == 1
    assert f"/encounters/{met.pk}/child/" not in say(page(town.worker, "encounter_detail", met.pk))


# --- the page that says what follows


def test_until_somebody_confirms_the_page_says_that_nobody_has_and_whom_to_call(
    town: Town,
) -> None:
    met = town.boy_met()
    response = page(town.worker, "encounter_detail", met.encounter_id)
    assert response.context["standing"].step == "call"
    assert 'href="tel:000000101"' in say(response)
    assert 'hx-trigger="every 30s"' in say(response)


def test_after_an_hour_without_an_answer_it_says_192(
    town: Town, soon: time_machine.Traveller
) -> None:
    met = town.boy_met()
    soon.move_to(EVENING + 2 * HOUR, tick=False)
    response = page(town.worker, "encounter_detail", met.encounter_id)
    assert response.context["standing"].step == "police"
    assert 'href="tel:192"' in say(response)


def test_an_answered_call_is_not_yet_a_taking_over(town: Town) -> None:
    met = town.boy_met()
    said = {"called_at": local(SOON), "answered": "yes", "spoke_with": "Sintetička Dežurna"}
    assert post(town.worker, "call_add", said, met.encounter_id).status_code == 302
    response = page(town.worker, "encounter_detail", met.encounter_id)
    assert response.context["standing"].step == "wait"
    assert "Sintetička Dežurna" in say(response)


def test_when_a_named_person_has_taken_over_the_page_says_who_and_stops_asking(town: Town) -> None:
    met = town.boy_met()
    town.called(met)
    town.claimed(met, after=11 * MINUTE)
    response = page(town.worker, "encounter_state", met.encounter_id)
    assert town.officer.user.name in say(response)
    assert "hx-trigger" not in say(response)


def test_a_call_that_nobody_answered_is_kept_and_the_page_still_says_call(town: Town) -> None:
    met = town.boy_met()
    said = {"called_at": local(SOON), "answered": "no"}
    post(town.worker, "call_add", said, met.encounter_id)
    response = page(town.worker, "encounter_detail", met.encounter_id)
    assert response.context["standing"].step == "call"
    with rls.engine_room():
        assert not Call.objects.get().answered


@pytest.mark.parametrize(
    "wrong",
    [
        {"answered": "yes", "spoke_with": ""},
        {"answered": ""},
        {"called_at": local(SOON + HOUR)},
    ],
)
def test_a_call_that_cannot_be_is_asked_again(town: Town, wrong: dict[str, str]) -> None:
    met = town.boy_met()
    said = {"called_at": local(SOON), "answered": "yes", "spoke_with": "Sintetička Dežurna"}
    response = post(town.worker, "call_add", said | wrong, met.encounter_id)
    assert response.status_code == 422
    with rls.engine_room():
        assert not Call.objects.exists()


def test_the_words_of_the_child_are_written_down_once(town: Town) -> None:
    met = town.boy_met()
    browser = signed_in(town.worker)
    for _ in range(2):
        response = post(browser, "intention_add", {"seen": "1"}, met.encounter_id)
        assert response.status_code == 302
    with rls.engine_room():
        assert RunEvent.objects.filter(act="intention_voiced").count() == 1


def test_the_finders_page_works_after_the_case_was_opened(town: Town) -> None:
    met = town.boy_met()
    town.called(met)
    town.claimed(met, after=11 * MINUTE)
    assert page(town.worker, "encounter_detail", met.encounter_id).status_code == 200
    assert page(town.worker, "encounter_list").status_code == 200


def test_another_organisation_sees_no_encounter(town: Town) -> None:
    met = town.boy_met()
    for who in (town.officer, town.stranger, town.policeman):
        for name in ("encounter_detail", "encounter_state", "encounter_to_child"):
            assert page(who, name, met.encounter_id).status_code == 404
        assert post(who, "call_add", {}, met.encounter_id).status_code == 404
        assert post(who, "intention_add", {}, met.encounter_id).status_code == 404


def test_a_light_contact_has_no_call_and_no_words(town: Town) -> None:
    post(town.worker, "encounter_light", light())
    with rls.engine_room():
        met = Encounter.objects.get()
    assert post(town.worker, "call_add", {}, met.pk).status_code == 404
    assert post(town.worker, "intention_add", {}, met.pk).status_code == 404
    assert page(town.worker, "encounter_state", met.pk).status_code == 404
    assert page(town.worker, "encounter_detail", met.pk).status_code == 200


def test_the_list_goes_on_by_key(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.coordination.views.encounters.PAGE", 2)
    for minute in range(3):
        said = light() | {"occurred_at": local(SOON - timedelta(minutes=minute))}
        post(town.worker, "encounter_light", said)
    browser = signed_in(town.worker)
    first = browser.get("/encounters/")
    assert len(first.context["lines"]) == 2
    second = browser.get(f"/encounters/?after={first.context['more']}")
    assert len(second.context["lines"]) == 1
    assert second.context["more"] is None
    assert len(browser.get("/encounters/?after=nonsense").context["lines"]) == 2


def test_reading_an_encounter_is_written_down(town: Town) -> None:
    met = town.boy_met()
    page(town.worker, "encounter_detail", met.encounter_id)
    with rls.engine_room():
        read = Event.objects.filter(kind="read", verb="encounter_read").get()
    assert read.subject_ids == [met.encounter_id]


# --- taking over


def claim() -> dict[str, str]:
    return {"occurred_at": local(SOON), "intake_number": "77-1/2026"}


def test_the_centre_reads_the_package_in_words_and_takes_over(town: Town) -> None:
    met = town.boy_met()
    town.called(met)
    response = page(town.officer, "notification_detail", met.pk)
    for words in ("dari", "autobuska stanica", "Uzorak Sintetički"):
        assert words in say(response)
    assert "bus_station" not in say(response)
    taken = post(town.officer, "notification_claim", claim(), met.pk)
    with rls.engine_room():
        case = Case.objects.get()
    assert taken.headers["Location"] == reverse("coordination:case_detail", args=[case.pk])


def test_it_can_be_taken_over_before_any_call_is_recorded(town: Town) -> None:
    met = town.boy_met()
    assert post(town.officer, "notification_claim", claim(), met.pk).status_code == 302


def test_whoever_comes_second_is_told_who_has_it_and_keeps_what_was_typed(town: Town) -> None:
    met = town.boy_met()
    town.called(met)
    town.claimed(met, after=11 * MINUTE)
    response = post(town.second_officer, "notification_claim", claim(), met.pk)
    assert response.status_code == 409
    assert town.officer.user.name in say(response)
    assert "77-1/2026" in say(response)


@pytest.mark.parametrize("when", [SOON + HOUR, EVENING - HOUR])
def test_nobody_takes_over_tomorrow_or_before_the_child_was_met(town: Town, when: datetime) -> None:
    met = town.boy_met()
    said = claim() | {"occurred_at": local(when)}
    response = post(town.officer, "notification_claim", said, met.pk)
    assert response.status_code == 422
    assert "77-1/2026" in say(response)


def test_the_sender_sees_how_it_stands_and_no_package(town: Town) -> None:
    met = town.boy_met()
    response = page(town.worker, "notification_detail", met.pk)
    assert response.status_code == 200
    assert "package" not in response.context
    assert post(town.worker, "notification_claim", claim(), met.pk).status_code == 404


def test_strangers_and_those_who_take_nothing_over_see_no_notification(town: Town) -> None:
    met = town.boy_met()
    for who in (town.stranger, town.policeman, town.guardian):
        assert page(who, "notification_detail", met.pk).status_code == 404
        assert post(who, "notification_claim", claim(), met.pk).status_code == 404


def test_the_director_reads_and_does_not_take_over(town: Town) -> None:
    met = town.boy_met()
    response = page(town.director, "notification_detail", met.pk)
    assert response.status_code == 200
    assert "form" not in response.context
    assert post(town.director, "notification_claim", claim(), met.pk).status_code == 404


def test_the_pages_speak_cyrillic(town: Town) -> None:
    met = town.boy_met()
    browser = signed_in(town.officer)
    browser.cookies["language"] = "sr"
    response = browser.get(reverse("coordination:notification_detail", args=[met.pk]))
    assert "аутобуска станица" in say(response)
