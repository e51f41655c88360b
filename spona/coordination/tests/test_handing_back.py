"""A wrong entry of a handover is taken back, and with it go access, ownership and clocks."""

from __future__ import annotations

import pytest

from spona.accounts.models import Membership
from spona.base import rls
from spona.base.errors import Refused
from spona.cases.models import Case, Guardianship
from spona.coordination import actions
from spona.coordination.actions.disclosing import package_read
from spona.coordination.actions.handing_over import sharing_of
from spona.coordination.models import Handover, RunEvent
from spona.coordination.tests.moving import Moving, fresh, owed_in
from spona.coordination.tests.story import MINUTE, owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving() -> Moving:
    return Moving()


def takes_back(moving: Moving, event: RunEvent, who: Membership) -> None:
    by = who.actor()
    moving.later(MINUTE)
    with rls.acting(by, moving.at):
        actions.event_revoke(event_id=event.pk, reason="pogrešan unos", by=by, at=moving.at)


def of_the_case(moving: Moving) -> Case:
    with rls.engine_room():
        return Case.objects.get(pk=moving.case.pk)


def in_office(moving: Moving) -> set[int | None]:
    with rls.engine_room():
        office = Guardianship.objects.filter(case=moving.case, until_at=None)
        return set(office.values_list("guardian_id", flat=True))


def reads_package(moving: Moving) -> bool:
    by = moving.branka.actor()
    with rls.acting(by, moving.at):
        seen = Handover.objects.visible_to(by, moving.at).latest("pk")
        return bool(package_read(sharing=sharing_of(seen), by=by, at=moving.at))


def test_a_confirmation_that_was_none_closes_the_case_again(moving: Moving) -> None:
    handover = moving.begun()
    confirmed = moving.confirmed(handover)
    assert moving.works(moving.branka)
    takes_back(moving, confirmed, moving.town.officer)
    assert not moving.works(moving.branka)
    assert reads_package(moving)
    assert "receiving_confirmed" in owed_in(handover)
    assert fresh(handover).confirmed_at is None


def test_a_takeover_that_was_none_gives_the_case_back_with_its_clocks(moving: Moving) -> None:
    before, lead = set(owed(moving.case)), of_the_case(moving).lead_id
    handover = moving.begun()
    moving.arrived(handover)
    moving.later(MINUTE)
    taken = moving.taken(handover)
    assert of_the_case(moving).organisation == moving.centre
    takes_back(moving, taken, moving.branka)
    case = of_the_case(moving)
    assert (case.organisation, case.lead_id) == (moving.town.centre, lead)
    assert fresh(handover).taken_at is None
    for who in (moving.town.officer, moving.town.head, moving.branka):
        assert moving.works(who)
    conclusion = owed(moving.case)["accommodation_conclusion"]
    assert conclusion.organisation == moving.town.centre
    assert conclusion.counted_from == moving.at
    assert before <= set(owed(moving.case))
    with rls.engine_room():
        root = moving.case.runs.get(parent=None)
        assert not root.events.filter(kind="act", act="handed_over", revoked_by=None).exists()
    assert list(actions.runs_verify()) == []
    moving.later(MINUTE)
    moving.taken(handover)
    assert of_the_case(moving).organisation == moving.centre


def test_the_former_centre_does_not_take_the_case_back_behind_the_other_one(
    moving: Moving,
) -> None:
    handover = moving.begun()
    confirmed = moving.confirmed(handover)
    moving.departs(handover)
    moving.later()
    moving.act(handover, "arrived", who=moving.branka)
    taken = moving.taken(handover)
    with pytest.raises(Refused):
        takes_back(moving, taken, moving.town.officer)
    with pytest.raises(Refused):
        takes_back(moving, confirmed, moving.branka)
    assert of_the_case(moving).organisation == moving.centre
    assert moving.works(moving.branka)


def test_a_move_that_was_not_cancelled_goes_on_with_all_that_belonged_to_it(
    moving: Moving,
) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.later(MINUTE)
    moving.guardian_in(handover)
    moving.later(MINUTE)
    cancelled = moving.act(handover, "cancelled", form={"reason": "Dete ostaje."})
    assert not moving.works(moving.branka)
    takes_back(moving, cancelled, moving.town.officer)
    assert moving.works(moving.branka)
    assert reads_package(moving)
    assert in_office(moving) == {moving.town.guardian.user_id, moving.guardian.user_id}
    assert fresh(handover).is_in_course
    assert fresh(handover).run.ended_at is None


def test_a_cancelled_move_does_not_come_back_beside_another_one(moving: Moving) -> None:
    cancelled = moving.act(moving.begun(), "cancelled", form={"reason": "Dete ostaje."})
    moving.later(MINUTE)
    moving.begun()
    with pytest.raises(Refused):
        takes_back(moving, cancelled, moving.town.officer)


def test_a_guardian_who_was_not_relieved_is_in_office_again(moving: Moving) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.guardian_in(handover)
    moving.later(MINUTE)
    out = moving.act(handover, "guardian_out")
    assert not moving.works(moving.town.guardian)
    takes_back(moving, out, moving.town.officer)
    assert moving.town.guardian.user_id in in_office(moving)
    assert moving.works(moving.town.guardian)
    assert owed(moving.case)["first_interview"].user == moving.town.guardian.user
    assert list(actions.runs_verify()) == []


def test_a_new_guardian_entered_by_mistake_goes_and_the_one_in_office_stays(
    moving: Moving,
) -> None:
    handover = moving.begun()
    moving.confirmed(handover)
    moving.later(MINUTE)
    entered = moving.guardian_in(handover)
    takes_back(moving, entered, moving.branka)
    assert in_office(moving) == {moving.town.guardian.user_id}
    assert moving.works(moving.town.guardian)
