"""Closing what is still needed: duties owed while closed, and ways that open in silence.

What closes is intended where the closing row says in words why, and a fault where a rule book
closes without a word. A duty that falls due on what is not open yet is intended where its row
says so with `fresh: true` (it is counted from the opening). A graph without a book has no words:
there these are notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spona.conduct.book import Kind, Row, Strength
from spona.conduct.relations import Relation
from spona.conduct.tables import Check
from spona.conduct.verify.findings import Code, Finding, Severity
from spona.conduct.verify.model import Bits, Cause, enabled
from spona.conduct.verify.questions import Inquiry, owing
from spona.conduct.verify.search import Edge, Space, Way
from spona.conduct.verify.trace import Replayed


def owed_while_closed(inquiry: Inquiry) -> None:
    """For each duty and each cause that closes it while owed, or makes it owed while closed, a
    shortest trace. Causes that can do neither by their effects are not searched."""
    for slot in inquiry.owable:
        if may_close(inquiry, inquiry.tables.masks[slot]):
            closings = _Closings(inquiry, slot)
            for cause in inquiry.model.causes:
                if closings.might(cause):
                    closings.search(cause)


def _closes(cause: Cause, mask: Bits) -> bool:
    return any(e.relation.kind is Kind.EXCLUDE and e.mask & mask for e in cause.effects)


def may_close(inquiry: Inquiry, mask: Bits) -> bool:
    """Whether each of these acts begins closed or is closed by some row."""
    return mask & ~inquiry.closable == 0


class _Closings:
    """The search for what closes the duty of one slot while it is owed."""

    def __init__(self, inquiry: Inquiry, slot: int) -> None:
        self.inquiry, self.model, self.slot = inquiry, inquiry.model, slot
        self.mask, self.owed = inquiry.tables.masks[slot], inquiry.model.owed([slot])
        self.shown: set[tuple[object, ...]] = set()

    def might(self, cause: Cause) -> bool:
        """Whether the cause may close what it does not discharge, or make owed without opening."""
        owes = any(e.slot == self.slot for e in cause.effects)
        opens = any(
            e.relation.kind is Kind.INCLUDE and e.mask & self.mask and e.relation.guard is None
            for e in cause.effects
        )
        return not opens and (owes or (_closes(cause, self.mask) and not cause.clears & self.owed))

    def search(self, cause: Cause) -> None:
        names = (*self.inquiry.names(self.mask), self.inquiry.name(cause))
        question = (Code.OWED_WHILE_CLOSED, names)
        asked = self.owed | self.mask | cause.reads
        played = self.inquiry.shortest(question, asked, self._goals(cause), self._is_hidden)
        if played is not None:
            self._found(played)

    def _goals(self, cause: Cause) -> Callable[[Space], Iterator[Way]]:
        def goals(space: Space) -> Iterator[Way]:
            for edge in space.edges(lambda t: t.cause.effects == cause.effects):
                if self._hides(edge):
                    yield (*space.way(edge.before), edge.transition)

        return goals

    def _hides(self, edge: Edge) -> bool:
        """Whether the step leaves the duty owed and closed, which it was not before."""
        hidden = edge.after & self.owed and not edge.after & self.mask
        return bool(hidden and (not edge.before & self.owed or edge.before & self.mask))

    def _is_hidden(self, played: Replayed) -> bool:
        marking = played.marking
        return self.slot in marking.pending and not marking.included & self.mask

    def _found(self, played: Replayed) -> None:
        inquiry = self.inquiry
        closer = closing(inquiry, played, self.mask)
        by = closer.rule_id if closer else ""
        owing_rules = owing(inquiry, played.marking, [self.slot])
        act = played.moves[-1].act if played.moves else ""
        if (owing_rules, by, act) in self.shown:
            return
        self.shown.add((owing_rules, by, act))
        number = played.marking.pending[self.slot].relation
        row = inquiry.tables.relations[number].row if number >= 0 else None
        severity = severity_of(inquiry, closer, row)
        rules = tuple(dict.fromkeys(filter(None, (*owing_rules, by))))
        acts, detail = (*inquiry.names(self.mask), act), {"closed_by": by}
        inquiry.findings.append(
            Finding(Code.OWED_WHILE_CLOSED, severity, rules, acts, played.moves, True, detail)
        )


def closing(inquiry: Inquiry, played: Replayed, mask: Bits) -> Relation | None:
    """What closed one of the acts last; none where they have been closed from the beginning."""
    acts = set(inquiry.names(mask))
    found = None
    for before, step in zip(played.markings, played.steps, strict=True):
        for relation in step.closing:
            number = inquiry.tables.index[relation.targets[0]]
            if relation.targets[0] in acts and before.included >> number & 1:
                found = relation
    return found


def severity_of(inquiry: Inquiry, closer: Relation | None, row: Row | None = None) -> Severity:
    if inquiry.book is None:
        return Severity.NOTE
    if closer is None:
        return Severity.INTENDED if row is not None and row.fresh else Severity.FAULT
    said = closer.row is not None and closer.row.why_closed
    return Severity.INTENDED if said else Severity.FAULT


# --- a condition that is closed opens a way in silence


def silent_ways(inquiry: Inquiry) -> None:
    """Acts that become possible because what had to come before them is closed and undone."""
    for number, check in _conditions(inquiry):
        _silent_way(inquiry, number, check)


def _conditions(inquiry: Inquiry) -> Iterator[tuple[int, Check]]:
    for number, checks in enumerate(inquiry.tables.guarding):
        for check in checks:
            hard = check.relation.strength is Strength.HARD
            before = check.relation.kind is Kind.CONDITION and check.source != number
            if hard and before and may_close(inquiry, 1 << check.source):
                yield number, check


def _silent_way(inquiry: Inquiry, number: int, check: Check) -> None:
    act, source = inquiry.graph.acts[number], 1 << check.source
    undone = source | inquiry.model.done(source)

    def goals(space: Space) -> Iterator[Way]:
        last = space.part.last(number)
        states = (s for s in space.reached() if not s & undone and enabled(last, s))
        return (space.way(state) for state in states)

    def shows(played: Replayed) -> bool:
        marking = played.marking
        lacking = not (marking.included | marking.done) & source
        return lacking and act in inquiry.graph.enabled(marking, played.at, played.facts)

    acts = (act, check.relation.source)
    asked = inquiry.model.causes[number].reads | undone
    played = inquiry.shortest((Code.SILENT_WAY, acts), asked, goals, shows)
    if played is None:
        return
    closer = closing(inquiry, played, source)
    by = closer.rule_id if closer else ""
    rules = tuple(dict.fromkeys(filter(None, (check.relation.rule_id, by))))
    severity, detail = severity_of(inquiry, closer), {"closed_by": by}
    inquiry.findings.append(
        Finding(Code.SILENT_WAY, severity, rules, acts, played.moves, True, detail)
    )
