"""From Vranje to another town: who has the child, and the case, is never unclear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases.models import Case, Guardianship
from spona.coordination import actions
from spona.coordination.actions.disclosing import package_read
from spona.coordination.actions.handing_over import sharing_of
from spona.coordination.models import Duty, Handover, HandoverItem
from spona.coordination.tests.moving import Moving, fresh, owed_in
from spona.coordination.tests.story import DAY, HOUR, MINUTE, owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving() -> Moving:
    return Moving()


def test_the_other_centre_reads_a_small_package_until_a_named_person_confirms(
    moving: Moving,
) -> None:
    handover = moving.begun()
    assert not moving.works(moving.branka)
    by = moving.branka.actor()
    with rls.acting(by, moving.at):
        seen = Handover.objects.visible_to(by, moving.at).get()
        given = package_read(sharing=sharing_of(seen), by=by, at=moving.at)
    assert {"age", "languages", "guardian_name"} <= {one.field for one in given}
    assert owed_in(handover)["receiving_confirmed"].organisation == moving.centre
    moving.confirmed(handover)
    assert moving.works(moving.branka)
    assert fresh(handover).confirmed_by_name == "Sintetička Branka"


def test_the_departure_is_owed_by_the_sending_centre_before_the_child_is_prepared(
    moving: Moving,
) -> None:
    departure = owed_in(moving.begun())["departed"]
    assert (departure.party, departure.organisation) == ("sending", moving.town.centre)


@pytest.mark.parametrize("moved", [False, True])
def test_why_the_child_is_moved_stands_on_the_page_of_both_once_it_is_confirmed(
    moving: Moving, moved: bool
) -> None:
    said: dict[str, Any] = {"planned_for": None, "where_to": "Beograd"} if moved else {}
    handover = moving.begun(reason="Sintetički razlog selidbe.", **said)
    address = reverse("coordination:handover_detail", args=[handover.number])

    def reads(who: Membership) -> bool:
        with time_machine.travel(moving.at, tick=False):
            page = signed_in(who).get(address)
        assert page.status_code == 200
        return "Sintetički razlog selidbe." in page.content.decode()

    assert reads(moving.town.officer)
    assert not reads(moving.branka)
    moving.confirmed(handover)
    assert reads(moving.branka)


def test_a_third_centre_knows_nothing_of_it(moving: Moving) -> None:
    moving.begun()
    by = person("duty_officer").actor()
    with rls.acting(by, moving.at):
        assert not Handover.objects.visible_to(by, moving.at).exists()
        assert not Handover.objects.exists()


def test_only_the_owner_hands_a_case_over(moving: Moving) -> None:
    for who in (moving.town.stranger, moving.branka, moving.town.guardian):
        with pytest.raises(NotAllowed):
            moving.begun(who=who)


def test_a_case_is_handed_over_once_at_a_time_and_not_to_its_owner(moving: Moving) -> None:
    with pytest.raises(Refused):
        moving.begun(receiving=moving.town.centre)
    moving.begun()
    with pytest.raises(Refused):
        moving.begun()


def test_taking_over_moves_the_case_and_starts_the_clocks_anew(moving: Moving) -> None:
    late = owed(moving.case)["accommodation_conclusion"]
    handover = moving.begun()
    moving.later(30 * HOUR)
    moving.arrived(handover)
    moving.taken(handover)
    with rls.engine_room():
        case = Case.objects.get(pk=moving.case.pk)
        assert case.organisation == moving.centre
        assert case.lead_id == moving.branka.user_id
        left = Duty.objects.get(pk=late.pk)
        assert left.state == Duty.State.CLOSED_LATE
        assert left.organisation == moving.town.centre
    now = owed(moving.case)["accommodation_conclusion"]
    assert now.organisation == moving.centre
    assert now.counted_from == moving.at
    assert now.due_at == moving.at + timedelta(hours=24)
    assert list(actions.runs_verify()) == []


def test_nothing_that_the_child_is_owed_vanishes_when_the_case_moves(moving: Moving) -> None:
    before = set(owed(moving.case))
    handover = moving.begun()
    moving.arrived(handover)
    moving.taken(handover)
    with rls.engine_room():
        root = moving.case.runs.get(parent=None)
        after = {duty.act for duty in root.duties.owed()}
    assert before <= after


def test_the_sending_centre_looks_for_thirty_days_more(moving: Moving) -> None:
    handover = moving.begun()
    moving.arrived(handover)
    moving.guardian_in(handover)
    moving.taken(handover)
    assert moving.works(moving.town.officer)
    moving.act(handover, "file_list_made")
    moving.act(handover, "file_sent")
    moving.act(handover, "file_received", who=moving.branka)
    joint = moving.act(
        handover, "joint_confirmed", who=moving.branka, present=["sending"], reason="stiglo je"
    )
    assert joint.pk
    moving.later(29 * DAY)
    actions.catch_up(at=moving.at)
    assert moving.works(moving.town.officer)
    moving.later(2 * DAY)
    actions.catch_up(at=moving.at)
    assert not moving.works(moving.town.officer)
    assert moving.works(moving.branka)
    assert fresh(handover).ended_at is not None


def test_the_new_guardian_is_in_before_the_old_one_is_out(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    with pytest.raises(Refused):
        moving.act(handover, "guardian_out")
    moving.guardian_in(handover)
    with rls.engine_room():
        assert Guardianship.objects.filter(case=moving.case, until_at=None).count() == 2
    moving.later(MINUTE)
    moving.act(handover, "guardian_out")
    with rls.engine_room():
        office = Guardianship.objects.get(case=moving.case, until_at=None)
        assert office.guardian == moving.guardian.user
        root = moving.case.runs.get(parent=None)
        assert root.bindings.current().get(party="guardian").user == moving.guardian.user
    assert owed(moving.case)["first_interview"].user == moving.guardian.user
    assert list(actions.runs_verify()) == []


def test_a_guardian_appointed_for_a_move_that_is_cancelled_goes_again(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.guardian_in(handover)
    moving.later(MINUTE)
    moving.act(handover, "cancelled", form={"reason": "Dete ostaje."})
    with rls.engine_room():
        office = Guardianship.objects.get(case=moving.case, until_at=None)
        assert office.guardian == moving.town.guardian.user


def test_a_child_who_does_not_arrive_is_reported_missing(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.later(DAY)
    moving.departs(handover, hours=5)
    moving.later(6 * HOUR)
    actions.catch_up(at=moving.at)
    assert "missing_reported" not in owed_in(handover)
    moving.later(2 * HOUR)
    actions.catch_up(at=moving.at)
    assert "missing_reported" in owed_in(handover)


def test_a_child_who_arrived_is_not_looked_for(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.later(DAY)
    moving.departs(handover)
    moving.later(4 * HOUR)
    moving.act(handover, "arrived", who=moving.branka)
    moving.later(DAY)
    actions.catch_up(at=moving.at)
    assert "missing_reported" not in owed_in(handover)
    assert "case_taken" in owed_in(handover)


def test_refusing_leaves_the_child_with_the_sending_centre(moving: Moving) -> None:
    handover = moving.begun()
    form = {"reason": "Dete je zatečeno u Vranju."}
    moving.act(handover, "competence_refused", who=moving.branka, form=form)
    assert fresh(handover).refusal == form["reason"]
    assert not moving.works(moving.branka)
    assert moving.works(moving.town.officer)
    assert "dispute_settled" in owed_in(handover)


def test_a_cancelled_move_closes_the_case_to_the_other_centre(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.act(handover, "cancelled", form={"reason": "Dete ostaje."})
    assert not moving.works(moving.branka)
    assert fresh(handover).ended_at is not None
    assert moving.begun().is_in_course


def test_a_move_that_has_happened_is_one_tap(moving: Moving) -> None:
    handover = moving.begun(planned_for=None, where_to="Beograd")
    assert fresh(handover).unplanned
    assert "receiving_confirmed" in owed_in(handover)


def test_the_file_is_received_piece_by_piece(moving: Moving) -> None:
    handover = moving.begun()
    by = moving.town.officer.actor()
    with rls.acting(by, moving.at):
        item = actions.item_add(handover=handover, what="Prijemni list", by=by, at=moving.at)
    moving.confirmed(handover)
    moving.act(handover, "file_list_made")
    moving.act(handover, "file_sent")
    with pytest.raises(Refused, match="Prijemni list"):
        moving.act(handover, "file_received", who=moving.branka)
    branka = moving.branka.actor()
    with rls.acting(branka, moving.at):
        actions.item_receive(item=item, missing=False, note="", by=branka, at=moving.at)
    moving.act(handover, "file_received", who=moving.branka)
    with rls.engine_room():
        assert HandoverItem.objects.get().received_by_name == branka.name


def test_who_takes_over_does_it_in_person(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    with pytest.raises(Refused):
        moving.act(
            handover,
            "case_taken",
            form={"lead": "Sintetička Branka"},
            source_of_knowledge="javila telefonom",
        )


def test_the_departure_is_owed_by_the_sending_centre_while_it_is_blocked() -> None:
    moving = Moving()
    handover = moving.begun()
    departure = owed_in(handover)["departed"]
    assert (departure.party, departure.organisation) == ("sending", moving.town.centre)
