"""Deadlines and clocks that a fact names, and clocks that begin again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timezone

import pytest

from spona.conduct.calendar import moment
from spona.conduct.guards import Facts, Value
from spona.conduct.state import dump, load
from spona.conduct.tests.books import DAY, HOUR, MONDAY, Data, act, clock, graph

UNTIL = {"when": "a", "must": "b", "within": {"until": "day"}}
FACTS = {"day": "date", "at": "datetime"}
WEDNESDAY = date(2026, 11, 25)
ITS_END = datetime(2026, 11, 25, 23, tzinfo=UTC)
G = graph(UNTIL, {"when": "a", "must": "c", "within": {"until": "at"}}, facts=FACTS)


@pytest.mark.parametrize(
    ("value", "begins", "ends"),
    [
        (WEDNESDAY, ITS_END - DAY, ITS_END),
        ("2026-11-25", ITS_END - DAY, ITS_END),
        (MONDAY, MONDAY, MONDAY),
        (MONDAY.astimezone(timezone(2 * HOUR)), MONDAY, MONDAY),
        ("2026-11-23T10:00:00+01:00", MONDAY, MONDAY),
    ],
)
def test_a_fact_names_the_beginning_or_the_end_of_a_day_or_a_moment(
    value: Value, begins: datetime, ends: datetime
) -> None:
    assert (moment(value), moment(value, end=True)) == (begins, ends)


def test_a_moment_without_a_time_zone_names_none() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment("2026-11-23T10:00:00")


def test_what_is_owed_until_a_day_is_owed_until_its_end() -> None:
    facts: Facts = {"day": WEDNESDAY, "at": MONDAY + 5 * HOUR}
    marking = G.execute(G.start(MONDAY), "a", MONDAY, facts).marking
    assert {duty.acts: duty.due for duty in G.owed(marking)} == {
        ("b",): ITS_END,
        ("c",): MONDAY + 5 * HOUR,
    }


def test_a_saturday_stays_a_saturday() -> None:
    marking = G.execute(G.start(MONDAY), "a", MONDAY, {"day": date(2026, 11, 28)}).marking
    assert G.owed(marking)[0].due == datetime(2026, 11, 28, 23, tzinfo=UTC)


def test_while_the_day_is_unknown_there_is_no_deadline_and_then_there_is_one() -> None:
    marking = G.execute(G.start(MONDAY), "a", MONDAY).marking
    assert [duty.due for duty in G.owed(marking)] == [None, None]
    assert load(G, dump(G, marking)) == marking
    step = G.fact_changed(marking, {}, {"day": WEDNESDAY}, MONDAY + HOUR)
    assert [(duty.acts, duty.due) for duty in step.duties] == [(("b",), ITS_END)]
    assert load(G, dump(G, step.marking)) == step.marking


def test_another_day_replaces_the_first_and_is_seen_to_move() -> None:
    known: Facts = {"day": WEDNESDAY}
    marking = G.execute(G.start(MONDAY), "a", MONDAY, known, before={}).marking
    later = G.fact_changed(marking, known, {"day": date(2026, 12, 1)}, MONDAY + HOUR)
    assert [(d.due, d.since) for d in later.duties] == [(ITS_END + 6 * DAY, MONDAY)]
    same = G.fact_changed(later.marking, {"day": date(2026, 12, 1)}, {"day": "2026-12-01"}, MONDAY)
    assert same.duties == ()
    gone = G.fact_changed(later.marking, {"day": date(2026, 12, 1)}, {}, MONDAY + 2 * HOUR)
    assert [duty.due for duty in gone.duties] == [None]


def test_the_day_moves_what_its_own_row_made_owed_and_nothing_else() -> None:
    g = graph(UNTIL, {"when": "c", "must": "b", "within": "PT2H"}, facts=FACTS)
    marking = g.execute(g.start(MONDAY), "a", MONDAY, {"day": WEDNESDAY}).marking
    marking = g.execute(marking, "c", MONDAY, {"day": WEDNESDAY}).marking
    step = g.fact_changed(marking, {"day": WEDNESDAY}, {"day": date(2026, 12, 1)}, MONDAY)
    assert step.duties == ()
    assert g.owed(step.marking)[0].due == MONDAY + 2 * HOUR


def test_what_was_hidden_until_the_act_opened_is_owed_by_the_day() -> None:
    row = UNTIL | {"opens": False, "fresh": True}
    acts = {"a": act(), "b": act(included=False), "c": act()}
    g = graph(row, {"when": "c", "opens": "b"}, acts=acts, facts=FACTS)
    marking = g.execute(g.start(MONDAY), "a", MONDAY, {"day": WEDNESDAY}).marking
    marking = g.execute(marking, "c", MONDAY + HOUR, {"day": WEDNESDAY}).marking
    assert [(duty.due, duty.since) for duty in g.owed(marking)] == [(ITS_END, MONDAY + HOUR)]


def test_the_clock_acts_at_a_moment_and_never_at_midnight() -> None:
    g = graph(acts={"a": act(), "t": clock(fact="at", plus="PT12H")}, facts=FACTS)
    known: Facts = {"at": MONDAY + 5 * HOUR}
    begun = g.start(MONDAY)
    assert g.clock_due(begun, known, MONDAY + 16 * HOUR) == []
    assert g.clock_due(begun, known, MONDAY + DAY) == [(MONDAY + 17 * HOUR, "t")]
    fired = g.catch_up(begun, known, MONDAY + DAY).marking
    assert g.clock_due(fired, known, MONDAY + 99 * DAY) == []
    assert g.clock_due(fired, {"at": MONDAY + 2 * DAY}, MONDAY + 99 * DAY) == [
        (MONDAY + 2 * DAY + 12 * HOUR, "t")
    ]


def test_a_moment_is_compared() -> None:
    row = {"when": "a", "must": "b", "if": {"at": {"lt": "2026-11-23T12:00+01:00"}}}
    g = graph(row, facts=FACTS)
    for gap, owed in ((HOUR, 1), (3 * HOUR, 0)):
        marking = g.execute(g.start(MONDAY), "a", MONDAY, {"at": MONDAY + gap}).marking
        assert len(g.owed(marking)) == owed


# -- clocks begin again


def test_the_clocks_of_a_new_addressee_begin_again() -> None:
    rows: list[Data] = [
        {"when": "a", "must": "b", "within": "PT24H"},
        {"when": "a", "must": "c"},
        {"when": "a", "must": "d", "within": "PT2H"},
        {"when": "a", "must": {"any_of": ["b", "d"]}, "within": "P3D"},
    ]
    g = graph(*rows)
    marking = g.execute(g.start(MONDAY), "a", MONDAY).marking
    at = MONDAY + 2 * DAY
    again = {d.acts: (d.due, d.since) for d in g.owed(g.restart(marking, ["b", "c"], at))}
    assert again == {
        ("b",): (at + DAY, at),  # late for the old addressee, not for the new one
        ("c",): (None, MONDAY),  # without a deadline there is no clock
        ("d",): (MONDAY + 2 * HOUR, MONDAY),
        ("b", "d"): (datetime(2026, 11, 26, 23, tzinfo=UTC), MONDAY),  # owed by another as well
    }


def test_a_day_that_a_fact_names_stays_for_the_new_addressee() -> None:
    known: Facts = {"day": WEDNESDAY}
    marking = G.execute(G.start(MONDAY), "a", MONDAY, known).marking
    duty = G.owed(G.restart(marking, ["b", "c"], MONDAY + HOUR, known))[0]
    assert (duty.due, duty.since) == (ITS_END, MONDAY + HOUR)


def test_what_was_owed_before_the_run_began_has_no_clock_to_begin_again() -> None:
    marking = G.marking(MONDAY, {}, ["b"], {"b": MONDAY + DAY})
    assert G.restart(marking, ["b"], MONDAY + HOUR).pending == marking.pending
