"""A referral: what is owed to whom, and that there is no end without an outcome."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.guards import Value
from spona.conduct.marking import Blocked
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT, REASON, Pick, walk, walks

ANSWERS = ("accepted", "accepted_partly", "waiting_list", "declined", "counter_proposed")
RECEIVER = ("acknowledged", *ANSWERS, "first_contact", "outcome_recorded")
WAYS_OUT = ("confirmed", "next_step", "receiver_told", "withdrawal_received")
MANDATORY: dict[str, Value] = {"urgency": "hitno", "person_is_child": True, "basis_kind": "consent"}


def sent(**facts: Value) -> runs.Run:
    run = runs.Run("referral", **(MANDATORY | facts))
    run.do("basis_recorded", "child_view", "guardian_agrees", "sent")
    return run


def received(**facts: Value) -> runs.Run:
    run = sent(**facts)
    run.do("acknowledged")
    return run


# -- before it is sent


def test_nothing_is_sent_without_a_legal_basis() -> None:
    run = runs.Run("referral", **MANDATORY)
    with pytest.raises(Blocked):
        run.do("sent", reason=REASON)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, {"child_view", "guardian_agrees"}),
        ({"basis_kind": "vital_interest"}, {"child_view"}),
        ({"person_is_child": False}, set()),
        ({"person_is_child": None, "basis_kind": None}, {"child_view", "guardian_agrees"}),
    ],
)
def test_a_child_is_asked_first_and_the_guardian_where_consent_is_the_basis(
    facts: dict[str, Value], wanted: set[str]
) -> None:
    run = runs.Run("referral", **(MANDATORY | facts))
    run.do("basis_recorded")
    step = run.do("sent", reason=REASON)
    assert {block.source for block in step.passed} == wanted


def test_an_immediate_need_is_telephoned_within_the_hour() -> None:
    run = sent(urgency="neodlozno")
    assert run.owed()["called_first"] == NIGHT + HOUR
    run.do("acknowledged")
    assert "called_first" not in run.owed()


# -- receipt and answer


@pytest.mark.parametrize(
    ("urgency", "receipt", "answer", "contact"),
    [
        ("neodlozno", NIGHT + 2 * HOUR, NIGHT + DAY, NIGHT + DAY),
        (
            "hitno",
            datetime(2026, 11, 24, 23, tzinfo=UTC),
            NIGHT + 3 * DAY,
            datetime(2026, 11, 26, 23, tzinfo=UTC),
        ),
        (
            "redovno",
            datetime(2026, 11, 24, 23, tzinfo=UTC),
            datetime(2026, 11, 30, 23, tzinfo=UTC),
            datetime(2026, 12, 7, 23, tzinfo=UTC),
        ),
    ],
)
def test_each_step_has_its_own_clock(
    urgency: str, receipt: datetime, answer: datetime, contact: datetime
) -> None:
    run = sent(urgency=urgency)
    assert run.owed()["acknowledged"] == receipt
    run.do("acknowledged")
    assert {run.owed()[act] for act in ANSWERS} == {answer}
    run.do("accepted")
    assert run.owed() == {"first_contact": contact}


def test_the_answer_follows_the_receipt() -> None:
    run = sent()
    assert not set(ANSWERS) & set(run.possible())


def test_a_waiting_list_has_a_day_and_the_answer_is_owed_by_then() -> None:
    run = received()
    run.do("waiting_list", expected_on=date(2026, 12, 24))
    assert run.owed()["accepted"] == datetime(2026, 12, 24, 23, tzinfo=UTC)
    run.later(3 * DAY).learn(expected_on=date(2026, 12, 10))
    assert run.owed()["accepted"] == datetime(2026, 12, 10, 23, tzinfo=UTC)
    run.later(5 * DAY).do("waiting_list", expected_on=date(2027, 1, 15))
    assert run.owed()["accepted"] == datetime(2027, 1, 15, 23, tzinfo=UTC)


def test_who_waits_for_information_does_not_decline() -> None:
    run = received()
    run.do("more_asked")
    assert not run.may("declined")
    assert run.may("accepted")
    run.do("more_given")
    assert run.may("declined")


# -- back to the sender


@pytest.mark.parametrize("answer", ["declined", "counter_proposed"])
def test_a_refusal_brings_the_child_back_to_the_sender(answer: str) -> None:
    run = received()
    run.do(answer)
    assert set(run.owed()) == {"next_step"}
    assert not run.may("closed")
    run.do("next_step", next_decision="send_elsewhere")
    assert set(run.owed()) == {"closed"}


@pytest.mark.parametrize("acts", [(), ("acknowledged",)])
def test_silence_gives_the_sender_a_next_step(acts: tuple[str, ...]) -> None:
    run = sent()
    for act in acts:
        run.do(act)
    run.later(10 * DAY)
    assert run.done("silence")
    assert "next_step" in run.owed()
    run.do("next_step", next_decision="help_ourselves")
    assert not run.may("closed")  # the receiving service may still help: it is told first
    run.do("withdrawn")
    assert not run.may("closed")
    run.do("receiver_told", "closed")
    assert not run.owed()


def test_the_same_service_may_be_asked_again() -> None:
    run = received()
    run.do("declined")
    run.do("next_step", next_decision="ask_again")
    assert set(run.owed()) == set(ANSWERS)
    run.do("accepted")
    assert set(run.owed()) == {"first_contact"}


def test_what_was_not_taken_over_stays_with_the_sender() -> None:
    run = received()
    run.do("accepted_partly")
    assert set(run.owed()) == {"first_contact", "next_step"}


def test_a_child_who_does_not_come_is_looked_for_within_24_hours() -> None:
    run = received(urgency="redovno")
    run.do("accepted", "no_show")
    assert run.owed()["next_step"] == NIGHT + DAY
    assert not run.may("closed")
    adult = received(urgency="redovno", person_is_child=False)
    adult.do("accepted", "no_show")
    assert adult.owed()["next_step"] == datetime(2026, 11, 25, 23, tzinfo=UTC)


def test_help_that_did_not_help_is_not_the_end() -> None:
    run = received()
    run.do("accepted", "first_contact", "outcome_recorded")
    assert set(run.owed()) == {"confirmed"}
    run.do("confirmed", helped="no")
    assert set(run.owed()) == {"closed", "next_step"}
    assert not run.may("closed")


# -- withdrawal


def test_a_withdrawal_reaches_the_one_to_whom_it_was_sent() -> None:
    run = received()
    run.do("accepted", "withdrawn")
    told = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert run.owed() == {"receiver_told": told, "withdrawal_received": told}
    assert not run.may("closed")
    run.do("withdrawal_received")
    assert set(run.owed()) == {"closed"}


def test_a_withdrawn_consent_is_told_at_once_also_after_the_end() -> None:
    run = received()
    run.do("accepted", "consent_withdrawn")
    assert run.owed()["receiver_told"] == NIGHT + 2 * HOUR
    run.do("receiver_told", "closed")
    assert run.graph.may_end(run.marking)
    run.later(DAY).do("consent_withdrawn")
    assert run.owed()["receiver_told"] == run.at + 2 * HOUR


def test_there_is_no_consent_to_withdraw_where_it_was_not_the_basis() -> None:
    assert not received(basis_kind="legal_duty").may("consent_withdrawn")
    assert received(basis_kind=None).may("consent_withdrawn")


# -- walks

facts = st.fixed_dictionaries(
    {
        "urgency": st.sampled_from(["neodlozno", "hitno", "redovno", None]),
        "person_is_child": st.sampled_from([True, False, None]),
        "basis_kind": st.sampled_from(["consent", "vital_interest", "legal_duty", None]),
    }
)


@settings(max_examples=60, deadline=None)
@given(facts, walks)
def test_no_referral_ends_without_an_outcome(known: dict[str, Value], picks: list[Pick]) -> None:
    run = sent(**known)
    for act, step in walk(run, picks):
        assert run.done("closed") or not run.graph.may_end(run.marking)
        if act == "closed":
            assert not step.closed
            assert not set(run.owed())
            assert any(run.done(way) for way in WAYS_OUT)
    finish(run)


def finish(run: runs.Run) -> None:
    """From wherever it stands, a referral is brought to its end in a few acts."""
    for _ in range(12):
        run.later(HOUR)
        if not run.duties() and run.done("closed"):
            return
        ready = [act for act in run.owed() if run.may(act) and act not in RECEIVER]
        wanted = ["closed", "withdrawn", *ready]
        act = next(act for act in wanted if run.may(act))
        run.do(act, reason=REASON, next_decision="no_longer_needed", helped="yes")
    raise AssertionError(run.owed())
