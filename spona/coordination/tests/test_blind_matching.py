"""A query is sent, and the asker sees that it was sent; the owner of a case that looks alike alone
sees the match and decides (trust.md P20)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from spona.accounts.models import Organisation
from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.coordination import actions
from spona.coordination.actions.matching import asking, deciding
from spona.coordination.models import BlindMatch, BlindQuery, Notice
from spona.coordination.rules import matching as rules
from spona.coordination.tests.blind import Blind, closed, fresh, fresh_query
from spona.coordination.tests.story import DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db
State = BlindMatch.State


@pytest.fixture
def blind() -> Blind:
    return Blind()


def notices(kind: str) -> list[Notice]:
    with rls.engine_room():
        return list(Notice.objects.filter(kind=kind).order_by("pk"))


def verbs_of(blind: Blind) -> set[str]:
    with rls.engine_room():
        return set(Event.objects.of_case(blind.case.pk).values_list("verb", flat=True))


# --- asking


def test_a_child_written_in_another_script_is_found_and_only_the_owner_sees_it(
    blind: Blind,
) -> None:
    blind.asked()
    match = blind.searched()
    assert match is not None
    assert match.asked["name"] == "Узорак Синтетички"
    assert blind.sees(blind.town.officer, BlindMatch) == 1
    for who in (blind.asker, blind.colleague, blind.asker_head, blind.town.stranger):
        assert blind.sees(who, BlindMatch) == 0
    assert blind.sees(blind.asker, BlindQuery) == blind.sees(blind.colleague, BlindQuery) == 1
    assert blind.sees(blind.town.officer, BlindQuery) == 0


def test_the_bars_and_the_prior_are_the_whole_score(blind: Blind) -> None:
    blind.asked()
    match = blind.searched()
    assert match is not None
    weights = [bar["weight"] for bar in match.explanation["bars"]]
    assert match.explanation["prior"] + sum(weights) >= rules.LEAST_BITS
    assert {bar["feature"] for bar in match.explanation["bars"]} >= {"names", "birth", "sex"}


def test_nobody_is_found_who_has_another_name() -> None:
    blind = Blind(known=False)
    blind.asked()
    assert blind.searched() is None


def test_the_lead_is_told_without_a_name(blind: Blind) -> None:
    blind.asked()
    blind.searched()
    [told] = notices("query")
    assert (told.user_id, told.institution_id) == (blind.case.lead_id, blind.home.pk)
    assert told.case_id is None


def test_without_a_lead_the_head_of_service_is_told(blind: Blind) -> None:
    with rls.engine_room():
        type(blind.case).objects.filter(pk=blind.case.pk).update(lead=None)
    blind.asked()
    blind.searched()
    assert [one.level for one in notices("query")] == ["head_of_service"]


def test_numbers_of_notices_tell_nobody_whether_somebody_was_found(blind: Blind) -> None:
    gaps, nobody = [], blind.meets(name_said="Primer Bezimeni")
    for met in (blind.met, nobody):
        before = rls.next_id(Notice)
        blind.asked(met)
        blind.searched()
        gaps.append(rls.next_id(Notice) - before)
    assert len(notices("query")) == 1
    assert gaps[0] == gaps[1]


def test_a_case_of_ones_own_institution_or_open_to_it_is_no_match(blind: Blind) -> None:
    blind.lets_in(blind.colleague)
    blind.asked()
    assert blind.searched() is None


def test_the_centre_that_took_the_child_over_is_not_asked_about_it(blind: Blind) -> None:
    worker = blind.town.worker
    with rls.acting(worker.actor(), blind.at):
        met = blind.meets(worker)
    with rls.engine_room():
        type(blind.case).objects.filter(pk=blind.case.pk).update(encounter_id=met.pk)
    blind.asked(met, who=worker)
    assert blind.searched() is None


@pytest.mark.parametrize(("days", "found"), [(89, True), (90, False)])
def test_a_closed_case_is_found_for_ninety_days(blind: Blind, days: int, found: bool) -> None:
    closed(blind.case, blind.at - timedelta(days=days))
    blind.asked()
    assert (blind.searched() is not None) is found


def test_from_a_case_one_asks_with_what_is_written_in_it(blind: Blind) -> None:
    query = blind.asked(who=blind.town.officer, case=blind.case)
    assert query.name == "Uzorak Sintetički"
    assert blind.sees(blind.town.officer, BlindQuery) == 1
    assert blind.sees(blind.town.stranger, BlindQuery) == 0


def test_a_stranger_asks_neither_from_a_case_nor_from_an_encounter(blind: Blind) -> None:
    with pytest.raises(NotAllowed):
        blind.asked(who=blind.town.stranger, case=blind.case)
    with pytest.raises(NotAllowed):
        blind.asked(who=blind.town.stranger)


def test_who_does_not_run_the_case_does_not_ask_from_it(blind: Blind) -> None:
    with pytest.raises(NotAllowed):
        blind.asked(who=blind.town.director, case=blind.case)


def test_without_a_name_nobody_is_asked(blind: Blind) -> None:
    met = blind.meets(name_said="")
    with pytest.raises(Refused, match=re.escape(str(asking.NO_NAME))):
        blind.asked(met)


def test_from_a_closed_case_nobody_is_asked(blind: Blind) -> None:
    closed(blind.case, blind.at)
    with pytest.raises(Refused, match=re.escape(str(asking.CLOSED))):
        blind.asked(who=blind.town.officer, case=blind.case)


def test_one_does_not_ask_twice_while_the_first_query_is_in_course(blind: Blind) -> None:
    blind.asked()
    with pytest.raises(Refused, match=r"\d\d"):
        blind.asked()
    blind.later(rules.ANSWER_WITHIN)
    blind.asked()


# --- limits


def test_past_the_limit_of_the_day_no_query_goes_out_and_the_try_is_in_the_log(
    blind: Blind,
) -> None:
    for _ in range(rules.A_DAY_OF_ONE):
        blind.asked(blind.meets())
    by = blind.asker.actor()
    with rls.acting(by, blind.at), pytest.raises(actions.TooMany, match="192"):
        actions.query_ask(encounter=blind.met, purpose="protection", by=by, at=blind.at)
    with rls.engine_room():
        tries = Event.objects.filter(verb="query_ask", kind=Event.Kind.REFUSED)
        assert [one.actor_id for one in tries] == [blind.asker.user_id]
    blind.later(DAY)
    blind.asked()


def test_an_institution_has_a_limit_as_well(blind: Blind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "A_DAY_OF_ALL", 1)
    blind.asked()
    with pytest.raises(actions.TooMany):
        blind.asked(blind.meets(blind.colleague), who=blind.colleague)


def test_five_queries_without_a_new_encounter_ring_once(blind: Blind) -> None:
    met = [blind.meets() for _ in range(7)]
    blind.later(DAY)
    for one in met:
        blind.asked(one)
    rung = notices("many_queries")
    assert {one.level for one in rung} == {"head_of_service", "coordinator"}
    assert len(rung) == 2
    assert {one.institution_id for one in rung} == {blind.home.pk}


def test_who_meets_children_that_day_rings_nothing(blind: Blind) -> None:
    for _ in range(6):
        blind.asked(blind.meets())
    assert notices("many_queries") == []


# --- deciding


def test_an_answer_rests_on_a_basis_and_gives_the_telephone(blind: Blind) -> None:
    query = blind.asked()
    match = blind.searched()
    assert match is not None
    with pytest.raises(Refused):
        blind.answers(match)
    assert blind.reads(query) == []
    blind.basis()
    given = blind.answers(match)
    assert (given.field, given.recipient_id) == ("centre_phone", blind.home.pk)
    [answer] = blind.reads(query)
    assert answer.phone == "000-000-101"
    assert {"match_found", "match_answer", "disclosure", "query_answer_read"} <= verbs_of(blind)
    assert [one.user_id for one in notices("query_answer")] == [blind.asker.user_id]


def test_a_colleague_of_the_asker_reads_the_answer_and_a_stranger_does_not(blind: Blind) -> None:
    query = blind.asked()
    match = blind.searched()
    assert match is not None
    blind.basis()
    blind.answers(match)
    assert len(blind.reads(query, who=blind.colleague)) == 1
    with pytest.raises(NotAllowed):
        blind.reads(query, who=blind.town.stranger)


def test_what_has_lost_its_basis_is_no_longer_read(blind: Blind) -> None:
    query = blind.asked()
    match = blind.searched()
    assert match is not None
    blind.basis(expires_at=blind.at + HOUR)
    blind.answers(match)
    assert len(blind.reads(query)) == 1
    blind.later(HOUR)
    assert blind.reads(query) == []


def test_a_no_is_told_to_nobody(blind: Blind) -> None:
    query = blind.asked()
    match = blind.searched()
    assert match is not None
    blind.declines(match)
    assert fresh(match).state == State.DECLINED
    assert blind.reads(query) == []
    assert notices("query_answer") == []


def test_a_colleague_decides_once(blind: Blind) -> None:
    blind.asked()
    match = blind.searched()
    assert match is not None
    blind.declines(match, who=blind.town.second_officer)
    with pytest.raises(Stale):
        blind.declines(match)


def test_only_who_runs_the_case_decides(blind: Blind) -> None:
    blind.asked()
    match = blind.searched()
    assert match is not None
    for who in (blind.asker, blind.town.stranger, blind.town.director, blind.town.guardian):
        with pytest.raises(NotAllowed):
            blind.declines(match, who=who)


def test_after_the_term_nobody_decides_and_nothing_of_the_child_is_left(blind: Blind) -> None:
    query = blind.asked()
    match = blind.searched()
    assert match is not None
    blind.later(rules.ANSWER_WITHIN)
    with pytest.raises(Refused, match=re.escape(str(deciding.OVER))):
        blind.declines(match)
    blind.searched()
    over = fresh(match)
    assert (over.state, over.asked, over.explanation) == (State.EXPIRED, None, None)
    assert fresh_query(query).name == ""
    with pytest.raises(Refused, match=re.escape(str(deciding.OVER))):
        blind.declines(match)


def test_who_has_not_decided_is_reminded_once_and_who_has_is_not(blind: Blind) -> None:
    blind.asked()
    match = blind.searched()
    blind.later(rules.REMIND_AFTER)
    blind.searched()
    blind.later(MINUTE)
    blind.searched()
    assert len(notices("query")) == 2
    assert match is not None
    blind.declines(match)
    blind.later(rules.REMIND_AFTER)
    blind.searched()
    assert len(notices("query")) == 2


def test_at_most_five_owners_are_asked(blind: Blind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST", 1)
    met = blind.town.boy_met(name_said="Uzorak Sintetički")
    blind.town.claimed(met)
    blind.asked()
    blind.searched()
    with rls.engine_room():
        assert BlindMatch.objects.count() == 1


def test_an_owner_without_a_telephone_cannot_ask_to_be_called(blind: Blind) -> None:
    blind.asked()
    match = blind.searched()
    assert match is not None
    blind.basis()
    Organisation.objects.filter(pk=blind.town.centre.pk).update(on_call_phone="")
    with pytest.raises(Refused, match=re.escape(str(deciding.NO_PHONE))):
        blind.answers(match)


def test_who_moved_to_the_asking_institution_sees_no_match(blind: Blind) -> None:
    blind.asked()
    blind.searched()
    moved = person("duty_officer", blind.home)
    assert blind.sees(moved, BlindMatch) == 0
