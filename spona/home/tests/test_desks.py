"""What the desk of each role shows and what it must not; the keys and the filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import gettext as _

from spona.accounts import roles
from spona.accounts.models import DeskFilters, Membership
from spona.accounts.tests.factories import OrganisationFactory, person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.cases.tests.factories import plan, propose_closing
from spona.coordination import actions
from spona.coordination.models import Duty
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town, owed, run_of

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR
OF_THE_CHILD = ("Uzorak", "U. S.", "VR-2026-0001")


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def desk(who: Membership, query: str = "") -> Any:
    response = signed_in(who).get(f"/{query}")
    assert response.status_code == 200
    return response


def text(response: Any) -> str:
    shown: str = response.content.decode()
    return shown


def shown(response: Any) -> list[str]:
    return [row.what for section in response.context["groups"] for row in section.rows]


def bound_to(case: Any, act: str, who: Membership) -> Duty:
    """An open duty of the boy, addressed from outside to the institution of this person."""
    with rls.engine_room():
        duty = owed(case)[act]
        duty.organisation, duty.user, duty.inside = who.organisation, None, False
        duty.save()
    return duty


# --- each role


@pytest.mark.parametrize("role", ["case_manager", "duty_officer", "head_of_service"])
def test_who_works_in_the_centre_sees_its_duties(town: Town, role: str) -> None:
    town.boy_in_care()
    seen = shown(desk(person(role, town.centre)))
    assert bool(seen) is (role != "case_manager")  # it is not this manager's child


def test_a_closing_waits_for_somebody_else_than_who_proposed_it(town: Town) -> None:
    case = town.boy_in_care()
    by = town.officer.actor()
    with rls.acting(by, NOW):
        propose_closing(case, town.officer, at=NOW)
    said = text(desk(town.second_officer))
    assert f"/cases/{case.pk}/closure/" in said
    assert 'id="look"' in said
    for who in (town.officer, town.director, town.stranger, person("case_manager", town.centre)):
        assert desk(who).context["closings"] == []


def test_a_plan_waits_for_who_leads_the_case_from_the_day_of_its_review(town: Town) -> None:
    case = town.boy_in_care()
    with rls.acting(town.officer.actor(), NOW):
        written = plan(case, town.officer, at=NOW, next_review_on=(NOW + timedelta(days=3)).date())
    assert desk(town.officer).context["plans"] == []
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        due = desk(town.officer).context
        assert [one for one, _days in due["plans"]] == [written]
        assert due["to_look_at"] == 1
        assert desk(town.second_officer).context["plans"] == []
        assert desk(town.director).context["plans"] == []


def test_who_meets_people_finds_the_interpreters_in_the_menu(town: Town) -> None:
    for who, listed in ((town.worker, True), (town.officer, True), (town.asylum_officer, False)):
        assert ("/cases/interpreters/" in text(desk(who))) is listed


def test_a_head_sees_what_comes_up_and_a_way_to_the_figures(town: Town) -> None:
    town.boy_in_care()
    response = desk(town.head)
    assert response.context["sees_what_goes_up"]
    assert "/figures/" in text(response)
    assert "/figures/" not in text(desk(town.officer))


def test_a_director_answers_for_all_and_takes_nothing_over(town: Town) -> None:
    town.boy_met()
    response = desk(town.director)
    assert response.context["sees_what_goes_up"]
    assert response.context["inbox"] == []
    assert "/figures/" in text(response)


def test_a_guardian_sees_the_child_by_first_name_and_nobody_elses(town: Town) -> None:
    town.appoint(town.boy_in_care())
    assert "Uzorak" in text(desk(town.guardian))
    other = text(desk(person("guardian", town.centre)))
    assert not [word for word in OF_THE_CHILD if word in other]


def test_an_organisation_that_met_the_child_waits_and_reads_no_case(town: Town) -> None:
    met = town.boy_met()
    response = desk(town.worker)
    assert [one.pk for one in response.context["unconfirmed"]] == [met.pk]
    town.called(met)
    town.claimed(met)
    after = text(desk(town.worker))
    assert not [word for word in OF_THE_CHILD if word in after]


@pytest.mark.parametrize(
    "role", ["police_officer", "facility_worker", "school_worker", "youth_worker", "health_worker"]
)
def test_other_institutions_see_what_is_addressed_to_them_and_no_child(
    town: Town, role: str
) -> None:
    who, stranger = person(role), person(role)
    duty = bound_to(town.boy_in_care(), "accommodation_conclusion", who)
    response = desk(who)
    assert len(shown(response)) == 1
    assert duty.number in text(response)
    assert not [word for word in OF_THE_CHILD if word in text(response)]
    assert response.context["gaps"] == []
    assert response.context["others"] == []
    assert shown(desk(stranger)) == []


def test_a_youth_worker_belongs_to_a_youth_office() -> None:
    assert "youth_worker" in {role.key for role in roles.offered("KZM")}
    assert "youth_worker" not in {role.key for role in roles.offered("CSR")}


# --- the coordinator


def silent(town: Town) -> Any:
    case = town.boy_in_care()
    actions.tell_what_is_due(at=EVENING + 4 * DAY)
    return case


def test_the_coordinator_sees_what_is_late_by_institution_and_each_line_opens_its_rule(
    town: Town, now: time_machine.Traveller
) -> None:
    case = silent(town)
    now.move_to(EVENING + 4 * DAY, tick=False)
    response = desk(town.coordinator)
    rows = [row for part in response.context["overview"] for row in part.rows]
    numbers = {duty.number for duty in owed(case).values()}
    assert rows
    assert {row.who[0] for row in rows} <= numbers
    assert {row.who[1] for row in rows} == {str(town.centre)}
    assert all(row.href.startswith("/rules/") for row in rows)
    for canary in (*OF_THE_CHILD, "/duties/", "/cases/", "/runs/"):
        assert canary not in text(response)


def test_what_has_not_gone_up_is_the_institutions_own_to_mend(town: Town) -> None:
    town.boy_in_care()
    assert desk(town.coordinator).context["overview"] == []


def test_what_was_done_since_stands_with_the_coordinator_no_more(town: Town) -> None:
    case = silent(town)
    before = {
        row.who[0] for part in desk(town.coordinator).context["overview"] for row in part.rows
    }
    gone = owed(case)["bed_tonight"].number
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    after = {row.who[0] for part in desk(town.coordinator).context["overview"] for row in part.rows}
    assert before - after == {gone} & before


def test_the_coordinator_counts_obstacles_by_kind_and_they_are_no_lateness(town: Town) -> None:
    case, by = town.boy_in_care(), town.officer.actor()
    with rls.acting(by, NOW):
        duty = owed(case)["bed_tonight"]
        actions.obstacle_record(duty=duty, code="no_bed", note="kanar", by=by, at=NOW)
    context = desk(town.coordinator).context
    assert [n for _word, n in context["obstacle_kinds"]] == [1]
    assert [str(part.title) for part in context["overview"]] == [_("An obstacle stands in the way")]


def test_a_party_that_nobody_stands_for_is_named_by_its_word(town: Town) -> None:
    """The centre owes the naming: its duty it is until somebody is named."""
    case = silent(town)
    with rls.engine_room():
        run_of(case).bindings.filter(party="csr").update(until_at=NOW)
    (part,) = desk(town.coordinator).context["overview"]
    assert part.title == _("No institution is named")
    centre, word = str(town.centre), "centar za socijalni rad"
    assert {row.who[1:] for row in part.rows} == {(centre, word)}


def test_silence_before_anybody_took_over_stands_first(town: Town) -> None:
    town.boy_met()
    actions.tell_what_is_due(at=EVENING + 4 * DAY)
    parts = desk(town.coordinator).context["overview"]
    assert len(parts) == 1
    assert all(len(row.who[0]) == 8 for row in parts[0].rows)


def test_nobody_but_the_coordinator_has_the_overview(town: Town) -> None:
    silent(town)
    for who in (town.officer, town.head, town.director, town.policeman, town.worker):
        assert desk(who).context["overview"] is None


# --- filters


def keep(who: Membership, **chosen: str) -> Any:
    return signed_in(who).post("/desk/filters/", chosen)


def test_a_filter_stays_after_signing_out(town: Town, now: time_machine.Traveller) -> None:
    town.boy_in_care()
    now.move_to(EVENING + 2 * DAY, tick=False)
    assert keep(town.officer, state="late").headers["Location"] == "/?state=late"
    again = signed_in(town.officer).get("/")
    assert again.headers["Location"] == "/?state=late"
    response = desk(town.officer, "?state=late")
    assert [section.group for section in response.context["groups"]] == ["late"]
    assert [chip.word for chip in response.context["chips"]] == ["Rok istekao"]
    assert desk(town.second_officer).context["chips"] == []


def test_a_chip_takes_its_filter_off_and_leaves_the_others(town: Town) -> None:
    town.boy_in_care()
    keep(town.officer, state="today", whose="ours")
    chips = desk(town.officer, "?state=today&whose=ours").context["chips"]
    assert [chip.rest for chip in chips] == [{"whose": "ours"}, {"state": "today"}]
    assert keep(town.officer).headers["Location"] == "/"
    assert desk(town.officer).context["chips"] == []


def test_filters_by_rule_party_book_and_whose(town: Town) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    duty = owed(case)["accommodation_conclusion"]
    everything = shown(desk(town.officer))
    ours = desk(town.officer, f"?rule={duty.rule}&party=csr&book={duty.version.protocol}")
    assert 0 < len(shown(ours)) < len(everything)
    assert shown(desk(town.officer, "?whose=ours")) == everything
    assert shown(desk(town.officer, "?whose=mine")) == []
    assert shown(desk(town.guardian, "?whose=mine"))


def test_the_sentence_counts_what_a_filter_hides(town: Town, now: time_machine.Traveller) -> None:
    town.boy_in_care()
    now.move_to(EVENING + 2 * DAY, tick=False)
    response = desk(town.officer, "?state=obstacle")
    assert shown(response) == []
    assert response.context["counts"].late == 3
    assert response.context["chips"]


def test_the_next_fifty_are_of_the_same_filter(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spona.home.views.desk.PAGE", 1)
    town.boy_in_care()
    assert "?whose=ours&amp;after=" in text(desk(town.officer, "?whose=ours"))


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?rule=Uzorak%20Sintetički", "?whose=everybody", "?party=%00"]
)
def test_what_makes_no_sense_filters_nothing(town: Town, query: str) -> None:
    town.boy_in_care()
    response = desk(town.officer, query)
    assert response.context["chips"] == []
    assert len(shown(response)) == 4


def test_no_name_is_kept_or_put_into_an_address(town: Town) -> None:
    response = keep(town.officer, rule="Uzorak Sintetički", state="late", name="Uzorak")
    assert response.headers["Location"] == "/?state=late"
    assert DeskFilters.objects.get().chosen == {"state": "late"}
    with rls.engine_room():
        assert Event.objects.filter(verb="filters_keep").count() == 1


def test_a_line_says_where_its_obstacle_is_written(town: Town) -> None:
    case = town.boy_in_care()
    number = owed(case)["bed_tonight"].number
    assert f'data-cannot="/duties/{number}/obstacle/"' in text(desk(town.officer))
    assert "data-cannot" not in text(desk(town.director))
    assert 'id="keys"' in text(desk(town.officer))


def test_the_desk_prints_with_the_institution_and_the_moment(town: Town) -> None:
    assert "print-only" in text(desk(town.officer))


def test_a_house_is_asked_nothing_by_a_stranger_of_the_same_kind(town: Town) -> None:
    other = person("facility_worker", OrganisationFactory.create(code="PC"))
    assert shown(desk(other)) == []
