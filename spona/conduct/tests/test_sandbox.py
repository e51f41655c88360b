"""A book is tried by hand, and the trial agrees with the engine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from spona.conduct.reader import read
from spona.conduct.sandbox import Step, trial, typed
from spona.conduct.tests.books import DAY, HOUR, MONDAY, book, clock, rule

BOOK = read(Path("protocols/referral.yaml"))
SMALL = book(
    rule({"when": "a", "must": "b", "within": "PT24H"}, {"may_not": "c", "before": "b"}),
    rule(
        {"when": "a", "must": "d", "within": "PT2H", "if": {"alone": True}, "unknown": "waits"},
        rule_id="R-2",
    ),
    rule({"may_not": "d", "before": "c", "strength": "reason"}, rule_id="R-3"),
    facts={"alone": "boolean", "age": "integer", "day": "date"},
)


def test_a_duty_is_owed_and_late_once_the_clock_has_moved() -> None:
    tried = trial(SMALL, [Step("act", "a")], MONDAY)
    [duty] = tried.owed
    assert (duty.acts, duty.due) == (("b",), MONDAY + DAY)
    later = trial(SMALL, [Step("act", "a"), Step("next")], MONDAY)
    assert later.now == MONDAY + DAY + timedelta(minutes=1)
    assert later.owed[0].late(later.now)


def test_a_blocked_act_does_not_happen_and_says_what_stands_in_its_way() -> None:
    tried = trial(SMALL, [Step("act", "c")], MONDAY)
    assert [block.rule_id for block in tried.happened[-1].refused] == ["R-1"]
    assert "c" not in tried.possible
    assert tried.graph.executed(tried.marking) == {}


def test_one_may_pass_a_soft_guard_with_a_reason() -> None:
    assert trial(SMALL, [Step("act", "d")], MONDAY).happened[-1].refused
    passed = trial(SMALL, [Step("act", "d", "no other way")], MONDAY)
    assert passed.happened[-1].refused == ()


def test_a_fact_that_becomes_known_makes_what_waited_for_it_owed() -> None:
    steps = [Step("act", "a"), Step("fact", "alone", "true")]
    assert [duty.acts for duty in trial(SMALL, steps, MONDAY).owed] == [("d",), ("b",)]


def test_the_clock_acts_when_it_is_moved() -> None:
    acts = {"a": {**clock(), "by": "csr"}, "ring": clock(after="a", wait="PT2H")}
    del acts["a"]["fires"]
    made = book(acts=acts)
    tried = trial(made, [Step("act", "a"), Step("wait", "", "180")], MONDAY)
    assert [(one.kind, one.at) for one in tried.happened][-1] == ("clock", MONDAY + 2 * HOUR)


def test_what_the_book_no_longer_knows_is_passed_over() -> None:
    steps = [Step("act", "gone"), Step("fact", "gone", "1"), Step("wait", "", "x"), Step("next")]
    assert trial(SMALL, steps, MONDAY).happened == ()


def test_facts_have_the_types_of_the_book() -> None:
    facts = SMALL.facts
    assert typed(facts["alone"], "false") is False
    assert typed(facts["age"], "15") == 15
    assert typed(facts["age"], "many") is None
    assert str(typed(facts["day"], "2026-11-24")) == "2026-11-24"
    assert typed(facts["day"], "") is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*BOOK.acts, "next", "wait"]), max_size=12))
def test_only_what_is_possible_happens(keys: list[str]) -> None:
    steps: list[Step] = []
    for key in keys:
        before = trial(BOOK, steps, MONDAY)
        moved = Step(key, "", "60") if key in ("next", "wait") else Step("act", key, "reason")
        after = trial(BOOK, [*steps, moved], MONDAY)
        if moved.kind == "act":
            done = not any(one.refused for one in after.happened[len(before.happened) :])
            assert done == (key in before.possible)
        assert after.now >= before.now
        steps.append(moved)
