"""Cases leave as a file: whole to oneself, to others only what the ledger justifies."""

from __future__ import annotations

import gzip
import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from spona.accounts.models import Organisation
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.cases.tests import factories
from spona.coordination import actions
from spona.coordination.actions import disclosing, exchange
from spona.coordination.actions.exchange import reading
from spona.coordination.models import Disclosure
from spona.coordination.rules import never_stored, unhcr
from spona.coordination.tests.asking import Asking
from spona.coordination.tests.exchanging import House, Row, child, line, referral
from spona.coordination.tests.story import DAY

pytestmark = pytest.mark.django_db

WITH_HISTORY: Row = {
    "services_section": [line(), line("line-2", service_type="medical")],
    "referrals": [referral()],
}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def ngo() -> Organisation:
    made: Organisation = OrganisationFactory.create(code="OCD")
    return made


# --- one's own


def test_a_case_of_ours_has_the_shape_of_primero(house: House) -> None:
    opened = factories.case(house.head, at=house.at, needs=["food"])
    [found] = house.gives()
    assert found["case_id"] == opened.code
    assert (found["name"], found["status"], found["enabled"]) == ("Sintetički Dečak", "open", True)
    assert found["language"] == ["prs"]
    [row] = found["services_section"]
    assert (row["service_type"], row["need_code"]) == ("food", "own:food")
    assert found["referrals"] == []


def test_a_referral_holds_the_body_that_primero_takes() -> None:
    asking = Asking()
    asking.basis()
    sent = asking.sent()
    asking.answers(sent, "accepted")
    by, out = asking.town.head.actor(), StringIO()
    with rls.acting(by, asking.at):
        exchange.cases_export(out=out, organisation=asking.town.centre, by=by, at=asking.at)
    [found] = json.loads(out.getvalue())
    [row] = found["referrals"]
    assert row["status"] == "accepted"
    assert row["service"] == "basic_psychosocial_support"
    assert row["transitioned_to_agency"] == asking.helper.organisation.key
    assert row["service_record_id"] in {one["unique_id"] for one in found["services_section"]}
    assert {"transitioned_to", "notes", "remote", "consent_overridden"} <= row.keys()


def test_the_id_is_the_same_each_time_and_the_one_it_came_with(house: House) -> None:
    factories.case(house.head, at=house.at)
    assert house.gives()[0]["id"] == house.gives()[0]["id"]
    other = House()
    other.takes(child())
    assert other.gives()[0]["id"] == child()["id"]


def test_a_case_that_comes_back_is_no_second_case(house: House) -> None:
    factories.case(house.head, at=house.at, needs=["food"])
    file = house.gives()
    for _again in range(2):
        done = house.takes(*file)
        assert (done.created, done.conflicts) == (0, [])
    assert house.gives() == file
    with rls.engine_room():
        assert house.case().needs.count() == 1


def test_a_need_that_was_met_here_is_told(house: House) -> None:
    house.takes(child(**WITH_HISTORY))
    by = house.head.actor()
    with rls.acting(by, house.at):
        cases.need_resolve(need=house.case().needs.get(code="food"), by=by, at=house.at)
    told = {one["unique_id"]: one for one in house.gives()[0]["services_section"]}
    assert told["line-1"]["service_implemented"] == "implemented"
    assert told["line-2"]["service_implemented"] == "not_implemented"


def test_a_director_gets_a_file_without_what_is_sensitive(house: House) -> None:
    factories.case(house.head, at=house.at, needs=["food", "medical"])
    house.takes(child(protection_concerns=["kanarinac"], **WITH_HISTORY))
    file = house.gives(house.director)
    assert len(file) == 2
    assert "kanarinac" not in json.dumps(file)
    assert "medical" not in json.dumps(file)
    assert "food" in json.dumps(file)


def test_only_who_answers_for_the_institution_takes_its_cases_away(house: House) -> None:
    for who in (house.worker, person("head_of_service"), person("duty_officer")):
        with pytest.raises(NotAllowed):
            house.gives(who)


def test_only_own_cases_are_in_the_file(house: House) -> None:
    other = factories.case(person("case_manager"), at=house.at)
    factories.access(other, house.organisation, at=house.at)
    assert house.gives() == []


