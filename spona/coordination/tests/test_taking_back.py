"""A no is heard wherever it was written down: what rested on a yes is taken back and told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from spona.base import rls
from spona.base.errors import Refused
from spona.cases.actions import need_add
from spona.cases.models import LegalBasis
from spona.coordination import actions
from spona.coordination.models import Disclosure, Referral
from spona.coordination.tests.asking import EVERYTHING, Asking, fresh, owed_in
from spona.coordination.tests.story import DAY, HOUR, MINUTE
from spona.coordination.tests.test_referrals import guarded

pytestmark = pytest.mark.django_db


def held(referral: Referral) -> set[str]:
    """The fields whose values are still kept for the recipient."""
    with rls.engine_room():
        given = Disclosure.objects.filter(run=referral.run_id, ended_at=None)
        return set(given.values_list("field", flat=True))


def ends(referral: Referral) -> set[str]:
    with rls.engine_room():
        given = Disclosure.objects.filter(run=referral.run_id).exclude(ended_at=None)
        return set(given.values_list("ended_why", flat=True))


def says_no(asking: Asking, *categories: str) -> LegalBasis:
    return asking.consent(decision="refused", expires_at=None, given_by="", categories=categories)


def told(referral: Referral) -> bool:
    return bool({"withdrawal_received", "receiver_told"} & set(owed_in(referral)))


def test_a_no_written_down_later_takes_back_what_it_is_about_and_nothing_else() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.later(MINUTE)
    says_no(asking, "age_sex")
    assert set(asking.reads(referral)) == {"languages"}
    assert actions.disclosures_sweep(at=asking.at) == 1
    assert held(referral) == {"languages"}
    assert ends(referral) == {"consent"}
    assert fresh(referral).withdrawn_at is None


def test_a_no_to_everything_ends_the_referral_and_the_recipient_is_told() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.later(MINUTE)
    says_no(asking, *EVERYTHING)
    assert actions.disclosures_sweep(at=asking.at) == 2
    assert fresh(referral).withdrawn_at == asking.at
    assert told(referral)


def test_a_no_to_somebody_else_takes_nothing_back() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.later(MINUTE)
    asking.consent(
        decision="refused",
        expires_at=None,
        given_by="",
        recipient=asking.other.organisation,
    )
    assert actions.disclosures_sweep(at=asking.at) == 0
    assert held(referral) == {"age", "languages"}
    assert not told(referral)


def test_what_has_expired_was_not_withdrawn() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.later(31 * DAY)
    assert actions.disclosures_sweep(at=asking.at) == 2
    assert ends(referral) == {"expired"}
    assert not told(referral)


def test_on_the_eighteenth_birthday_what_a_guardian_agreed_to_is_taken_back() -> None:
    asking = guarded()
    _born(asking, date(2008, 12, 1))
    referral = asking.sent()
    asking.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert actions.disclosures_sweep(at=asking.at) == 0
    asking.at += 12 * HOUR
    assert asking.reads(referral) == {}
    assert actions.disclosures_sweep(at=asking.at) == 2
    assert held(referral) == set()
    assert ends(referral) == {"expired"}
    assert not told(referral)


def test_what_a_duty_carries_stays_on_the_eighteenth_birthday() -> None:
    asking = guarded()
    _born(asking, date(2008, 12, 1))
    referral = asking.sent()
    asking.basis(kind="legal_duty")
    asking.at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert actions.disclosures_sweep(at=asking.at) == 0
    assert held(referral) == {"age", "languages"}


def _born(asking: Asking, on: date) -> None:
    by, at = asking.town.officer.actor(), asking.at
    with rls.acting(by, at):
        actions.birth_correct(
            case=asking.case,
            row_version=asking.case.person.row_version,
            changes={"birth_date": on, "birth_precision": "day"},
            by=by,
            at=at,
        )


def test_a_duty_keeps_what_a_no_would_take_back() -> None:
    asking = guarded()
    referral = asking.sent()
    asking.basis(kind="legal_duty")
    asking.later(MINUTE)
    says_no(asking, "age_sex", "language")
    assert actions.disclosures_sweep(at=asking.at) == 0
    assert set(asking.reads(referral)) == {"age", "languages"}


def test_a_sweep_twice_is_a_sweep_once() -> None:
    asking = guarded()
    asking.sent()
    asking.later(MINUTE)
    says_no(asking, "age_sex")
    assert actions.disclosures_sweep(at=asking.at) == 1
    assert actions.disclosures_sweep(at=asking.at + timedelta(minutes=1)) == 0


def test_the_need_of_another_child_is_not_sent_along() -> None:
    asking = Asking()
    asking.basis()
    by, other = asking.town.officer.actor(), asking.town.boy_in_care()
    with rls.acting(by, asking.at):
        need = need_add(case=other, by=by, at=asking.at, system="own", code="food", source="said")
    with pytest.raises(Refused, match="not open in this case"), translation.override("en"):
        asking.sent(need=need)


def test_what_is_read_from_the_case_is_not_written_otherwise() -> None:
    asking = Asking()
    asking.basis()
    referral = asking.sent(typed={"age": "19"})
    assert asking.reads(referral)["age"] != "19"
