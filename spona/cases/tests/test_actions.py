"""Who may do what in a case, and what happens where it may not be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from spona.accounts.models import Membership
from spona.accounts.tests.factories import MunicipalityFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.actor import CLOCK
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.models import (
    Case,
    CaseAccess,
    ConferenceDecision,
    Guardianship,
    Need,
    Note,
    Placement,
)
from spona.cases.tests.factories import CHILD, NOW, access, acting, case
from spona.directory.models import Centre, CentreOperation
from spona.people.models import Person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)

Do = Callable[[Case, Membership], Any]


def _need(to: Case, who: Membership) -> Need:
    return actions.need_add(
        case=to, by=who.actor(), at=NOW, system="own", code="food", source="said"
    )


def _placement(to: Case, who: Membership) -> Placement:
    return actions.placement_begin(
        case=to, kind="bed_tonight", by=who.actor(), at=NOW, place="sintetička kuća"
    )


def _guardianship(to: Case, who: Membership) -> Guardianship:
    return actions.guardianship_begin(
        case=to,
        kind="temporary",
        guardian=None,
        guardian_name="Sintetička Ana",
        guardian_phone="000-000-001",
        by=who.actor(),
        at=NOW,
    )


def _note(to: Case, who: Membership) -> Note:
    return actions.note_write(case=to, by=who.actor(), at=NOW, text="Jeo je i spava.")


def _conference(to: Case, who: Membership) -> Any:
    return actions.conference_plan(
        case=to,
        by=who.actor(),
        at=NOW,
        planned_at=LATER,
        participants=[{"name": "Sintetička Vera", "function": "psiholog"}],
    )


def _close(to: Case, who: Membership) -> Case:
    return actions.case_close(case=to, reason="reunited", by=who.actor(), at=NOW)


def _grant(to: Case, who: Membership) -> CaseAccess:
    return actions.access_grant(
        case=to, organisation=who.organisation, basis="grant", by=who.actor(), at=NOW
    )


RUNNING: list[Do] = [_placement, _guardianship, _conference, _close, _grant]
WORKING: list[Do] = [_need, _note]


@pytest.mark.parametrize("do", RUNNING + WORKING)
def test_the_owner_does_it_and_it_is_in_the_log(do: Do) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        do(opened, owner)
        last = Event.objects.of_case(opened.pk).order_by("-id").first()
    assert last is not None
    assert last.actor_name == owner.user.name
    assert last.verb in {
        "need_add",
        "note_write",
        "placement_begin",
        "guardianship_begin",
        "conference_plan",
        "case_close",
        "access_grant",
    }


@pytest.mark.parametrize("do", RUNNING + WORKING)
def test_a_stranger_does_nothing_not_even_learn_that_the_case_exists(do: Do) -> None:
    opened, stranger = case(person("duty_officer")), person("duty_officer")
    with acting(stranger), pytest.raises(NotAllowed):
        do(opened, stranger)


@pytest.mark.parametrize("do", RUNNING + WORKING)
def test_a_colleague_without_access_does_nothing(do: Do) -> None:
    owner = person("duty_officer")
    colleague = person("case_manager", owner.organisation)
    opened = case(owner)
    with acting(colleague), pytest.raises(NotAllowed):
        do(opened, colleague)


@pytest.mark.parametrize("do", WORKING)
def test_an_institution_that_accepted_a_referral_works_in_the_case(do: Do) -> None:
    opened, partner = case(person("duty_officer")), person("outreach_worker")
    access(opened, partner.organisation, partner.user)
    with acting(partner):
        assert do(opened, partner).pk


@pytest.mark.parametrize("do", RUNNING)
def test_an_institution_that_accepted_a_referral_does_not_decide(do: Do) -> None:
    opened, partner = case(person("duty_officer")), person("duty_officer")
    access(opened, partner.organisation)
    with acting(partner), pytest.raises(NotAllowed):
        do(opened, partner)


@pytest.mark.parametrize("do", RUNNING + WORKING)
def test_nothing_is_done_in_a_closed_case(do: Do) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        _close(opened, owner)
        with pytest.raises(Refused, match="closed"):
            do(opened, owner)


# --- opening


def test_a_case_is_opened_with_its_person_names_and_needs() -> None:
    owner = person("duty_officer")
    opened = case(owner, needs=["food", "medical"], encounter_id=77)
    with acting(owner):
        found = Case.objects.get(pk=opened.pk)
        assert found.person.initials == "S. D."
        assert found.person.languages.get().code == "prs"
        assert found.encounter_id == 77
        assert [(n.code, n.sensitive) for n in found.needs.order_by("code")] == [
            ("food", False),
            ("medical", True),
        ]


def test_codes_count_up_within_an_institution_and_a_year() -> None:
    owner = person("duty_officer", None)
    owner.organisation.code_prefix = "VR"
    assert [case(owner).code for _ in range(3)] == ["VR-2026-0001", "VR-2026-0002", "VR-2026-0003"]
    new_year = NOW.replace(month=12, day=31, hour=23, minute=30)  # 00.30 in Belgrade
    assert case(owner, at=new_year).code == "VR-2027-0001"
    assert case(person("duty_officer")).code.endswith("-2026-0001")


def test_who_opens_a_case_without_seeing_all_of_them_sees_this_one() -> None:
    manager = person("case_manager")
    opened = case(manager)
    with acting(manager):
        assert Case.objects.visible_to(manager.actor(), NOW).get() == opened


def test_the_lead_sees_the_case_and_must_work_in_the_institution() -> None:
    owner = person("duty_officer")
    manager = person("case_manager", owner.organisation)
    opened = case(owner, lead=manager.user)
    with acting(manager):
        assert Case.objects.get() == opened
    with pytest.raises(Refused, match="works in this institution"):
        case(owner, lead=person("case_manager").user)


@pytest.mark.parametrize("role", ["outreach_worker", "guardian", "police_officer", "coordinator"])
def test_a_role_that_takes_nothing_over_opens_no_case(role: str) -> None:
    with pytest.raises(NotAllowed):
        case(person(role))


def test_nobody_opens_a_case_for_another_institution() -> None:
    owner, other = person("duty_officer"), person("duty_officer")
    with acting(owner), pytest.raises(NotAllowed):
        actions.case_open(
            by=owner.actor(),
            at=NOW,
            organisation=other.organisation,
            person=CHILD,
            municipality=MunicipalityFactory.create(),
        )


def test_an_impossible_birth_date_opens_nothing() -> None:
    owner = person("duty_officer")
    born = {"birth_date": date(2030, 1, 1), "birth_precision": "day"}
    with pytest.raises(Refused, match="after today"):
        case(owner, person=born)
    with rls.acting(owner.actor(), NOW):
        assert not Case.objects.exists()
        assert not Person.objects.exists()


def test_closing_asks_for_a_reason_from_the_list() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        with pytest.raises(Refused, match="Say why"):
            actions.case_close(case=opened, reason="tired", by=owner.actor(), at=NOW)
        closed = _close(opened, owner)
    assert (closed.is_open, closed.row_version) == (False, 2)


# --- access


def test_access_for_a_time_ends_by_itself() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        actions.access_grant(
            case=opened,
            organisation=partner.organisation,
            basis="grant",
            by=owner.actor(),
            at=NOW,
            until=LATER,
        )
    with acting(partner):
        assert Case.objects.get() == opened
    with acting(partner, LATER):
        assert not Case.objects.exists()
        assert not Case.objects.visible_to(partner.actor(), LATER).exists()


def test_access_cannot_end_before_it_begins() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match="later"):
        actions.access_grant(
            case=opened,
            organisation=owner.organisation,
            basis="grant",
            by=owner.actor(),
            at=NOW,
            until=NOW,
        )


def test_ended_access_is_gone_at_once_and_cannot_end_twice() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    given = access(opened, partner.organisation)
    with acting(owner):
        actions.access_end(access=given, by=owner.actor(), at=NOW)
        with pytest.raises(Refused, match="already ended"):
            actions.access_end(access=given, by=owner.actor(), at=NOW)
    with acting(partner):
        assert not Case.objects.exists()


def test_the_owner_cannot_lose_its_case_by_ending_access() -> None:
    owner = person("duty_officer")
    case(owner)
    with acting(owner):
        own = CaseAccess.objects.get()
        with pytest.raises(Refused, match="without its owner"):
            actions.access_end(access=own, by=owner.actor(), at=NOW)


def test_a_stranger_ends_no_access_and_the_clock_may() -> None:
    opened, stranger = case(person("duty_officer")), person("duty_officer")
    given = access(opened, person("duty_officer").organisation)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.access_end(access=given, by=stranger.actor(), at=NOW)
    with rls.acting(CLOCK, NOW):
        assert actions.access_end(access=given, by=CLOCK, at=LATER).ended_at == LATER
        with pytest.raises(NotAllowed):
            actions.access_end(access=CaseAccess(pk=0, case=opened), by=CLOCK, at=NOW)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cases_caseaccess (case_id, organisation_id, basis, from_at, reason)"
        " SELECT case_id, organisation_id, 'grant', now(), '' FROM cases_caseaccess",
        "UPDATE cases_caseaccess SET until = NULL",
        "DELETE FROM cases_caseaccess",
    ],
)
def test_the_app_itself_cannot_write_access(sql: str) -> None:
    owner = person("duty_officer")
    case(owner)
    with (
        acting(owner),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(sql)


# --- needs


def test_a_need_is_noted_once_met_once_and_may_come_back() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        need = _need(opened, owner)
        with pytest.raises(Refused, match="already in the case"):
            _need(opened, owner)
        actions.need_resolve(need=need, by=owner.actor(), at=NOW)
        with pytest.raises(Refused, match="already been met"):
            actions.need_resolve(need=need, by=owner.actor(), at=NOW)
        assert _need(opened, owner).pk != need.pk


@pytest.mark.parametrize(
    ("system", "code"), [("own", "gold"), ("iom-determinants", "individual.sexual_orientation")]
)
def test_what_is_never_stored_is_no_need(system: str, code: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match="no such need"):
        actions.need_add(
            case=opened, by=owner.actor(), at=NOW, system=system, code=code, source="said"
        )


def test_a_stranger_meets_no_need() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        need = _need(opened, owner)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.need_resolve(need=need, by=stranger.actor(), at=NOW)
    with acting(owner), pytest.raises(NotAllowed):
        actions.need_resolve(need=Need(pk=0, case=opened), by=owner.actor(), at=NOW)


# --- placement


def test_a_new_placement_ends_the_one_before_at_the_same_moment() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        first = _placement(opened, owner)
        second = actions.placement_begin(
            case=opened, kind="foster", by=owner.actor(), at=LATER, place="druga kuća"
        )
        first.refresh_from_db()
        assert (first.until_at, second.until_at) == (LATER, None)
        with pytest.raises(Refused, match="before the one"):
            _placement(opened, owner)
        actions.placement_end(placement=second, by=owner.actor(), at=LATER)
        with pytest.raises(Refused, match="already ended"):
            actions.placement_end(placement=second, by=owner.actor(), at=LATER)


def test_a_placement_does_not_end_before_it_began_nor_by_a_stranger() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        begun = _placement(opened, owner)
        with pytest.raises(Refused, match="before it began"):
            actions.placement_end(placement=begun, by=owner.actor(), at=NOW - timedelta(hours=1))
        with pytest.raises(NotAllowed):
            actions.placement_end(placement=Placement(pk=0, case=opened), by=owner.actor(), at=NOW)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.placement_end(placement=begun, by=stranger.actor(), at=NOW)


def test_a_deviation_from_the_rule_needs_a_reason() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    deviating: dict[str, Any] = {
        "case": opened,
        "kind": "asylum_centre",
        "by": owner.actor(),
        "at": NOW,
        "deviation": True,
        "deviation_rule": "UASC-06",
    }
    with acting(owner):
        with pytest.raises(Refused, match="needs a reason"):
            actions.placement_begin(**deviating)
        assert actions.placement_begin(**deviating, reason="Brat je tamo.").deviation


def test_nobody_is_placed_in_a_centre_known_to_be_out_of_use() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    centre = Centre.objects.create(organisation=person("facility_worker").organisation, kind="CA")
    with acting(owner):
        unknown = actions.placement_begin(
            case=opened, kind="asylum_centre", by=owner.actor(), at=NOW, centre=centre
        )
        assert unknown.centre == centre
        CentreOperation.objects.create(
            centre=centre, until_on=date(2024, 7, 1), until_precision="half_year"
        )
        with pytest.raises(Refused, match="not in use"):
            actions.placement_begin(
                case=opened, kind="asylum_centre", by=owner.actor(), at=NOW, centre=centre
            )


# --- guardianship


def _appointed(to: Case, owner: Membership, guardian: Membership) -> Guardianship:
    return actions.guardianship_begin(
        case=to,
        kind="temporary",
        guardian=guardian.user,
        guardian_name="",
        guardian_phone="",
        by=owner.actor(),
        at=NOW,
    )


def test_a_guardian_sees_the_case_from_the_appointment_until_its_end() -> None:
    owner, guardian = person("duty_officer"), person("guardian")
    opened = case(owner)
    with acting(owner):
        first = _appointed(opened, owner, guardian)
        second = _appointed(opened, owner, guardian)
    with acting(guardian):
        assert Case.objects.get() == opened
    with acting(owner):
        actions.guardianship_end(guardianship=first, by=owner.actor(), at=NOW)
    with acting(guardian):
        assert Case.objects.get() == opened  # still appointed by the second act
    with acting(owner):
        actions.guardianship_end(guardianship=second, by=owner.actor(), at=NOW)
        with pytest.raises(Refused, match="already ended"):
            actions.guardianship_end(guardianship=second, by=owner.actor(), at=NOW)
    with acting(guardian):
        assert not Case.objects.exists()


def test_a_guardian_needs_a_name_and_if_a_user_an_active_account() -> None:
    owner, gone = person("duty_officer"), person("guardian", ended=True)
    opened = case(owner)
    with acting(owner):
        with pytest.raises(Refused, match="active account"):
            _appointed(opened, owner, gone)
        with pytest.raises(Refused, match="name of the guardian"):
            actions.guardianship_begin(
                case=opened,
                kind="decision",
                guardian=None,
                guardian_name=" ",
                guardian_phone="",
                by=owner.actor(),
                at=NOW,
            )


def test_a_guardian_without_an_account_is_recorded_and_ended() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        begun = _guardianship(opened, owner)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.guardianship_end(guardianship=begun, by=stranger.actor(), at=NOW)
    with acting(owner):
        with pytest.raises(NotAllowed):
            actions.guardianship_end(
                guardianship=Guardianship(pk=0, case=opened), by=owner.actor(), at=NOW
            )
        assert (
            actions.guardianship_end(guardianship=begun, by=owner.actor(), at=LATER).until_at
            == LATER
        )


# --- notes


def test_a_correction_keeps_what_was_written_before() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        note = _note(opened, owner)
        corrected = actions.note_correct(
            note=note, by=owner.actor(), at=LATER, row_version=1, text="Jeo je i ne spava."
        )
        assert corrected.versions.get().text == "Jeo je i spava."
        with pytest.raises(Stale):
            actions.note_correct(
                note=note, by=owner.actor(), at=LATER, row_version=1, text="Treći tekst."
            )


def test_one_corrects_only_ones_own_note() -> None:
    owner, partner = person("duty_officer"), person("outreach_worker")
    opened = case(owner)
    access(opened, partner.organisation, partner.user)
    with acting(owner):
        note = _note(opened, owner)
    with acting(partner), pytest.raises(NotAllowed):
        actions.note_correct(
            note=note, by=partner.actor(), at=LATER, row_version=1, text="Drugačije."
        )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_note_is_not_kept(text: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        note = _note(opened, owner)
        with pytest.raises(Refused, match="Write the text"):
            actions.note_write(case=opened, by=owner.actor(), at=NOW, text=text)
        with pytest.raises(Refused, match="Write the text"):
            actions.note_correct(note=note, by=owner.actor(), at=NOW, row_version=1, text=text)


# --- conferences


def test_a_conference_is_planned_then_held_once_with_its_decisions() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        planned = _conference(opened, owner)
        held = actions.conference_hold(
            conference=planned,
            by=owner.actor(),
            at=LATER,
            held_at=NOW,
            minutes="Dogovoren je smeštaj.",
            decisions=[{"text": "Upis u školu", "due_on": date(2026, 12, 1)}],
        )
        assert held.participants.get().function == "psiholog"
        assert ConferenceDecision.objects.visible_to(owner.actor(), NOW).get().conference == held
        with pytest.raises(Refused, match="already kept"):
            actions.conference_hold(
                conference=held, by=owner.actor(), at=LATER, held_at=NOW, minutes="Još."
            )


def test_a_conference_is_not_held_in_the_future_without_minutes_or_by_a_stranger() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)

    def hold(who: Membership, conference: Any, **how: Any) -> None:
        said = {"held_at": NOW, "minutes": "Dogovoreno."} | how
        actions.conference_hold(conference=conference, by=who.actor(), at=NOW, **said)

    with acting(owner):
        planned = _conference(opened, owner)
        with pytest.raises(Refused, match="after today"):
            hold(owner, planned, held_at=LATER)
        with pytest.raises(Refused, match="Write the minutes"):
            hold(owner, planned, minutes=" ")
        with pytest.raises(NotAllowed):
            hold(owner, type(planned)(pk=0, case=opened))
    with acting(stranger), pytest.raises(NotAllowed):
        hold(stranger, planned)
