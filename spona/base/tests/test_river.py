"""The river of a case: every label readable, none across the line of now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.base.clock import State
from spona.base.letters import text_width
from spona.base.river import LEFT, RIGHT, Duty, Event, Lane, Point, River, river

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
LANES = [Lane("ngo", "NVO, teren"), Lane("csr", "CSR Vranje", own=True)]
KEYS = st.sampled_from([lane.key for lane in LANES])
TEXTS = st.text(alphabet="abčđ zaključak шњ", min_size=1, max_size=40)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


events = st.lists(
    st.builds(Event, KEYS, st.integers(0, 20_000).map(lambda m: ago(m / 60)), TEXTS), max_size=9
)
duties = st.lists(
    st.builds(
        Duty,
        KEYS,
        st.integers(-3_000, 90_000).map(lambda m: ago(-m / 60)),
        TEXTS,
        st.sampled_from([State.OVERDUE, State.ON_TIME]),
    ),
    max_size=6,
)


def drawn(events: list[Event], duties: list[Duty]) -> River:
    return river(LANES, events, duties, now=NOW)


def boxes(drawing: River) -> list[tuple[float, float, float]]:
    labels = [point.label for point in drawing.points if point.label]
    return [(label.y, label.x, label.x + label.width) for label in labels]


@given(events, duties)
def test_no_label_crosses_the_line_of_now(events: list[Event], duties: list[Duty]) -> None:
    drawing = drawn(events, duties)
    assert all(end < drawing.now_x or start > drawing.now_x for _, start, end in boxes(drawing))


@given(events, duties)
def test_no_label_lies_on_another(events: list[Event], duties: list[Duty]) -> None:
    for one, other in combinations(boxes(drawn(events, duties)), 2):
        assert one[0] != other[0] or one[2] < other[1] or other[2] < one[1]


@given(events, duties)
def test_every_label_stays_in_the_drawing(events: list[Event], duties: list[Duty]) -> None:
    assert all(
        start >= LEFT - 24 and end <= RIGHT + 1 for _, start, end in boxes(drawn(events, duties))
    )


@given(events, duties)
def test_later_is_never_further_left(events: list[Event], duties: list[Duty]) -> None:
    points = sorted(drawn(events, duties).points, key=lambda point: point.at)
    ones = [point.x for point in points if point.count == 1]
    assert all(a <= b + 0.2 for a, b in pairwise(ones))


@given(events, duties)
def test_the_list_says_all_that_the_drawing_says(events: list[Event], duties: list[Duty]) -> None:
    drawing = drawn(events, duties)
    assert len(drawing.past) == len(events)
    assert len(drawing.owed) == len(duties)
    assert sum(point.count for point in drawing.points) == len(events) + len(duties)


def only(drawing: River) -> Point:
    (point,) = drawing.points
    return point


def test_what_is_owed_later_stands_right_of_now() -> None:
    drawing = drawn([], [Duty("csr", ago(-5), "zaključak", State.ON_TIME)])
    assert only(drawing).x > drawing.now_x
    assert drawing.late == ()


def test_a_missed_deadline_is_drawn_until_now() -> None:
    drawing = drawn([], [Duty("csr", ago(3), "zaključak", State.OVERDUE)])
    assert only(drawing).x < drawing.now_x
    assert drawing.late[0].endswith(f"H{drawing.now_x}")


def test_two_messages_within_minutes_are_one_point_with_a_count() -> None:
    drawing = drawn([Event("ngo", ago(90), "poziv"), Event("ngo", ago(89.9), "odgovor")], [])
    assert only(drawing).title == "odgovor (+1)"


def test_an_obstacle_is_not_merged_into_what_was_done() -> None:
    drawing = drawn(
        [
            Event("ngo", ago(90), "poziv"),
            Event("ngo", ago(89.9), "nema mesta", State.OBSTACLE),
        ],
        [],
    )
    assert {point.state for point in drawing.points} == {State.DONE, State.OBSTACLE}


def test_the_ball_goes_from_the_last_act_of_the_one_who_passed_it() -> None:
    passed = Event("csr", ago(5), "preuzeto", came_from="ngo")
    assert len(drawn([Event("ngo", ago(9), "uput"), passed], []).curves) == 1
    assert drawn([passed], []).curves == ()


def test_the_hour_follows_the_label_in_the_drawing_only() -> None:
    drawing = drawn([], [Duty("csr", ago(-4), "razgovor", State.TODAY, when="18.00")])
    assert only(drawing).title == "razgovor, 18.00"
    assert drawing.owed[0].label == "razgovor"


def test_a_label_without_room_is_cut_and_then_left_out() -> None:
    crowd = [Event("csr", ago(h), "dugačak opis onoga što se dogodilo u centru") for h in range(40)]
    points = drawn(crowd, []).points
    assert any(point.label and point.label.text.endswith("…") for point in points)
    assert any(point.label is None for point in points)


def test_a_long_name_of_an_institution_is_cut_but_kept_whole_in_its_title() -> None:
    name = "Centar za smeštaj i dnevni boravak dece"
    (lane,) = river([Lane("c", name)], [], [], now=NOW).lanes
    assert lane.label.endswith("…")
    assert lane.title == name


def test_days_are_named_where_there_is_room() -> None:
    drawing = drawn([Event("csr", ago(60), "prijem")], [Duty("csr", ago(-800), "x", State.ON_TIME)])
    assert all(tick.at.hour == 0 for tick in drawing.ticks)
    assert all(b.x - a.x >= 84 for a, b in pairwise(drawing.ticks))


def test_an_unknown_lane_is_a_mistake_of_the_page() -> None:
    with pytest.raises(KeyError):
        drawn([Event("nobody", NOW, "?")], [])


def test_bold_words_take_more_room() -> None:
    assert (
        text_width("шума", bold=True)
        > text_width("шума", bold=False)
        > text_width("lili", bold=False)
    )
