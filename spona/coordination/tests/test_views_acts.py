"""Recording acts and facts, taking them back, naming parties: by who may and who may not."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from spona.accounts.tests.factories import OrganisationFactory, person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases.models import Case, Document, Guardianship
from spona.coordination import actions
from spona.coordination.models import Binding, RunEvent
from spona.coordination.tests.story import EVENING, HOUR, MINUTE, Town, last_seq, owed, run_of
from spona.directory.models import Centre, CentreOperation

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR


@pytest.fixture(autouse=True)
def evening(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def case(town: Town) -> Case:
    return town.boy_in_care()


def url_of(case: Case, act: str) -> str:
    return reverse("coordination:act_new", args=[run_of(case).pk, act])


def typed(at: datetime = NOW) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def filled(case: Case, **answers: Any) -> dict[str, Any]:
    return {"occurred_at": typed(), "seen": last_seq(case)} | answers


def events(case: Case, act: str) -> list[RunEvent]:
    with rls.engine_room():
        return list(RunEvent.objects.filter(case=case, act=act, kind="act"))


def test_an_act_is_recorded_with_its_answers(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    answer = client.post(url_of(case, "bed_tonight"), filled(case, q_place="Demo kuća"))
    assert answer["Location"] == reverse("coordination:case_detail", args=[case.pk])
    (event,) = events(case, "bed_tonight")
    assert event.form == {"place": "Demo kuća"}
    assert event.occurred_at == NOW
    assert "bed_tonight" not in owed(case)


def test_what_was_typed_wrongly_comes_back_whole(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    late = typed(NOW + HOUR)
    answer = client.post(
        url_of(case, "bed_tonight"), filled(case, occurred_at=late, q_place="Kuća")
    )
    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'value="Kuća"' in said
    assert "Vreme događaja ne može biti u budućnosti" in said
    assert events(case, "bed_tonight") == []


def test_before_the_first_contact_nothing_can_have_been(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    early = typed(EVENING - HOUR)
    answer = client.post(url_of(case, "bed_tonight"), filled(case, occurred_at=early, q_place="K"))
    assert answer.status_code == 422


def test_the_minute_of_the_encounter_is_the_encounter(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    data = filled(case, occurred_at=typed(EVENING), q_place="Kuća")
    assert client.post(url_of(case, "bed_tonight"), data).status_code == 302


def test_two_people_at_once_the_second_keeps_what_was_typed(town: Town, case: Case) -> None:
    seen = last_seq(case)
    town.act(case, "bed_tonight", form={"place": "Prva kuća"})
    client = signed_in(town.second_officer)
    url, data = url_of(case, "bed_tonight"), filled(case, seen=seen, q_place="Druga kuća")
    answer = client.post(url, data)
    assert answer.status_code == 409
    said = answer.content.decode()
    assert 'value="Druga kuća"' in said
    assert f'name="seen" value="{last_seq(case)}"' in said
    assert client.post(url, data | {"seen": last_seq(case)}).status_code == 302


def test_a_mistake_in_the_form_is_no_new_look_at_the_run(town: Town, case: Case) -> None:
    seen = last_seq(case)
    town.act(case, "bed_tonight", form={"place": "Prva kuća"})
    client = signed_in(town.second_officer)
    answer = client.post(url_of(case, "bed_tonight"), filled(case, seen=seen, q_place=""))
    assert answer.status_code == 422
    assert f'name="seen" value="{seen}"' in answer.content.decode()


def test_what_is_blocked_has_no_button_and_says_how_to_get_there(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    answer = client.get(url_of(case, "intention_registered"))
    said = answer.content.decode()
    assert "Ne može još" in said
    assert 'name="occurred_at"' not in said
    assert [link.label for link in answer.context["first"]] == [
        "Postavljanje privremenog staratelja"
    ]
    assert "Dete je reklo da želi azil" in said


def test_what_is_not_open_names_the_rule_and_the_way_that_opens_it(town: Town, case: Case) -> None:
    answer = signed_in(town.officer).get(url_of(case, "guardian_visit"))
    assert "Postaje moguće posle postavljanja" in answer.content.decode()
    assert "pravilo UASC-16" in answer.content.decode()
    assert "Postavljanje privremenog staratelja" in [x.label for x in answer.context["first"]]


def test_what_waits_for_an_act_is_told_to_those_who_work_on_the_case(
    town: Town, case: Case
) -> None:
    said = signed_in(town.officer).get(url_of(case, "guardian_appointed")).content.decode()
    assert "Dok se to ne uradi, čeka: " in said
    assert "(pravilo UASC-09)" in said
    _bind(town, case, "police", town.station)
    theirs = signed_in(town.policeman).get(url_of(case, "intention_registered")).content.decode()
    assert "Dok se to ne uradi" not in theirs


def test_what_is_blocked_is_refused_all_the_same(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    data = filled(case, source_of_knowledge="telefonom")
    answer = client.post(url_of(case, "intention_registered"), data)
    assert answer.status_code == 422
    assert events(case, "intention_registered") == []


def test_a_soft_guard_is_passed_with_reasons(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = url_of(case, "guardian_appointed")
    data = filled(case, q_guardian_person=str(town.guardian.user_id))
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "Možete nastaviti uz obrazloženje" in answer.content.decode()
    assert client.post(url, data | {"reason": "nema vremena"}).status_code == 302
    with rls.engine_room():
        assert Guardianship.objects.get(case=case).guardian == town.guardian.user


def test_each_guardian_is_shown_with_the_number_of_children(town: Town, case: Case) -> None:
    town.appoint(case)
    other = town.claimed(town.boy_met(at=EVENING + HOUR), after=90 * MINUTE)
    answer = signed_in(town.officer).get(url_of(other, "guardian_proposed"))
    assert "1 dete sada" in answer.content.decode()


def test_a_guardian_who_leads_the_case_is_pointed_out(town: Town, case: Case) -> None:
    with rls.engine_room():
        Case.objects.filter(pk=case.pk).update(lead=town.guardian.user)
    said = signed_in(town.officer).get(url_of(case, "guardian_proposed")).content.decode()
    assert "vodi ovaj slučaj" in said


def test_a_guardian_without_an_account_has_a_name_and_a_phone(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = url_of(case, "guardian_proposed")
    data = filled(case, q_proposed_person="else")
    assert client.post(url, data).status_code == 422
    who = {"q_proposed_person_name": "Sintetička Ana", "q_proposed_person_phone": "000-1"}
    assert client.post(url, data | who).status_code == 302
    (event,) = events(case, "guardian_proposed")
    assert event.form["proposed_person"] == {"name": "Sintetička Ana", "phone": "000-1"}


def test_an_act_of_another_institution_needs_a_source(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = url_of(case, "first_medical_exam")
    data = filled(case, q_hospital_needed="no")
    assert client.post(url, data).status_code == 422
    answer = client.post(url, data | {"source_of_knowledge": "javila sestra telefonom"})
    assert answer.status_code == 302
    (event,) = events(case, "first_medical_exam")
    assert event.party == "health"
    assert event.facts == {"health_needs_hospital": False}


def test_the_nurse_does_her_act_and_never_sees_the_case(town: Town, case: Case) -> None:
    _bind(town, case, "health", town.clinic)
    client = signed_in(town.nurse)
    url = url_of(case, "first_medical_exam")
    said = client.get(url).content.decode()
    assert case.code not in said
    assert "Sintetički" not in said
    answer = client.post(
        url, {"occurred_at": typed(), "seen": last_seq(case), "q_hospital_needed": "yes"}
    )
    assert answer["Location"] == "/"
    (event,) = events(case, "first_medical_exam")
    assert event.organisation_id == town.clinic.pk
    assert not event.by_proxy
    mine = client.get(reverse("coordination:event_detail", args=[event.pk]))
    assert mine.status_code == 200
    assert case.code not in mine.content.decode()


def test_the_nurse_does_not_do_acts_of_others(town: Town, case: Case) -> None:
    _bind(town, case, "health", town.clinic)
    client = signed_in(town.nurse)
    assert client.get(url_of(case, "guardian_appointed")).status_code == 404
    assert client.get(url_of(case, "thb_reported")).status_code == 404
    assert client.get(reverse("coordination:fact_new", args=[run_of(case).pk])).status_code == 404
    assert client.get(reverse("coordination:party_list", args=[run_of(case).pk])).status_code == 404


def test_the_police_learn_that_the_intention_waits_and_nothing_else(town: Town, case: Case) -> None:
    _bind(town, case, "police", town.station)
    said = signed_in(town.policeman).get(url_of(case, "intention_registered")).content.decode()
    assert "Ne može još" in said
    assert case.code not in said
    assert "Potrebe" not in said


@pytest.mark.parametrize(
    "act", ["bed_tonight", "intention_voiced", "absence_noticed", "no_such_act"]
)
def test_a_stranger_gets_the_404_of_what_is_absent(town: Town, case: Case, act: str) -> None:
    client = signed_in(town.stranger)
    hidden = client.get(url_of(case, act))
    absent = client.get(reverse("coordination:act_new", args=[999_999, act]))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert client.post(url_of(case, act), filled(case)).status_code == 404


def test_clock_acts_and_unknown_acts_are_404(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    assert client.get(url_of(case, "turned_18")).status_code == 404
    assert client.get(url_of(case, "no_such_act")).status_code == 404


def test_a_document_of_the_form_is_kept_in_the_case(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    paper = SimpleUploadedFile("akt.pdf", _pdf(), content_type="application/pdf")
    data = filled(case, q_registry_number="123/26", q_document=paper)
    assert client.post(url_of(case, "accommodation_conclusion"), data).status_code == 302
    with rls.engine_room():
        kept = Document.objects.get(case=case)
    (event,) = events(case, "accommodation_conclusion")
    assert event.form == {"registry_number": "123/26", "document": {"document": kept.pk}}
    page = client.get(reverse("coordination:event_detail", args=[event.pk])).content.decode()
    assert reverse("cases:document_detail", args=[kept.pk]) in page


def test_a_bad_file_keeps_neither_file_nor_act(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    paper = SimpleUploadedFile("akt.pdf", b"MZ this is a program", content_type="application/pdf")
    data = filled(case, q_registry_number="123/26", q_document=paper)
    answer = client.post(url_of(case, "accommodation_conclusion"), data)
    assert answer.status_code == 422
    assert 'value="123/26"' in answer.content.decode()
    assert events(case, "accommodation_conclusion") == []


def test_a_place_that_departs_from_the_rule_is_asked_for_reasons(town: Town, case: Case) -> None:
    centre = _centre("CA")
    client = signed_in(town.officer)
    data = filled(case, q_facility=str(centre.pk), reason="")
    answer = client.post(url_of(case, "placement_foster"), data)
    assert answer.status_code == 422
    assert "Centar za azil" in answer.content.decode()


def test_a_place_of_detention_is_never_offered(town: Town, case: Case) -> None:
    held, bed = _centre("detention"), _centre("USZ")
    answer = signed_in(town.officer).get(url_of(case, "urgent_placement"))
    offered = answer.content.decode()
    assert f'<option value="{bed.pk}"' in offered
    assert f'<option value="{held.pk}"' not in offered
    assert len(answer.context["options"]) == 4


def test_a_fact_is_recorded_and_the_case_asks_what_is_still_owed(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    url = reverse("coordination:fact_new", args=[run_of(case).pk])
    assert client.post(url, {"occurred_at": typed()}).status_code == 422
    assert client.post(url, {"occurred_at": typed(), "f_age": "200"}).status_code == 422
    answer = client.post(url, {"occurred_at": typed(), "f_age": "14", "f_has_property": "yes"})
    assert answer.status_code == 302
    with rls.engine_room():
        assert run_of(case).facts["age"] == 14
    assert "property_inventory" in owed(case)
    client.post(url, {"occurred_at": typed(), "f_has_property": "no"})
    assert "property_inventory" in owed(case)
    page = client.get(reverse("coordination:case_detail", args=[case.pk]))
    assert "Popis imovine štićenika" in page.context["outlook"].doubtful
    assert "Da li se ovo i dalje duguje?" in page.content.decode()


def test_an_entry_shows_both_times_and_is_taken_back_with_a_reason(town: Town, case: Case) -> None:
    event = town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    client = signed_in(town.officer)
    detail = reverse("coordination:event_detail", args=[event.pk])
    revoke = reverse("coordination:event_revoke", args=[event.pk])
    said = client.get(detail).content.decode()
    assert "Demo kuća" in said
    assert "Kada je upisano" in said
    assert client.post(revoke, {"reason": " "}).status_code == 422
    done = client.post(revoke, {"reason": "pogrešno dete"}, follow=True)
    assert "Ponovo se duguje: Bezbedno mesto za noć" in done.content.decode()
    assert "bed_tonight" in owed(case)
    assert client.post(revoke, {"reason": "opet"}).status_code == 409
    river = client.get(reverse("coordination:case_river", args=[case.pk])).content.decode()
    assert "<s>" in river


def test_others_neither_see_nor_take_back_an_entry(town: Town, case: Case) -> None:
    event = town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    colleague = person("case_manager", town.centre)
    for who in (town.stranger, town.policeman, colleague):
        client = signed_in(who)
        for name in ("event_detail", "event_print"):
            assert client.get(reverse(f"coordination:{name}", args=[event.pk])).status_code == 404
        revoke = reverse("coordination:event_revoke", args=[event.pk])
        assert client.post(revoke, {"reason": "tako"}).status_code == 404


def test_the_director_reads_an_entry_and_does_not_take_it_back(town: Town, case: Case) -> None:
    event = town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    client = signed_in(town.director)
    assert client.get(reverse("coordination:event_detail", args=[event.pk])).status_code == 200
    revoke = reverse("coordination:event_revoke", args=[event.pk])
    for typed_ in ({"reason": "tako"}, {}):
        assert client.post(revoke, typed_).status_code == 404


def test_the_page_for_the_file_names_the_institution_the_number_and_the_law(
    town: Town, case: Case
) -> None:
    form = {"registry_number": "55/26"}
    event = town.act(case, "accommodation_conclusion", form=form)
    said = signed_in(town.officer).get(reverse("coordination:event_print", args=[event.pk]))
    page = said.content.decode()
    assert str(town.centre) in page
    assert "55/26" in page
    assert "UASC-07" in page
    assert "Pečat" in page


def test_the_party_nobody_stands_for_comes_first_and_is_named(town: Town, case: Case) -> None:
    client = signed_in(town.officer)
    run = run_of(case)
    parties = client.get(reverse("coordination:party_list", args=[run.pk])).context["parties"]
    bound = [one is not None for _key, _label, one in parties]
    assert bound == sorted(bound)
    school = OrganisationFactory.create(code="SKOLA")
    url = reverse("coordination:party_bind", args=[run.pk, "school"])
    assert client.post(url, {"organisation": town.station.pk}).status_code == 422
    assert client.post(url, {"organisation": school.pk}).status_code == 302
    with rls.engine_room():
        assert Binding.objects.current().get(run=run, party="school").organisation == school
    nobody = reverse("coordination:party_bind", args=[run.pk, "nobody"])
    assert client.get(nobody).status_code == 404


def test_every_look_at_an_act_is_in_the_log(town: Town, case: Case) -> None:
    signed_in(town.officer).get(url_of(case, "bed_tonight"))
    with rls.engine_room():
        seen = Event.objects.filter(verb="act_look")
        assert [one.case_ids for one in seen] == [[case.pk]]


def _pdf() -> bytes:
    """A page with nothing on it."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(width=72, height=72)
    writer.write(file)
    return file.getvalue()


def _bind(town: Town, case: Case, party: str, organisation: Any) -> None:
    by = town.officer.actor()
    with rls.acting(by, NOW):
        actions.party_bind(
            run_id=run_of(case).pk, party=party, organisation=organisation, by=by, at=NOW
        )


def _centre(kind: str) -> Centre:
    centre = Centre.objects.create(organisation=OrganisationFactory.create(code="PC"), kind=kind)
    CentreOperation.objects.create(
        centre=centre,
        says="operating",
        from_on=(NOW - timedelta(days=9)).date(),
        until_on=(NOW + timedelta(days=9)).date(),
    )
    return centre
