"""A child is found by the name somebody heard, in any script, and only by those who may."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from conftest import connected_as
from spona.accounts.tests.factories import person
from spona.base import rls
from spona.base.sealing import key_id_of
from spona.base.tests.test_sealing import ring
from spona.cases.models import Case
from spona.cases.tests.factories import CHILD, NOW, acting, case
from spona.people import actions
from spona.people.models import NameWord, SearchEntry
from spona.people.models.search import find

pytestmark = pytest.mark.django_db

DZAVAD = {"given": "Sintetički Muhamed Džavad", "family": "Huseini"}
ASKED = (
    "muh dzav",
    "محمد جو",
    "Мухамед Џ",
    "mohammad jawad hosseini",
    "Huseini M",
    "محمد جواد حسینی",
)


def opened(worker: Any, father: str = "", **name: str) -> Case:
    child = CHILD | {"names": [name or DZAVAD]}
    return case(worker, person=child | {"father": father} if father else child)


def found(worker: Any, text: str) -> list[int]:
    with acting(worker):
        return [one.person_id for one in find(text, typing=True)]


@pytest.mark.parametrize("text", ASKED)
def test_one_child_is_found_in_every_script(text: str) -> None:
    worker = person("duty_officer")
    child = opened(worker)
    opened(worker, given="Sintetička Zahra", family="Mahmudi")
    assert found(worker, text)[0] == child.person_id


def test_a_name_in_persian_is_found_in_serbian() -> None:
    worker = person("duty_officer")
    child = opened(worker, given="محمد جواد", family="حسینی", script="Arab")
    assert found(worker, "Muhamed Džavad Huseini") == [child.person_id]


def test_a_stranger_finds_nothing() -> None:
    opened(person("duty_officer"))
    for text in ASKED:
        assert found(person("duty_officer"), text) == []


def test_by_the_father_too_and_a_little_later() -> None:
    worker = person("duty_officer")
    son = opened(worker, father="Golam Reza", given="Sintetički Amir", family="Karimi")
    own = opened(worker, given="Sintetički Golam", family="Rezaji")
    assert found(worker, "golam reza")[0] in (son.person_id, own.person_id)
    assert set(found(worker, "golam")) == {son.person_id, own.person_id}
    assert found(worker, "golam")[0] == own.person_id


def test_what_the_function_lets_through_is_what_the_policy_does() -> None:
    mine, theirs = person("duty_officer"), person("duty_officer")
    opened(mine), opened(mine, given="Sintetički Muhamed", family="Jusufi"), opened(theirs)
    with rls.engine_room():
        words = list(NameWord.objects.values_list("id", flat=True))
    for worker in (mine, theirs, person("duty_officer")):
        with acting(worker):
            by_function = SearchEntry.objects.with_words(words, words, few=True)
            by_policy = SearchEntry.objects.with_words(words, words, few=False)
            assert sorted(by_function) == sorted(by_policy)


def test_everybody_is_found_in_the_engine_room_alone() -> None:
    child = opened(person("duty_officer"))
    with acting(person("duty_officer")):
        assert find("Muhamed Džavad Huseini", anywhere=True) == []
        with rls.engine_room():
            hits = find("Muhamed Džavad Huseini", anywhere=True)
        assert [one.person_id for one in hits] == [child.person_id]


def test_a_name_that_is_added_is_found_and_one_that_is_corrected_in_its_place() -> None:
    worker = person("duty_officer")
    child = opened(worker)
    with acting(worker):
        who: dict[str, Any] = {"person": child.person, "by": worker.actor(), "at": NOW}
        draft = actions.NameDraft(given="Sintetički Kasim", family="Nadžafi")
        actions.name_add(name=draft, **who)
        actions.document_number_add(kind="passport", number="А 12-345", **who)
    assert found(worker, "قاسم نجفی") == [child.person_id]
    with acting(worker):
        assert SearchEntry.objects.with_number("a12345") == [child.person_id]
        assert SearchEntry.objects.with_number("a12346") == []


@pytest.mark.django_db(transaction=True)
def test_keys_hold_no_name() -> None:
    opened(person("duty_officer"))
    with connected_as("spona_owner"), connection.cursor() as cursor:
        for table in ("people_nameword", "people_searchentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            rows = " ".join(row for (row,) in cursor.fetchall()).lower()
            assert rows
            assert "huseini" not in rows
            assert b"huseini".hex() not in rows


@pytest.mark.django_db(transaction=True)
def test_search_keys_are_changed_while_people_search() -> None:
    worker = person("duty_officer")
    with override_settings(IDENTITY_KEYS=ring(1)):
        child = opened(worker)
    with override_settings(IDENTITY_KEYS=ring(2, 1)):
        assert found(worker, "محمد جواد حسینی") == [child.person_id]
        out = StringIO()
        with connected_as("spona_owner"):
            call_command("identity", "rekey", batch=2, stdout=out)
            call_command("identity", "reseal", stdout=out)
            assert {key_id_of(bytes(w)) for w in _sealed_words()} == {2}
        assert "words: 2 made anew" in out.getvalue()
        assert "people: 1 made anew, 0 left" in out.getvalue()
        assert "Huseini" not in out.getvalue()
    with override_settings(IDENTITY_KEYS=ring(2)):
        assert found(worker, "محمد جواد حسینی") == [child.person_id]


def test_a_word_that_nobody_has_is_forgotten() -> None:
    worker = person("duty_officer")
    child = opened(worker)
    with rls.engine_room():
        actions.words_count()
        assert set(NameWord.objects.values_list("people", flat=True)) == {1}
        SearchEntry.objects.filter(person=child.person).update(words=[], name_of=[])
        actions.words_count()
        assert not NameWord.objects.exists()


def _sealed_words() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM people_nameword")
        return [word for (word,) in cursor.fetchall()]
