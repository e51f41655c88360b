"""What keeps an act from happening: closed, an act before it, a delay, a duty in its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from spona.conduct.book import Kind, Strength
from spona.conduct.calendar import Calendar
from spona.conduct.guards import Facts, truth
from spona.conduct.marking import Block, Marking
from spona.conduct.stepping import moved
from spona.conduct.tables import Check, Tables

EXCLUDED = Block("excluded", "", "", Strength.HARD, None, None)


def is_open(tables: Tables, marking: Marking, act: int) -> bool:
    """Whether `act` is included and no plain hard guard stands, told by bit sets alone."""
    included = marking.included
    return bool(
        included >> act & 1
        and not tables.conditions[act] & included & ~marking.done
        and not tables.milestones[act] & included & marking.owed
    )


def is_enabled(tables: Tables, marking: Marking, act: int, at: datetime, facts: Facts) -> bool:
    """Whether `act` may happen, if only with a reason."""
    return is_open(tables, marking, act) and not any(
        check.relation.strength is Strength.HARD
        and standing(marking, check, at, facts, tables.calendar)
        for check in tables.checks[act]
    )


def blocks(
    tables: Tables, marking: Marking, act: int, at: datetime, facts: Facts
) -> tuple[Block, ...]:
    """Everything that stands before `act`, hard and soft; empty when it may simply happen."""
    if not marking.included >> act & 1:
        return (EXCLUDED,)
    checks = (tables.checks if is_open(tables, marking, act) else tables.guarding)[act]
    if not checks:
        return ()
    found = [standing(marking, check, at, facts, tables.calendar) for check in checks]
    return tuple(block for block in found if block)


def may_pass(found: Iterable[Block]) -> bool:
    """Whether a reason is enough to go on."""
    return all(block.strength is Strength.REASON for block in found)


def standing(
    marking: Marking, check: Check, at: datetime, facts: Facts, calendar: Calendar
) -> Block | None:
    """The block that one condition or milestone puts up now; its guard is read live."""
    relation, source = check
    if not marking.included >> source & 1 or not _applies(check, facts):
        return None
    kind, until = "condition", None
    if relation.kind is Kind.MILESTONE:
        if not marking.owed >> source & 1:
            return None
        kind = "milestone"
    elif source in marking.executed:
        kind, until = "delay", moved(marking.executed[source], relation.length, calendar)
        if until <= at:
            return None
    return Block(kind, relation.rule_id, relation.source, relation.strength, until, relation.row)


def _applies(check: Check, facts: Facts) -> bool:
    guard = check.relation.guard
    holds = True if guard is None else truth(guard, facts)
    return not check.relation.waits if holds is None else holds
