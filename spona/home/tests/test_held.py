"""Held against the rules: by rule and institution, with the time lost, and no small group told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.coordination.models import Duty
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town, owed
from spona.home.tests.test_figures import many

pytestmark = pytest.mark.django_db
NOW = EVENING + 3 * DAY
PATH = "/figures/rules/"


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(who: Membership, path: str = PATH) -> Any:
    response = signed_in(who).get(path)
    assert response.status_code == 200
    return response


def lines(who: Membership, path: str = PATH) -> dict[str, list[Any]]:
    return {line.label: list(line.cells) for line in page(who, path).context["sheets"][0].lines}


def asked(town: Town, children: int) -> None:
    """So many duties of as many children, owed by the police and late."""
    for _ in range(children):
        duty = owed(town.boy_in_care())["accommodation_conclusion"]
        with rls.engine_room():
            Duty.objects.filter(pk=duty.pk).update(
                organisation=town.station, inside=False, user=None, due_at=NOW - DAY
            )


def of_station(town: Town) -> list[list[Any]]:
    found = lines(town.head)
    return [cells for label, cells in found.items() if label.endswith(str(town.station))]


def test_it_is_for_who_answers_for_the_house_and_for_the_coordinator(town: Town) -> None:
    for who in (town.officer, town.guardian, town.policeman, town.worker):
        assert signed_in(who).get(PATH).status_code == 404
    for who in (town.head, town.director, town.coordinator):
        assert signed_in(who).get(PATH).status_code == 200


def test_late_duties_stand_by_rule_with_the_time_lost(town: Town) -> None:
    town.boy_in_care()
    found = lines(town.head)
    assert found
    for cells in found.values():
        late = cells[1].value + cells[2].value
        assert (cells[5].value > 0) <= (late > 0)
    assert sum(cells[5].value for cells in found.values()) > 0


def test_every_number_opens_as_many_rows(town: Town) -> None:
    asked(town, 1)
    doors = [c for cells in lines(town.head).values() for c in cells if c.href]
    assert doors
    for cell in doors:
        assert len(page(town.head, cell.href).context["rows"]) == cell.value, cell.href


def test_another_house_is_told_of_with_five_and_not_with_four(town: Town) -> None:
    asked(town, 4)
    few = of_station(town)
    assert few
    for cells in few:
        assert {cell.value for cell in cells[:5]} <= {0, "< 5"}
        assert "< 5" in {cells[5].value, *(cell.value for cell in cells[:5])}
    asked(town, 1)
    assert any(cell.value == 5 for cells in of_station(town) for cell in cells[:5])


def test_a_door_to_another_house_shows_rows_of_own_cases_alone(town: Town) -> None:
    asked(town, 1)
    chief = person("head_of_service", town.station)
    address = f"/figures/rows/?institution={town.station.pk}"
    assert page(town.head, address).context["rows"]
    assert page(chief, address).context["rows"] == []
    assert page(person("head_of_service"), address).context["rows"] == []
    assert page(town.head, "/figures/rows/?institution=x").context["rows"] is not None


def test_the_coordinator_sees_rules_and_no_house(town: Town, now: Any) -> None:
    many(town, 6, EVENING - 60 * DAY)
    response = page(town.coordinator)
    [line] = response.context["sheets"][0].lines
    assert [cell.value for cell in line.cells][2] == 6
    assert line.cells[5].value == 6 * 63
    assert not [cell for cell in line.cells if cell.href]
    assert str(town.centre) not in response.content.decode()


def test_the_coordinator_is_not_told_the_time_that_four_lost(town: Town, now: Any) -> None:
    many(town, 4, EVENING - 60 * DAY)
    [line] = page(town.coordinator).context["sheets"][0].lines
    assert [cell.value for cell in line.cells] == [0, 0, "< 5", 0, 0, "< 5"]


def test_the_file_holds_what_the_page_shows(town: Town) -> None:
    town.boy_in_care()
    response = page(town.head)
    written = page(town.head, PATH + response.context["csv"]).content.decode("utf-8-sig")
    for line in response.context["sheets"][0].lines:
        assert ";".join([line.label, *(str(cell.value) for cell in line.cells)]) in written
    with rls.engine_room():
        assert Event.objects.filter(verb="figures_csv").count() == 1


def test_what_was_done_in_time_lost_nothing(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "bed_tonight", form={"place": "Demo kuća"}, after=HOUR)
    with rls.engine_room():
        Duty.objects.filter(state="owed").update(due_at=None)
    assert all(cells[5].value == 0 for cells in lines(town.head).values())
