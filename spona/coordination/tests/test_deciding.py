"""A decision of a conference becomes the duty of whoever took it on, and says what was decided only
where it may. Everybody is synthetic."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.base import rls
from spona.cases import actions as cases
from spona.coordination import actions
from spona.coordination.models import Disclosure, Duty
from spona.coordination.tests.asking import Asking
from spona.coordination.tests.story import HOUR

pytestmark = pytest.mark.django_db
WORDS = "Razgovor sa detetom dva puta nedeljno"


@pytest.fixture
def asking() -> Asking:
    return Asking()


def decided(asking: Asking) -> Duty:
    """The association took it on, for five days from now."""
    by, at = asking.town.officer.actor(), asking.at
    with rls.acting(by, at):
        planned = cases.conference_plan(case=asking.case, planned_at=at, by=by, at=at)
        decision = cases.DecisionDraft(
            text=WORDS,
            organisation=asking.helper.organisation,
            due_on=(at + timedelta(days=5)).date(),
        )
        actions.conference_hold(
            conference=planned,
            held_at=at,
            minutes="Izmišljen zapisnik.",
            decisions=[decision],
            by=by,
            at=at,
        )
    with rls.engine_room():
        return Duty.objects.owed().get(version__protocol="conference-decision")


def reads(duty: Duty, who: Membership, asking: Asking) -> str:
    by = who.actor()
    with rls.acting(by, asking.at):
        return actions.decision_words(duty=duty, by=by, at=asking.at)


def test_without_a_basis_the_duty_goes_and_the_words_stay(asking: Asking) -> None:
    duty = decided(asking)
    assert duty.organisation == asking.helper.organisation
    assert reads(duty, asking.helper, asking) == ""
    assert reads(duty, asking.town.officer, asking) == WORDS


def test_with_a_basis_they_read_what_was_decided_and_the_reading_is_the_receipt(
    asking: Asking,
) -> None:
    asking.basis(purpose="protection")
    duty = decided(asking)
    assert reads(duty, asking.helper, asking) == WORDS
    assert reads(duty, asking.other, asking) == ""
    with rls.engine_room():
        assert Disclosure.objects.get(run=duty.run_id).receipt_at == asking.at


def test_when_the_basis_ends_the_words_are_gone(asking: Asking) -> None:
    asking.basis(purpose="protection", expires_at=asking.at + 2 * HOUR)
    duty = decided(asking)
    asking.later(3 * HOUR)
    assert reads(duty, asking.helper, asking) == ""


def test_the_page_of_the_duty_says_it_or_whom_to_ask(asking: Asking) -> None:
    duty = decided(asking)
    path = reverse("coordination:duty_detail", args=[duty.number])
    theirs = signed_in(asking.helper).get(path).content.decode()
    assert "Pitajte telefonom" in theirs
    assert WORDS not in theirs
    assert WORDS in signed_in(asking.town.officer).get(path).content.decode()
    assert signed_in(asking.other).get(path).status_code == 404
