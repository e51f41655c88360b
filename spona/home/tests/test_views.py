"""Each role's desk, what goes up, and the search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spona.accounts.models import Membership, User
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.coordination import actions
from spona.coordination.models import Notice
from spona.coordination.tests.doubles import Doubles
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town, owed
from spona.people.models import PersonName

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def desk(who: Membership, query: str = "") -> Any:
    response = signed_in(who).get(f"/{query}")
    assert response.status_code == 200
    return response


def say(response: Any) -> str:
    text: str = response.content.decode()
    return text


def shown(response: Any) -> list[str]:
    return [row.what for section in response.context["groups"] for row in section.rows]


# --- the desk


def test_nobody_is_sent_to_sign_in() -> None:
    for path in ("/", "/search/", "/notices/", "/waiting/1/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")


def test_who_left_every_institution_is_refused_and_not_sent_in_circles(town: Town) -> None:
    browser = signed_in(town.nurse)
    with rls.engine_room():
        town.nurse.ended_at = EVENING
        town.nurse.save(update_fields=["ended_at"])
    assert browser.get("/").status_code == 403
    assert User.objects.filter(pk=town.nurse.user_id).exists()


def test_an_empty_desk_teaches_the_first_step(town: Town) -> None:
    assert "/encounters/new/" in say(desk(town.worker))
    assert "/encounters/new/" not in say(desk(town.guardian))


def test_the_duty_officer_sees_who_waits_and_takes_over_from_there(town: Town) -> None:
    met = town.boy_met()
    response = desk(town.officer)
    assert f"/notifications/{met.pk}/" in say(response)
    assert response.context["counts"].waiting == 1
    assert "Uzorak" not in say(response)


def test_the_worker_sees_that_nobody_has_taken_over(town: Town) -> None:
    met = town.boy_met()
    assert f"/encounters/{met.encounter_id}/" in say(desk(town.worker))
    town.called(met)
    town.claimed(met)
    assert not desk(town.worker).context["unconfirmed"]


def test_a_child_without_a_guardian_is_counted_from_the_call(town: Town) -> None:
    case = town.boy_in_care()
    response = desk(town.officer)
    assert [gap.waits for gap in response.context["gaps"]] == ["1 h 50 min"]
    assert response.context["counts"].without_guardian == 1
    town.appoint(case)
    assert not desk(town.officer).context["gaps"]


def test_duties_stand_in_groups_and_the_late_ones_first(
    town: Town, now: time_machine.Traveller
) -> None:
    town.boy_in_care()
    now.move_to(EVENING + 2 * DAY, tick=False)
    response = desk(town.officer)
    groups = [section.group for section in response.context["groups"]]
    assert groups[0] == "late"
    late = response.context["groups"][0]
    assert response.context["counts"].late == len(late.rows) == 3


def test_an_obstacle_is_counted_as_no_lateness(town: Town, now: time_machine.Traveller) -> None:
    case = town.boy_in_care()
    duty = owed(case)["bed_tonight"]
    by = town.officer.actor()
    with rls.acting(by, NOW):
        actions.obstacle_record(duty=duty, code="no_bed", note="", by=by, at=NOW)
    now.move_to(EVENING + 2 * DAY, tick=False)
    response = desk(town.officer)
    assert response.context["counts"].late == 2
    assert response.context["groups"][-1].group == "obstacle"


def test_a_guardian_sees_what_he_owes_and_a_colleague_does_not(town: Town) -> None:
    town.appoint(town.boy_in_care())
    assert shown(desk(town.guardian))
    assert not shown(desk(person("guardian", town.centre)))


def test_the_police_see_what_is_addressed_to_them_and_no_child(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    response = desk(town.policeman)
    assert len(shown(response)) == 1
    for canary in (case.code, "Uzorak", "U. S."):
        assert canary not in say(response)


def test_one_waits_for_others_and_every_number_is_a_door(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    response = desk(town.officer)
    assert [(pk, n) for pk, _who, n in response.context["others"]] == [(town.station.pk, 1)]
    rows = signed_in(town.officer).get(f"/waiting/{town.station.pk}/").context["rows"]
    assert len(rows) == 1
    nobody = signed_in(town.stranger).get(f"/waiting/{town.station.pk}/")
    assert nobody.context["rows"] == []
    assert nobody.context["whose"] is None
    assert signed_in(town.officer).get("/waiting/0/").context["rows"] == []


def test_the_desk_goes_on_by_key(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.home.views.desk.PAGE", 3)
    town.boy_in_care()
    first = desk(town.officer)
    assert len(shown(first)) == 3
    rest = desk(town.officer, f"?after={first.context['more']}")
    assert len(shown(rest)) == 1
    assert rest.context["more"] is None
    assert not set(shown(first)) & set(shown(rest))


def test_a_desk_asks_the_database_equally_often_for_one_child_and_for_three(town: Town) -> None:
    town.boy_in_care()
    browser = signed_in(town.officer)
    browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get("/")
    for _ in range(2):
        met = town.boy_met()
        town.called(met)
        town.claimed(met)
    with CaptureQueriesContext(connection) as three:
        browser.get("/")
    assert len(three) == len(one)
    assert len(one) <= 40


def test_reading_the_desk_is_one_row_of_the_log(town: Town) -> None:
    case = town.boy_in_care()
    desk(town.officer)
    with rls.engine_room():
        read = Event.objects.get(verb="desk")
    assert read.case_ids == [case.pk]


def test_the_desk_speaks_three_scripts(town: Town) -> None:
    town.boy_in_care()
    browser = signed_in(town.officer)
    for language, words in (
        ("sr-latn", "Moje obaveze"),
        ("sr", "Моје обавезе"),
        ("en", "My duties"),
    ):
        browser.cookies["language"] = language
        assert words in say(browser.get("/"))


# --- what goes up


def late(town: Town) -> Any:
    case = town.boy_in_care()
    actions.tell_what_is_due(at=EVENING + 4 * DAY)
    return case


def test_silence_reaches_the_head_the_director_and_the_coordinator(town: Town) -> None:
    late(town)
    for who in (town.head, town.director, town.coordinator):
        assert desk(who).context["goes_up"]
    for who in (town.officer, town.guardian, town.worker):
        assert not desk(who).context["goes_up"]


def test_the_coordinator_sees_rule_institution_and_number_and_no_child(town: Town) -> None:
    case = late(town)
    browser = signed_in(town.coordinator)
    for path in ("/", "/notices/"):
        text = say(browser.get(path))
        assert str(town.centre) in text
        assert owed(case)["accommodation_conclusion"].number in text
        for canary in (case.code, "Uzorak", "U. S.", "/duties/"):
            assert canary not in text


def test_the_head_opens_the_duty_from_the_notice(town: Town) -> None:
    late(town)
    assert any(line.href for line in desk(town.head).context["goes_up"])


def test_a_notice_that_was_read_leaves_the_desk_and_stays_in_the_list(town: Town) -> None:
    late(town)
    browser = signed_in(town.head)
    lines = browser.get("/").context["goes_up"]
    notice = lines[0].notice
    for origin, back in (("desk", "/"), ("list", "/notices/")):
        response = browser.post(f"/notices/{notice.pk}/read/", {"from": origin})
        assert response.headers["Location"] == back
    assert len(browser.get("/").context["goes_up"]) == len(lines) - 1
    assert notice in [line.notice for line in browser.get("/notices/").context["lines"]]
    with rls.engine_room():
        assert Event.objects.filter(verb="notice_read").count() == 1


def test_nobody_reads_a_notice_to_somebody_else(town: Town) -> None:
    late(town)
    with rls.engine_room():
        notice = Notice.objects.filter(level="head_of_service").first()
    assert notice is not None
    for who in (town.stranger, town.officer, town.director):
        assert signed_in(who).post(f"/notices/{notice.pk}/read/").status_code == 404


def test_an_obstacle_goes_up_in_words(town: Town) -> None:
    case, by = town.boy_in_care(), town.officer.actor()
    with rls.acting(by, NOW):
        actions.obstacle_record(
            duty=owed(case)["bed_tonight"], code="no_bed", note="", by=by, at=NOW
        )
    assert "nema slobodnog mesta" in say(desk(town.coordinator))


def test_the_notices_go_on_by_key(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.home.views.notices.PAGE", 2)
    late(town)
    browser = signed_in(town.head)
    first = browser.get("/notices/").context
    second = browser.get(f"/notices/?after={first['more']}").context
    assert len(first["lines"]) == 2
    assert {line.notice.pk for line in first["lines"]}.isdisjoint(
        line.notice.pk for line in second["lines"]
    )


def test_a_list_without_notices_says_what_will_stand_there(town: Town) -> None:
    assert signed_in(town.nurse).get("/notices/").context["lines"] == []


# --- search


def search(who: Membership, text: str) -> Any:
    return signed_in(who).post("/search/", {"q": text})


def test_the_search_says_why_and_while_one_types_only_the_list_comes_back(town: Town) -> None:
    case = town.boy_in_care()
    page = search(town.officer, "اوزوراک").content.decode()
    assert case.code in page
    assert "<bdi>اوزوراک</bdi>" in page
    typed = signed_in(town.officer).post(
        "/search/", {"q": "sintetički uzo"}, headers={"HX-Request": "true"}
    )
    assert case.code in typed.content.decode()
    assert "<form" not in typed.content.decode()


@pytest.mark.parametrize("text", ["uzor", "Узорак", "SINTETIČKI uzorak", "VR-2026-0001", "0001"])
def test_a_case_is_found_by_name_in_either_script_and_by_code(town: Town, text: str) -> None:
    case = town.boy_in_care()
    response = search(town.officer, text)
    assert [hit.case.pk for hit in response.context["found"]] == [case.pk]
    with rls.engine_room():
        assert Event.objects.get(verb="search").case_ids == [case.pk]


def test_what_was_asked_is_in_no_log(town: Town) -> None:
    town.boy_in_care()
    search(town.officer, "uzorak")
    with rls.engine_room():
        assert "uzorak" not in str(Event.objects.get(verb="search").detail)


def test_hidden_and_absent_are_not_found_alike(town: Town) -> None:
    town.boy_in_care()
    for who in (town.stranger, town.worker, town.policeman, town.coordinator):
        hidden, absent = search(who, "uzorak"), search(who, "nikonema")
        assert hidden.context["found"] == absent.context["found"] == []


def test_an_empty_question_is_asked_again(town: Town) -> None:
    assert search(town.officer, " ").status_code == 422
    assert signed_in(town.officer).get("/search/").status_code == 200


def test_too_many_are_said_to_be_too_many(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.home.views.search.MOST", 0)
    town.boy_in_care()
    assert search(town.officer, "uzorak").context["too_many"]


def test_a_name_of_merged_files_is_found_once_for_each_file_and_no_record_without_a_case() -> None:
    doubles = Doubles()
    doubles.merged(main_name=None)
    with time_machine.travel(doubles.at, tick=False):
        found = search(doubles.town.officer, "Sintetičko").content.decode()
    with rls.engine_room():
        assert [str(one) for one in PersonName.objects.all()].count("Uzorak Sintetičko") == 2
    for code in (doubles.kept.code, doubles.other.code):
        assert found.count(f">{code}<") <= 1
        assert code in found
