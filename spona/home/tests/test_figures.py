"""Figures of an institution, and of all together: what counts as late, whom a number leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed
from spona.coordination import actions
from spona.coordination.actions import figures
from spona.coordination.models import Duty
from spona.coordination.tests.story import DAY, EVENING, Town, owed, run_of
from spona.home.views import charts, sheets

pytestmark = pytest.mark.django_db
NOW = EVENING + 3 * DAY


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(who: Membership, path: str = "/figures/") -> Any:
    response = signed_in(who).get(path)
    assert response.status_code == 200
    return response


def by_rule(who: Membership) -> dict[str, list[Any]]:
    sheet = page(who).context["sheets"][1]
    return {line.label: list(line.cells) for line in sheet.lines}


def totals(who: Membership) -> list[int]:
    """In time, late, open and late, obstacle, by proxy."""
    return [sum(cells[place].value for cells in by_rule(who).values()) for place in range(5)]


# --- one's own


def test_figures_are_for_who_answers_for_the_institution(town: Town) -> None:
    for path in ("/figures/", "/figures/rows/", "/figures/without-guardian/"):
        for who in (town.officer, town.guardian, town.policeman, town.coordinator, town.worker):
            assert signed_in(who).get(path).status_code == 404
        for who in (town.head, town.director):
            assert signed_in(who).get(path).status_code == 200


def test_what_is_done_late_open_and_late_or_in_time_is_told_apart(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    late = totals(town.head)
    assert late[2] > 0
    assert late[1] == 0
    with rls.engine_room():
        Duty.objects.filter(state="done").update(done_late=True, by_proxy=False)
    changed = totals(town.head)
    assert changed[1] > 0
    assert sum(changed) == sum(late)


def test_an_obstacle_is_nobodys_lateness(town: Town) -> None:
    case, by = town.boy_in_care(), town.officer.actor()
    before = totals(town.head)
    with rls.acting(by, NOW):
        duty = owed(case)["accommodation_conclusion"]
        actions.obstacle_record(duty=duty, code="no_bed", note="", by=by, at=NOW)
    after = totals(town.head)
    assert (before[2] - after[2], after[3]) == (1, 1)
    kinds = page(town.head).context["sheets"][2].lines
    assert [cell.value for line in kinds for cell in line.cells] == [1]


def test_what_others_recorded_for_an_institution_is_not_its_lateness(town: Town) -> None:
    chief = person("head_of_service", town.station)
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    town.appoint(case)
    town.act(
        case,
        "intention_registered",
        after=2 * DAY,
        source_of_knowledge="javio dežurni stanice telefonom",
    )
    with rls.engine_room():
        duty = Duty.objects.get(acts__contains=["intention_registered"])
        assert duty.by_proxy
        Duty.objects.filter(pk=duty.pk).update(done_late=True)
    in_time, late, open_late, _obstacle, by_proxy = totals(chief)
    assert (late, open_late, by_proxy) == (0, 0, 1)
    assert in_time == 0


def test_every_number_is_a_door_to_as_many_rows(town: Town) -> None:
    town.boy_in_care()
    doors = [
        (cell.value, cell.href)
        for sheet in page(town.head).context["sheets"]
        for line in sheet.lines
        for cell in line.cells
        if cell.href
    ]
    assert doors
    for value, href in doors:
        assert len(page(town.head, href).context["rows"]) == value, href


def test_behind_a_number_one_goes_on_by_key(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.home.views.figure_rows.PAGE", 1)
    town.boy_in_care()
    first = page(town.head, "/figures/rows/?outcome=open_late").context
    rest = page(town.head, f"/figures/rows/?{first['query']}&after={first['more']}").context
    assert first["query"] == "outcome=open_late"
    assert {row.href for row in first["rows"]} | {row.what for row in first["rows"]}
    assert first["rows"][0].what != rest["rows"][0].what


def test_children_without_a_guardian_are_counted_and_found(town: Town) -> None:
    case = town.boy_in_care()
    facts = {fact.label: fact for fact in page(town.head).context["facts"]}
    alone = next(fact for fact in facts.values() if fact.change_href)
    assert alone.value == "1"
    assert case.code in page(town.head, alone.change_href).content.decode()
    with rls.engine_room():
        assert Event.objects.filter(verb="figure_rows", case_ids=[case.pk]).exists()
    town.appoint(case)
    assert page(town.head, "/figures/without-guardian/").context["lines"] == []
    assert page(town.director).context["facts"][1].value == "1"  # from the call to the appointment


def test_nothing_of_another_institution_is_counted(town: Town) -> None:
    town.boy_in_care()
    assert totals(person("head_of_service")) == [0] * 5


def test_other_months_are_other_numbers(town: Town) -> None:
    town.boy_in_care()
    assert sum(totals(town.head)) > 0
    empty = page(town.head, "/figures/?first=2026-01&last=2026-02").context
    assert [len(sheet.lines) for sheet in empty["sheets"]] == [2, 0, 0, 2]
    backwards = page(town.head, "/figures/?first=2026-02&last=2026-01").context
    assert backwards["form"].span == empty["form"].span
    nonsense = page(town.head, "/figures/?first=x&last=2026-02").context
    assert len(nonsense["sheets"][0].lines) == 12


def test_a_chart_has_a_title_a_description_and_the_table_beside_it(town: Town) -> None:
    town.boy_in_care()
    text = page(town.head).content.decode()
    assert text.count("<title id=") == text.count("<desc id=") == 1
    assert "<table" in text
    assert "VR-2026" not in text


def test_the_file_holds_what_the_page_shows(town: Town) -> None:
    town.boy_in_care()
    shown = page(town.head)
    response = page(town.head, shown.context["csv"].replace("?", "/figures/?"))
    written = response.content.decode("utf-8-sig")
    for sheet in shown.context["sheets"]:
        for line in sheet.lines:
            assert ";".join([line.label, *(str(cell.value) for cell in line.cells)]) in written
    with rls.engine_room():
        assert Event.objects.filter(verb="figures_csv").count() == 1


@given(st.text())
def test_no_cell_of_a_file_is_a_formula(text: str) -> None:
    assert not str(sheets.safe(text)).startswith(sheets.FORMULA)


COUNTS = st.lists(
    st.fixed_dictionaries({"a": st.integers(0, 10_000), "b": st.integers(0, 10_000)}), max_size=13
)


@given(COUNTS)
def test_no_column_leaves_the_chart(counts: list[dict[str, int]]) -> None:
    drawn = charts.columns([(str(n), cells) for n, cells in enumerate(counts)], ["a", "b"])
    for bar in drawn.bars:
        assert bar.y >= 0
        assert bar.y + bar.height <= drawn.base + 0.1 * len(drawn.bars) + 0.2
        assert drawn.left <= bar.x
        assert bar.x + bar.width <= drawn.width + 0.2


# --- all institutions


def many(town: Town, count: int, at: Any) -> None:
    """So many late duties of one rule."""
    with rls.engine_room():
        duty = owed(town.boy_in_care())["accommodation_conclusion"]
        run = run_of(duty.case) if duty.case else duty.run
        run.duties.exclude(pk=duty.pk).update(due_at=None)
        Duty.objects.filter(pk=duty.pk).update(due_at=at)
        for _ in range(count - 1):
            duty.pk, duty.number = None, Duty._meta.get_field("number").get_default()
            duty.due_at = at
            duty.save(force_insert=True)


def test_the_coordinator_sees_five_and_does_not_see_four(
    town: Town, now: time_machine.Traveller
) -> None:
    many(town, 4, EVENING - 60 * DAY)
    few = page(town.coordinator, "/figures/network/").context
    assert [cell.value for cell in few["sheets"][1].lines[0].cells] == [0, 0, "< 5", 0, 0]
    many(town, 1, EVENING - 60 * DAY)
    enough = page(town.coordinator, "/figures/network/").context
    assert [cell.value for cell in enough["sheets"][1].lines[0].cells] == [0, 0, 5, 0, 0]


def test_a_quarter_is_shown_once_it_is_over(town: Town, now: time_machine.Traveller) -> None:
    many(town, 6, EVENING)
    assert page(town.coordinator, "/figures/network/").context["sheets"][1].lines == []
    now.move_to(EVENING + timedelta(days=60), tick=False)
    lines = page(town.coordinator, "/figures/network/").context["sheets"][1].lines
    assert [cell.value for cell in lines[0].cells][2] == 6


def test_the_network_has_no_names_and_no_doors(town: Town) -> None:
    many(town, 6, EVENING - 60 * DAY)
    response = page(town.coordinator, "/figures/network/")
    text = response.content.decode()
    assert str(town.centre) not in text
    assert "VR-2026" not in text
    cells = [c for s in response.context["sheets"] for line in s.lines for c in line.cells]
    assert not [cell for cell in cells if cell.href]
    file = page(town.coordinator, "/figures/network/?format=csv").content.decode()
    assert ";6;" in file


def test_lateness_of_who_does_not_work_in_spona_is_nobodys(town: Town) -> None:
    many(town, 6, EVENING - 60 * DAY)
    with rls.engine_room():
        town.centre.uses_spona = False
        town.centre.save(update_fields=["uses_spona"])
    line = page(town.coordinator, "/figures/network/").context["sheets"][1].lines[0]
    assert [cell.value for cell in line.cells] == [0, 0, 0, 0, 6]


def test_nobody_else_asks_for_all(town: Town) -> None:
    for who in (town.head, town.director, town.officer, town.policeman):
        assert signed_in(who).get("/figures/network/").status_code == 404
        with rls.acting(who.actor(), NOW):
            with pytest.raises(NotAllowed):
                figures.network_figures(first=NOW.date(), last=NOW.date(), by=who.actor(), at=NOW)
            with pytest.raises(NotAllowed):
                figures.standing(by=who.actor())


def test_figures_ask_the_database_equally_often_for_one_child_and_for_more(town: Town) -> None:
    town.boy_in_care()
    browser = signed_in(town.head)
    browser.get("/figures/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/figures/")
    town.boy_in_care()
    with CaptureQueriesContext(connection) as two:
        browser.get("/figures/")
    assert len(one) == len(two)