def test_a_file_is_one_event_with_its_cases(house: House) -> None:
    house.takes(child(1), child(2))
    house.gives()
    with rls.engine_room():
        event = Event.objects.get(verb="cases_export")
        assert set(event.case_ids) == set(Case.objects.values_list("pk", flat=True))
    assert (event.kind, event.detail["cases"]) == ("read", 2)


def test_portions_make_no_difference(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.takes(*(child(number) for number in range(1, 6)))
    whole = house.gives()
    monkeypatch.setattr(reading, "PORTION", 2)
    assert house.gives() == whole
    assert len(whole) == 5


# --- there and back


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
KNOWN = frozenset(child()) | {"services_section", "referrals", "transitions", "data", "age"}
KNOWN |= {"birth_precision", "country_of_origin", "record_state", "last_updated_at"}
STRANGE = st.dictionaries(
    WORDS.filter(lambda name: name not in KNOWN and not never_stored.forbidden(name)),
    ANYTHING,
    max_size=4,
)
LINES = st.lists(
    st.fixed_dictionaries(
        {"unique_id": st.sampled_from("abcd")},
        optional={
            "service_type": st.sampled_from(["food", "medical", "shelter", "relocation", "x"]),
            "service_implemented": st.sampled_from(["implemented", "not_implemented"]),
            "note": WORDS,
        },
    ),
    max_size=4,
    unique_by=lambda one: one["unique_id"],
)
REFERRALS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("pqrs"), "status": st.sampled_from(["inprogress", "done"])},
        optional={
            "service_record_id": st.sampled_from("abcd"),
            "created_at": st.sampled_from(["2026-10-01T10:00:00Z", "2026-10-02T10:00:00Z"]),
        },
    ),
    max_size=3,
    unique_by=lambda one: one["id"],
)
PEOPLE = st.fixed_dictionaries(
    {"services_section": LINES, "referrals": REFERRALS},
    optional={
        "name_first": WORDS,
        "sex": st.sampled_from(["male", "female", "other", "?"]),
        "date_of_birth": st.dates().map(str),
        "estimated": st.booleans(),
        "birth_precision": st.sampled_from(["day", "month", "year", "estimated"]),
        "language": st.lists(st.sampled_from(["dari", "arb", "klingonski"]), max_size=3),
        "country_of_origin": st.sampled_from(["AF", "afghanistan"]),
        "consent_for_services": st.booleans(),
    },
)


class ThereAndBack(TestCase):
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(PEOPLE, STRANGE), min_size=1, max_size=3))
    def test_what_was_exported_comes_out_of_an_empty_house_the_same(
        self, people: list[tuple[Row, Row]]
    ) -> None:
        first, second = House(), House()
        file = [child(n, **who) | strange for n, (who, strange) in enumerate(people, 1)]
        done = first.takes(*file)
        assert (done.created, done.refused) == (len(file), [])
        exported = first.gives()
        second.takes(*exported)
        assert second.gives() == exported
        for before, (_who, strange) in zip(exported, people, strict=True):
            assert {name: before[name] for name in strange} == strange

    @settings(max_examples=10)
    @given(st.lists(st.sampled_from(["food", "medical", "water"]), unique=True))
    def test_a_case_that_was_opened_here_goes_there_and_back(self, needs: list[str]) -> None:
        first, second = House(), House()
        factories.case(first.head, at=first.at, needs=needs)
        exported = first.gives()
        second.takes(*exported)
        assert second.gives() == exported


# --- to somebody else


def test_without_a_basis_a_case_is_left_out_and_counted(house: House, ngo: Organisation) -> None:
    house.takes(child())
    file, done = house.sends(ngo)
    assert (file, done.left_out["no_basis"]) == ([], 1)


def test_a_file_for_others_holds_what_the_ledger_justifies(house: House, ngo: Organisation) -> None:
    house.takes(child(kept="kanarinac", **WITH_HISTORY))
    basis = house.basis(house.case())
    [found], done = house.sends(ngo)
    assert found["sex"] == "male"
    assert [one["need_code"] for one in found["services_section"]] == ["own:food"]
    for absent in ("name", "name_first", "date_of_birth", "language", "kept", "case_id"):
        assert absent not in found
    assert found["referrals"] == []
    assert done.bases == {basis.pk}
    with rls.engine_room():
        event = Event.objects.get(verb="cases_send")
    assert event.detail["recipient"] == ngo.pk
    assert (event.detail["purpose"], event.detail["bases"]) == ("service", [basis.pk])


