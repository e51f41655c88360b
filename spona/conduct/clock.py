"""The acts of the clock: after another act, at a date from the facts, after a breach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from spona.conduct.book import Act, Fires
from spona.conduct.calendar import Calendar, shift
from spona.conduct.calendar import moment as named
from spona.conduct.guarding import is_enabled
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking
from spona.conduct.tables import Tables


def due_acts(
    tables: Tables, acts: Sequence[Act], marking: Marking, facts: Facts, until: datetime
) -> list[tuple[datetime, str]]:
    """What the clock owes by `until`, in the order of time and then of the file."""
    found = [
        (moment, tables.index[act.key])
        for act in acts
        if act.fires and (moment := _next(tables, act.key, act.fires, marking, facts, until))
    ]
    return [
        (moment, tables.acts[number])
        for moment, number in sorted(found)
        if is_enabled(tables, marking, number, moment, facts)
    ]


def _next(
    tables: Tables, act: str, fires: Fires, marking: Marking, facts: Facts, until: datetime
) -> datetime | None:
    """The earliest moment by `until` for which the act has not fired yet."""
    last = marking.executed.get(tables.index[act])
    if fires.fact:
        moments = _at_fact(fires, marking, facts, last, tables.calendar)
    elif fires.after:
        moments = _after(tables, fires, marking)
    else:
        moments = _on_breach(tables, fires, marking, until)
    ripe = (moment for moment in moments if moment <= until and (last is None or moment > last))
    return min(ripe, default=None)


def _after(tables: Tables, fires: Fires, marking: Marking) -> Iterator[datetime]:
    source = marking.executed.get(tables.index[fires.after])
    if source is not None and fires.wait:
        yield shift(source, fires.wait, calendar=tables.calendar).astimezone(UTC)


def _at_fact(
    fires: Fires, marking: Marking, facts: Facts, last: datetime | None, calendar: Calendar
) -> Iterator[datetime]:
    """The day or moment that a fact names; if it passed before it was known, the clock acts at
    once."""
    value = facts.get(fires.fact)
    if value is None:
        return
    moment = named(value, calendar=calendar)
    if fires.plus:
        moment = shift(moment, fires.plus, calendar=calendar)
    if fires.minus:
        moment = shift(moment, fires.minus, back=True, calendar=calendar)
    if last is None or moment > last:
        yield max(moment.astimezone(UTC), marking.last)


def _on_breach(
    tables: Tables, fires: Fires, marking: Marking, until: datetime
) -> Iterator[datetime]:
    """After a duty of the rule is late; at the deadline it is still in time."""
    for slot, pending in marking.pending.items():
        number, due = pending.relation, pending.due
        if number < 0 or due is None or due >= until or not tables.masks[slot] & marking.included:
            continue
        if tables.relations[number].rule_id == fires.breach_of and fires.wait:
            yield shift(due, fires.wait, calendar=tables.calendar).astimezone(UTC)
