"""Two files of one child in which rules run: the one that is closed leaves nothing owed behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases.models import Case, CaseAccess, Merge
from spona.coordination import actions
from spona.coordination.actions import merging
from spona.coordination.actions.engine import RESTS
from spona.coordination.models import Duty, RunEvent
from spona.coordination.tests.doubles import Doubles, fresh, owed_of
from spona.coordination.tests.story import DAY, MINUTE, last_seq, run_of
from spona.coordination.tests.test_nothing_owed_vanishes import undone
from spona.people.models import Person, PersonLanguage, PersonName
from tests import grants

pytestmark = pytest.mark.django_db
EVER = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def doubles() -> Doubles:
    return Doubles()


def acts_of(case: Case) -> set[str]:
    return {one.act for one in owed_of(case)}


def test_what_both_owe_is_owed_once_and_the_file_that_is_closed_owes_nothing(
    doubles: Doubles,
) -> None:
    before = acts_of(doubles.kept)
    doubles.merged()
    assert acts_of(doubles.kept) == before
    assert owed_of(doubles.other) == []
    assert run_of(doubles.other).ended_at == doubles.at
    assert list(actions.runs_verify()) == []


def test_what_only_the_closed_file_owed_goes_on_at_the_moment_that_it_had(
    doubles: Doubles,
) -> None:
    doubles.town.act(doubles.other, "bed_tonight", form={"place": "Demo kuća"})
    doubles.town.act(doubles.kept, "bed_tonight", form={"place": "Demo kuća"})
    doubles.town.act(doubles.other, "guardian_proposed", after=70 * MINUTE)
    [alone] = [one for one in doubles.twice() if not one.is_there]
    with pytest.raises(Refused) as told:
        doubles.merged(doubles.all_there())
    assert told.value.sentence == merging.NOT_THERE
    doubles.merged()
    [carried] = [one for one in owed_of(doubles.kept) if one.version.protocol == merging.PROTOCOL]
    assert (carried.due_at, carried.organisation) == (alone.duty.due_at, alone.duty.organisation)
    by = doubles.town.officer.actor()
    with rls.acting(by, doubles.at):
        first = actions.carried_from(duty=carried, by=by, at=doubles.at)
    assert first is not None
    assert first.pk == alone.duty.pk
    assert list(actions.runs_verify()) == []


def test_each_duty_is_decided_about(doubles: Doubles) -> None:
    with pytest.raises(Refused) as told:
        doubles.merged({})
    assert told.value.sentence == merging.SAY_OF_EACH
    assert fresh(doubles.other).is_open


def test_the_earlier_moment_is_proposed_to_go_on(doubles: Doubles) -> None:
    """The file that was opened later has the later moments: led on, it would give more time."""
    doubles.kept, doubles.other = doubles.other, doubles.kept
    later = [one for one in doubles.twice() if one.later_there]
    assert later
    assert {one.proposed for one in later} == {merging.GOES_ON}


def test_nothing_is_recorded_in_a_run_that_rests(doubles: Doubles) -> None:
    doubles.merged()
    by, run = doubles.town.officer.actor(), run_of(doubles.other)
    draft = actions.ActDraft(
        act="guardian_proposed", occurred_at=doubles.at, seen=last_seq(doubles.other)
    )
    with rls.acting(by, doubles.at), pytest.raises(Refused) as told:
        actions.act_record(run_id=run.pk, draft=draft, by=by, at=doubles.at)
    assert told.value.sentence == RESTS


def test_the_clock_waits_while_a_run_rests_and_catches_up(doubles: Doubles) -> None:
    merge = doubles.merged()
    events = last_seq(doubles.other)
    actions.catch_up(at=doubles.later(3 * DAY))
    assert last_seq(doubles.other) == events
    doubles.split(merge)
    assert list(actions.runs_verify()) == []


def test_the_rest_itself_is_not_taken_back_as_an_entry(doubles: Doubles) -> None:
    doubles.merged()
    with rls.engine_room():
        event = RunEvent.objects.get(kind=RunEvent.Kind.RESTED)
    by = doubles.town.officer.actor()
    with rls.acting(by, doubles.at), pytest.raises(Refused):
        actions.event_revoke(event_id=event.pk, reason="greška", by=by, at=doubles.at)


def test_a_handover_in_course_comes_first(doubles: Doubles) -> None:
    by, town = doubles.town.officer.actor(), doubles.town
    draft = actions.HandoverDraft(
        receiving=town.stranger.organisation, ground="", reason="Smeštaj.", where_to="tamo"
    )
    with rls.acting(by, doubles.at):
        actions.handover_begin(case=fresh(doubles.other), draft=draft, by=by, at=doubles.at)
    with pytest.raises(Refused) as told:
        doubles.twice()
    assert told.value.sentence == merging.ON_ITS_WAY


def test_strangers_and_those_who_do_not_run_the_case_merge_nothing(doubles: Doubles) -> None:
    for who in (doubles.town.stranger, doubles.town.director, doubles.town.policeman):
        with pytest.raises(NotAllowed):
            doubles.twice(who)


def test_the_rules_count_with_the_age_that_was_chosen_and_forget_it(doubles: Doubles) -> None:
    doubles.born(doubles.other, date(2013, 2, 1))
    before = [run_of(one).facts.get("age") for one in (doubles.kept, doubles.other)]
    merge = doubles.merged()
    assert run_of(doubles.kept).facts["age"] == 13
    doubles.split(merge)
    assert [run_of(one).facts.get("age") for one in (doubles.kept, doubles.other)] == before
    assert list(actions.runs_verify()) == []


def test_an_obstacle_and_whoever_is_told_come_back_with_the_duty(doubles: Doubles) -> None:
    by = doubles.town.officer.actor()
    duty = owed_of(doubles.other)[0]
    with rls.acting(by, doubles.at):
        actions.obstacle_record(duty=duty, code="other", note="nema mesta", by=by, at=doubles.at)
    before = duty_rows(doubles)
    doubles.split(doubles.merged())
    assert duty_rows(doubles) == before
    with rls.engine_room():
        assert duty.obstacles.filter(overcome_at=None).exists()


# --- whatever happens in between


def duty_rows(doubles: Doubles) -> list[Any]:
    """All that is owed in both files, as rows."""
    with rls.engine_room():
        cases = (doubles.kept, doubles.other)
        return list(Duty.objects.owed().filter(case__in=cases).order_by("pk").values())


def _rows(of: Any) -> list[Any]:
    return list(of.order_by("pk").values())


def state(doubles: Doubles) -> dict[str, Any]:
    """What each person sees, and the rows of persons, names, cases and access in force."""
    people = everybody(doubles)
    seen = {}
    for who, member in people.items():
        by = member.actor()
        with rls.acting(by, doubles.at):
            cases = Case.objects.visible_to(by, doubles.at).order_by("pk")
            owed = Duty.objects.visible_to(by, doubles.at).owed().order_by("pk")
            seen[who] = (
                list(cases.values_list("pk", "person_id", "closed_at")),
                list(owed.values_list("pk", "due_at", "next_tell_at")),
                [str(name) for name in PersonName.objects.order_by("pk")],
            )
    with rls.engine_room():
        mine = Case.objects.filter(pk__in=(doubles.kept.pk, doubles.other.pk))
        ids = list(mine.values_list("person_id", flat=True))
        rows = [
            _rows(mine),
            _rows(Person.objects.filter(pk__in=ids)),
            _rows(PersonName.objects.filter(person__in=ids)),
            _rows(PersonLanguage.objects.filter(person__in=ids)),
            _rows(CaseAccess.objects.filter(case__in=mine, ended_at=None)),
        ]
    for row in rows[0]:
        del row["row_version"]
    return {"seen": seen, "rows": rows, "owed": duty_rows(doubles)}


def everybody(doubles: Doubles) -> dict[str, Membership]:
    town = doubles.town
    return {
        "officer": town.officer,
        "head": town.head,
        "guardian": town.guardian,
        "police": town.policeman,
        "health": town.nurse,
        "finder": town.worker,
        "stranger": town.stranger,
    }


BEFORE = st.lists(
    st.tuples(
        st.sampled_from(("bed_tonight", "guardian_proposed", "appoint", "born", "name")),
        st.booleans(),
    ),
    max_size=6,
)


def happens(doubles: Doubles, what: str, in_other: bool) -> None:
    case = doubles.other if in_other else doubles.kept
    span = doubles.at - run_of(case).started_at
    try:
        if what == "bed_tonight":
            doubles.town.act(case, what, after=span, form={"place": "Demo kuća"})
        elif what == "appoint":
            doubles.town.appoint(case, after=span)
        elif what == "born":
            doubles.born(case, date(2011, 3, 1 + int(in_other)))
        elif what == "name":
            doubles.renamed(case, "Sintetićko" if in_other else "Sintetičko")
        else:
            doubles.town.act(case, what, after=span)
    except Refused:
        return


def test_split_again_everybody_sees_what_they_saw_whatever_was_written_before() -> None:
    doubles = Doubles()

    @EVER
    @given(before=BEFORE, carry=st.booleans())
    def walks(before: list[tuple[str, bool]], carry: bool) -> None:
        with undone():
            for what, in_other in before:
                happens(doubles, what, in_other)
            actions.catch_up(at=doubles.at)
            then = state(doubles)
            for _again in range(2):
                merge = _merged(doubles, carry)
                if merge is None:
                    return
                nobody_gains(then, state(doubles))
                nothing_vanishes(doubles, then)
                doubles.split(merge)
                assert state(doubles) == then
            assert list(actions.runs_verify()) == []

    walks()


def _merged(doubles: Doubles, carry: bool) -> Merge | None:
    try:
        return doubles.merged(doubles.all_go_on() if carry else None)
    except Refused:  # the guardian or the bed is only in the other file
        return None


def nobody_gains(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Nobody sees a case that he or she did not see."""
    for who, (cases, _owed, _names) in after["seen"].items():
        assert {one[0] for one in cases} == {one[0] for one in before["seen"][who][0]}, who


def nothing_vanishes(doubles: Doubles, before: dict[str, Any]) -> None:
    """What was owed is owed still; or the other file owes it, or has done it, or it goes on."""
    owed = owed_of(doubles.kept)
    still = {one.pk for one in owed}
    acts = {tuple(one.acts) for one in owed}
    with rls.engine_room():
        done = set(run_of(doubles.kept).events.values_list("act", flat=True))
        carried = {one.form["duty"] for one in RunEvent.objects.filter(act="duty_carried")}
    for duty in before["owed"]:
        there = tuple(duty["acts"]) in acts or not done.isdisjoint(duty["acts"])
        assert duty["id"] in still or duty["id"] in carried or there, duty["acts"]


def test_both_locks_agree_about_merged_files(doubles: Doubles) -> None:
    merge = doubles.merged()
    for who in everybody(doubles).values():
        first, second = grants.both_locks(who, doubles.at)
        assert first == second
    doubles.split(merge)
    for who in everybody(doubles).values():
        first, second = grants.both_locks(who, doubles.at)
        assert first == second
