"""The clock of a duty: its state, its words, its ring."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from spona.base import clock
from spona.base.clock import State

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=ZoneInfo("Europe/Belgrade"))


def after(**length: float) -> datetime:
    return NOW + timedelta(**length)


@pytest.mark.parametrize(
    ("due", "state"),
    [
        (after(seconds=-1), State.OVERDUE),
        (NOW, State.TODAY),
        (after(hours=9), State.TODAY),
        (after(hours=10), State.ON_TIME),
        (None, State.ON_TIME),
    ],
)
def test_today_ends_at_midnight_here(due: datetime | None, state: State) -> None:
    assert clock.state_of(due, at=NOW) is state


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (after(hours=-3), "3 h late"),
        (after(minutes=25), "25 min left"),
        (after(hours=2, minutes=40), "2 h 40 min left"),
        (after(hours=7, minutes=40), "7 h left"),
        (after(days=1, hours=3), "1 day 3 h left"),
        (after(days=6, hours=3), "6 days left"),
        (NOW, "less than a minute left"),
    ],
)
def test_the_words_grow_coarser_with_the_distance(due: datetime, words: str) -> None:
    with translation.override("en"):
        assert clock.clock_words(due, at=NOW) == words


@pytest.mark.parametrize(
    ("since", "due", "left"),
    [
        (after(hours=-12), after(hours=12), 50),
        (None, after(hours=6), 25),
        (None, after(days=9), 100),
        (after(hours=2), after(hours=1), 4),
        (after(days=-90), after(minutes=1), 1),
        (after(hours=-2), NOW, 100),
    ],
)
def test_the_ring_empties_until_the_deadline(
    since: datetime | None, due: datetime, left: int
) -> None:
    assert clock.ring_left(since, due, at=NOW) == left


def test_the_browser_gets_the_same_sentences() -> None:
    with translation.override("en"):
        said = clock.words()
    assert said["left"] % {"span": said["hours"] % {"n": 3}} == "3 h left"
    assert set(said) == {"late", "left", "minutes", "hours", "one", "few", "other"}
