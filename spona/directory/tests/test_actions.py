"""Places: what sources say is kept, what is unknown stays unknown, children's beds are secret."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from spona.accounts.tests.factories import OrganisationFactory, person
from spona.base.actor import CLOCK, Actor
from spona.base.errors import NotAllowed, Refused
from spona.directory import actions
from spona.directory.models import Centre, CentreCapacity
from spona.directory.rules import Operation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def centre(by: Actor = CLOCK, **said: Any) -> Centre:
    fields: dict[str, Any] = {
        "organisation": OrganisationFactory.create(code="CA"),
        "kind": "CA",
    } | said
    return actions.centre_record(by=by, at=NOW, **fields)


def seen(of: Centre, **said: Any) -> None:
    actions.operation_record(by=CLOCK, at=NOW, centre=of, source="sintetički izvor", **said)


def test_only_an_administrator_keeps_the_directory() -> None:
    assert centre(person("administrator").actor()).pk
    outsider, place = person("duty_officer").actor(), centre()
    for act in (
        lambda: centre(outsider),
        lambda: actions.operation_record(by=outsider, at=NOW, centre=place),
        lambda: actions.capacity_record(by=outsider, at=NOW, centre=place, beds=1, year=2022),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("secret", [{"for_children": True}, {"kind": "detention"}])
def test_where_children_sleep_or_people_are_held_is_never_public(secret: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="never public"):
        centre(public=True, **secret)
    place = centre(**secret)
    with pytest.raises(IntegrityError), transaction.atomic():
        Centre.objects.filter(pk=place.pk).update(public=True)


def test_said_again_it_is_changed_and_not_doubled() -> None:
    first = centre()
    again = centre(organisation=first.organisation, purposes=["asylum", "children"])
    assert again.pk == first.pk
    assert again.purposes == ["asylum", "children"]
    for beds in (120, 100):
        actions.capacity_record(by=CLOCK, at=NOW, centre=first, beds=beds, year=2022)
    assert CentreCapacity.objects.get().beds == 100
    assert str(first) == str(first.organisation)


def test_a_place_of_which_nobody_speaks_is_possible_and_not_known_to_operate() -> None:
    place = centre()
    day = date(2026, 11, 23)
    assert place.operation_on(day) is Operation.UNKNOWN
    assert not Centre.objects.operating_on(day).exists()
    assert Centre.objects.possible_on(day).get() == place


def test_what_sources_saw_counts_for_its_days_only() -> None:
    place = centre()
    seen(place, says="operating", from_on=date(2024, 12, 31), until_on=date(2024, 12, 31))
    seen(place, says="not_operating", from_on=date(2023, 1, 1), until_on=date(2023, 12, 31))
    assert Centre.objects.operating_on(date(2024, 12, 31)).get() == place
    assert not Centre.objects.possible_on(date(2023, 6, 1)).exists()
    assert Centre.objects.possible_on(date(2025, 1, 1)).exists()


def test_new_bounds_of_use_replace_the_old() -> None:
    place = centre()
    seen(place, from_on=date(2017, 5, 30), from_precision="day")
    seen(place, until_on=date(2024, 1, 1), until_precision="month")
    assert place.operations.count() == 1
    assert place.operation_on(date(2024, 1, 31)) is Operation.UNKNOWN
    assert place.operation_on(date(2024, 2, 1)) is Operation.NOT_OPERATING


def test_places_for_children_are_found() -> None:
    centre()
    house = centre(for_children=True, kind="USZ")
    assert Centre.objects.for_children().get() == house