def test_what_left_in_a_file_is_disclosed_field_by_field(house: House, ngo: Organisation) -> None:
    house.takes(child(**WITH_HISTORY))
    basis = house.basis(house.case())
    house.sends(ngo)
    with rls.engine_room():
        rows = list(Disclosure.objects.all())
        number = Event.objects.get(verb="cases_send").detail["number"]
    assert {(one.field, one.category) for one in rows} == {
        ("sex", "age_sex"),
        ("age", "age_sex"),
        ("need", "needs"),
    }
    assert {(one.basis_id, one.recipient_id, one.number, one.run_id) for one in rows} == {
        (basis.pk, ngo.pk, number, None)
    }
    assert {one.value for one in rows} == {None}
    need = next(one for one in rows if one.field == "need")
    assert disclosing.proves(need, ["own:food"])
    assert not disclosing.proves(need, ["own:water"])


def test_a_withdrawn_consent_names_who_got_a_file_and_no_sweep_breaks_on_one(
    house: House, ngo: Organisation
) -> None:
    house.takes(child())
    consent, by = consented(house, ngo), house.head.actor()
    house.sends(ngo)
    assert actions.disclosures_sweep(at=house.at) == 0
    house.later()
    with rls.acting(by, house.at):
        stopped = actions.consent_withdraw(basis=consent, why="", by=by, at=house.at)
    assert (stopped.fields, stopped.files) == (0, (ngo,))
    with rls.engine_room():
        assert {one.ended_why for one in Disclosure.objects.all()} == {"consent"}
    assert actions.disclosures_sweep(at=house.at) == 0


def test_another_purpose_or_another_recipient_gets_nothing(house: House, ngo: Organisation) -> None:
    house.takes(child())
    consent = consented(house, ngo)
    assert len(house.sends(ngo)[0]) == 1
    assert house.sends(ngo, "legal_aid")[0] == []
    assert house.sends(OrganisationFactory.create())[0] == []
    by = house.head.actor()
    with rls.acting(by, house.at):
        cases.basis_withdraw(basis=consent, why="Dete ne želi.", by=by, at=house.at)
    assert house.sends(ngo)[0] == []


def consented(house: House, to: Organisation, **said: Any) -> Any:
    case, by = house.case(), house.head.actor()
    with rls.acting(by, house.at):
        cases.guardianship_begin(
            case=case,
            kind="temporary",
            guardian=None,
            guardian_name="Sintetička Ana",
            guardian_phone="000-000-001",
            by=by,
            at=house.at,
        )
    return house.basis(
        case,
        **{
            "kind": "consent",
            "consent_kind": "data",
            "recipient": to,
            "given_by": "guardian",
            "expires_at": house.at + 30 * DAY,
            "explained": True,
        }
        | said,
    )


def test_what_is_for_oneself_or_for_no_known_purpose_is_refused(
    house: House, ngo: Organisation
) -> None:
    with pytest.raises(Refused):
        house.sends(house.organisation)
    with pytest.raises(Refused):
        house.sends(ngo, "radoznalost")


# --- UNHCR


def test_the_table_has_the_columns_of_unhcr(house: House, ngo: Organisation) -> None:
    assert len(unhcr.COLUMNS) == 25
    house.takes(child(unhcr_individual_no="000-00000001", unhcr_needs_codes=["SM-CC", "CR-CS"]))
    everything = ["identity", "age_sex", "needs", "health"]
    consented(house, ngo, purpose="protection", categories=everything)
    [row] = house.table(ngo)
    assert tuple(row) == tuple(unhcr.COLUMNS)
    assert row["name_of_child_last_first"] == "Dečak, Sintetički"
    assert (row["sex"], row["sex_mapping_m_f_u"]) == ("male", "M")
    assert row["progres_id"] == "000-00000001"
    assert row["vulnerability_details_code"] == "SM-CC; CR-CS"
    assert row["vulnerability_code"] == "SM; CR"
    assert row["governorate_country"] == ""


