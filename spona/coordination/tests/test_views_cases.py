"""The pages of a case, as the people of the town open them."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases import actions as cases
from spona.cases import codes
from spona.cases.models import Case
from spona.coordination.tests.story import EVENING, HOUR, Town, run_of
from spona.coordination.views import log
from spona.people.models import Person

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR
TABS = (
    "case_detail",
    "case_river",
    "case_person",
    "case_people",
    "case_group",
    "case_needs",
    "case_plan",
    "case_closure",
    "case_file",
    "case_log",
    "child_paper",
)


@pytest.fixture(autouse=True)
def evening() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def case(town: Town) -> Case:
    return town.boy_in_care()


def page(who: Membership, name: str, *args: Any, **asked: str) -> Any:
    return signed_in(who).get(reverse(f"coordination:{name}", args=args), asked)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("name", TABS)
def test_the_officer_opens_every_page_and_each_is_logged_once(
    town: Town, case: Case, name: str
) -> None:
    client = signed_in(town.officer)
    with rls.engine_room():
        before = Event.objects.filter(kind="read").count()
    assert client.get(reverse(f"coordination:{name}", args=[case.pk])).status_code == 200
    with rls.engine_room():
        read = Event.objects.filter(kind="read").order_by("-id")
        assert read.count() == before + 1
        assert read[0].case_ids == [case.pk]


@pytest.mark.parametrize("name", TABS)
def test_hidden_and_absent_are_the_same_404(town: Town, case: Case, name: str) -> None:
    client = signed_in(town.stranger)
    hidden = client.get(reverse(f"coordination:{name}", args=[case.pk]))
    absent = client.get(reverse(f"coordination:{name}", args=[case.pk + 1000]))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


@pytest.mark.parametrize("who", ["policeman", "nurse", "asylum_officer", "worker", "coordinator"])
def test_other_parties_never_see_the_case(town: Town, case: Case, who: str) -> None:
    member = getattr(town, who)
    assert page(member, "case_detail", case.pk).status_code == 404
    assert page(member, "case_list").status_code == 404


def test_a_policeman_to_whom_a_case_was_granted_does_not_read_it(town: Town, case: Case) -> None:
    by = town.officer.actor()
    with rls.acting(by, NOW):
        cases.access_grant(
            case=case,
            organisation=town.station,
            user=town.policeman.user,
            basis="grant",
            by=by,
            at=NOW,
            until=NOW + HOUR,
            reason="greškom",
        )
    assert page(town.policeman, "case_detail", case.pk).status_code == 404


def test_nobody_who_is_not_signed_in_gets_in(case: Case) -> None:
    answer = Client().get(reverse("coordination:case_detail", args=[case.pk]))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_the_page_says_who_acts_why_and_since_when_there_is_no_guardian(
    town: Town, case: Case
) -> None:
    said = text_of(page(town.officer, "case_detail", case.pk))
    assert case.code in said
    assert "Bez staratelja: 2 h" in said
    assert "Na potezu" in said
    assert str(town.centre) in said
    assert "Zašto:" in said
    assert "pravilo UASC-" in said


def test_registering_the_intention_waits_and_the_page_says_for_what(town: Town, case: Case) -> None:
    answer = page(town.officer, "case_detail", case.pk)
    first = answer.context["outlook"].barred[0]
    assert "Registracija namere" in first.label
    assert first.why.startswith("Ne može još")
    assert [link.label for link in first.first] == ["Postavljanje privremenog staratelja"]


def test_the_gap_closes_with_the_guardian(town: Town, case: Case) -> None:
    town.appoint(case)
    assert page(town.officer, "case_detail", case.pk).context["gap"] == ""


def test_the_name_opens_with_a_click_that_is_logged(town: Town, case: Case) -> None:
    client = signed_in(town.second_officer)
    shown = text_of(client.get(reverse("coordination:case_detail", args=[case.pk])))
    assert "Sintetički" not in shown
    answer = client.post(reverse("coordination:name_reveal", args=[case.pk]))
    assert "Uzorak" in text_of(answer)
    with rls.engine_room():
        seen = Event.objects.filter(verb="name_reveal").get()
    assert seen.actor_name == town.second_officer.user.name
    assert client.get(reverse("coordination:name_reveal", args=[case.pk])).status_code == 405


def test_for_htmx_the_name_comes_alone(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:name_reveal", args=[case.pk])
    answer = client.post(url, headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert "Uzorak" in answer.content.decode()


def test_what_is_restricted_is_not_in_the_page_of_others(town: Town, case: Case) -> None:
    by = town.officer.actor()
    with rls.acting(by, NOW):
        system, code = next(key for key, one in codes.needs().items() if one.sensitive)
        cases.need_add(case=case, by=by, at=NOW, system=system, code=code, source="observed")
    mine = text_of(page(town.officer, "case_needs", case.pk))
    assert "poverljivo" in mine
    theirs = text_of(page(town.director, "case_needs", case.pk))
    assert "poverljivo" not in theirs


def test_a_restricted_fact_is_asked_only_of_those_who_may(town: Town, case: Case) -> None:
    url = reverse("coordination:fact_new", args=[run_of(case).pk])
    assert signed_in(town.officer).get(url, {"fact": "thb_suspected"}).status_code == 200
    assert signed_in(town.director).get(url, {"fact": "thb_suspected"}).status_code == 404


def test_the_list_goes_on_page_by_page(town: Town, case: Case, monkeypatch: Any) -> None:
    monkeypatch.setattr("spona.coordination.views.cases.PAGE", 1)
    second = town.claimed(town.boy_met(at=EVENING + HOUR), after=90 * timedelta(minutes=1))
    client = signed_in(town.officer)
    first_page = client.get(reverse("coordination:case_list"))
    assert [line["case"] for line in first_page.context["lines"]] == [second]
    onward = client.get(reverse("coordination:case_list"), {"before": first_page.context["next"]})
    assert [line["case"] for line in onward.context["lines"]] == [case]
    assert onward.context["next"] == ""
    assert client.get(reverse("coordination:case_list"), {"before": "zzz_1"}).status_code == 200


def test_the_list_shows_the_soonest_duty_and_who_owes_it(town: Town, case: Case) -> None:
    line = page(town.officer, "case_list").context["lines"][0]
    assert line["ball"].organisation == town.centre
    assert line["no_guardian"]


def test_a_correction_made_from_an_older_page_shows_both(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:person_correct", args=[case.pk])
    typed = {"year": "2010", "birth_declared_by": "child", "sex": "m", "country_said": ""}
    assert client.post(url, typed | {"row_version": "1"}).status_code == 302
    stale = client.post(url, typed | {"year": "2011", "row_version": "1"})
    assert stale.status_code == 409
    said = stale.content.decode()
    assert 'value="2011"' in said
    assert "2010" in text_of(stale)
    assert client.post(url, typed | {"year": "2011", "row_version": "2"}).status_code == 302
    with rls.engine_room():
        assert Person.objects.get(pk=case.person_id).birth_date.year == 2011  # type: ignore[union-attr]


def test_an_impossible_birth_is_refused_and_kept(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:person_correct", args=[case.pk])
    answer = client.post(
        url, {"year": "2090", "row_version": "1", "sex": "m", "birth_declared_by": "child"}
    )
    assert answer.status_code == 422
    assert 'value="2090"' in answer.content.decode()


def test_a_name_in_another_script_is_added(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:name_add", args=[case.pk])
    name = {"given": "نمونه", "family": "", "script": "Arab", "kind": "document"}
    assert client.post(url, name).status_code == 302
    assert "نمونه" in page(town.officer, "case_person", case.pk).content.decode()
    assert client.post(url, name | {"given": ""}).status_code == 422


def test_the_number_of_a_paper_is_added_once_and_shown(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:document_number_add", args=[case.pk])
    paper = {"kind": "passport", "number": "SINTETIČKI 000", "country": "af"}
    assert client.post(url, paper).status_code == 302
    assert client.post(url, paper).status_code == 302
    shown = page(town.officer, "case_person", case.pk).content.decode()
    assert shown.count("SINTETIČKI 000") == 1
    assert client.post(url, paper | {"number": " "}).status_code == 422
    assert client.get(url).status_code == 200


def test_the_director_reads_and_does_not_correct(town: Town, case: Case) -> None:
    assert page(town.director, "case_person", case.pk).status_code == 200
    assert page(town.director, "person_correct", case.pk).status_code == 404
    assert page(town.director, "document_number_add", case.pk).status_code == 404


def test_the_log_says_in_words_who_looked(town: Town, case: Case) -> None:
    page(town.head, "case_detail", case.pk)
    said = text_of(page(town.officer, "case_log", case.pk))
    assert town.head.user.name in said
    assert "Otvorena strana slučaja" in said


def test_the_log_names_the_act_but_not_what_is_restricted(town: Town, case: Case) -> None:
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    said = text_of(page(town.officer, "case_log", case.pk))
    assert "Zabeležena radnja: Bezbedno mesto za noć" in said


def test_every_verb_of_the_log_of_cases_has_words() -> None:
    found = set()
    for file in Path("spona").rglob("*.py"):
        if "tests" not in file.parts and file.parts[1] in (
            "cases",
            "coordination",
            "people",
            "home",
        ):
            source = file.read_text(encoding="utf-8")
            found |= set(re.findall(r'audit\.(?:record|read)\(\s*"([a-z_]+)"', source))
            found |= set(re.findall(r'\bread\("([a-z_]+)"', source))
    without = {
        "encounter_record",
        "migration_take_back",
        "runs_migrate",
        "encounter_anonymise",
        "figures_csv",
        "substitution_end",
        "substitution_plan",
        "encounter_read",
        "encounter_list",
        "notice_read",
        "interpreter_add",
        "interpreter_change",
        "interpreter_list",
        "interpreter_read",
    }
    assert found - without - set(log.VERBS) == set()


def test_the_paper_is_in_the_childs_language_and_says_it_was_not_reviewed(
    town: Town, case: Case
) -> None:
    town.appoint(case)
    said = page(town.officer, "child_paper", case.pk).content.decode()
    assert 'dir="rtl"' in said
    assert "این ورق برای توست" in said
    assert "Ovaj papir je za tebe" in said
    assert town.guardian.user.name in said
    assert "Prevod treba da pregleda" in said
    assert case.code not in said
    assert "azil" not in said.lower()


def test_the_paper_can_be_asked_for_in_another_language(town: Town, case: Case) -> None:
    said = page(town.officer, "child_paper", case.pk, language="fra").content.decode()
    assert "Ce papier est pour toi" in said


def test_a_full_case_page_costs_a_constant_number_of_queries(
    town: Town, case: Case, django_assert_max_num_queries: Any
) -> None:
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    client = signed_in(town.officer)
    url = reverse("coordination:case_detail", args=[case.pk])
    client.get(url)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    town.appoint(case)
    town.act(case, "intention_voiced")
    with django_assert_max_num_queries(30) as many:
        client.get(url)
    assert len(many) <= len(few) + 1


def test_the_list_costs_a_constant_number_of_queries(
    town: Town, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town.officer)
    client.get(reverse("coordination:case_list"))  # what a session writes once is written now
    with django_assert_max_num_queries(25) as few:
        client.get(reverse("coordination:case_list"))
    town.claimed(town.boy_met(at=EVENING + HOUR), after=90 * timedelta(minutes=1))
    with django_assert_max_num_queries(25) as many:
        client.get(reverse("coordination:case_list"))
    assert len(many) == len(few)


def test_a_case_manager_sees_a_colleagues_case_only_by_access(town: Town, case: Case) -> None:
    other = person("case_manager", town.centre)
    assert page(other, "case_detail", case.pk).status_code == 404


def test_a_name_that_cannot_be_read_gives_a_page_that_says_what_to_do(
    town: Town, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """Another key with the same number: no traceback, and no word of anybody."""
    client = signed_in(town.officer)
    with override_settings(IDENTITY_KEYS=f"1:{b64encode(bytes(32)).decode()}"):
        answer = client.get(reverse("coordination:case_person", args=[case.pk]))
        part = client.get(
            reverse("coordination:case_person", args=[case.pk]), headers={"HX-Request": "true"}
        )
    assert answer.status_code == part.status_code == 500
    assert "<h1>" in answer.content.decode()
    assert part.headers["HX-Retarget"] == "#messages"
    said = answer.content.decode() + part.content.decode() + caplog.text
    assert "does not open under key 1" in caplog.text
    assert "Traceback" not in said
    assert "Sintetič" not in said
    assert page(town.officer, "case_person", case.pk).status_code == 200
