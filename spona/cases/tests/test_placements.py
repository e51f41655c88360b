"""Where a child stays and who represents it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions
from spona.cases.models import Case, Guardianship, Placement
from spona.cases.tests.factories import NOW, acting, begin_guardianship, begin_placement, case
from spona.directory.models import Centre, CentreOperation

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_a_new_placement_ends_the_one_before_at_the_same_moment() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        first = begin_placement(opened, owner)
        second = actions.placement_begin(
            case=opened, kind="foster", by=owner.actor(), at=LATER, place="druga kuća"
        )
        first.refresh_from_db()
        assert (first.until_at, second.until_at) == (LATER, None)
        with pytest.raises(Refused, match="before the one"):
            begin_placement(opened, owner)
        actions.placement_end(placement=second, by=owner.actor(), at=LATER)
        with pytest.raises(Refused, match="already ended"):
            actions.placement_end(placement=second, by=owner.actor(), at=LATER)


def test_a_placement_does_not_end_before_it_began_nor_by_a_stranger() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        begun = begin_placement(opened, owner)
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
        begun = begin_guardianship(opened, owner)
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
