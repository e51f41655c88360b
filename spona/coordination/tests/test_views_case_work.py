"""The plan of a case and the people around the child, as a browser sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.tests.files import pdf
from spona.cases import actions as cases
from spona.cases.models import Case, CaseLink, Goal, Hearing, Interpreter, Interpreting, Plan
from spona.cases.tests import factories as made
from spona.cases.tests.factories import access, acting
from spona.coordination.tests.story import EVENING, HOUR, Town
from spona.directory.models import Centre

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR
TODAY = NOW.date()


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


def browser(who: Membership) -> Client:
    client = signed_in(who)
    client.cookies["language"] = "en"
    return client


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def look(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return text(answer)


def send(client: Client, page: str, /, *args: Any, **said: Any) -> Any:
    return client.post(reverse(page, args=args), said)


# --- assessment and plan


def test_from_assessment_to_goal_in_the_browser(town: Town, case: Case) -> None:
    client = browser(town.officer)
    said = {
        "made_at": "2026-11-22T20:00",
        "interpretation": "not_needed",
        "a_safe_tonight": "yes",
        "a_allergies": "penicilin",
        "a_wishes": "da spava",
    }
    assert send(client, "cases:assessment_add", case.pk, "initial", **said).status_code == 302
    plan = {"aim": "Škola", "child_view": "Želi.", "next_review_on": "2026-12-20"}
    assert send(client, "cases:plan_new", case.pk, **plan).status_code == 302
    with acting(town.officer, NOW):
        written, assessment = Plan.objects.get(), case.assessments.get()
    goal = {"what": "upis", "person": "Vera", "due_on": "2026-12-01", "known_by": "potvrda"}
    assert send(client, "cases:goal_add", written.pk, **goal).status_code == 302
    shown = look(client, "coordination:case_plan", case.pk)
    assert all(word in shown for word in ("Škola", "Želi.", "upis", "Vera", "Initial assessment"))
    paper = look(client, "coordination:assessment_print", assessment.pk)
    assert all(word in paper for word in ("penicilin", "da spava", "Registry number", "Stamp"))
    with acting(town.officer, NOW):
        set_ = Goal.objects.get()
    assert send(client, "cases:goal_reach", set_.pk, next="/x/").headers["Location"] == "/x/"
    assert send(client, "cases:goal_reach", set_.pk).status_code == 422
    assert "goal reached" in look(client, "coordination:plan_print", written.pk)


def test_what_is_restricted_is_neither_on_the_page_nor_on_the_paper_of_a_director(
    town: Town, case: Case
) -> None:
    with acting(town.officer, NOW):
        answers = {"allergies": "penicilin", "wishes": "da spava"}
        assessment = made.assessment(case, town.officer, at=NOW, answers=answers)
        plan = made.plan(case, town.officer, at=NOW)
        made.goal(plan, town.officer, at=NOW, what="ginekolog", sensitive=True)
        made.goal(plan, town.officer, at=NOW, what="škola")
    for who, sees in ((town.officer, True), (town.director, False)):
        client = browser(who)
        pages = [
            look(client, "coordination:assessment_print", assessment.pk),
            look(client, "coordination:case_plan", case.pk),
            look(client, "coordination:plan_print", plan.pk),
        ]
        assert "da spava" in pages[0]
        assert ("penicilin" in pages[0]) is sees
        for page in pages[1:]:
            assert "škola" in page
            assert ("ginekolog" in page) is sees


def test_earlier_answers_can_be_read_again(town: Town, case: Case) -> None:
    client = browser(town.officer)
    with acting(town.officer, NOW):
        assessment = made.assessment(case, town.officer, at=NOW)
    form = client.get(reverse("cases:assessment_correct", args=[assessment.pk]))
    assert "da zove brata" in text(form)
    said = {"row_version": 1, "a_wishes": "da uči", "a_companion": "sibling"}
    assert send(client, "cases:assessment_correct", assessment.pk, **said).status_code == 302
    stale = send(client, "cases:assessment_correct", assessment.pk, **said | {"a_wishes": "ovo"})
    assert (stale.status_code, "ovo" in stale.content.decode()) == (422, True)
    address = reverse("coordination:assessment_print", args=[assessment.pk])
    assert "da uči" in text(client.get(address))
    assert "da zove brata" in text(client.get(address, {"version": "1"}))
    for wrong in ("2", "x", "²"):
        assert client.get(address, {"version": wrong}).status_code == 404
    assert client.get(reverse("cases:assessment_add", args=[case.pk, "score"])).status_code == 404


def test_who_interpreted_is_chosen_among_those_who_did(town: Town, case: Case) -> None:
    client = browser(town.officer)
    said = {"made_at": "2026-11-22T20:00", "interpretation": "interpreted", "a_wishes": "x"}
    answer = send(client, "cases:assessment_add", case.pk, "initial", **said)
    assert (answer.status_code, "who interpreted" in text(answer)) == (422, True)
    with acting(town.officer, NOW):
        made.interpreting(case, town.officer, at=NOW, child="refused")
        good = made.interpreting(case, town.officer, at=NOW)
    offered = client.get(reverse("cases:assessment_add", args=[case.pk, "initial"]))
    assert offered.content.decode().count("Sintetička Laila") == 1
    done = send(client, "cases:assessment_add", case.pk, "initial", **said, interpreting=good.pk)
    assert done.status_code == 302


def test_a_plan_that_had_to_be_looked_at_says_so(town: Town, case: Case) -> None:
    client = browser(town.officer)
    with acting(town.officer, NOW):
        plan = made.plan(case, town.officer, at=NOW, next_review_on=TODAY)
    assert "had to be looked at" in look(client, "coordination:case_plan", case.pk)
    said = {
        "held_on": "2026-11-22",
        "changed": "Upisan.",
        "child_view": "Dobro.",
        "next_review_on": "2026-12-22",
    }
    assert send(client, "cases:plan_review", plan.pk, **said).status_code == 302
    shown = look(client, "coordination:case_plan", case.pk)
    assert "had to be looked at" not in shown
    assert "Upisan." in shown


def test_a_medical_document_is_for_those_who_see_the_restricted_part(
    town: Town, case: Case, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    town.appoint(case)
    with acting(town.officer, NOW):
        kept = [
            cases.document_add(
                case=case,
                by=town.officer.actor(),
                at=NOW,
                title=title,
                kind=kind,
                upload=SimpleUploadedFile("a.pdf", pdf()),
            )
            for title, kind in (("nalaz", "medical"), ("rešenje", "decision"))
        ]
    assert [one.sensitive for one in kept] == [True, False]
    for who, status in ((town.officer, 200), (town.guardian, 200), (town.director, 404)):
        client = browser(who)
        shown = look(client, "coordination:case_file", case.pk)
        assert "rešenje" in shown
        assert ("nalaz" in shown) is (status == 200)
        found = [
            client.get(reverse("cases:document_detail", args=[one.pk])).status_code for one in kept
        ]
        assert found == [status, 200]


# --- people around


def test_people_around_the_child_in_the_browser(town: Town, case: Case) -> None:
    client = browser(town.officer)
    lawyer = {"kind": "lawyer", "name": "Sintetička Pravnica", "power_from": "2026-11-01"}
    assert send(client, "cases:case_party_add", case.pk, **lawyer).status_code == 302
    hearing = {"held_at": "2026-11-25T10:00", "before_whom": "sud u Vranju"}
    assert send(client, "cases:hearing_add", case.pk, **hearing).status_code == 302
    shown = look(client, "coordination:case_people", case.pk)
    assert "lawyer not told yet" in shown
    assert "Sintetička Pravnica" in shown
    with acting(town.officer, NOW):
        pk = Hearing.objects.get().pk
    assert send(client, "cases:hearing_told", pk, "lawyer").status_code == 302
    assert send(client, "cases:hearing_told", pk, "father").status_code == 404
    assert "lawyer not told yet" not in look(client, "coordination:case_people", case.pk)


def test_a_hearing_is_for_those_who_see_the_restricted_part(town: Town, case: Case) -> None:
    with acting(town.officer, NOW):
        held = made.hearing(case, town.officer, at=NOW)
    director, elsewhere = browser(town.director), person("case_manager")
    access(case, elsewhere.organisation, elsewhere.user, at=NOW)
    for client in (director, browser(elsewhere)):
        shown = look(client, "coordination:case_people", case.pk)
        assert held.before_whom not in shown
        assert "who see the restricted part" in shown
        assert send(client, "cases:hearing_told", held.pk, "lawyer").status_code == 404
    assert held.before_whom in look(browser(town.officer), "coordination:case_people", case.pk)


def test_an_interpreter_goes_through_the_check(town: Town, case: Case) -> None:
    client = browser(town.officer)
    said = {"name": "Sintetička Laila", "languages": ["prs", "pus"], "reach": "phone"}
    said |= {"sex": "f", "active": "on"}
    assert send(client, "cases:interpreter_new", **said).status_code == 302
    with acting(town.officer, NOW):
        pk = Interpreter.objects.get().pk
    assert "Dari, Pashto" in look(client, "cases:interpreter_list")
    talk = {
        "held_at": "2026-11-22T20:00",
        "purpose": "prvi razgovor",
        "language": "prs",
        "mode": "phone",
        "interpreter": pk,
    }
    checks = {f"conflict_{code}": "no" for code in Interpreting.Conflict.values}
    unanswered = send(client, "cases:interpreting_add", case.pk, **talk, child="accepted")
    assert unanswered.status_code == 422
    assert text(unanswered).count("Answer this question before") >= 4
    related = checks | {"conflict_relative": "yes"}
    refused = send(client, "cases:interpreting_add", case.pk, **talk, **related, child="accepted")
    assert (refused.status_code, "should not interpret" in text(refused)) == (422, True)
    good = send(client, "cases:interpreting_add", case.pk, **talk, **checks, child="refused")
    assert good.status_code == 302
    nobody = {"held_at": "2026-11-22T20:00", "purpose": "x", "language": "prs", "mode": "none"}
    assert send(client, "cases:interpreting_add", case.pk, **nobody).status_code == 302
    shown = look(client, "coordination:case_people", case.pk)
    assert "the child refuses this interpreter" in shown
    assert "nobody · Dari" in shown


def test_a_row_of_the_register_is_for_ones_own_institution(town: Town) -> None:
    with acting(town.officer, NOW):
        pk = made.interpreter(town.officer, at=NOW).pk
    address = reverse("cases:interpreter_change", args=[pk])
    assert browser(town.stranger).get(address).status_code == 404
    assert browser(town.director).get(reverse("cases:interpreter_list")).status_code == 404
    client = browser(town.officer)
    said = {"name": "Druga", "languages": ["prs"], "reach": "both", "sex": "f", "row_version": 1}
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 422
    assert "not called any more" in look(client, "cases:interpreter_list")


def test_siblings_are_one_view_and_a_stranger_sees_none_of_it(town: Town, case: Case) -> None:
    with acting(town.officer, NOW):
        sister = cases.case_open(
            by=town.officer.actor(),
            at=NOW,
            organisation=town.centre,
            person={"names": [{"given": "Zvezdana", "family": "Sintetička"}]},
            municipality=town.municipality,
            lead=town.officer.user,
        )
        cases.placement_begin(
            case=sister, kind="bed_tonight", by=town.officer.actor(), at=NOW, place="Kuća B"
        )
    town.act(case, "bed_tonight", form={"place": "Kuća A"})
    town.appoint(case)
    client = browser(town.officer)
    unknown = send(client, "cases:case_link_add", case.pk, code="XX-1", kind="sibling")
    assert (unknown.status_code, "there is none" in text(unknown)) == (422, True)
    linked = send(client, "cases:case_link_add", case.pk, code=sister.code, kind="sibling")
    assert linked.status_code == 302
    shown = look(client, "coordination:case_group", case.pk)
    for word in ("Zvezdana", "Kuća A", "Kuća B", "brothers and sisters", "in different places"):
        assert word in shown, word
    assert "1 child belongs" in look(client, "coordination:case_people", case.pk)
    guardian = browser(town.guardian)
    assert "No child that you see" in look(guardian, "coordination:case_people", case.pk)
    assert sister.code not in look(guardian, "coordination:case_group", case.pk)
    assert sister.code not in look(guardian, "coordination:case_log", case.pk)
    with rls.engine_room():
        pk = CaseLink.objects.get().pk
        seen = Event.objects.filter(verb="group_read").order_by("pk").first()
    assert seen is not None
    assert seen.case_ids == sorted([case.pk, sister.pk])
    assert send(guardian, "cases:case_link_end", pk).status_code == 404
    assert send(client, "cases:case_link_end", pk).status_code == 302


def test_a_child_that_is_held_is_not_sheltered(town: Town, case: Case) -> None:
    held = Centre.objects.create(
        organisation=OrganisationFactory.create(name_sr="Sintetičko prihvatilište"),
        kind=Centre.Kind.DETENTION,
    )
    client = browser(town.officer)
    with rls.engine_room():
        run = case.runs.get()
    act = client.get(reverse("coordination:act_new", args=[run.pk, "urgent_placement"]))
    form = client.get(reverse("cases:detention_add", args=[case.pk]))
    option = f'<option value="{held.pk}"'
    assert option not in act.content.decode()
    assert option in form.content.decode()
    said = {"centre": held.pk, "from_at": "2026-11-22T20:30", "reason": "pozvan staratelj"}
    assert send(client, "cases:detention_add", case.pk, **said).status_code == 302
    shown = look(client, "coordination:case_needs", case.pk)
    assert "place of detention, not shelter" in shown
    assert "pozvan staratelj" in shown


@pytest.mark.parametrize(
    "name",
    ["plan_new", "closure_propose", "detention_add", "interpreting_add", "case_link_add",
     "case_party_add", "hearing_add"],
)  # fmt: skip
def test_hidden_and_absent_are_the_same_404(town: Town, case: Case, name: str) -> None:
    for who in (town.stranger, town.director, town.nurse):
        client = browser(who)
        hidden = client.get(reverse(f"cases:{name}", args=[case.pk]))
        absent = client.get(reverse(f"cases:{name}", args=[case.pk + 99_999]))
        assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_a_guardian_reads_the_plan_and_does_not_decide_on_it(town: Town, case: Case) -> None:
    town.appoint(case)
    with acting(town.officer, NOW):
        plan = made.plan(case, town.officer, at=NOW)
        goal = made.goal(plan, town.officer, at=NOW, due_on=TODAY + timedelta(days=2))
    client = browser(town.guardian)
    assert "upis u školu" in look(client, "coordination:case_plan", case.pk)
    assert send(client, "cases:goal_reach", goal.pk).status_code == 404
    for name in ("plan_change", "plan_review", "goal_add"):
        assert client.get(reverse(f"cases:{name}", args=[plan.pk])).status_code == 404
    assert client.get(reverse("cases:interpreting_add", args=[case.pk])).status_code == 200
