"""Who may do what in a case, and what happens where it may not be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spona.accounts.models import Membership
from spona.accounts.tests.factories import MunicipalityFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.models import (
    Case,
    CaseAccess,
    ConferenceDecision,
    Need,
    Note,
)
from spona.cases.tests.factories import (
    CHILD,
    NOW,
    access,
    acting,
    begin_guardianship,
    begin_placement,
    case,
    close,
)
from spona.people.models import Person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)

Do = Callable[[Case, Membership], Any]


def _need(to: Case, who: Membership) -> Need:
    return actions.need_add(
        case=to, by=who.actor(), at=NOW, system="own", code="food", source="said"
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


def _grant(to: Case, who: Membership) -> CaseAccess:
    return actions.access_grant(
        case=to,
        organisation=who.organisation,
        basis="grant",
        by=who.actor(),
        at=NOW,
        until=LATER,
        reason="zamena na odmoru",
    )


RUNNING: list[Do] = [begin_placement, begin_guardianship, _conference, close, _grant]
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
def test_an_institution_that_was_let_in_works_in_the_case(do: Do) -> None:
    opened, partner = case(person("duty_officer")), person("outreach_worker")
    access(opened, partner.organisation, partner.user)
    with acting(partner):
        assert do(opened, partner).pk


@pytest.mark.parametrize("do", RUNNING)
def test_an_institution_that_was_let_in_does_not_decide(do: Do) -> None:
    opened, partner = case(person("duty_officer")), person("duty_officer")
    access(opened, partner.organisation)
    with acting(partner), pytest.raises(NotAllowed):
        do(opened, partner)


@pytest.mark.parametrize("do", RUNNING + WORKING)
def test_nothing_is_done_in_a_closed_case(do: Do) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        close(opened, owner)
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
            actions.closure_propose(
                case=opened, reason="tired", summary="a", remains="b", by=owner.actor(), at=NOW
            )
        closed = close(opened, owner)
    assert (closed.is_open, closed.row_version) == (False, 2)


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
        said: dict[str, Any] = {"held_at": NOW, "minutes": "Dogovoreno."} | how
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
