"""Moments, codes of cases, and what an anonymised meeting keeps of its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.cases.rules import EventFault, blurred, case_code, event_fault

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "fault"),
    [
        (timedelta(0), None),
        (timedelta(seconds=-1), EventFault.FUTURE),
        (timedelta(days=730), None),
        (timedelta(days=730, seconds=1), EventFault.TOO_OLD),
    ],
)
def test_an_event_lies_within_two_years(ago: timedelta, fault: EventFault | None) -> None:
    assert event_fault(NOW - ago, at=NOW) is fault


def test_a_code_reads_as_people_write_it() -> None:
    assert case_code("VR", 2026, 147) == "VR-2026-0147"
    assert case_code("VR", 2026, 12_345) == "VR-2026-12345"


@given(st.datetimes(timezones=st.just(UTC)))
def test_only_the_month_is_left(moment: datetime) -> None:
    left = blurred(moment)
    assert (left.year, left.month) == (moment.year, moment.month)
    assert left <= moment
    assert blurred(left) == left
