"""Somebody is ill: a colleague sees duties, cases and notices, for that time only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from spona.accounts.models import Membership, Substitution
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.actions import access_end
from spona.cases.models import Case, CaseAccess
from spona.coordination import actions
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import Duty, Notice
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def colleague(town: Town) -> Membership:
    return person("guardian", town.centre, user__name="Sintetička Zamena")


def plan(
    town: Town,
    substitute: Membership,
    *,
    absent: Membership | None = None,
    by: Membership | None = None,
    start: datetime = NOW,
    until: datetime = NOW + 7 * DAY,
) -> Substitution:
    away = absent or town.guardian
    actor = (by or away).actor()
    with rls.acting(actor, NOW):
        return actions.substitution_plan(
            organisation=town.centre,
            absent=away.user,
            substitute=substitute.user,
            from_at=start,
            until_at=until,
            by=actor,
            at=NOW,
        )


def cases_of(who: Membership, at: datetime = NOW) -> list[Case]:
    with rls.acting(who.actor(), at):
        return list(Case.objects.visible_to(who.actor(), at))


def duties_of(who: Membership, at: datetime = NOW) -> list[Duty]:
    with rls.acting(who.actor(), at):
        return list(Duty.objects.on_desk_of(who.actor(), at))


def test_the_substitute_sees_cases_and_duties_and_then_no_more(
    town: Town, colleague: Membership, now: time_machine.Traveller
) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    assert (cases_of(colleague), duties_of(colleague)) == ([], [])
    plan(town, colleague)
    assert cases_of(colleague) == [case]
    assert duties_of(colleague) == duties_of(town.guardian)
    over = NOW + 7 * DAY
    assert (cases_of(colleague, over), duties_of(colleague, over)) == ([], [])
    assert cases_of(town.guardian, over) == [case]


def test_the_desk_says_instead_of_whom(town: Town, colleague: Membership) -> None:
    town.appoint(town.boy_in_care())
    plan(town, colleague)
    response = signed_in(colleague).get("/")
    rows = [row for section in response.context["groups"] for row in section.rows]
    marked = [row for row in rows if town.guardian.user.name in row.who[-1]]
    by_name = [duty for duty in duties_of(colleague) if duty.user_id]
    assert len(marked) == len(by_name) > 0
    assert response.context["absent"] == [town.guardian.user]
    own = signed_in(town.guardian).get("/")
    assert own.context["absent"] == []
    assert town.guardian.user.name not in own.content.decode()


def test_it_begins_and_ends_by_itself(town: Town, colleague: Membership) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    plan(town, colleague, start=NOW + DAY)
    actions.substitutions_follow(at=NOW + HOUR)
    assert cases_of(colleague, NOW + HOUR) == []
    actions.substitutions_follow(at=NOW + DAY)
    assert cases_of(colleague, NOW + DAY) == [case]
    for _ in range(2):  # once more changes nothing
        actions.substitutions_follow(at=NOW + 2 * DAY)
    with rls.engine_room():
        rows = CaseAccess.objects.filter(basis="substitute")
        assert [row.until for row in rows] == [NOW + 7 * DAY]


def test_a_child_given_meanwhile_is_seen_and_one_taken_away_is_not(
    town: Town, colleague: Membership
) -> None:
    plan(town, colleague)
    case = town.boy_in_care()
    town.appoint(case)
    actions.substitutions_follow(at=NOW + HOUR)
    assert cases_of(colleague, NOW + HOUR) == [case]
    with rls.engine_room():
        CaseAccess.objects.filter(user=town.guardian.user).update(ended_at=NOW + HOUR)
    actions.substitutions_follow(at=NOW + 2 * HOUR)
    assert cases_of(colleague, NOW + 2 * HOUR) == []


def test_whoever_is_back_ends_it_at_once(town: Town, colleague: Membership) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    planned = plan(town, colleague)
    back = NOW + HOUR
    by = town.guardian.actor()
    with rls.acting(by, back):
        actions.substitution_end(substitution=planned, by=by, at=back)
    assert cases_of(colleague, back) == []
    assert case in cases_of(town.guardian, back)
    with rls.acting(by, back), pytest.raises(Stale):
        actions.substitution_end(substitution=planned, by=by, at=back)


def test_what_the_owner_ended_is_not_given_again(town: Town, colleague: Membership) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    plan(town, colleague)
    by = town.officer.actor()
    with rls.acting(by, NOW + HOUR):
        row = CaseAccess.objects.get(user=colleague.user, basis="substitute")
        access_end(access=row, by=by, at=NOW + HOUR)
    actions.substitutions_follow(at=NOW + 2 * HOUR)
    assert cases_of(colleague, NOW + 2 * HOUR) == []


def test_the_owner_reads_it_in_the_log_of_the_case(town: Town, colleague: Membership) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    plan(town, colleague)
    with rls.engine_room():
        granted = Event.objects.filter(verb="access_grant", case_ids=[case.pk])
        assert "substitute" in {event.detail["basis"] for event in granted}
    page = signed_in(town.officer).get(f"/cases/{case.pk}/log/").content.decode()
    assert str(CaseAccess.Basis.SUBSTITUTE.label) in page


def test_notices_go_to_the_substitute_as_well(town: Town, colleague: Membership) -> None:
    town.appoint(town.boy_in_care())
    plan(town, colleague)
    with rls.engine_room():
        duty = Duty.objects.owed().filter(user=town.guardian.user).latest("pk")
        outbox = Outbox(NOW)
        outbox.warned(duty)
        outbox.send()
        told = Notice.objects.filter(kind="warning", duty_number=duty.number)
        assert {notice.user_id for notice in told} == {town.guardian.user_id, colleague.user_id}
    assert duty.number in signed_in(colleague).get("/notices/").content.decode()


def test_what_goes_up_reaches_who_stands_in_for_the_head(town: Town) -> None:
    plan(town, town.officer, absent=town.head)
    town.boy_in_care()
    actions.tell_what_is_due(at=EVENING + 4 * DAY)
    with rls.engine_room():
        up = Notice.objects.filter(kind="late", level="head_of_service").count()
        own = Notice.objects.filter(kind="late", user=town.officer.user).count()
    assert up == own > 0


def test_heads_plan_for_others_and_nobody_else_does(town: Town, colleague: Membership) -> None:
    planned = plan(town, colleague, by=town.head)
    administrator = person("administrator", town.centre)
    for who in (town.officer, administrator, town.stranger, town.policeman, colleague):
        with pytest.raises(NotAllowed):
            plan(town, town.second_officer, absent=town.officer if who != town.officer else
                 town.head, by=who)  # fmt: skip
        with rls.acting(who.actor(), NOW), pytest.raises(NotAllowed):
            actions.substitution_end(substitution=planned, by=who.actor(), at=NOW)


def test_only_a_colleague_who_works_on_cases_stands_in(town: Town) -> None:
    with pytest.raises(ValidationError):
        plan(town, town.stranger)
    with pytest.raises(Refused):
        plan(town, person("administrator", town.centre))


@pytest.mark.parametrize("days", [0, 93])
def test_it_has_an_end_and_not_a_far_one(town: Town, colleague: Membership, days: int) -> None:
    with pytest.raises(ValidationError):
        plan(town, colleague, until=NOW + days * DAY)


def test_nobody_stands_in_twice_or_in_a_circle(town: Town, colleague: Membership) -> None:
    plan(town, colleague)
    for absent, substitute in (
        (town.guardian, town.officer),
        (colleague, town.officer),
        (town.officer, town.guardian),
        (town.guardian, town.guardian),
    ):
        with pytest.raises(ValidationError):
            plan(town, substitute, absent=absent, by=town.head)


def test_what_one_sees_as_a_substitute_is_not_passed_on(town: Town, colleague: Membership) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    plan(town, colleague, until=NOW + DAY)
    third = person("guardian", town.centre)
    plan(town, third, absent=colleague, start=NOW + DAY, until=NOW + 2 * DAY)
    actions.substitutions_follow(at=NOW + DAY)
    assert cases_of(third, NOW + DAY) == []


# --- the pages


def form(town: Town, substitute: Membership, **more: Any) -> dict[str, Any]:
    typed = {"from_at": "2026-11-22T21:00", "until_at": "2026-11-29T08:00"}
    return {**typed, "substitute": substitute.user_id, **more}


def test_one_plans_ones_own_absence_on_a_page(town: Town, colleague: Membership) -> None:
    browser = signed_in(town.guardian)
    assert "absent" not in browser.get("/substitutions/new/").context["form"].fields
    answer = browser.post("/substitutions/new/", form(town, colleague))
    assert answer.headers["Location"] == "/substitutions/"
    one = Substitution.objects.get()
    assert (one.absent, one.substitute) == (town.guardian.user, colleague.user)
    page = browser.get("/substitutions/").content.decode()
    assert colleague.user.name in page
    assert browser.post(f"/substitutions/{one.pk}/end/").status_code == 302
    assert signed_in(town.stranger).post(f"/substitutions/{one.pk}/end/").status_code == 404


def test_a_refused_form_keeps_what_was_typed(town: Town, colleague: Membership) -> None:
    browser = signed_in(town.head)
    wrong = form(town, colleague, absent=colleague.user_id)
    answer = browser.post("/substitutions/new/", wrong)
    assert answer.status_code == 422
    assert answer.context["form"]["until_at"].value() == "2026-11-29T08:00"
    idle = person("administrator", town.centre)
    other = browser.post("/substitutions/new/", form(town, idle, absent=town.guardian.user_id))
    assert other.status_code == 422
    assert "substitute" in other.context["form"].errors
    assert not Substitution.objects.exists()


def test_a_colleague_sees_who_is_away_and_cannot_end_it(town: Town, colleague: Membership) -> None:
    planned = plan(town, colleague)
    browser = signed_in(town.officer)
    assert town.guardian.user.name in browser.get("/substitutions/").content.decode()
    assert browser.post(f"/substitutions/{planned.pk}/end/").status_code == 404
    assert signed_in(town.stranger).get("/substitutions/").context["lines"] == []
