"""Why, why not yet, what if not: of every act of every state of a run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings

from spona.conduct.graph import Graph
from spona.conduct.tests.books import HOUR, MONDAY, act, book, both, clock, rule
from spona.conduct.tests.runs import Pick, Run, walk, walks
from spona.conduct.text import Asked, what_if_not, why, why_not_yet, with_a_reason

BOOKS = ("handover", "referral", "conference-decision", "unaccompanied-child")
LANGUAGES = ("sr-latn", "sr", "en")


def asked(run: Run) -> Asked:
    return Asked(run.book, run.graph, run.marking, run.at, run.facts)


def answers_well(run: Run) -> None:
    rules = {rule.id for rule in run.book.rules}
    now, enabled = asked(run), run.graph.enabled(run.marking, run.at, run.facts)
    for key in run.book.acts:
        for lang in LANGUAGES:
            barriers = why_not_yet(now, key, lang)
            assert bool(barriers) == (key not in enabled)
            told = [why(now, key, lang), what_if_not(now, key, lang)]
            assert all(told)
            reasons = with_a_reason(now, key, lang)
            assert all(one.soft for one in reasons)
            for answer in (*told[0], *told[1], *barriers, *reasons):
                assert answer.rule_id in rules, (key, answer)
                assert answer.law
                assert answer.badge
                assert answer.sentence.endswith((".", "“"))


@pytest.mark.parametrize("name", BOOKS)
def test_every_act_at_the_start_is_answered(name: str) -> None:
    answers_well(Run(name))


@settings(max_examples=12, deadline=None)
@given(walks)
def test_every_act_of_a_handover_is_answered_at_every_step(picks: list[Pick]) -> None:
    run = Run("handover")
    for number, _ in enumerate(walk(run, picks[:12])):
        if number % 3 == 0:
            answers_well(run)


@settings(max_examples=6, deadline=None)
@given(walks)
def test_every_act_around_a_child_is_answered(picks: list[Pick]) -> None:
    run = Run("unaccompanied-child")
    for _ in walk(run, picks[:8]):
        pass
    answers_well(run)


def test_a_duty_says_by_which_rule_since_what_and_until_when() -> None:
    run = Run("handover")
    run.do("move_planned")
    (owed,) = why(asked(run), "receiving_notified", "sr-latn")
    assert owed.rule_id == "UASC-18"
    assert owed.badge == "lokalni dogovor"
    assert "zato što je premeštaj odlučen, 23. 11. 2026. u 21.10." in owed.sentence
    assert owed.at == run.at + 2 * HOUR


def test_what_nobody_owes_says_by_which_rule_it_would_be_owed() -> None:
    (told,) = why(asked(Run("handover")), "file_sent", "sr-latn")
    assert told.sentence.startswith("Sada nije obavezno. Po pravilu LOC-HO-09: ")


def test_what_is_barred_says_who_opens_the_way() -> None:
    (barrier,) = why_not_yet(asked(Run("handover")), "file_sent", "sr-latn")
    assert barrier.acts == ("file_list_made",)
    assert barrier.who == ("centar koji ustupa predmet",)
    assert barrier.sentence.endswith("(pravilo LOC-HO-09).")


def test_what_is_not_open_says_what_opens_it() -> None:
    opening = why_not_yet(asked(Run("handover")), "arrived", "en")
    assert {one.acts for one in opening} == {("departed",), ("moved_unplanned",)}
    assert opening[0].sentence == "This opens after the child's departure (rule LOC-HO-13)."


def test_what_was_closed_says_since_when_and_why() -> None:
    run = Run("handover")
    run.do("guardian_in")
    (closed,) = why_not_yet(asked(run), "guardian_in", "sr-latn")
    assert closed.sentence.startswith("Nije moguće od 23. 11. 2026. u 21.10. Novi staratelj se")
    assert closed.rule_id == "LOC-HO-15"


def test_a_guard_that_stands_because_nobody_knows_says_so() -> None:
    reasons = with_a_reason(asked(Run("handover")), "departed", "sr-latn")
    assert any("Ovo važi dok se ne zna: dete ima braću" in one.sentence for one in reasons)


def test_a_breach_names_each_who_is_told_and_when() -> None:
    run = Run("handover")
    run.do("move_planned")
    first, *rungs = what_if_not(asked(run), "receiving_notified", "sr-latn")
    due = run.at + 2 * HOUR
    assert first.sentence.startswith("Ako se ne uradi do 23. 11. 2026. u 23.10, obaveštava se")
    assert [(one.who, one.at) for one in rungs[:3]] == [
        (("rukovodilac službe",), due),
        (("direktor",), due + 6 * HOUR),
        (("koordinator",), due + 12 * HOUR),
    ]


def test_what_waits_for_the_act_is_named() -> None:
    told = what_if_not(asked(Run("handover")), "guardian_in", "sr-latn")
    waiting = [one for one in told if "čeka: razrešenje dotadašnjeg staratelja" in one.sentence]
    assert [(one.acts, one.rule_id) for one in waiting] == [(("guardian_out",), "LOC-HO-15")]


def test_what_the_clock_does_after_a_breach_is_told() -> None:
    acts = {"a": act(), "b": act(), "t": clock(breach_of="R-1", wait="P1D")}
    made = book(rule({"when": "a", "must": "b", "within": "PT1H"}), acts=acts)
    graph = Graph.of(made)
    marking = graph.execute(graph.start(MONDAY), "a", MONDAY).marking
    told = what_if_not(Asked(made, graph, marking, MONDAY), "b", "en")
    assert told[-1].acts == ("t",)
    assert told[-1].at == MONDAY + HOUR + timedelta(days=1)


def test_a_rung_that_is_past_says_so() -> None:
    run = Run("handover")
    run.do("move_planned")
    run.later(4 * HOUR)
    told = [one.sentence for one in what_if_not(asked(run), "receiving_notified", "en")]
    assert any("the head of service was told" in one for one in told)
    assert any("the director will be told" in one for one in told)


def test_an_act_of_no_rule_is_answered_without_one() -> None:
    made = book(acts={"a": act(), "b": act(included=False)})
    graph = Graph.of(made)
    now = Asked(made, graph, graph.start(MONDAY), MONDAY)
    assert why(now, "a", "sr-latn")[0].sentence == "Nijedno pravilo ne obavezuje na ovo."
    assert why_not_yet(now, "b", "en")[0].sentence == "No rule opens this."


def test_a_guarded_opening_says_its_guard() -> None:
    guard = {"if": {"hurt": True, "phrase": both("je dete povređeno")}}
    acts = {"a": act(), "b": act(included=False)}
    made = book(rule({"when": "a", "opens": "b", **guard}), acts=acts, facts={"hurt": "boolean"})
    graph = Graph.of(made)
    (opening,) = why_not_yet(Asked(made, graph, graph.start(MONDAY), MONDAY), "b", "sr-latn")
    assert "posle g, ako je dete povređeno (pravilo R-1)" in opening.sentence
