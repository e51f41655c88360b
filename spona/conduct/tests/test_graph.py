"""What a protocol lets happen, forbids and makes owed; acts a, b, c, d and rule R-1 are made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spona.conduct.book import Strength
from spona.conduct.calendar import BELGRADE
from spona.conduct.graph import Graph
from spona.conduct.marking import Blocked, Marking, Owed
from spona.conduct.tests.books import DAY, HOUR, MONDAY, Data, act, book, both, graph, rule


def owed(g: Graph, marking: Marking) -> dict[str, datetime | None]:
    return {"|".join(duty.acts): duty.due for duty in g.owed(marking) if not duty.hidden}


def after(g: Graph, *acts: str, every: timedelta = HOUR) -> Marking:
    """The marking after `acts`, an hour apart, the first at MONDAY + one hour."""
    marking = g.start(MONDAY)
    for number, name in enumerate(acts, 1):
        marking = g.execute(marking, name, MONDAY + number * every).marking
    return marking


def kinds(g: Graph, marking: Marking, name: str, at: datetime = MONDAY) -> list[str]:
    return [block.kind for block in g.blocks(marking, name, at)]


def test_a_duty_is_owed_within_its_hours_and_discharged_by_its_act() -> None:
    g = graph({"when": "a", "must": "b", "within": "PT24H"})
    assert g.may_end(after(g))
    assert owed(g, after(g, "a")) == {"b": MONDAY + 25 * HOUR}
    assert not g.may_end(after(g, "a"))
    assert owed(g, after(g, "a", "b")) == {}


def test_a_step_tells_what_became_owed_and_what_was_done_late() -> None:
    g = graph({"when": "a", "must": "b", "within": "PT24H"})
    step = g.execute(g.start(MONDAY), "a", MONDAY)
    assert [(duty.acts, duty.rule_id) for duty in step.duties] == [(("b",), "R-1")]
    in_time = g.execute(step.marking, "b", MONDAY + 24 * HOUR).discharged
    late = g.execute(step.marking, "b", MONDAY + 24 * HOUR + timedelta(seconds=1)).discharged
    assert [ended.late for ended in in_time + late] == [False, True]


def test_the_word_of_the_law_is_sorted_by_its_measure() -> None:
    g = graph({"when": "a", "must": "b", "within": "urgently", "measure": "PT24H"})
    assert owed(g, after(g, "a")) == {"b": MONDAY + 25 * HOUR}


def test_a_duty_opens_its_act_unless_the_row_says_not() -> None:
    acts = {"a": act(), "b": act(included=False)}
    opened = graph({"when": "a", "must": "b"}, acts=acts)
    hidden = graph({"when": "a", "must": "b", "opens": False}, acts=acts)
    assert "b" in opened.enabled(after(opened, "a"), MONDAY)
    assert hidden.owed(after(hidden, "a"))[0].hidden
    assert hidden.may_end(after(hidden, "a"))


def test_the_earliest_deadline_stands_and_none_is_the_latest() -> None:
    rows: list[Data] = [{"when": "a", "must": "d"}, {"when": "b", "must": "d", "within": "P3D"}]
    g = graph(*rows, {"when": "c", "must": "d", "within": "PT1H"})
    friday = datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert owed(g, after(g, "a")) == {"d": None}
    assert owed(g, after(g, "a", "b")) == {"d": friday}
    assert owed(g, after(g, "a", "b", "a")) == {"d": friday}
    assert owed(g, after(g, "a", "b", "c")) == {"d": MONDAY + 4 * HOUR}
    assert owed(g, after(g, "c", "b")) == {"d": MONDAY + 2 * HOUR}


def test_a_deadline_moves_to_a_working_day_before_it_is_compared() -> None:
    on_saturday = {"when": "a", "must": "d", "within": "P5D"}
    g = graph(on_saturday, {"when": "b", "must": "d", "within": {"working_days": 5}})
    assert owed(g, after(g, "a", "b")) == {"d": datetime(2026, 11, 30, 23, tzinfo=UTC)}
    assert g.owed(after(g, "a", "b"))[0].since == MONDAY + HOUR


def test_a_duty_that_protects_keeps_its_saturday() -> None:
    acts = {"a": act(), "d": act(protective=True)}
    g = graph({"when": "a", "must": "d", "within": "P5D"}, acts=acts)
    assert owed(g, after(g, "a")) == {"d": datetime(2026, 11, 28, 23, tzinfo=UTC)}


def test_a_renewed_duty_replaces_the_older_deadline() -> None:
    g = graph({"when": "a", "must": "b", "within": "PT5H", "renews": True})
    assert owed(g, after(g, "a", "a")) == {"b": MONDAY + 7 * HOUR}


def test_an_act_may_make_itself_owed_again() -> None:
    g = graph({"when": "a", "must": "a", "within": "PT5H"})
    assert owed(g, after(g, "a", "a")) == {"a": MONDAY + 7 * HOUR}


def test_one_of_several_acts_is_enough() -> None:
    g = graph({"when": "a", "must": {"any_of": ["b", "c"], "prefers": "b"}, "within": "PT5H"})
    assert owed(g, after(g, "a")) == {"b|c": MONDAY + 6 * HOUR}
    assert owed(g, after(g, "a", "c")) == {}


def test_a_group_is_hidden_only_while_all_its_acts_are_closed() -> None:
    rows: list[Data] = [{"when": "a", "must": {"any_of": ["b", "c"]}}, {"when": "d", "closes": "b"}]
    g = graph(*rows, {"when": "e", "closes": "c"}, acts="a b c d e")
    assert owed(g, after(g, "a", "d")) == {"c": None}
    marking = after(g, "a", "d", "e")
    assert owed(g, marking) == {}
    assert g.may_end(marking)


def test_a_duty_for_one_act_stands_when_a_group_with_it_is_discharged() -> None:
    rows: list[Data] = [{"when": "a", "must": {"any_of": ["b", "c"]}}, {"when": "a", "must": "b"}]
    g = graph(*rows, {"while_owed": "b", "may_not": "d"})
    assert kinds(g, after(g, "a", "c"), "d") == ["milestone"]
    assert owed(g, after(g, "a", "b")) == {}


def test_an_act_waits_for_the_act_before_it_and_for_its_delay() -> None:
    g = graph({"may_not": "b", "before": "a", "wait": "PT10H"})
    assert kinds(g, after(g), "b") == ["condition"]
    marking = after(g, "a", "a")
    (block,) = g.blocks(marking, "b", MONDAY + 11 * HOUR)
    assert (block.kind, block.until, block.source) == ("delay", MONDAY + 12 * HOUR, "a")
    assert g.blocks(marking, "b", MONDAY + 12 * HOUR) == ()
    assert "b" not in g.enabled(marking, MONDAY + 11 * HOUR)


def test_a_delay_in_days_keeps_the_hour() -> None:
    g = graph({"may_not": "b", "before": "a", "wait": "P15D"})
    (block,) = g.blocks(after(g, "a"), "b", MONDAY)
    assert block.until == MONDAY + HOUR + 15 * DAY


def test_a_condition_that_is_closed_blocks_nobody() -> None:
    g = graph({"may_not": "b", "before": "a"}, {"when": "c", "closes": "a"})
    assert kinds(g, after(g), "b") == ["condition"]
    assert kinds(g, after(g, "c"), "b") == []


def test_while_something_is_owed_another_act_waits() -> None:
    g = graph({"when": "a", "must": "b"}, {"while_owed": "b", "may_not": "c"})
    assert kinds(g, after(g), "c") == []
    assert kinds(g, after(g, "a"), "c") == ["milestone"]
    with pytest.raises(Blocked, match="'c' is blocked: milestone") as blocked:
        g.execute(after(g, "a"), "c", MONDAY)
    assert blocked.value.act == "c"
    assert blocked.value.blocks[0].rule_id == "R-1"


def test_a_soft_guard_lets_through_with_a_reason_only() -> None:
    g = graph({"may_not": "b", "before": "a", "strength": "reason"})
    marking = g.start(MONDAY)
    assert "b" in g.enabled(marking, MONDAY)
    with pytest.raises(Blocked):
        g.execute(marking, "b", MONDAY)
    step = g.execute(marking, "b", MONDAY, reason="no bed tonight")
    assert [block.strength for block in step.passed] == [Strength.REASON]


def test_no_reason_passes_a_hard_guard() -> None:
    soft = {"may_not": "b", "before": "a", "strength": "reason"}
    g = graph(soft, {"may_not": "b", "before": "c"})
    assert sorted(kinds(g, g.start(MONDAY), "b")) == ["condition", "condition"]
    with pytest.raises(Blocked):
        g.execute(g.start(MONDAY), "b", MONDAY, reason="in a hurry")


def test_a_closed_act_keeps_what_it_owes_and_owes_it_again() -> None:
    rows: list[Data] = [{"when": "a", "must": "b", "within": "PT5H"}, {"when": "c", "closes": "b"}]
    g = graph(*rows, {"when": "d", "opens": "b"})
    closed = after(g, "a", "c")
    assert g.owed(closed)[0].hidden
    assert kinds(g, closed, "b") == ["excluded"]
    assert owed(g, after(g, "a", "c", "d")) == {"b": MONDAY + 6 * HOUR}


def test_a_fresh_duty_counts_from_its_opening() -> None:
    fresh = {"when": "a", "must": "b", "within": "PT5H", "fresh": True}
    rows: list[Data] = [fresh, {"when": "c", "closes": "b"}, {"when": "d", "opens": "b"}]
    g = graph(*rows, {"when": "a", "must": "c"})
    assert owed(g, after(g, "a", "c", "d")) == {"b": MONDAY + 8 * HOUR}
    assert owed(g, after(g, "a", "c", "d", "d")) == {"b": MONDAY + 8 * HOUR}


@pytest.mark.parametrize(("hours", "late"), [(5, False), (6, True)])
def test_what_is_closed_while_owed_is_reported_with_its_rule(hours: int, late: bool) -> None:
    g = graph({"when": "a", "must": "b", "within": "PT5H"}, {"when": "c", "closes": "b"})
    started = g.execute(g.start(MONDAY), "a", MONDAY).marking
    (ended,) = g.execute(started, "c", MONDAY + hours * HOUR).closed
    assert (ended.owed.acts, ended.late, ended.rule_id) == (("b",), late, "R-1")


def test_what_is_closed_and_opened_by_one_act_stays_open() -> None:
    rows: list[Data] = [{"when": "a", "opens": "b"}, {"when": "a", "closes": "b"}]
    g = graph(*rows, {"when": "c", "must": "b", "within": "PT5H", "fresh": True})
    step = g.execute(after(g, "c"), "a", MONDAY + 3 * HOUR)
    assert step.closed == ()
    assert owed(g, step.marking) == {"b": MONDAY + 6 * HOUR}


def test_an_extension_moves_the_last_day_up_to_its_maximum() -> None:
    longer = {"when": "c", "extends": "b", "by": "P3M", "max": "P5M"}
    g = graph({"when": "a", "must": "b", "within": "P3M"}, longer)
    first, second = after(g, "a", "c"), after(g, "a", "c", "c")
    assert owed(g, after(g, "a")) == {"b": datetime(2027, 2, 23, 23, tzinfo=UTC)}
    assert owed(g, first) == owed(g, second) == {"b": datetime(2027, 4, 23, 22, tzinfo=UTC)}


def test_an_extension_in_hours_is_exact_and_never_shortens() -> None:
    longer = {"when": "c", "extends": "b", "by": "PT4H", "max": "PT3H"}
    rows: list[Data] = [{"when": "a", "must": "b", "within": "PT5H"}, {"when": "d", "must": "b"}]
    g = graph(*rows, longer)
    assert owed(g, after(g, "c")) == {}
    assert owed(g, after(g, "d", "c")) == {"b": None}
    assert owed(g, after(g, "a", "c")) == {"b": MONDAY + 6 * HOUR}


def test_who_is_told_of_a_breach_and_when() -> None:
    row = {"when": "a", "must": "b", "within": "PT1H"}
    tells = [{"after": "PT0H", "tell": "head_of_service"}, {"after": "PT6H", "tell": "director"}]
    g = Graph.of(book(rule(row, on_breach=tells)))
    marking = g.execute(g.start(MONDAY), "a", MONDAY).marking
    assert g.breaches(marking, MONDAY + HOUR) == ()
    (breach,) = g.breaches(marking, MONDAY + 2 * HOUR)
    assert breach.told == ((MONDAY + HOUR, "head_of_service"),)
    (breach,) = g.breaches(marking, MONDAY + 7 * HOUR)
    assert [whom for _, whom in breach.told] == ["head_of_service", "director"]


def test_a_run_in_local_time_is_a_run_in_utc() -> None:
    g = graph({"when": "a", "must": "b", "within": "PT5H"})
    local = g.execute(g.start(MONDAY.astimezone(BELGRADE)), "a", MONDAY.astimezone(BELGRADE))
    assert local.marking == g.execute(g.start(MONDAY), "a", MONDAY).marking
    with pytest.raises(ValueError, match="time zone"):
        g.start(datetime(2026, 11, 23))  # noqa: DTZ001


def test_what_is_only_printed_is_not_executed() -> None:
    g = graph({"never": both()}, {"principle": both()})
    assert g.tables.relations == ()


def test_what_a_marking_says_in_names() -> None:
    g = graph({"when": "a", "must": "b"})
    marking = after(g, "a")
    assert g.included(marking) == ("a", "b", "c", "d")
    assert g.executed(marking) == {"a": MONDAY + HOUR}
    assert isinstance(g.owed(marking)[0], Owed)
