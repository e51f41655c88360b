"""A referral cannot be dropped: sent, received, answered, begun, ended with an outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest

from spona.accounts.tests.factories import person
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.models import Case
from spona.coordination import actions
from spona.coordination.actions import disclosing, doorways
from spona.coordination.actions.answering import Answer, steps_of
from spona.coordination.models import Disclosure, Duty, Notice, Referral
from spona.coordination.tests.asking import Asking, cases_seen, fresh, owed_in
from spona.coordination.tests.story import DAY, HOUR, MINUTE, owed
from spona.coordination.views.rows import why_owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> Asking:
    asking = Asking()
    asking.basis()
    return asking


# --- sending


def test_without_a_legal_basis_nothing_leaves_the_case() -> None:
    asking = Asking()
    with pytest.raises(Refused, match="uzrast"):
        asking.sent()
    with rls.engine_room():
        assert not Referral.objects.exists()
        assert not Disclosure.objects.exists()


def test_the_association_reads_the_package_and_nothing_else(asking: Asking) -> None:
    referral = asking.sent()
    assert asking.reads(referral) == {"age": "~15", "languages": ["prs"]}
    assert cases_seen(asking.helper, asking.at) == set()
    assert asking.sees(asking.helper) == {referral.pk}


def test_another_association_does_not_know_of_it(asking: Asking) -> None:
    referral = asking.sent()
    assert asking.sees(asking.other) == set()
    with pytest.raises(Referral.DoesNotExist):
        asking.reads(referral, who=asking.other)


def test_a_stranger_sends_nothing_from_the_case(asking: Asking) -> None:
    with pytest.raises(NotAllowed):
        asking.sent(who=asking.town.stranger)


def test_a_service_that_takes_no_referrals_is_not_asked(asking: Asking) -> None:
    closed = asking.offers(asking.helper.organisation, accepts_referrals=False)
    with pytest.raises(Refused):
        asking.sent(services=[closed])


def test_a_need_is_split_between_two_and_each_must_answer(asking: Asking) -> None:
    second = asking.offers(asking.other.organisation)
    sent = asking.all_sent(services=[asking.service, second], now=["age"])
    assert [one.recipient_id for one in sent] == [
        asking.helper.organisation_id,
        asking.other.organisation_id,
    ]
    assert all("acknowledged" in owed_in(one) for one in sent)
    assert asking.sees(asking.helper) == {sent[0].pk}


def test_the_cover_is_neutral_and_so_is_every_notice(asking: Asking) -> None:
    referral = asking.sent()
    assert "psych" not in referral.cover
    with rls.engine_room():
        told = Notice.objects.filter(organisation=asking.helper.organisation)
        assert told.exists()
        assert not [one for one in told if asking.case.code in str(vars(one))]


# --- receipt and decision


def test_receipt_and_decision_have_their_own_clocks(asking: Asking) -> None:
    referral = asking.sent()
    receipt = owed_in(referral)["acknowledged"]
    assert receipt.organisation == asking.helper.organisation
    asking.later(HOUR)
    asking.act(referral, "acknowledged")
    owed_now = owed_in(referral)
    assert "acknowledged" not in owed_now
    assert owed_now["accepted"].due_at - asking.at == timedelta(hours=72)


def test_accepting_opens_what_was_promised_and_not_the_case(asking: Asking) -> None:
    referral = asking.sent()
    asking.later(HOUR)
    asking.answers(referral, "accepted")
    assert fresh(referral).decision == "accepted"
    assert asking.reads(referral)["first_name"] == "Uzorak"
    assert cases_seen(asking.helper, asking.at) == set()


def test_of_two_colleagues_who_answer_at_once_the_second_is_told(asking: Asking) -> None:
    referral = asking.sent()
    by = asking.colleague.actor()
    with rls.acting(by, asking.at):
        seen = steps_of(referral=referral, by=by, works=False, at=asking.at).last_seq
    asking.answers(referral, "accepted")
    with rls.acting(by, asking.at), pytest.raises((Stale, Refused)):
        actions.referral_answer(
            referral=referral, answer=Answer("declined", seen), by=by, at=asking.at
        )
    assert fresh(referral).decision == "accepted"


def test_not_us_but_they_passes_nothing_on(asking: Asking) -> None:
    referral = asking.sent()
    elsewhere = asking.offers(asking.other.organisation)
    asking.answers(referral, "counter_proposed", service=elsewhere.pk)
    assert fresh(referral).proposed == elsewhere
    assert asking.sees(asking.other) == set()
    assert asking.reads(referral) == {}
    assert owed_in(referral)["next_step"].organisation == asking.town.centre


def test_a_refusal_leaves_the_next_step_with_the_sender(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "declined", reason="no_capacity")
    assert owed_in(referral)["next_step"].organisation == asking.town.centre
    assert not fresh(referral).run.ended_at


def test_a_place_on_the_waiting_list_is_owed_by_its_day(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "waiting_list", expected_on="2026-12-10")
    assert fresh(referral).expected_on is not None
    duty = next(one for one in owed_in(referral).values() if "accepted" in one.acts)
    assert duty.due_at is not None
    assert duty.due_at.date().isoformat() == "2026-12-10"


def test_silence_goes_up_and_comes_back_to_the_sender(asking: Asking) -> None:
    referral = asking.sent()
    asking.later(7 * DAY)
    actions.catch_up(at=asking.at)
    actions.tell_what_is_due(at=asking.at)
    assert "next_step" in owed_in(referral)
    with rls.engine_room():
        late = Notice.objects.filter(kind=Notice.Kind.LATE, rule__startswith="LOC-REF")
        assert late.exists()


def test_what_the_recipient_cannot_do_is_an_obstacle_and_no_lateness(asking: Asking) -> None:
    referral = asking.sent()
    duty, by = owed_in(referral)["acknowledged"], asking.helper.actor()
    with rls.acting(by, asking.at):
        actions.obstacle_record(
            duty=Duty.objects.get(pk=duty.pk), code="other", note="", by=by, at=asking.at
        )
    assert not owed_in(referral)["acknowledged"].is_late(asking.at + 30 * DAY)


# --- work, outcome, end


def test_it_ends_with_an_outcome_that_the_person_confirmed(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "accepted")
    asking.later()
    asking.act(referral, "first_contact")
    asking.later()
    asking.act(referral, "outcome_recorded", form={"outcome": "helped"})
    asking.later()
    sender = asking.town.officer
    asking.act(referral, "confirmed", who=sender, form={"who": "person", "helped": "yes"})
    asking.act(referral, "closed", who=sender, form={"outcome": "helped"})
    ended = fresh(referral)
    assert ended.ended_as == "helped"
    assert ended.run.ended_at == ended.ended_at
    assert owed_in(referral) == {}
    assert asking.reads(referral) == {}


def test_it_cannot_be_closed_while_the_recipient_has_not_answered(asking: Asking) -> None:
    referral = asking.sent()
    with pytest.raises(Refused):
        asking.act(referral, "closed", who=asking.town.officer, form={"outcome": "other"})


def test_a_child_who_does_not_come_is_looked_for(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "accepted")
    asking.later()
    asking.act(referral, "no_show")
    assert owed_in(referral)["next_step"].organisation == asking.town.centre


def test_the_recipient_does_not_close_it(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "declined", reason="other")
    with pytest.raises(NotAllowed):
        asking.act(referral, "closed", form={"outcome": "other"})


def test_a_withdrawal_reaches_the_recipient_and_takes_the_package_back(asking: Asking) -> None:
    referral = asking.sent()
    asking.reads(referral)
    asking.later(HOUR)
    asking.act(referral, "withdrawn", who=asking.town.officer, form={})
    assert asking.reads(referral) == {}
    told = next(one for one in owed_in(referral).values() if "receiver_told" in one.acts)
    assert told.organisation == asking.town.centre
    with rls.engine_room():
        notice = Notice.objects.get(kind=Notice.Kind.WITHDRAWN)
        assert notice.organisation == asking.helper.organisation
        kept = Disclosure.objects.get(run=referral.run_id, field="age")
        assert kept.value is None
        assert disclosing.proves(kept, "~15")
        assert not disclosing.proves(kept, "~16")


def test_the_case_knows_that_a_referral_began_and_ended(asking: Asking) -> None:
    asking.sent()
    with rls.engine_room():
        acts = asking.case.runs.get(parent=None).events.values_list("act", flat=True)
        assert "service_referral" in list(acts)


def test_an_entry_taken_back_gives_the_referral_its_stage_back(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "accepted")
    event = asking.act(referral, "first_contact")
    by = asking.town.officer.actor()
    with rls.acting(by, asking.at):
        actions.event_revoke(event_id=event.pk, reason="Nije se dogodilo.", by=by, at=asking.at)
    assert fresh(referral).started_at is None
    assert "first_contact" in owed_in(referral)
    assert list(actions.runs_verify()) == []


# --- consent


def guarded() -> Asking:
    """The boy has a guardian who consented to the association."""
    asking = Asking()
    asking.town.appoint(asking.case)
    asking.consent(categories=("age_sex", "language", "identity"))
    return asking


def test_before_there_is_a_guardian_nobody_consents_for_the_child() -> None:
    asking = Asking()
    with pytest.raises(Refused, match="staratelj"):
        asking.consent()


def test_opoziv_takes_back_what_rested_on_it_and_tells_the_recipient() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.answers(referral, "accepted")
    assert set(asking.reads(referral)) == {"age", "languages", "first_name"}
    by = asking.town.officer.actor()
    asking.later(HOUR)
    with rls.acting(by, asking.at):
        basis = next(iter(asking.case.legalbasiss.all()))
        stopped = actions.consent_withdraw(basis=basis, why="ne želi više", by=by, at=asking.at)
    assert stopped.fields == 3
    assert [one.pk for one in stopped.referrals] == [referral.pk]
    assert asking.reads(referral) == {}
    assert "receiver_told" in owed_in(referral)


def test_a_consent_that_has_expired_is_read_no_more() -> None:
    asking = guarded()
    referral = asking.sent()
    assert asking.reads(referral)
    asking.later(31 * DAY)
    assert asking.reads(referral) == {}
    assert actions.disclosures_sweep(at=asking.at) == 2


def test_a_refusal_after_consent_is_the_word_that_counts() -> None:
    asking = guarded()
    asking.later(MINUTE)
    asking.consent(decision="refused", expires_at=None, given_by="", categories=("age_sex",))
    with pytest.raises(Refused):
        asking.sent(now=["age"], later=[])
    assert asking.sent(now=["languages"], later=[]).pk


# --- the thread


def test_the_thread_opens_with_acceptance_and_both_write_in_it(asking: Asking) -> None:
    referral = asking.sent()
    with pytest.raises(Refused):
        write(asking, referral, asking.helper)
    asking.answers(referral, "accepted")
    write(asking, referral, asking.helper)
    write(asking, referral, asking.town.officer)
    with pytest.raises(NotAllowed):
        write(asking, referral, asking.other)


def write(asking: Asking, referral: Referral, who: object) -> None:
    by = who.actor()  # type: ignore[attr-defined]
    with rls.acting(by, asking.at):
        actions.message_write(referral=referral, text="Kada može da dođe?", by=by, at=asking.at)


# --- a recipient without an account


def door(asking: Asking) -> tuple[Referral, doorways.Key]:
    referral = asking.sent(services=[asking.offers(asking.house)], now=["age"], later=[])
    by = asking.town.officer.actor()
    with rls.acting(by, asking.at):
        return referral, actions.doorway_make(referral=referral, by=by, at=asking.at)


def test_a_page_without_an_account_opens_with_the_code_told_by_telephone(asking: Asking) -> None:
    referral, key = door(asking)
    assert doorways.is_open(token=key.token, at=asking.at)
    assert doorways.doorway_unlock(token=key.token, code=key.code, at=asking.at)
    seen = doorways.doorway_referral(token=key.token, at=asking.at)
    assert seen.pk == referral.pk
    guest = doorways.guest(seen, "Sintetička Primalac")
    steps = steps_of(referral=seen, by=guest, works=False, at=asking.at)
    answer = Answer("accepted", steps.last_seq, {"note": "primamo"})
    with rls.acting(guest, asking.at):
        actions.referral_answer(referral=seen, answer=answer, by=guest, at=asking.at)
    doorways.doorway_close(token=key.token, at=asking.at)
    assert fresh(referral).decided_by_name == "Sintetička Primalac"
    assert not doorways.is_open(token=key.token, at=asking.at)


def test_five_wrong_codes_close_the_page(asking: Asking) -> None:
    _referral, key = door(asking)
    wrong = "000000" if key.code != "000000" else "111111"
    for _number in range(5):
        assert not doorways.doorway_unlock(token=key.token, code=wrong, at=asking.at)
    with pytest.raises(NotAllowed):
        doorways.doorway_unlock(token=key.token, code=key.code, at=asking.at)


def test_the_page_is_gone_after_a_week_and_after_a_withdrawal(asking: Asking) -> None:
    referral, key = door(asking)
    assert not doorways.is_open(token=key.token, at=asking.at + 8 * DAY)
    asking.act(referral, "withdrawn", who=asking.town.officer, form={})
    assert not doorways.is_open(token=key.token, at=asking.at)


def test_an_institution_with_accounts_answers_signed_in(asking: Asking) -> None:
    referral, by = asking.sent(), asking.town.officer.actor()
    with rls.acting(by, asking.at), pytest.raises(Refused):
        actions.doorway_make(referral=referral, by=by, at=asking.at)


def test_who_keeps_the_house_neither_answers_nor_reads(asking: Asking) -> None:
    referral = asking.sent()
    keeper = person("administrator", asking.helper.organisation)
    with pytest.raises(NotAllowed):
        asking.answers(referral, "accepted", who=keeper)


def test_the_first_night_goes_on_beside_a_referral(asking: Asking) -> None:
    """What the case owes is not touched by what others owe in it."""
    before = set(owed(asking.case))
    asking.sent()
    with rls.engine_room():
        root = asking.case.runs.get(parent=None)
        assert {duty.act for duty in root.duties.owed()} == before
        assert Case.objects.get(pk=asking.case.pk).is_open


def test_the_next_step_says_what_makes_it_owed_now(asking: Asking) -> None:
    referral = asking.sent()
    elsewhere = asking.offers(asking.other.organisation)
    asking.answers(referral, "counter_proposed", service=elsewhere.pk)
    assert "je predložena druga služba" in why_owed(owed_in(referral)["next_step"])
