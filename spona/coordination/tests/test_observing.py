"""How a service answers is seen, and told to those who choose whom to ask."""

from __future__ import annotations

import pytest

from spona.coordination import actions
from spona.coordination.tests.asking import Asking
from spona.coordination.tests.story import DAY, HOUR
from spona.directory.models import ServiceObservation

pytestmark = pytest.mark.django_db


def test_what_was_answered_and_what_was_not_is_counted() -> None:
    asking = Asking()
    asking.basis()
    first, _second = asking.sent(), asking.sent()
    asking.later(2 * HOUR)
    asking.answers(first, "accepted")
    asking.later(4 * DAY)
    assert actions.services_observe(at=asking.at) == 1
    seen = ServiceObservation.objects.get(service=asking.service)
    assert (seen.asked, seen.answered_in_time, seen.accepted) == (2, 1, 1)
    assert seen.median_hours == 2.0


def test_who_still_has_time_to_answer_is_not_counted() -> None:
    asking = Asking()
    asking.basis()
    asking.sent()
    asking.later(2 * HOUR)
    assert actions.services_observe(at=asking.at) == 0
