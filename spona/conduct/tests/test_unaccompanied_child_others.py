"""What the case of a child has to do with others: referral, handover, detention, a second look."""

from __future__ import annotations

import pytest

from spona.conduct.marking import Blocked
from spona.conduct.tests.child_run import DAY, HOUR, NIGHT, Run, book


def test_a_case_is_closed_after_a_proposal_or_for_a_recorded_reason() -> None:
    run = Run()
    with pytest.raises(Blocked):
        run.do("case_closed")
    run.do("closure_proposed", "case_closed")


def test_a_child_who_is_moved_is_handed_over_or_gets_a_guardian_within_24_hours() -> None:
    for done in ("handed_over", "guardian_appointed"):
        run = Run(age=15)
        run.do("moved")
        assert run.owed() == dict.fromkeys(("guardian_appointed", "handed_over"), NIGHT + DAY)
        assert not run.may("case_closed")
        run.do(done, reason="izmišljen razlog")
        assert "handed_over" not in run.owed()


def test_a_child_who_is_held_is_asked_for_at_once() -> None:
    run = Run()
    for _ in range(2):
        run.later(30 * DAY).do("detention_learned")
        wanted = ("guardian_called_detention", "release_requested")
        assert run.owed() == dict.fromkeys(wanted, run.at + 2 * HOUR)
        assert not run.may("case_closed")
        run.do(*wanted)


def test_the_outcome_of_a_referral_comes_back_to_the_case() -> None:
    run = Run()
    assert not run.may("referral_outcome_known")
    run.do("service_referral")
    assert run.may("referral_outcome_known")
    assert book().acts["service_referral"].starts == "referral"
