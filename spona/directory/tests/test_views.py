"""Pages of services: who fits and why, one tap for how full one is, nothing for strangers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from spona.accounts.models import Membership
from spona.accounts.tests.factories import MunicipalityFactory, person, signed_in
from spona.base.actor import CLOCK
from spona.directory import actions
from spona.directory.actions import Period
from spona.directory.models import Service
from spona.directory.tests.factories import NOW, service

pytestmark = pytest.mark.django_db
LIST = "/services/"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> Any:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head() -> Membership:
    return person("head_of_service")


@pytest.fixture
def desk(head: Membership) -> Client:
    return signed_in(head)


def page(client: Client, path: str, data: dict[str, Any] | None = None) -> str:
    response = client.post(path, data) if data is not None else client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode())


def typed(**other: Any) -> dict[str, Any]:
    return {
        "name_sr": "Sintetičko svratište",
        "kind": "drop_in",
        "nationwide": "on",
        "sex": "any",
        "layer": "general",
        "accepts_referrals": "on",
        "row_version": "1",
    } | other


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    for path in (LIST, f"{LIST}{service().pk}/"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_an_empty_directory_says_who_fills_it(desk: Client) -> None:
    assert "The head of each institution adds what it offers." in page(desk, LIST)


def test_services_stand_under_their_families(desk: Client) -> None:
    service(name_en="Synthetic talk")
    service(kind="legal_aid", name_en="Synthetic lawyers")
    text = page(desk, LIST)
    assert text.index("support") < text.index("Synthetic talk")
    assert text.index("Synthetic lawyers") > text.index("legal aid")
    assert "Something stands in the way" not in text


def test_a_search_shows_who_fits_and_why_the_others_do_not(desk: Client) -> None:
    town = MunicipalityFactory.create(name_en="Synthetic town")
    service(name_en="Near talk", covers=[town], languages=["prs"])
    service(name_en="Far talk", languages=["prs"])
    service(name_en="Other help", kind="legal_aid", nationwide=True)
    asked = {"need": "own:psychosocial", "town": town.key, "language": "prs", "age": "15"}
    text = page(desk, LIST, asked)
    assert text.index("They fit") < text.index("Near talk")
    assert text.index("Something stands in the way") < text.index("Far talk")
    assert "Does not work in that town." in text
    assert text.index("Not for this need") < text.index("Other help")
    assert "Whether there is room is unknown: call." in text


def test_what_was_asked_stands_in_no_address(desk: Client) -> None:
    service()
    text = page(desk, f"{LIST}?need=own:food&age=15")
    assert "They fit" not in text


def test_an_impossible_age_is_said_and_everything_is_shown(desk: Client) -> None:
    service(name_en="Synthetic talk")
    response = desk.post(LIST, {"age": "-1"})
    assert response.status_code == 422
    assert "Synthetic talk" in response.content.decode()


def test_a_service_says_what_is_known_of_it_and_from_where(desk: Client) -> None:
    made = service(
        languages=["prs"], minimum_age=12, maximum_age=17, phone="000-000-901", hours="by day"
    )
    text = page(desk, f"{LIST}{made.pk}/")
    for words in ("12–17", "Dari", "000-000-901", "by day", "sintetički izvor", "not checked"):
        assert words in text
    assert "Change" not in text
    assert "Say how full you are" not in text


def test_a_service_of_the_whole_country_that_takes_no_referrals_says_so(desk: Client) -> None:
    made = service(kind="missing_children", nationwide=True, accepts_referrals=False)
    text = page(desk, f"{LIST}{made.pk}/")
    assert "the whole country" in text
    assert "one comes or calls directly" in text


@pytest.mark.parametrize(
    ("ages", "words"),
    [({}, "every age"), ({"minimum_age": 18}, "18+"), ({"maximum_age": 17}, "0–17")],
)
def test_ages_are_said_in_short(desk: Client, ages: dict[str, Any], words: str) -> None:
    assert words in page(desk, f"{LIST}{service(**ages).pk}/")


def test_a_head_adds_a_service_of_the_own_institution(head: Membership, desk: Client) -> None:
    assert "Save" in page(desk, f"{LIST}new/")
    town = MunicipalityFactory.create()
    answer = desk.post(f"{LIST}new/", typed(nationwide="", covers=[town.key], languages=["prs"]))
    made = Service.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    assert made.organisation == head.organisation
    assert made.covers.get() == town
    assert made.needs == list(made.kind_words.needs)
    assert "said by the institution" in page(desk, f"{LIST}{made.pk}/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name_sr": ""}, "Write what the service is called."),
        ({"nationwide": ""}, "Say in which towns the service works"),
        ({"kind": "safe_house", "public": "on"}, "never public"),
        ({"minimum_age": "18", "maximum_age": "12"}, "cannot be below"),
    ],
)
def test_a_refused_service_says_why_and_loses_nothing(
    desk: Client, wrong: dict[str, str], sentence: str
) -> None:
    response = desk.post(f"{LIST}new/", typed(hours="od devet do pet") | wrong)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert "od devet do pet" in text
    assert not Service.objects.exists()


def test_a_head_changes_the_own_service_and_keeps_needs_that_the_list_lacks(
    head: Membership, desk: Client
) -> None:
    made = service(head.organisation, kind="health_care", needs=["unhcr:DS-BD", "own:medical"])
    path = f"{LIST}{made.pk}/change/"
    assert "visual impairment" in page(desk, path)
    kept = typed(kind="health_care", needs=["unhcr:DS-BD"], hours="by day")
    assert desk.post(path, kept).status_code == 302
    made.refresh_from_db()
    assert (made.hours, made.needs, made.row_version) == ("by day", ["unhcr:DS-BD"], 2)


def test_the_second_of_two_who_change_at_once_is_told(head: Membership, desk: Client) -> None:
    made = service(head.organisation)
    path = f"{LIST}{made.pk}/change/"
    desk.post(path, typed(hours="one"))
    response = desk.post(path, typed(hours="two"))
    assert response.status_code == 422
    assert "Somebody has changed this" in response.content.decode()
    assert "two" in response.content.decode()


def test_one_tap_says_how_full_one_is(head: Membership) -> None:
    made = service(head.organisation)
    worker = signed_in(person("facility_worker", head.organisation))
    assert "Waiting list" in page(worker, LIST)
    answer = worker.post(f"{LIST}{made.pk}/capacity/", {"capacity": "waiting_list"})
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    assert "waiting list" in page(worker, f"{LIST}{made.pk}/")
    worker.post(f"{LIST}{made.pk}/capacity/", {"capacity": "unknown"})
    made.refresh_from_db()
    assert made.capacity == "waiting_list"


def test_a_service_that_is_no_longer_offered_leaves_the_list(
    head: Membership, desk: Client
) -> None:
    made = service(head.organisation, name_en="Synthetic talk")
    assert "End this service?" in page(desk, f"{LIST}{made.pk}/")
    assert desk.post(f"{LIST}{made.pk}/end/").headers["Location"] == LIST
    assert "Synthetic talk" not in page(desk, LIST)
    assert "no longer offered" in page(desk, f"{LIST}{made.pk}/")


def test_what_is_not_mine_to_change_is_not_there(head: Membership, desk: Client) -> None:
    theirs = service()
    worker = signed_in(person("case_manager", head.organisation))
    mine = service(head.organisation)
    for browser, one in ((desk, theirs), (worker, mine)):
        for path in ("change/", "end/"):
            assert browser.post(f"{LIST}{one.pk}/{path}").status_code == 404
    assert desk.post(f"{LIST}{theirs.pk}/capacity/", {"capacity": "full"}).status_code == 404
    assert worker.get(f"{LIST}new/").status_code == 404
    assert "Add a service" not in page(worker, LIST)


def test_a_safe_house_is_not_there_for_who_does_not_work_on_cases() -> None:
    house = service(kind="safe_house", name_en="Synthetic house")
    police, centre = (signed_in(person(who)) for who in ("police_officer", "case_manager"))
    assert police.get(f"{LIST}{house.pk}/").status_code == 404
    assert "Synthetic house" not in page(police, LIST)
    assert "Synthetic house" not in page(police, LIST, {"need": "own:sleep"})
    assert "only the neutral word" in page(centre, f"{LIST}{house.pk}/")


def test_figures_are_for_the_own_institution_and_only_once_they_say_something(
    head: Membership, desk: Client
) -> None:
    made = service(head.organisation)

    def seen(asked: int) -> None:
        actions.observe(
            service=made,
            period=Period(date(2026, 1, 1), date(2026, 10, 31)),
            asked=asked,
            answered_in_time=asked,
            accepted=asked,
            median_hours=20 if asked < 6 else None,
            by=CLOCK,
            at=NOW,
        )

    seen(4)
    assert "What was observed" not in page(desk, f"{LIST}{made.pk}/")
    seen(5)
    text = page(desk, f"{LIST}{made.pk}/")
    assert "What was observed" in text
    assert "median" in text
    seen(6)
    assert "median" not in page(desk, f"{LIST}{made.pk}/")
    stranger = signed_in(person("director"))
    assert "What was observed" not in page(stranger, f"{LIST}{made.pk}/")


def test_the_menu_leads_to_the_services(desk: Client) -> None:
    assert 'href="/services/"' in page(desk, LIST)
