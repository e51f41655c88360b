"""Properties of the roster's gaps, and what a token is worth."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.accounts import roles
from spona.accounts.rules import Token, gaps, token_hash, token_state

START = datetime(2026, 11, 23, tzinfo=UTC)
HOURS = 40
END = START + timedelta(hours=HOURS)


def _at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


shifts = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(1, 30)).map(
        lambda pair: (_at(pair[0]), _at(pair[0] + pair[1]))
    ),
    max_size=8,
)


@given(shifts)
def test_every_hour_is_in_a_shift_or_in_a_gap_and_never_in_both(
    planned: list[tuple[datetime, datetime]],
) -> None:
    found = gaps(planned, start=START, end=END)
    for hour in range(HOURS):
        moment = _at(hour)
        on_duty = any(begins <= moment < ends for begins, ends in planned)
        missing = sum(gap.start <= moment < gap.end for gap in found)
        assert missing == (0 if on_duty else 1)


@given(shifts)
def test_gaps_are_in_order_inside_the_span_and_do_not_touch(
    planned: list[tuple[datetime, datetime]],
) -> None:
    found = gaps(planned, start=START, end=END)
    assert all(START <= gap.start < gap.end <= END for gap in found)
    assert all(a.end < b.start for a, b in pairwise(found))


@given(shifts, st.randoms())
def test_the_order_in_which_shifts_were_planned_does_not_matter(
    planned: list[tuple[datetime, datetime]], chance: object
) -> None:
    shuffled = planned[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert gaps(shuffled, start=START, end=END) == gaps(planned, start=START, end=END)


@pytest.mark.parametrize(
    ("accepted", "withdrawn", "hours", "worth"),
    [
        (False, False, 71, Token.OPEN),
        (False, False, 72, Token.EXPIRED),
        (True, False, 1, Token.USED),
        (False, True, 1, Token.WITHDRAWN),
        (True, True, 99, Token.USED),
    ],
)
def test_a_token_is_worth_something_once_and_for_72_hours(
    accepted: bool, withdrawn: bool, hours: int, worth: Token
) -> None:
    state = token_state(
        accepted_at=START if accepted else None,
        withdrawn_at=START if withdrawn else None,
        expires_at=_at(72),
        at=_at(hours),
    )
    assert state is worth


def test_what_is_kept_of_a_token_is_not_the_token() -> None:
    assert "token" not in token_hash("token")
    assert token_hash("token") == token_hash("token") != token_hash("Token")


def test_only_the_police_has_police_officers() -> None:
    assert "police_officer" in {role.key for role in roles.offered("MUP")}
    assert "police_officer" not in {role.key for role in roles.offered("CSR")}
    assert {"director", "case_manager"} <= {role.key for role in roles.offered("MUP")}
    assert roles.names(["gone"]) == ["gone"]
