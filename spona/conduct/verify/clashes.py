"""Rules that contradict each other on their face, and deadlines that no delay leaves time for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from spona.conduct.book import Kind, Strength
from spona.conduct.calendar import shift
from spona.conduct.relations import Relation
from spona.conduct.stepping import moved
from spona.conduct.tables import Check, Effect
from spona.conduct.verify.findings import Code, Finding, Severity
from spona.conduct.verify.model import enabled
from spona.conduct.verify.questions import Inquiry
from spona.conduct.verify.search import Space, Way
from spona.conduct.verify.trace import MONDAY, Replayed

YEAR = [MONDAY + timedelta(days=number) for number in range(366)]


def contradictions(inquiry: Inquiry) -> None:
    """The same act makes an act owed and closes it; an act waits for itself; acts wait for each
    other in a ring. Exact for rows without a guard; rows with one are left to the search."""
    plain = [r for r in inquiry.tables.relations if r.guard is None and r.becomes is None]
    for found in (*_must_and_may_not(plain), *_waits_for_itself(plain), *_rings(inquiry, plain)):
        inquiry.findings.append(found)


def _must_and_may_not(plain: list[Relation]) -> Iterator[Finding]:
    closing = {(r.source, r.targets[0]): r for r in plain if r.kind is Kind.EXCLUDE}
    opening = {(r.source, r.targets[0]) for r in plain if r.kind is Kind.INCLUDE}
    for relation in plain:
        pair = (relation.source, relation.targets[0])
        alone = relation.kind is Kind.RESPONSE and len(relation.targets) == 1
        if alone and pair in closing and pair not in opening:
            rules = (relation.rule_id, closing[pair].rule_id)
            yield _clash(rules, (pair[1], pair[0]), "must_and_may_not")


def _waits_for_itself(plain: list[Relation]) -> Iterator[Finding]:
    for relation in plain:
        if _hard(relation) and relation.source == relation.targets[0]:
            how = "before_itself" if relation.kind is Kind.CONDITION else "while_owed_itself"
            yield _clash((relation.rule_id,), (relation.source,), how)


def _hard(relation: Relation) -> bool:
    blocks = relation.kind in (Kind.CONDITION, Kind.MILESTONE)
    return blocks and relation.strength is Strength.HARD


def _rings(inquiry: Inquiry, plain: list[Relation]) -> Iterator[Finding]:
    """Acts of which each is barred until the next was done. Where one of them is closed the ring
    is open: said only where all are open from the beginning."""
    barred = [r for r in plain if _hard(r) and r.kind is Kind.CONDITION]
    open_acts = set(inquiry.graph.included(inquiry.begin))
    before: dict[str, set[str]] = {}
    rules: dict[tuple[str, str], str] = {}
    for relation in barred:
        source, target = relation.source, relation.targets[0]
        if source != target and {source, target} <= open_acts:
            before.setdefault(target, set()).add(source)
            rules[source, target] = relation.rule_id
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        named = [rules.get(pair, "") for pair in pairwise(ring)]
        yield _clash(tuple(named), tuple(dict.fromkeys(ring)), "ring")


def _clash(rules: tuple[str, ...], acts: tuple[str, ...], how: str) -> Finding:
    named = tuple(dict.fromkeys(filter(None, rules)))
    return Finding(Code.CONTRADICTION, Severity.FAULT, named, acts, detail={"how": how})


# --- a deadline shorter than the delays it waits for


def deadlines_too_short(inquiry: Inquiry) -> None:
    """Duties whose deadline ends before the delays have passed that begin with what makes them
    owed. Counted with the calendar from each day of a year: a fault where so on most days, a note
    where on some; with a trace to the beginning, executed."""
    for effect in inquiry.tables.effects.values():
        if effect.relation.kind is Kind.RESPONSE and effect.relation.source:
            _too_short(inquiry, effect)


def _too_short(inquiry: Inquiry, effect: Effect) -> None:
    source, targets = effect.relation.source, effect.relation.targets
    late = [day for day in YEAR if _late(inquiry, effect, day)]
    if not late:
        return
    played = _beginning(inquiry, effect)
    if played is None:
        return
    delays = [c.relation.rule_id for c in _delays(inquiry, targets[0], source, frozenset())]
    rules = tuple(dict.fromkeys(filter(None, (effect.relation.rule_id, *delays))))
    severity = Severity.FAULT if 2 * len(late) > len(YEAR) else Severity.NOTE
    detail = {"from": late[0].isoformat(), "days": str(len(late))}
    acts = (*targets, source)
    inquiry.findings.append(
        Finding(Code.DEADLINE_TOO_SHORT, severity, rules, acts, played.moves, True, detail)
    )


def _late(inquiry: Inquiry, effect: Effect, day: datetime) -> bool:
    """Whether none of the acts can be done by the deadline that begins on that day."""
    due, source = effect.ends(day), effect.relation.source
    if due is None:
        return False
    return all(
        _earliest(inquiry, act, source, day, frozenset()) > due for act in effect.relation.targets
    )


def _earliest(
    inquiry: Inquiry, act: str, begins: str, day: datetime, seen: frozenset[str]
) -> datetime:
    """When the act can happen at the earliest, when `begins` happened on the day and nothing that
    the act waits for happened before."""
    if act == begins or act in seen:
        return day
    seen = seen | {act}
    moments = [day]
    for check in _standing(inquiry, act):
        relation = check.relation
        before = _earliest(inquiry, relation.source, begins, day, seen)
        moments.append(moved(before, relation.length, inquiry.tables.calendar))
    clock = inquiry.model.clock.get(act)
    if clock is not None and clock.fires and clock.fires.after and clock.fires.wait:
        after = _earliest(inquiry, clock.fires.after, begins, day, seen)
        moments.append(shift(after, clock.fires.wait))
    return max(moments)


def _standing(inquiry: Inquiry, act: str) -> list[Check]:
    """The conditions that certainly stand before the act while they are open."""
    checks = inquiry.tables.guarding[inquiry.tables.index[act]]
    hard = [c for c in checks if c.relation.kind is Kind.CONDITION and _hard(c.relation)]
    return [check for check in hard if check.relation.guard is None]


def _delays(inquiry: Inquiry, act: str, begins: str, seen: frozenset[str]) -> Iterator[Check]:
    if act == begins or act in seen:
        return
    for check in _standing(inquiry, act):
        yield check
        yield from _delays(inquiry, check.relation.source, begins, seen | {act})


def _beginning(inquiry: Inquiry, effect: Effect) -> Replayed | None:
    """A shortest trace to where the duty begins while nothing that it waits for was done, and what
    it waits for is open."""
    model, source = inquiry.model, effect.relation.source
    number = inquiry.tables.index[source]
    waited = 0
    for act in effect.relation.targets:
        for check in _delays(inquiry, act, source, frozenset()):
            waited |= 0 if check.relation.source == source else 1 << check.source
    undone = model.done(waited)

    def goals(space: Space) -> Iterator[Way]:
        last = space.part.last(number)
        for state in space.reached():
            if enabled(last, state) and not state & undone and state & waited == waited:
                yield (*space.way(state), last)

    def shows(played: Replayed) -> bool:
        open_now = played.marking.included & waited == waited
        return open_now and not played.marking.done & waited

    asked = model.causes[number].reads | waited | undone
    question = (Code.DEADLINE_TOO_SHORT, (*effect.relation.targets, source))
    return inquiry.shortest(question, asked, goals, shows)