def test_without_an_opt_in_nobody_is_in_the_table(house: House, ngo: Organisation) -> None:
    """Vital interest towards everybody is no word for UNHCR, and what a file says is none."""
    house.takes(child(unhcr_export_opt_in=True))
    house.basis(house.case(), purpose="protection")
    assert house.table(ngo) == []


def test_what_the_opt_in_does_not_cover_is_empty(house: House, ngo: Organisation) -> None:
    house.takes(child(unhcr_needs_codes=["SM-CC", "CR-CS"], name_caregiver="kanarinac"))
    consented(house, ngo, purpose="protection", categories=["needs"])
    [row] = house.table(ngo)
    assert row["vulnerability_details_code"] == "CR-CS"
    assert not any(row[one] for one in ("sex", "age", "date_of_birth", "name_of_caregiver"))
    assert "Dečak" not in "".join(row.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_is_a_formula(house: House, ngo: Organisation, start: str) -> None:
    house.takes(child(name_last=f"{start}cmd", national_id_no=f"{start}1+1"))
    consented(house, ngo, purpose="protection", categories=["identity"])
    [row] = house.table(ngo)
    for cell in row.values():
        assert not cell.lstrip(" ").startswith(unhcr.FORMULAS)


# --- the command


def run(*words: str) -> str:
    out = StringIO()
    call_command("exchange", *words, stdout=out, stderr=out)
    return out.getvalue()


def by_head(house: House) -> list[str]:
    return ["--organisation", house.organisation.key, "--by", house.head.user.email]


def test_a_file_goes_in_and_out_by_command(house: House, tmp_path: Path) -> None:
    source, target = tmp_path / "u.json.gz", tmp_path / "iz.json.gz"
    source.write_bytes(gzip.compress(json.dumps([child()]).encode() + b"[]"))
    said = run("import", str(source), "--from", "primero.invalid", *by_head(house))
    assert "1 records read: 1 cases opened" in said
    assert "1 cases written" in run("export", str(target), *by_head(house))
    assert json.loads(gzip.decompress(target.read_bytes())) == house.gives()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["iz.json.gz", "u.json.gz"]


def test_a_broken_file_imports_nothing_and_says_where(house: House, tmp_path: Path) -> None:
    source = tmp_path / "u.json"
    source.write_text(json.dumps([child(), child(2)])[:-1])
    with pytest.raises(CommandError, match=r"ends in the middle \(byte \d+\). Nothing"):
        run("import", str(source), "--from", "primero.invalid", *by_head(house))
    with rls.engine_room():
        assert not Case.objects.exists()


def test_conflicts_have_an_exit_code_of_their_own(house: House, tmp_path: Path) -> None:
    source = tmp_path / "u.json"
    source.write_text(json.dumps([child(id="x")]))
    with pytest.raises(SystemExit) as left:
        run("import", str(source), "--from", "primero.invalid", *by_head(house))
    assert left.value.code == 3


def test_a_refused_file_is_not_there(house: House, tmp_path: Path) -> None:
    target = tmp_path / "iz.json"
    key, email = house.organisation.key, house.worker.user.email
    with pytest.raises(CommandError):
        run("export", str(target), "--organisation", key, "--by", email)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "email", "why"),
    [("nema-je", "", "no institution"), ("", "niko@primer.invalid", "no account")],
)
def test_a_wrong_key_or_account_is_said(
    house: House, tmp_path: Path, key: str, email: str, why: str
) -> None:
    who = ["--organisation", key or house.organisation.key]
    who += ["--by", email or house.head.user.email]
    with pytest.raises(CommandError, match=why):
        run("export", str(tmp_path / "iz.json"), *who)


def test_the_table_is_written_by_command(house: House, ngo: Organisation, tmp_path: Path) -> None:
    house.takes(child())
    target = tmp_path / "unhcr.csv"
    said = run("unhcr", str(target), "--for", ngo.key, *by_head(house))
    assert "left out: 1 that have no legal basis" in said
    assert target.read_text().startswith("long_id,individual_progress_id,")
