"""Guards in three values: a fact may be unknown, and unknown is never silently false."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from spona.conduct.book import Condition, Fact, Unknown

Value = str | int | bool | date | datetime | None
Facts = Mapping[str, Value]  # a fact that is absent or None is unknown

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


def truth(guard: Condition, facts: Facts) -> bool | None:
    """True, False, or None where the unknown facts decide (Kleene's three values)."""
    if guard.parts:
        return _joined(guard, facts)
    value = facts.get(guard.fact)
    if value is None:
        return None
    return COMPARISONS[guard.op](value, _like(value, guard.value))


def _like(value: Value, text: Any) -> Any:
    """What the book says, in the type of the fact: it writes days and moments as text."""
    if isinstance(value, datetime):
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if isinstance(value, date) else text


def _joined(guard: Condition, facts: Facts) -> bool | None:
    values = [truth(part, facts) for part in guard.parts]
    if guard.op == "not":
        return None if values[0] is None else not values[0]
    decisive = guard.op == "any"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def unknown_facts(guard: Condition, facts: Facts) -> frozenset[str]:
    """The facts of a guard that nobody knows yet."""
    return frozenset(leaf.fact for leaf in _leaves(guard) if facts.get(leaf.fact) is None)


def _leaves(guard: Condition) -> Iterator[Condition]:
    if not guard.parts:
        yield guard
    for part in guard.parts:
        yield from _leaves(part)


def waits(guard: Condition, known: Mapping[str, Fact]) -> bool:
    """Whether the guard waits while unknown: as it says itself, else as any of its facts says.

    The protective default is that it applies.
    """
    if guard.unknown is not None:
        return guard.unknown is Unknown.WAITS
    if guard.parts:
        return any(waits(part, known) for part in guard.parts)
    return guard.fact in known and known[guard.fact].unknown is Unknown.WAITS
