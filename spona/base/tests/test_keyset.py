"""Where a list goes on is read from its address, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.base.keyset import Key, parse

MOMENTS = st.integers(min_value=0, max_value=4 * 10**15).map(
    lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)
)
IDS = st.integers(min_value=0, max_value=10**17)


@given(st.none() | MOMENTS, IDS)
def test_a_key_is_read_as_it_was_written(moment: datetime | None, number: int) -> None:
    key = Key(moment, number)
    assert parse(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "-", "none", "none-", "x-1", "1-x", "-1-1", "9" * 18 + "-1", "1-²"]
)
def test_what_is_no_key_starts_the_list_anew(text: str) -> None:
    assert parse(text) is None
