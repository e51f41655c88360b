"""Into which group of the desk a duty falls."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.home.rules import Counts, Group, end_of_day, end_of_week, group_of

BELGRADE = ZoneInfo("Europe/Belgrade")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=BELGRADE)
MINUTES = st.integers(min_value=0, max_value=60 * 24 * 800)
MOMENTS = MINUTES.map(lambda n: WEDNESDAY + timedelta(minutes=n))
ORDER = [Group.LATE, Group.TODAY, Group.WEEK, Group.LATER]


@pytest.mark.parametrize(
    ("hours", "group"),
    [
        (-1, Group.LATE),
        (0, Group.TODAY),
        (10, Group.TODAY),
        (11, Group.WEEK),
        (24 * 5, Group.LATER),
    ],
)
def test_a_duty_stands_under_its_time(hours: int, group: Group) -> None:
    due = WEDNESDAY + timedelta(hours=hours)
    assert group_of(due, obstacle=False, at=WEDNESDAY) is group


def test_a_duty_without_a_moment_can_wait() -> None:
    assert group_of(None, obstacle=False, at=WEDNESDAY) is Group.LATER


@given(st.none() | MOMENTS, MOMENTS)
def test_an_obstacle_is_never_lateness(due: datetime | None, at: datetime) -> None:
    assert group_of(due, obstacle=True, at=at) is Group.OBSTACLE


@given(MOMENTS, MOMENTS, MOMENTS)
def test_what_is_due_later_never_stands_higher(one: datetime, two: datetime, at: datetime) -> None:
    first, second = sorted([one, two])
    groups = [group_of(due, obstacle=False, at=at) for due in (first, second)]
    assert ORDER.index(groups[0]) <= ORDER.index(groups[1])


@given(MOMENTS)
def test_the_week_ends_on_a_monday_and_not_before_the_day(at: datetime) -> None:
    assert at < end_of_day(at) <= end_of_week(at)
    assert end_of_week(at).weekday() == 0


def test_nothing_is_nothing() -> None:
    assert Counts().nothing
    assert not Counts(waiting=1).nothing
