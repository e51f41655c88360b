"""A child who may be in a file already: seen before a second file is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.cases.models.doubles import known_of, possible_doubles
from spona.coordination.models import Notification
from spona.coordination.tests.story import EVENING, HOUR, Town
from tests.world import FLEETING

pytestmark = pytest.mark.django_db
NOW = EVENING + HOUR


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def known(town: Town) -> Case:
    """A boy whom the centre has in a file."""
    return file_of(town.officer, town, "Sintetik", "Namuna")


@pytest.fixture
def met(town: Town) -> Notification:
    """The same boy, met again by somebody who writes him otherwise."""
    return town.boy_met(name_said="Sintetik Namune")


def file_of(who: Membership, town: Town, given: str, family: str) -> Case:
    by = who.actor()
    with rls.acting(by, NOW):
        return cases.case_open(
            by=by,
            at=NOW,
            organisation=who.organisation,
            person={"sex": "m", "names": [{"given": given, "family": family}]},
            municipality=town.municipality,
        )


def claim(who: Membership, met: Notification, **said: Any) -> Any:
    form = {"occurred_at": "2026-11-22T19:40", "danger": "no", "intake_number": "SINT 7"}
    url = reverse("coordination:notification_claim", args=[met.pk])
    return signed_in(who).post(url, form | said)


def events(verb: str) -> list[Event]:
    with rls.engine_room():
        return list(Event.objects.filter(verb=verb))


def how_many() -> int:
    with rls.engine_room():
        return Case.objects.count()


def test_who_may_be_the_same_child_is_shown_before_the_case_is_opened(
    town: Town, known: Case, met: Notification
) -> None:
    answer = claim(town.officer, met)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert how_many() == 1
    assert known.code in page
    assert 'value="SINT 7"' in page
    assert f'value="same:{known.pk}"' in page
    assert [event.case_ids for event in events("search")] == [[known.pk]]


def test_one_click_says_that_it_is_another_child_and_is_kept(
    town: Town, known: Case, met: Notification
) -> None:
    answer = claim(town.officer, met, shown=known.pk, decided="another")
    assert answer.status_code == 302
    assert how_many() == 2
    (told,) = events("told_apart")
    assert told.detail == {"cases": [known.pk]}
    assert told.actor_id == town.officer.user_id
    assert known.pk not in told.case_ids


def test_what_was_decided_stays_while_something_else_is_corrected(
    town: Town, known: Case, met: Notification
) -> None:
    refused = claim(town.officer, met, shown=known.pk, decided="another", occurred_at="")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'id="doubles"' not in page
    assert f'name="apart" value="{known.pk}"' in page
    assert claim(town.officer, met, apart=known.pk).status_code == 302


def test_who_says_that_it_is_the_same_child_takes_over_and_compares(
    town: Town, known: Case, met: Notification
) -> None:
    answer = claim(town.officer, met, shown=known.pk, decided=f"same:{known.pk}")
    (told,) = events("told_same")
    opened = told.subject_ids[0]
    assert answer.url == reverse("coordination:case_doubles", args=[opened])
    page = signed_in(town.officer).get(answer.url).content.decode()
    assert known.code in page


def test_a_form_cannot_decide_about_a_case_that_was_not_found(
    town: Town, known: Case, met: Notification
) -> None:
    assert claim(town.officer, met, shown=known.pk + 900, decided="another").status_code == 422
    assert claim(town.officer, met, decided=f"same:{known.pk + 900}").status_code == 422


def test_nobody_is_asked_about_a_child_whom_nobody_resembles(town: Town, known: Case) -> None:
    other = town.boy_met(name_said="Probni Drugačiji")
    assert claim(town.officer, other).status_code == 302


def test_nobody_is_asked_where_no_name_is_known(town: Town, known: Case) -> None:
    assert claim(town.officer, town.boy_met(name_said="")).status_code == 302


def test_a_strangers_twin_file_changes_no_byte(town: Town, known: Case, met: Notification) -> None:
    before = FLEETING.sub("", claim(town.officer, met).content.decode())
    file_of(town.stranger, town, "Sintetik", "Namune")
    assert FLEETING.sub("", claim(town.officer, met).content.decode()) == before


def test_a_strangers_file_alone_is_not_asked_about(town: Town, met: Notification) -> None:
    file_of(town.stranger, town, "Sintetik", "Namune")
    assert claim(town.officer, met).status_code == 302


def test_at_most_five_are_shown_the_likeliest_first(town: Town, met: Notification) -> None:
    for given in ("Sintetik", "Sintetek", "Sintitik", "Sentetik", "Santetik", "Sintatik"):
        file_of(town.officer, town, given, "Namune")
    page = claim(town.officer, met).content.decode()
    points = re.findall(r"<b>([+−]?\d+[,.]\d)</b>", page)
    scores = [float(one.replace("−", "-").replace(",", ".")) for one in points]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_a_brother_is_no_double_and_shared_companions_speak_for_one_child(
    town: Town, known: Case
) -> None:
    twin = file_of(town.officer, town, "Sintetik", "Namune")
    friend = file_of(town.officer, town, "Probni", "Drugar")
    by = town.officer.actor()
    with rls.acting(by, NOW):
        (alone,) = possible_doubles(known_of(twin.person), by, NOW, but=twin)
        for case in (known, twin):
            cases.case_link(case=case, code=friend.code, kind="travels_with", by=by, at=NOW)
        (together,) = possible_doubles(known_of(twin.person), by, NOW, but=twin)
        assert together.waterfall.total > alone.waterfall.total + 5
        cases.case_link(case=known, code=twin.code, kind="sibling", by=by, at=NOW)
        assert possible_doubles(known_of(twin.person), by, NOW, but=twin) == []


def test_the_page_of_a_case_lists_possible_doubles_and_keeps_what_is_decided(
    town: Town, known: Case
) -> None:
    twin = file_of(town.officer, town, "Sintetik", "Namune")
    client = signed_in(town.officer)
    url = reverse("coordination:case_doubles", args=[twin.pk])
    assert known.code in client.get(url).content.decode()
    assert client.post(url, {"apart": known.pk}).status_code == 302
    (told,) = events("told_apart")
    assert (told.case_ids, told.detail) == ([twin.pk], {"cases": [known.pk]})
    assert 'name="apart"' not in client.get(url).content.decode()
    other_side = reverse("coordination:case_doubles", args=[known.pk])
    assert 'name="apart"' not in client.get(other_side).content.decode()
    assert client.post(url, {"apart": known.pk + 900}).status_code == 404
    assert signed_in(town.stranger).get(url).status_code == 404
    assert signed_in(town.director).post(url, {"apart": known.pk}).status_code == 404


# --- adding a name


def add(who: Membership, case: Case, **said: Any) -> Any:
    name = {"given": "Sintetik", "family": "Namune", "script": "Latn", "kind": "said"}
    return signed_in(who).post(reverse("coordination:name_add", args=[case.pk]), name | said)


def names_of(case: Case) -> list[tuple[str, str, str]]:
    with rls.engine_room():
        return [(str(one), one.script, one.kind) for one in case.person.names.order_by("pk")]


def test_a_name_that_somebody_else_has_is_asked_about_once(town: Town, known: Case) -> None:
    other = file_of(town.officer, town, "Probni", "Drugi")
    asked = add(town.officer, other)
    assert asked.status_code == 422
    assert known.code in asked.content.decode()
    assert add(town.officer, other, shown=known.pk, decided="another").status_code == 302
    assert add(town.officer, other, family="Namun").status_code == 302


def test_other_scripts_are_offered_as_suggestions_and_nothing_is_written(
    town: Town, known: Case
) -> None:
    page = add(town.officer, known, suggest="1")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="Cyrl|Синтетик|Намуне"' in text
    assert 'lang="und-Arab" dir="rtl"' in " ".join(text.split())
    assert 'value="Namune"' in text
    assert len(names_of(known)) == 1


def test_by_htmx_only_the_suggestions_come(town: Town, known: Case) -> None:
    url = reverse("coordination:name_add", args=[known.pk])
    said = {"given": "محمد", "family": "", "suggest": "1"}
    part = signed_in(town.officer).post(url, said, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "Muhamad" in text
    assert "<html" not in text


def test_only_what_is_ticked_is_added_as_put_into_another_script(town: Town, known: Case) -> None:
    assert add(town.officer, known, also="Cyrl|Синтетик|Намуне").status_code == 302
    assert names_of(known)[1:] == [
        ("Sintetik Namune", "Latn", "said"),
        ("Синтетик Намуне", "Cyrl", "transliteration"),
    ]


def test_a_suggestion_for_a_name_that_was_changed_since_is_refused(town: Town, known: Case) -> None:
    refused = add(town.officer, known, given="Drugo", also="Cyrl|Синтетик|Намуне")
    assert refused.status_code == 422
    assert 'value="Drugo"' in refused.content.decode()
    assert len(names_of(known)) == 1


def test_a_name_in_arabic_letters_is_kept_as_such(town: Town, known: Case) -> None:
    assert add(town.officer, known, given="نمونه", family="").status_code == 302
    assert names_of(known)[-1][1] == "Arab"


# --- at the claim and at the encounter


def test_who_takes_over_adds_the_name_in_other_scripts(town: Town, met: Notification) -> None:
    url = reverse("coordination:notification_detail", args=[met.pk])
    value = "Cyrl|Синтетик|Намуне"
    assert value in signed_in(town.officer).get(url).content.decode()
    assert claim(town.officer, met, also=value).status_code == 302
    with rls.engine_room():
        case = Case.objects.get()
    assert names_of(case) == [
        ("Sintetik Namune", "Latn", "said"),
        ("Синтетик Намуне", "Cyrl", "transliteration"),
    ]


def meet(who: Membership, town: Town, **said: Any) -> Any:
    child = {
        "seen_where": "park",
        "occurred_at": "2026-11-22T19:30",
        "age_said": "15",
        "sex": "m",
        "language": "prs",
        "danger_now": "no",
        "municipality": town.municipality.pk,
        "name_said": "Sintetik Namune",
        "client_token": str(uuid4()),
    }
    return signed_in(who).post(reverse("coordination:encounter_child"), child | said)


def test_an_officer_who_meets_a_child_is_asked_and_an_outreach_worker_sees_nothing(
    town: Town, known: Case
) -> None:
    asked = meet(town.officer, town)
    assert asked.status_code == 422
    assert known.code in asked.content.decode()
    assert meet(town.worker, town).status_code == 302
    same = meet(town.officer, town, shown=known.pk, decided=f"same:{known.pk}")
    assert same.status_code == 302
    (told,) = events("told_same")
    assert (told.subject_type, told.case_ids) == ("cases.Encounter", [])
