"""A child's first night, as actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.models import Case, Guardianship
from spona.coordination import actions
from spona.coordination.actions.notifications import Claim
from spona.coordination.models import Duty, Notice, Notification, RunEvent
from spona.coordination.tests.story import DAY, EVENING, HOUR, MINUTE, Town, last_seq, owed, run_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return Town()


def test_sent_is_not_notified(town: Town) -> None:
    met = town.boy_met()
    assert met.recipient == town.centre
    assert met.notified_at is None
    assert met.confirmed_at is None


def test_the_clocks_run_from_the_call_and_not_from_the_typing(town: Town) -> None:
    met = town.boy_met()
    town.called(met, after=2 * HOUR)
    case = town.claimed(met, after=9 * HOUR)
    conclusion = owed(case)["accommodation_conclusion"]
    assert conclusion.due_at == EVENING + 2 * HOUR + DAY


def test_a_call_that_nobody_answers_notifies_nobody(town: Town) -> None:
    met = town.boy_met()
    by, at = town.worker.actor(), EVENING + 10 * MINUTE
    with rls.acting(by, at):
        actions.call_record(
            notification=met, called_at=at, answered=False, spoke_with="", by=by, at=at
        )
        assert Notification.objects.get().notified_at is None


def test_a_call_answered_by_nobody_in_particular_is_refused(town: Town) -> None:
    met = town.boy_met()
    by, at = town.worker.actor(), EVENING + 10 * MINUTE
    with rls.acting(by, at), pytest.raises(Refused):
        actions.call_record(
            notification=met, called_at=at, answered=True, spoke_with=" ", by=by, at=at
        )


def test_claiming_creates_the_case_the_access_and_the_duties(town: Town) -> None:
    case = town.boy_in_care()
    with rls.acting(town.officer.actor(), EVENING + HOUR):
        assert Case.objects.get() == case
        assert case.code == "VR-2026-0001"
        assert case.person.shown_age(EVENING.date())
    assert {"bed_tonight", "guardian_appointed", "accommodation_conclusion"} <= set(owed(case))


def test_of_two_who_claim_at_once_one_is_told_who_has_it(town: Town) -> None:
    met = town.boy_met()
    town.claimed(met)
    by, at = town.second_officer.actor(), EVENING + 21 * MINUTE
    with rls.acting(by, at), pytest.raises(Stale, match=town.officer.user.name):
        actions.notification_claim(notification=met, claim=Claim(occurred_at=at), by=by, at=at)


def test_a_stranger_cannot_claim_and_sees_nothing(town: Town) -> None:
    met = town.boy_met()
    by, at = town.stranger.actor(), EVENING + 21 * MINUTE
    with rls.acting(by, at):
        assert not Notification.objects.exists()
        with pytest.raises(NotAllowed):
            actions.notification_claim(notification=met, claim=Claim(occurred_at=at), by=by, at=at)


def test_the_finder_does_not_see_the_case(town: Town) -> None:
    town.boy_in_care()
    with rls.acting(town.worker.actor(), EVENING + HOUR):
        assert not Case.objects.exists()
        assert Notification.objects.get().confirmed_by_name == town.officer.user.name


def test_a_bed_waits_for_nothing(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    assert "bed_tonight" not in owed(case)
    with rls.acting(town.officer.actor(), EVENING + HOUR):
        assert case.placements.get().place == "Demo kuća"


def test_an_appointed_guardian_sees_the_case_and_has_duties(town: Town) -> None:
    case = town.boy_in_care()
    with rls.acting(town.guardian.actor(), EVENING):
        assert not Case.objects.exists()
    town.appoint(case)
    with rls.acting(town.guardian.actor(), EVENING + 2 * HOUR):
        assert Case.objects.get() == case
        assert Guardianship.objects.get().guardian == town.guardian.user
        mine = Duty.objects.on_desk_of(town.guardian.actor(), EVENING + 2 * HOUR)
        assert "first_interview" in {duty.act for duty in mine}


def test_the_words_of_a_child_are_recorded_at_once_by_anyone(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced", who=town.policeman)
    assert owed(case)["intention_registered"].organisation == town.station


def test_registration_waits_for_the_guardian_and_says_so(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    with pytest.raises(Refused, match="postavi privremenog staratelja"):
        town.act(case, "intention_registered", who=town.policeman)
    town.appoint(case)
    town.act(case, "intention_registered", who=town.policeman, after=2 * HOUR)
    assert "lodging_scheduled" in owed(case)


def test_the_clock_notes_by_itself_that_fifteen_days_have_passed(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    town.appoint(case)
    town.act(case, "intention_registered", who=town.policeman, after=2 * HOUR)
    actions.catch_up(at=EVENING + 17 * DAY)
    with rls.engine_room():
        passed = RunEvent.objects.get(act="fifteen_days_passed")
    assert passed.recorded_by_name == "clock"
    assert passed.occurred_at < passed.recorded_at
    assert "own_application" in owed(case)


def test_the_police_record_a_registration_and_see_no_case(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    town.appoint(case)
    with rls.acting(town.policeman.actor(), EVENING + 2 * HOUR):
        assert not Case.objects.exists()
        assert {duty.act for duty in Duty.objects.all()} == {"intention_registered"}


def test_a_duty_done_twice_is_not_done_twice(town: Town) -> None:
    case = town.boy_in_care()
    seen = last_seq(case)
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    by, at = town.second_officer.actor(), EVENING + 2 * HOUR
    draft = actions.ActDraft(act="bed_tonight", occurred_at=at, seen=seen, form={"place": "x"})
    with rls.acting(by, at), pytest.raises(Stale, match=town.officer.user.name):
        actions.act_record(run_id=run_of(case).pk, draft=draft, by=by, at=at)


def test_an_act_cannot_happen_tomorrow_or_before_the_child_was_met(town: Town) -> None:
    case = town.boy_in_care()
    by, at = town.officer.actor(), EVENING + HOUR
    for when in (at + MINUTE, EVENING - MINUTE):
        draft = actions.ActDraft(act="bed_tonight", occurred_at=when, seen=99)
        with rls.acting(by, at), pytest.raises(Refused):
            actions.act_record(run_id=run_of(case).pk, draft=draft, by=by, at=at)


def test_an_act_of_another_is_recorded_for_it_with_the_source(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "intention_voiced")
    town.appoint(case)
    with pytest.raises(Refused):
        town.act(case, "intention_registered", after=2 * HOUR)
    event = town.act(
        case, "intention_registered", after=2 * HOUR, source_of_knowledge="telefonom, dežurni PS"
    )
    assert event.by_proxy
    assert event.party == "police"


def test_an_obstacle_goes_up_stays_owed_and_is_not_lateness(town: Town) -> None:
    case = town.boy_in_care()
    by, at = town.officer.actor(), EVENING + 2 * HOUR
    duty = owed(case)["guardian_appointed"]
    with rls.acting(by, at):
        actions.obstacle_record(duty=duty, code="no_guardian_free", note="", by=by, at=at)
    again = owed(case)["guardian_appointed"]
    assert again.obstacle == "no_guardian_free"
    assert not again.is_late(EVENING + timedelta(days=30))


def test_silence_goes_to_the_head_the_director_and_the_coordinator(town: Town) -> None:
    case = town.boy_in_care()
    duty = owed(case)["accommodation_conclusion"]
    actions.tell_what_is_due(at=EVENING + 4 * DAY)
    with rls.engine_room():
        told = Notice.objects.filter(kind="late", duty_number=duty.number)
        assert list(told.order_by("id").values_list("level", flat=True)) == [
            "head_of_service",
            "director",
            "coordinator",
        ]
    assert actions.tell_what_is_due(at=EVENING + 4 * DAY) == 0


def test_he_leaves_without_a_word_and_it_is_reported_at_once(town: Town) -> None:
    case = town.boy_in_care()
    town.act(case, "absence_noticed", form={"last_seen": "2026-11-22T23:00"}, after=5 * HOUR)
    assert "missing_reported" in owed(case)
    town.act(case, "missing_reported", after=5 * HOUR)
    assert "absence_assessed" in owed(case)
    town.act(case, "child_returned", after=9 * HOUR)
    assert "return_talk" in owed(case)


def test_an_event_taken_back_leaves_the_duty_owed_again(town: Town) -> None:
    case = town.boy_in_care()
    event = town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    by, at = town.officer.actor(), EVENING + 3 * HOUR
    with rls.acting(by, at):
        again = actions.event_revoke(event_id=event.pk, reason="pogrešno dete", by=by, at=at)
    assert [duty.act for duty in again] == ["bed_tonight"]
    assert "bed_tonight" in owed(case)


def test_the_marking_is_the_fold_of_the_events(town: Town) -> None:
    case = town.boy_in_care()
    town.appoint(case)
    assert list(actions.runs_verify()) == []
    with rls.engine_room():
        Duty.objects.filter(acts=["bed_tonight"]).update(due_at=EVENING)
    assert [difference.what for difference in actions.runs_verify()] == ["duties"]


def test_a_package_is_forgotten_after_ninety_days(town: Town) -> None:
    met = town.boy_met()
    assert actions.packages_forget(at=EVENING + 89 * DAY) == 0
    assert actions.packages_forget(at=EVENING + 91 * DAY) == 1
    assert actions.packages_forget(at=EVENING + 92 * DAY) == 0
    with rls.engine_room():
        met.refresh_from_db()
    assert met.package["name_said"] == ""
    assert met.package["age_said"] == 15
