"""The stages of a referral follow from what happened, and from nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spona.coordination.rules.referring import NOTHING, STAGES, Happened, stages

SENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RECORDS = st.sampled_from([*STAGES, "referral_sent", "placement", ""])
events = st.lists(
    st.builds(
        Happened,
        records=RECORDS,
        at=st.integers(0, 10_000).map(lambda minutes: SENT + timedelta(minutes=minutes)),
        who=st.sampled_from(["Sintetička Ana", "Sintetički Petar"]),
        form=st.just({"outcome": "helped", "note": "dogovoreno"}),
    )
)


def test_a_referral_to_which_nothing_happened_has_no_stage() -> None:
    assert stages([]) == NOTHING


def test_the_decision_has_its_moment_its_person_and_its_words() -> None:
    form = {"what": "razgovor jednom nedeljno", "rest": "prevodilac", "note": "javite se"}
    columns = stages([Happened("referral_accepted_partly", SENT, "Sintetička Ana", form)])
    assert columns["decision"] == "accepted_partly"
    assert columns["decided_at"] == SENT
    assert columns["decided_by_name"] == "Sintetička Ana"
    assert columns["answer"] == "razgovor jednom nedeljno\nprevodilac\njavite se"


def test_a_place_on_the_waiting_list_has_a_day_until_it_is_free() -> None:
    waits = Happened("referral_waiting", SENT, form={"expected_on": "2026-12-20"})
    assert stages([waits])["expected_on"] == date(2026, 12, 20)
    accepted = stages([waits, Happened("referral_accepted", SENT + timedelta(days=9))])
    assert accepted["decision"] == "accepted"
    assert accepted["expected_on"] is None


def test_another_service_is_named_only_by_who_proposes_it() -> None:
    proposed = stages([Happened("referral_countered", SENT, form={"service": 7})])
    assert proposed["proposed_id"] == 7
    assert stages([Happened("referral_declined", SENT, form={"service": 7})])["proposed_id"] is None


@given(events)
def test_what_was_taken_back_leaves_no_trace(happened: list[Happened]) -> None:
    """Revoking the last event gives what stood before it."""
    assert stages(happened[:-1]) == stages([*happened[:-1]])
    assert set(stages(happened)) == set(NOTHING)


@given(events)
def test_no_referral_ends_without_an_outcome(happened: list[Happened]) -> None:
    columns = stages(happened)
    assert (columns["ended_at"] is None) == (columns["ended_as"] == "")


@given(events)
def test_a_decision_and_its_moment_come_together(happened: list[Happened]) -> None:
    columns = stages(happened)
    assert (columns["decided_at"] is None) == (columns["decision"] == "")
