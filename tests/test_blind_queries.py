"""P20: what the asker gets depends on what the asker did and on what owners disclosed, and on
nothing else: byte by byte, question by question to the database, whether or not the child is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases.models import Encounter
from spona.coordination.models import BlindMatch, BlindQuery
from spona.coordination.rules import matching as rules
from spona.coordination.tests.blind import Blind
from spona.coordination.tests.story import MINUTE
from tests.world import FLEETING, UNLIKE

PAGES = ("coordination:query_list", "home:notice_list", "home:desk")
HIDDEN = ("search", "look", "decline", "remind")
UNKNOWN = "Непознато Дете"


class Page(NamedTuple):
    """One answer and how many questions the database was asked for it."""

    status: int
    body: str
    headers: dict[str, str]
    asked: int


@pytest.fixture(scope="module")
def blind(django_db_setup: None, django_db_blocker: Any) -> Iterator[Blind]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Blind()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def met(blind: Blind) -> dict[bool, Encounter]:
    """By whether the child is known elsewhere; nothing but the name differs."""
    found = {True: blind.met, False: blind.meets(name_said=UNKNOWN)}
    story(blind, found[True], ("search",))  # what is read once a process is read
    return found


def story(
    blind: Blind,
    met: Encounter,
    hidden: tuple[str, ...],
    *,
    answers: bool = False,
    ends: bool = False,
) -> list[Page]:
    """The asker asks and looks, while the rest happens elsewhere; then all of it is undone."""
    began = blind.at
    try:
        with transaction.atomic():
            pages = list(_story(blind, met, hidden, answers=answers, ends=ends))
            transaction.set_rollback(True)
    finally:
        blind.at = began
    return pages


def _story(
    blind: Blind,
    met: Encounter,
    hidden: tuple[str, ...],
    *,
    answers: bool,
    ends: bool,
) -> Iterator[Page]:
    place = reverse("coordination:query_encounter", args=[met.pk])
    yield _page(blind, blind.asker, place, met)
    yield _page(blind, blind.asker, place, met, {"purpose": "protection"})
    query = _last_query()
    yield from _looks(blind, query, met)
    for what in hidden:
        blind.later(MINUTE)
        _happens(what, blind)
        yield from _looks(blind, query, met)
    if answers and (match := _waiting(blind)):
        blind.basis()
        blind.answers(match)
        yield from _looks(blind, query, met)
    if ends:
        blind.later(rules.ANSWER_WITHIN)
        blind.searched()
        yield from _looks(blind, query, met)


def _happens(what: str, blind: Blind) -> None:
    if what == "remind":
        blind.later(rules.REMIND_AFTER)
    if what in ("search", "remind"):
        blind.searched()
        return
    match = _waiting(blind)
    if match is None:
        return
    if what == "decline":
        blind.declines(match)
    else:
        with time_machine.travel(blind.at, tick=False):
            owner = signed_in(blind.town.officer)
            page = owner.get(reverse("coordination:match_detail", args=[match.number]))
            assert page.status_code == 200


def _waiting(blind: Blind) -> BlindMatch | None:
    with rls.engine_room():
        return BlindMatch.objects.waiting(blind.at).select_related("case").first()


def _last_query() -> BlindQuery:
    with rls.engine_room():
        return BlindQuery.objects.latest("pk")


def _looks(blind: Blind, query: BlindQuery, met: Encounter) -> Iterator[Page]:
    detail = reverse("coordination:query_detail", args=[query.number])
    own = reverse("coordination:encounter_detail", args=[met.pk])
    for who in (blind.asker, blind.asker_head):
        for address in (detail, own, *map(reverse, PAGES)):
            yield _page(blind, who, address, met, number=query.number)


def _page(
    blind: Blind,
    who: Membership,
    address: str,
    met: Encounter,
    data: dict[str, str] | None = None,
    number: str = "",
) -> Page:
    with time_machine.travel(blind.at, tick=False):
        browser = signed_in(who)
        connection.queries_log.clear()  # it keeps no more than 9000
        with CaptureQueriesContext(connection) as asked:
            response = browser.post(address, data) if data else browser.get(address)
    headers = {key: value for key, value in response.headers.items() if key not in UNLIKE}
    number = number or (_last_query().number if data else "")

    def same(text: str) -> str:
        text = FLEETING.sub("", text)
        text = text.replace(number, "NUMBER") if number else text
        text = text.replace(met.name_said, "NAME")
        return text.replace(f"/encounters/{met.pk}/", "/encounters/MET/")

    body = same(response.content.decode())
    told = {key: same(value) for key, value in headers.items()}
    return Page(response.status_code, body, told, len(asked))


def test_known_and_unknown_are_one_to_whoever_asks(
    blind: Blind, met: dict[bool, Encounter]
) -> None:
    hidden = ("search", "look", "remind")
    known = story(blind, met[True], hidden, ends=True)
    unknown = story(blind, met[False], hidden, ends=True)
    assert known == unknown
    assert [page.status for page in known if page.status != 200] == [302]


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(
    hidden=st.lists(st.sampled_from(HIDDEN), max_size=3).map(tuple),
    ends=st.booleans(),
)
def test_the_asker_sees_nothing_of_what_happens_elsewhere(
    blind: Blind,
    met: dict[bool, Encounter],
    hidden: tuple[str, ...],
    ends: bool,
) -> None:
    assert story(blind, met[True], hidden, ends=ends) == story(blind, met[False], hidden, ends=ends)


def test_only_a_disclosure_makes_a_difference(blind: Blind, met: dict[bool, Encounter]) -> None:
    silent = story(blind, met[True], ("search",))
    answered = story(blind, met[True], ("search",), answers=True)
    assert answered[: len(silent)] == silent
    assert any("000-000-101" in page.body for page in answered[len(silent) :])


def test_neither_locks_nor_the_log_show_a_match_to_the_asking_institution(blind: Blind) -> None:
    with transaction.atomic():
        blind.asked()
        match = blind.searched()
        assert match is not None
        for who in (blind.asker, blind.colleague, blind.asker_head):
            with rls.acting(who.actor(), blind.at):
                assert not BlindMatch.objects.exists()
                assert not Event.objects.filter(verb__startswith="match").exists()
        transaction.set_rollback(True)
