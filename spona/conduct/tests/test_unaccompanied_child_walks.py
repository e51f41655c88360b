"""Random walks: what may never wait never waits, and nothing that is owed vanishes."""

from __future__ import annotations

import random
from datetime import date, timedelta

from spona.conduct.book import Strength
from spona.conduct.guards import Value
from spona.conduct.marking import Marking
from spona.conduct.tests.child_run import HOUR, NEVER_WAITS, Run, book, graph, named

REPEATING = {("guardian_visit",), ("absence_review",), ("deviation_reviewed",)}
VALUES: dict[str, tuple[Value, ...]] = {
    "integer": (None, 6, 12, 15, 17, 19),
    "boolean": (None, True, False),
    "date": (None, date(2009, 3, 1), date(2015, 1, 1), date(2009, 1, 5)),
}


def open_duties(marking: Marking) -> set[tuple[str, ...]]:
    return {named(duty) for duty in graph().owed(marking) if not duty.hidden}


def walk(seed: int, steps: int = 70) -> set[str]:
    """Acts at random, now and then a fact; returns what was reached, asserts at every step."""
    chance = random.Random(seed)
    run = Run(**{k: chance.choice(VALUES[f.type]) for k, f in book().facts.items()})
    for _ in range(steps):
        run.later(timedelta(hours=chance.choice((1, 3, 24, 100, 1000))))
        if chance.random() < 0.2:
            key = chance.choice(list(book().facts))
            run.learn(**{key: chance.choice(VALUES[book().facts[key].type])})
        act = chosen(run, chance)
        before = open_duties(run.marking)
        step = run.do(act, reason="izmišljen razlog")
        ended = {named(end.owed) for end in (*step.discharged, *step.closed)}
        assert before - ended <= open_duties(run.marking), act
        assert all(end.rule_id for end in step.closed)
    finish(run)
    return set(graph().executed(run.marking))


def chosen(run: Run, chance: random.Random) -> str:
    enabled = graph().enabled(run.marking, run.at, run.facts)
    assert set(NEVER_WAITS) <= set(enabled)
    for act in book().acts.values():
        blocks = graph().blocks(run.marking, act.key, run.at, run.facts) if act.protective else ()
        assert all(b.kind == "excluded" or b.strength is Strength.REASON for b in blocks), act.key
    mine = [act for act in enabled if not book().acts[act].by_clock]
    owed = [act for act in mine if act in run.owed()]
    others = [act for act in mine if act != "case_closed" or chance.random() < 0.1]
    done = graph().executed(run.marking)
    new = [act for act in others if act not in done]
    pools = [pool for pool in (owed, new, others) if pool]
    return chance.choice(chance.choice(pools))


def finish(run: Run) -> None:
    """Whatever is owed can be done: what repeats alone is left."""
    for _ in range(200):
        run.later(HOUR)
        left = [acts for acts in open_duties(run.marking) if acts not in REPEATING]
        ready = sorted(act for acts in left for act in acts if run.may(act))
        if not ready:
            break
        run.do(ready[0], reason="izmišljen razlog")
    assert open_duties(run.marking) <= REPEATING
    if run.may("case_closed"):
        run.do("closure_proposed", "case_closed")


def test_every_act_is_reached_and_no_duty_vanishes() -> None:
    reached: set[str] = set()
    for seed in range(40):
        reached |= walk(seed)
    assert reached == set(book().acts)
