"""Cases of a Primero file: taken over once, brought up to date, and nothing is lost in silence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from spona.accounts.models import Organisation
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.models import Case, LegalBasis
from spona.coordination.models import ExternalRecord, ImportedReferral
from spona.coordination.tests.exchanging import HOST, House, child, line, referral
from spona.directory.tests.factories import service
from spona.people import actions as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


def test_a_child_of_a_file_gets_a_case(house: House) -> None:
    done = house.takes(child())
    case = house.case()
    with rls.engine_room():
        who = case.person
        assert (str(who.main_name), who.sex) == ("Sintetički Dečak", "m")
        assert (who.birth_date, who.birth_precision) == (date(2011, 5, 4), "day")
        assert who.birth_declared_by == "other"
        assert [one.code for one in who.languages.all()] == ["prs"]
    assert (done.read, done.created, list(done.case_ids)) == (1, 1, [case.pk])
    assert case.synthetic


def test_the_same_file_again_changes_nothing(house: House) -> None:
    file = [child(1, services_section=[line()], referrals=[referral()]), child(2)]
    house.takes(*file)
    with rls.engine_room():
        before = Event.objects.exclude(verb="cases_import").count()
    house.later()
    done = house.takes(*file)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 2)
    assert not done.case_ids
    with rls.engine_room():
        assert Event.objects.exclude(verb="cases_import").count() == before
        assert Case.objects.filter(organisation=house.organisation).count() == 2


def test_a_record_that_stands_twice_in_a_file_is_taken_once(house: House) -> None:
    done = house.takes(child(), child())
    assert (done.created, done.left_out["repeated"]) == (1, 1)


def test_a_row_of_the_json_export_is_the_same_case(house: House) -> None:
    house.takes(child())
    row = {"id": child()["id"], "data": {**child(), "id": None}, "srch_name": "x"}
    assert house.takes(row).unchanged == 1


def test_an_import_is_one_event_with_its_cases_and_counts(house: House) -> None:
    house.takes(child(1, religion="x"), child(2))
    with rls.engine_room():
        event = Event.objects.get(verb="cases_import")
        ids = list(
            Case.objects.filter(organisation=house.organisation).values_list("pk", flat=True)
        )
    assert sorted(event.case_ids) == sorted(ids)
    assert event.detail["created"] == 2
    assert event.detail["dropped"] == {"religion": 1}
    assert "Sintetički" not in json.dumps(event.detail, ensure_ascii=False)


def test_what_has_no_place_here_is_kept_as_it_was(house: House) -> None:
    strange: Any = {"tracing_status": "open", "family": [{"unique_id": "f", "relation": "aunt"}]}
    house.takes(child(**strange))
    payload = house.record().payload
    assert {key: payload[key] for key in strange} == strange


NEVER: Any = {
    "religion": ["kanarinac"],
    "sub_ethnicity_1": "kanarinac",
    "risk_level": "kanarinac",
    "asylum_grounds_details": "kanarinac",
    "hiv_status": "kanarinac",
    "assessment_score": 777_777,
    "sexual_orientation": "kanarinac",
    "interview_transcript": "kanarinac",
    "smuggler_name": "kanarinac",
    "bone_age_result": "kanarinac",
    "telephone_last": "kanarinac",
    "photos": [{"attachment_base64": "kanarinac"}],
    "family_details": [{"unique_id": "f", "relation_ethnicity": "kanarinac"}],
    "services_section": [line(client_religion="kanarinac")],
    "referrals": [referral(risk_level="kanarinac")],
}


def test_what_is_never_stored_is_dropped_and_counted(house: House) -> None:
    done = house.takes(child(**NEVER))
    with rls.engine_room():
        kept = [ExternalRecord.objects.values_list("payload", "seen").get()]
        kept += ImportedReferral.objects.values_list("row", "transitions")
    text = json.dumps(kept)
    assert "kanarinac" not in text
    assert "777777" not in text
    assert done.dropped["risk_level"] == 2
    assert {"religion", "hiv_status", "photos", "relation_ethnicity"} <= done.dropped.keys()


def test_an_aid_for_hearing_is_no_illness(house: House) -> None:
    assert house.takes(child(hearing_aids=True, caregiver_phone="000-000-001")).dropped == {}


def test_a_line_of_services_is_a_need_and_history(house: House) -> None:
    done = house.takes(child(services_section=[line()], referrals=[referral(status="inprogress")]))
    case = house.case()
    with rls.engine_room():
        need = case.needs.get()
        kept = ImportedReferral.objects.get()
    assert (need.system, need.code, need.source) == ("own", "food", "referred")
    assert (kept.need_id, kept.status, kept.recipient) == (need.pk, "in_progress", None)
    assert kept.sent_at is not None
    assert done.unknown["services_section: ngo-1"] == 1


def test_history_is_in_nobodys_inbox(house: House) -> None:
    """The institution that a file names was never asked from here and learns nothing."""
    ngo = OrganisationFactory.create(code="OCD", key="ngo-1")
    helper = person("outreach_worker", ngo)
    offer = service(ngo, key="obrok")
    house.takes(child(services_section=[line(service_provider="obrok")], referrals=[referral()]))
    with rls.engine_room():
        kept = ImportedReferral.objects.get()
        assert (kept.recipient, kept.service) == (ngo, offer)
        assert not house.case().referrals.exists()
        assert not house.case().runs.exists()
    with rls.acting(helper.actor(), house.at):
        assert not ImportedReferral.objects.exists()
        assert not ExternalRecord.objects.exists()


def test_a_service_that_was_given_there_leaves_no_open_need(house: House) -> None:
    house.takes(child(services_section=[line(service_implemented="implemented")]))
    with rls.engine_room():
        assert house.case().needs.get().resolved_at is not None


def test_a_referral_without_a_line_and_lines_without_an_id_are_kept(house: House) -> None:
    bare = {key: value for key, value in line().items() if key != "unique_id"}
    house.takes(child(services_section=[bare], referrals=[referral(service_record_id=None)]))
    with rls.engine_room():
        assert ImportedReferral.objects.count() == 2


def test_what_is_said_of_consent_justifies_nothing(house: House) -> None:
    house.takes(child(consent_for_services=True, disclosure_other_orgs=True))
    case, other = house.case(), OrganisationFactory.create()
    with rls.engine_room():
        found = list(LegalBasis.objects.filter(case=case))
    assert {one.decision for one in found} == {"evidence_unknown"}
    assert {one.note for one in found} == {
        f"{HOST}: consent_for_services = true",
        f"{HOST}: disclosure_other_orgs = true",
    }
    decided = cases.decide(
        case_id=case.pk,
        recipient_id=other.pk,
        purpose="service",
        categories=["identity", "age_sex"],
        at=house.at,
    )
    assert decided == {"identity": None, "age_sex": None}


# --- the file has changed


def test_what_only_the_file_changed_is_brought_up_to_date(house: House) -> None:
    house.takes(child())
    changed = child(sex="female", date_of_birth="2012-01-01", estimated=True, language=["urdu"])
    done = house.takes({**changed, "name_first": "Sintetička", "country_of_origin": "AF"})
    with rls.engine_room():
        who = house.case().person
        assert (who.sex, who.birth_precision, who.country_said) == ("f", "estimated", "AF")
        assert who.main_name is not None
        assert {one.code for one in who.languages.all()} == {"prs", "urd"}
        assert {one.given for one in who.names.all()} == {"Sintetički", "Sintetička"}
    assert (done.updated, done.conflicts) == (1, [])


def test_what_was_corrected_here_since_stands_and_is_reported_each_time(house: House) -> None:
    house.takes(child())
    correct(house, sex="other")
    for _again in range(2):
        done = house.takes(child(sex="female"))
        assert [name for _uuid, name in done.conflicts] == ["sex"]
        assert not done.is_clean
    with rls.engine_room():
        assert house.case().person.sex == "other"


def test_a_correction_here_is_no_conflict_while_the_file_says_the_same(house: House) -> None:
    house.takes(child())
    correct(house, sex="other")
    assert house.takes(child(note="novo")).conflicts == []


def correct(house: House, **changes: Any) -> None:
    by, who = house.head.actor(), house.case().person
    with rls.acting(by, house.at):
        people.person_correct(person=who, by=by, at=house.at, row_version=1, **changes)


def test_a_need_that_was_met_here_stays_met(house: House) -> None:
    house.takes(child(services_section=[line()]))
    by = house.head.actor()
    with rls.acting(by, house.at):
        cases.need_resolve(need=house.case().needs.get(), by=by, at=house.at)
    house.takes(child(services_section=[line(note="novo")]))
    with rls.engine_room():
        assert house.case().needs.get().resolved_at is not None


def test_a_file_older_than_the_last_one_is_left(house: House) -> None:
    house.takes(child(sex="female", last_updated_at="2026-11-02T10:00:00Z"))
    done = house.takes(child(sex="male", last_updated_at="2026-11-01T10:00:00Z"))
    assert done.left_out["older_than_imported"] == 1
    with rls.engine_room():
        assert house.case().person.sex == "f"


def test_a_case_closed_there_is_not_opened_here_and_never_closed_by_a_file(house: House) -> None:
    assert house.takes(child(2, status="closed")).left_out["closed_there"] == 1
    house.takes(child())
    done = house.takes(child(status="closed"))
    assert [name for _uuid, name in done.conflicts] == ["status"]
    assert house.case().is_open


def test_a_disabled_record_is_left_out(house: House) -> None:
    assert house.takes(child(enabled=False)).left_out["disabled_there"] == 1


def test_a_case_that_was_handed_on_is_not_opened_again(house: House) -> None:
    house.takes(child())
    with rls.engine_room():
        house.case().accesses.update(ended_at=house.at)
    assert house.takes(child()).left_out["no_longer_here"] == 1


# --- what cannot be read


def test_a_word_without_a_place_is_kept_and_reported(house: House) -> None:
    done = house.takes(
        child(sex="x", language=["dari", "klingonski"], date_of_birth="davno", name_first=["a"])
    )
    assert {"sex", "language", "date_of_birth", "name_first"} <= done.unknown.keys()
    payload = house.record().payload
    assert (payload["sex"], payload["language"]) == ("x", ["klingonski"])
    assert (payload["date_of_birth"], payload["name_first"]) == ("davno", ["a"])


def test_an_age_is_counted_from_the_day_on_which_it_was_written(house: House) -> None:
    house.takes(child(date_of_birth=None, age=15, registration_date="2025-03-01"))
    with rls.engine_room():
        who = house.case().person
    assert (who.birth_date, who.birth_precision) == (date(2010, 1, 1), "estimated")


def test_a_name_in_arabic_script_is_known_as_such(house: House) -> None:
    house.takes(child(name_first="محمد", name_last="رحیمی"))
    with rls.engine_room():
        assert house.case().person.names.get().script == "Arab"


def test_a_record_without_an_id_is_named_and_the_others_are_taken(house: House) -> None:
    done = house.takes(child(1, id="x"), child(2), child(3, id=None))
    assert ([record for record, _why in done.refused], done.created) == (["#1", "#3"], 1)


def test_what_no_database_can_hold_is_made_whole(house: House) -> None:
    done = house.takes(child(note="a\x00b\ud800", name_last="D\x00ečak"))
    assert done.created == 1
    assert house.record().payload["note"] == "ab\ufffd"


# --- who


def test_only_who_opens_cases_and_sees_all_of_them_takes_a_file_over(house: House) -> None:
    outsider = person("head_of_service")
    for who in (house.worker, house.director, outsider):
        with pytest.raises(NotAllowed):
            house.takes(child(), who=who)


def test_two_institutions_with_the_same_child_do_not_learn_of_each_other(house: House) -> None:
    other = House()
    house.takes(child())
    done = other.takes(child())
    assert (done.created, done.refused) == (1, [])


def test_an_institution_without_a_town_is_told(house: House) -> None:
    Organisation.objects.filter(pk=house.organisation.pk).update(municipality=None)
    house.organisation.refresh_from_db()
    with pytest.raises(Refused, match=r"mest|town"):
        house.takes(child())
