"""The pages of blind matching: what the asker reads, and what the owner does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.coordination.models import BlindMatch
from spona.coordination.rules import matching as rules
from spona.coordination.tests.blind import THEN, Blind, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def blind() -> Blind:
    return Blind()


def browser(who: Membership) -> Client:
    client = signed_in(who)
    client.cookies["language"] = "en"
    return client


def matched(blind: Blind) -> tuple[BlindMatch, str]:
    blind.asked()
    match = blind.searched()
    assert match is not None
    return match, reverse("coordination:match_detail", args=[match.number])


def test_a_query_is_sent_from_an_encounter_and_answered_by_its_owner(blind: Blind) -> None:
    asker, owner = browser(blind.asker), browser(blind.town.officer)
    place = reverse("coordination:query_encounter", args=[blind.met.pk])
    assert place in asker.get(f"/encounters/{blind.met.pk}/").content.decode()
    sent = asker.post(place, {"purpose": "protection"})
    assert "Query is sent" in asker.get(sent["Location"]).content.decode()
    match = blind.searched()
    assert match is not None
    address = reverse("coordination:match_detail", args=[match.number])
    assert address in owner.get("/").content.decode()
    assert address in owner.get(reverse("coordination:match_list")).content.decode()
    page = owner.get(address).content.decode()
    assert "Узорак Синтетички" in page
    assert "Write down a legal basis" in page
    decide = reverse("coordination:match_decide", args=[match.number])
    assert owner.post(decide, {"decision": "answer"}).status_code == 422
    blind.basis()
    assert owner.post(decide, {"decision": "answer"}).status_code == 302
    assert "000-000-101" in asker.get(sent["Location"]).content.decode()
    assert owner.post(decide, {"decision": "decline"}).status_code == 409


def test_a_no_is_recorded_and_told_to_nobody(blind: Blind) -> None:
    match, address = matched(blind)
    owner = browser(blind.town.officer)
    assert owner.post(f"{address}decide/", {}).status_code == 422
    assert owner.post(f"{address}decide/", {"decision": "decline"}).status_code == 302
    assert fresh(match).state == BlindMatch.State.DECLINED
    assert address not in owner.get("/").content.decode()


def test_strangers_and_whoever_asks_find_no_page_of_the_owner(blind: Blind) -> None:
    _match, address = matched(blind)
    for who in (blind.asker, blind.asker_head, blind.town.stranger, blind.town.director):
        assert browser(who).get(address).status_code == 404
    assert browser(blind.asker).get(reverse("coordination:match_list")).status_code == 404


def test_a_query_of_another_institution_is_a_page_that_does_not_exist(blind: Blind) -> None:
    query = blind.asked()
    address = reverse("coordination:query_detail", args=[query.number])
    assert browser(blind.colleague).get(address).status_code == 200
    assert browser(blind.town.officer).get(address).status_code == 404
    assert browser(blind.town.coordinator).get(address).status_code == 404


def test_from_the_page_of_a_case_its_owner_asks(blind: Blind) -> None:
    owner = browser(blind.town.officer)
    place = reverse("coordination:query_case", args=[blind.case.pk])
    person = reverse("coordination:case_person", args=[blind.case.pk])
    assert place in owner.get(person).content.decode()
    assert owner.get(place).status_code == 200
    assert owner.post(place, {"purpose": "handover"}).status_code == 422
    assert owner.post(place, {"purpose": "protection"}).status_code == 302
    assert owner.post(place, {"purpose": "protection"}).status_code == 422
    assert blind.case.code in owner.get(reverse("coordination:query_list")).content.decode()


def test_past_the_limit_the_page_says_what_to_do(
    blind: Blind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "A_DAY_OF_ONE", 0)
    place = reverse("coordination:query_encounter", args=[blind.met.pk])
    refused = browser(blind.asker).post(place, {"purpose": "protection"})
    assert refused.status_code == 422
    assert "192" in refused.content.decode()


def test_whoever_was_let_in_reads_a_log_without_the_questions_of_others(blind: Blind) -> None:
    matched(blind)
    log = reverse("coordination:case_log", args=[blind.case.pk])
    assert "A query fits" in browser(blind.town.officer).get(log).content.decode()
    blind.lets_in(blind.asker_head)
    page = browser(blind.asker_head).get(log)
    assert page.status_code == 200
    assert "A query fits" not in page.content.decode()
