"""The clock acts after an act, at a date, and on a breach; also for the time it was down."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from spona.conduct.graph import Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking
from spona.conduct.tests.books import DAY, HOUR, MONDAY, Data, act, book, clock, graph, rule

BORN: Facts = {"born": "2010-01-10"}


def done(g: Graph, *acts: str) -> Marking:
    marking = g.start(MONDAY)
    for name in acts:
        marking = g.execute(marking, name, MONDAY).marking
    return marking


def test_the_clock_acts_some_time_after_an_act() -> None:
    g = graph(acts={"a": act(), "t": clock(after="a", wait="P15D")})
    assert g.clock_due(done(g), {}, MONDAY + 99 * DAY) == []
    marking = done(g, "a")
    assert g.clock_due(marking, {}, MONDAY + 15 * DAY - HOUR) == []
    assert g.clock_due(marking, {}, MONDAY + 15 * DAY) == [(MONDAY + 15 * DAY, "t")]
    assert g.catch_up(marking, {}, MONDAY + 99 * DAY).fired[0][:2] == (MONDAY + 15 * DAY, "t")
    fired = g.catch_up(marking, {}, MONDAY + 99 * DAY).marking
    assert g.clock_due(fired, {}, MONDAY + 99 * DAY) == []


def test_the_clock_acts_again_when_the_act_is_done_again() -> None:
    g = graph(acts={"a": act(), "t": clock(after="a", wait="PT12H")})
    fired = g.catch_up(done(g, "a"), {}, MONDAY + DAY).marking
    again = g.execute(fired, "a", MONDAY + DAY).marking
    assert g.clock_due(again, {}, MONDAY + 2 * DAY) == [(MONDAY + 36 * HOUR, "t")]


@pytest.mark.parametrize("born", ["2010-01-10", date(2010, 1, 10)])
def test_the_clock_acts_at_a_date_from_the_facts(born: str | date) -> None:
    fact = {"born": "date"}
    adult = clock(fact="born", plus="P18Y")
    sooner = clock(fact="born", plus="P18Y", minus="P6M")
    g = graph(acts={"adult": adult, "sooner": sooner, "day": clock(fact="born")}, facts=fact)
    due = g.clock_due(g.start(MONDAY), {"born": born}, MONDAY + 800 * DAY)
    assert due == [
        (MONDAY, "day"),
        (datetime(2027, 7, 9, 22, tzinfo=UTC), "sooner"),
        (datetime(2028, 1, 9, 23, tzinfo=UTC), "adult"),
    ]
    assert g.clock_due(g.start(MONDAY), {}, MONDAY + 800 * DAY) == []


def test_a_date_that_had_passed_when_it_was_learnt_fires_once_and_now() -> None:
    g = graph(acts={"a": act(), "t": clock(fact="born", plus="P6M")}, facts={"born": "date"})
    caught = g.catch_up(done(g, "a"), BORN, MONDAY + DAY)
    assert [(at, name) for at, name, _ in caught.fired] == [(MONDAY, "t")]


def test_the_clock_acts_on_a_breach_and_not_at_the_deadline() -> None:
    row = {"when": "a", "must": "b", "within": "PT24H"}
    g = graph(
        row,
        {"when": "c", "must": "d"},
        {"when": "c", "must": "a", "within": "PT1H"},
        acts={name: act() for name in "abcd"} | {"t": clock(breach_of="R-1", wait="PT0H")},
    )
    marking = done(g, "a")
    assert g.clock_due(marking, {}, MONDAY + 24 * HOUR) == []
    assert g.clock_due(marking, {}, MONDAY + 25 * HOUR) == [(MONDAY + 24 * HOUR, "t")]
    assert g.clock_due(done(g, "a", "b", "c"), {}, MONDAY + HOUR) == []


def test_the_breach_of_another_rule_is_none_of_its_business() -> None:
    acts = {"a": act(), "b": act(), "t": clock(breach_of="R-2", wait="PT0H")}
    late = rule({"when": "a", "must": "b", "within": "PT1H"})
    g = Graph.of(book(late, rule({"when": "b", "must": "a"}, rule_id="R-2"), acts=acts))
    assert g.clock_due(done(g, "a"), {}, MONDAY + DAY) == []


def test_acts_of_one_instant_come_in_the_order_of_the_file() -> None:
    acts = {"z": clock(after="a", wait="PT1H"), "a": act(), "b": clock(after="a", wait="PT1H")}
    g = graph(acts=acts)
    assert [name for _, name in g.clock_due(done(g, "a"), {}, MONDAY + DAY)] == ["z", "b"]


def test_a_closed_clock_does_not_act() -> None:
    acts = {"a": act(), "t": act("clock", fires={"after": "a", "wait": "PT1H"}, included=False)}
    g = graph(acts=acts)
    assert g.clock_due(done(g, "a"), {}, MONDAY + DAY) == []


def test_an_endless_chain_of_clocks_is_capped() -> None:
    acts = {"a": act(), "t": clock(after="u", wait="PT1H"), "u": clock(after="t", wait="PT1H")}
    g = graph({"when": "a", "opens": "t"}, acts=acts)
    begun = g.force(g.start(MONDAY), "u", MONDAY).marking
    caught = g.catch_up(begun, {}, MONDAY + 9_000 * DAY)
    assert (len(caught.fired), caught.capped) == (1_000, True)


def test_a_periodic_duty_is_owed_from_the_start_and_again_after_each_act() -> None:
    g = graph({"every": "PT24H", "must": "b"})
    begun = g.start(MONDAY)
    assert [duty.due for duty in g.owed(begun)] == [MONDAY + DAY]
    step = g.execute(begun, "b", MONDAY + HOUR)
    assert [duty.due for duty in step.duties] == [MONDAY + DAY + HOUR]


def test_a_calendar_anchored_duty_does_not_drift() -> None:
    g = graph({"when": "a", "every": "PT24H", "must": "b", "anchored": "calendar"})
    marking = g.execute(g.start(MONDAY), "a", MONDAY).marking
    soon = g.execute(marking, "b", MONDAY + HOUR)
    late = g.execute(marking, "b", MONDAY + 2 * DAY + HOUR)
    assert [duty.due for duty in soon.duties] == [MONDAY + 2 * DAY]
    assert [duty.due for duty in late.duties] == [MONDAY + 3 * DAY]


def test_a_calendar_anchored_duty_in_days_ends_on_working_days_and_keeps_its_own() -> None:
    g = graph({"every": "P5D", "must": "b", "anchored": "calendar"})
    first = g.start(MONDAY)
    second = g.execute(first, "b", MONDAY + 4 * DAY).marking
    ends = [g.owed(marking)[0].due for marking in (first, second)]
    assert ends == [datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 3, 23, tzinfo=UTC)]


def test_an_anchored_duty_owed_by_another_rule_begins_anew() -> None:
    anchored = {"when": "a", "every": "PT24H", "must": "b", "anchored": "calendar"}
    g = graph(anchored, {"when": "c", "must": "b", "within": "PT2H"})
    marking = g.execute(g.start(MONDAY), "c", MONDAY).marking
    step = g.execute(marking, "b", MONDAY + HOUR)
    assert [duty.due for duty in step.duties] == [MONDAY + DAY + HOUR]


def test_a_fresh_period_begins_anew_when_its_act_is_opened_again() -> None:
    rows: list[Data] = [
        {"when": "a", "every": "PT24H", "must": "b", "fresh": True},
        {"when": "c", "closes": "b"},
    ]
    g = graph(*rows)
    marking = g.start(MONDAY)
    for key, days in (("a", 0), ("c", 1), ("a", 9)):
        marking = g.execute(marking, key, MONDAY + days * DAY).marking
    assert [duty.due for duty in g.owed(marking)] == [MONDAY + 10 * DAY]
