"""The page of one duty: why, by when, what one may know of the child, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed
from spona.cases.models import Case
from spona.coordination.actions.cards import Card, card_of
from spona.coordination.models import Duty, Obstacle
from spona.coordination.tests.story import DAY, EVENING, HOUR, MINUTE, Town, owed

pytestmark = pytest.mark.django_db
NOW = EVENING + 3 * HOUR


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(who: Membership, duty: Duty) -> Any:
    return signed_in(who).get(reverse("coordination:duty_detail", args=[duty.number]))


def post(who: Membership, name: str, duty: Duty, **said: str) -> Any:
    return signed_in(who).post(reverse(f"coordination:{name}", args=[duty.number]), said)


def say(response: Any) -> str:
    text: str = response.content.decode()
    return text


def for_the_police(town: Town) -> tuple[Case, Duty]:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    town.appoint(case)
    return case, owed(case)["intention_registered"]


def card(duty: Duty, who: Membership) -> Card:
    with rls.acting(who.actor(), NOW):
        return card_of(duty=duty, by=who.actor(), at=NOW)


# --- what a duty says


def test_a_duty_says_why_until_when_and_what_if_not(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["accommodation_conclusion"]
    response = page(town.officer, duty)
    assert response.status_code == 200
    for words in ("Zašto:", "Ako se ne uradi", "UASC-07", case.code):
        assert words in say(response)
    onward = reverse("coordination:act_new", args=[duty.run_id, "accommodation_conclusion"])
    assert f'href="{onward}"' in say(response)


def test_a_duty_that_is_done_offers_nothing_more(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["bed_tonight"]
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    response = page(town.officer, duty)
    assert response.context["acts"] == []
    assert "obstacle/" not in say(response)


def test_the_call_that_the_finder_owes_is_made_where_the_encounter_stands(town: Town) -> None:
    met = town.boy_met()
    with rls.engine_room():
        duty = Duty.objects.get()
    response = page(town.worker, duty)
    assert reverse("coordination:encounter_detail", args=[met.encounter_id]) in say(response)
    assert town.centre.on_call_phone in say(response)


def test_taking_over_is_owed_on_the_page_of_the_notification(town: Town) -> None:
    met = town.boy_met()
    town.called(met)
    with rls.engine_room():
        duty = Duty.objects.get(acts=["csr_confirmed"])
    response = page(town.officer, duty)
    assert reverse("coordination:notification_detail", args=[met.pk]) in say(response)


# --- who sees it


def test_strangers_see_no_duty_and_an_absent_one_looks_the_same(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["bed_tonight"]
    for who in (town.stranger, town.worker, town.policeman, town.coordinator):
        hidden = page(who, duty)
        absent = signed_in(who).get("/duties/22222222/")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
        assert post(who, "obstacle_add", duty, code="no_bed").status_code == 404
        assert post(who, "obstacle_overcome", duty).status_code == 404


def test_a_duty_of_one_person_is_not_shown_to_a_colleague(town: Town) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    duty = owed(case)["first_interview"]
    assert duty.user == town.guardian.user
    colleague = person("guardian", town.guardian.organisation)
    assert page(colleague, duty).status_code == 404
    assert page(town.guardian, duty).status_code == 200


# --- the card


def test_the_police_see_age_guardian_and_contact_and_nothing_else(town: Town) -> None:
    _case, duty = for_the_police(town)
    seen = card(duty, town.policeman)
    assert seen.fields == ("age", "guardian", "contact")
    assert seen.guardian is not None
    assert seen.guardian.name == town.guardian.user.name
    assert (seen.first_name, seen.names, seen.sex, seen.languages) == ("", (), "", ())


def test_no_byte_of_the_police_page_names_the_child(town: Town) -> None:
    case, duty = for_the_police(town)
    shown = say(page(town.policeman, duty))
    for canary in ("Uzorak", "Sintetički", case.code, "dari", "autobuska"):
        assert canary not in shown
    assert town.centre.on_call_phone in shown


def test_without_a_guardian_the_card_says_so(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    response = page(town.policeman, owed(case)["intention_registered"])
    assert any(fact.value.startswith("Staratelj još") or "guardian" in fact.value
               for fact in response.context["facts"])  # fmt: skip


def test_of_a_missing_child_the_police_see_names_sex_and_when_it_was_last_seen(
    town: Town,
) -> None:
    case = town.boy_in_care()
    town.act(case, "absence_noticed", form={"last_seen": "2026-11-22T20:30"}, after=2 * HOUR)
    town.act(case, "missing_reported", after=2 * HOUR)
    duty = owed(case)["search_started"]
    assert duty.organisation == town.station
    seen = card(duty, town.policeman)
    assert seen.names == ("Uzorak Sintetički",)
    assert seen.sex == "m"
    assert "22. 11. 2026. u 20.30" in say(page(town.policeman, duty))


def test_reading_a_card_is_written_down_with_the_case(town: Town) -> None:
    case, duty = for_the_police(town)
    page(town.policeman, duty)
    with rls.engine_room():
        read = Event.objects.get(verb="card_read")
    assert (read.subject_ids, read.case_ids) == ([duty.pk], [case.pk])


def test_nobody_reads_the_card_of_another_institutions_duty(town: Town) -> None:
    _case, duty = for_the_police(town)
    with pytest.raises(NotAllowed):
        card(duty, town.nurse)


# --- obstacles


def test_an_obstacle_is_recorded_shown_and_overcome(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["guardian_appointed"]
    assert post(town.officer, "obstacle_add", duty, code="no_guardian_free").status_code == 302
    shown = say(page(town.officer, duty))
    assert "nema slobodnog staratelja" in shown
    assert post(town.officer, "obstacle_overcome", duty).status_code == 302
    assert "nema slobodnog staratelja." not in say(page(town.officer, duty))


@pytest.mark.parametrize("said", [{}, {"code": "no_such_thing"}, {"code": "other", "note": " "}])
def test_an_obstacle_is_named(town: Town, said: dict[str, str]) -> None:
    case = town.boy_in_care()
    response = post(town.officer, "obstacle_add", owed(case)["bed_tonight"], **said)
    assert response.status_code == 422
    with rls.engine_room():
        assert not Obstacle.objects.exists()


def test_who_may_not_say_that_it_cannot_be_done_is_not_asked_why(town: Town) -> None:
    duty = owed(town.boy_in_care())["bed_tonight"]
    for said in ({}, {"code": "no_bed"}):
        assert post(town.director, "obstacle_add", duty, **said).status_code == 404


def test_an_obstacle_of_a_duty_done_meanwhile_is_refused_with_a_sentence(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["bed_tonight"]
    town.act(case, "bed_tonight", form={"place": "Demo kuća"}, after=30 * MINUTE)
    response = post(town.officer, "obstacle_add", duty, code="no_bed")
    assert response.status_code == 409
    assert response.context["refusal"]
    assert post(town.officer, "obstacle_overcome", duty).status_code == 409


def test_an_obstacle_is_not_lateness(town: Town, now: time_machine.Traveller) -> None:
    case = town.boy_in_care()
    duty = owed(case)["guardian_appointed"]
    post(town.officer, "obstacle_add", duty, code="no_guardian_free")
    now.move_to(EVENING + 5 * DAY, tick=False)
    assert page(town.officer, duty).context["state"] == "obstacle"


def test_who_says_that_a_duty_of_the_police_cannot_be_done(town: Town) -> None:
    _case, duty = for_the_police(town)
    assert post(town.policeman, "obstacle_add", duty, code="no_interpreter").status_code == 302
    assert post(town.officer, "obstacle_overcome", duty).status_code == 302
