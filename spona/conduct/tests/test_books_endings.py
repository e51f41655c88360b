"""Wherever a run of a book stands, it is brought to a good end by what is owed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from spona.conduct import state
from spona.conduct.book import Kind
from spona.conduct.tests import runs
from spona.conduct.tests.runs import HOUR, REASON, Pick, walk, walks
from spona.conduct.tests.test_books import BEGINS, ENDS

# What is owed again and again, and the act that ends it; none: only being found ends the reviews.
GOES_ON = {
    "asylum": ("", ""),
    "domestic-violence": ("group_met", "group_ended"),
    "feedback": ("", ""),
    "health-and-psychosocial": ("support_reviewed", "support_ended"),
    "intake": ("plan_reviewed", "work_ended"),
    "missing-child": ("absence_review", "child_found"),
    "school-inclusion": ("attendance_checked", "left_school"),
    "special-reception-needs": ("needs_reviewed", "left_centre"),
    "trafficking": ("checked_again", "work_ended"),
    "violence-against-child": ("plan_followed", "work_ended"),
}
books = pytest.mark.parametrize("name", GOES_ON)


def begun(name: str) -> runs.Run:
    run = runs.Run(name)
    for act in BEGINS[name]:
        run.do(act, reason=REASON, **runs.answers(run, run.book.acts[act], 0))
    return run


def bring_to_an_end(run: runs.Run, repeated: str, last: str) -> None:
    """What is owed is done, what goes on is done once and ended; nothing new is found."""
    for _ in range(100):
        if not run.duties():
            break
        owed = [act for acts in run.duties() for act in acts if run.may(act)]
        ready = sorted(act for act in owed if act != repeated)
        act = ready[0] if ready else last if run.may(last) else repeated
        run.later(HOUR).do(act, reason=REASON, **runs.answers(run, run.book.acts[act], 1))
    assert run.graph.may_end(run.marking), run.owed()


@books
@settings(max_examples=20, deadline=None)
@given(picks=walks)
def test_every_run_can_be_brought_to_an_end(name: str, picks: list[Pick]) -> None:
    run = begun(name)
    for act, _ in walk(run, picks):
        assert state.load(run.graph, state.dump(run.graph, run.marking)) == run.marking
        if act in ENDS.get(name, ()):
            break
    bring_to_an_end(run, *GOES_ON[name])


# What protects and ends all the same, because the person is found, gone elsewhere or asked alone.
MAY_END = {
    "missing-child": {"child_found", "search_started", "public_alert", "police_updated"},
    "school-inclusion": {"absent"},
    "special-reception-needs": {"adapted"},
    "trafficking": {"checked_again"},
}


@books
def test_an_end_leaves_nothing_that_protects_undone(name: str) -> None:
    book, last = runs.book_of(name), GOES_ON[name][1]
    closed = {
        row.targets[0]
        for rule in book.rules
        for row in rule.rows
        if row.kind is Kind.EXCLUDE and row.source == last
    }
    assert {key for key in closed if book.acts[key].protective} == MAY_END.get(name, set())
