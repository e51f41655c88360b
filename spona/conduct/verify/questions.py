"""The questions that are searched: every finding has a trace that the engine executed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from spona.conduct.book import Book, Kind, Row
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.verify.findings import Code, Finding, Search, Severity
from spona.conduct.verify.model import Bits, Cause, Model, Slice, enabled, layers, numbers
from spona.conduct.verify.search import Space, Way
from spona.conduct.verify.structure import Doable
from spona.conduct.verify.trace import Replayed, replay

TRIES = 20  # ways executed before a question is left open


class Inquiry:
    """A graph under question. `findings` and `searches` grow as the questions are asked."""

    def __init__(self, graph: Graph, start: Marking, book: Book | None, cap: int) -> None:
        self.graph, self.begin, self.book, self.cap = graph, start, book, cap
        self.model = Model(graph, start, book)
        self.tables = graph.tables
        self.doable = Doable(self.model)
        self.findings: list[Finding] = []
        self.searches: list[Search] = []
        self._spaces: dict[Bits, Space] = {}
        self.owable = sorted(
            {e.slot for e in self.tables.effects.values() if e.slot >= 0} | set(start.pending)
        )
        self.closable = ~start.included
        for effect in self.tables.effects.values():
            self.closable |= effect.mask if effect.relation.kind is Kind.EXCLUDE else 0

    def space(self, bits: Bits) -> Space:
        """The states of the slice of these bits; asked twice, explored once."""
        if bits not in self._spaces:
            self._spaces[bits] = Space(Slice(self.model, bits), self.cap)
        return self._spaces[bits]

    def whole(self, asked: Bits) -> Space:
        """The states of all that bears on these bits."""
        return self.space(list(layers(self.model, asked))[-1])

    def shortest(
        self,
        question: tuple[Code, tuple[str, ...]],
        asked: Bits,
        goals: Callable[[Space], Iterator[Way]],
        shows: Callable[[Replayed], bool],
    ) -> Replayed | None:
        """The first of the ways to a goal that the engine goes and that then `shows` the thing.

        Asked of ever larger slices: where a small one holds no way, none exists. In a slice that
        leaves something out only the very shortest ways count, so that none shorter is missed.
        """
        every = list(layers(self.model, asked))
        for bits in every:
            space = self.space(bits)
            ways = list(islice(goals(space), TRIES))
            for way in ways:
                if bits != every[-1] and len(way) > len(ways[0]):
                    break
                played = self.play(way)
                if played is not None and shows(played):
                    self.searched(*question, None)
                    return played
            if not ways:
                break
        self.searched(*question, space, proved=not ways)
        return None

    def names(self, mask: Bits) -> tuple[str, ...]:
        return tuple(act for number, act in enumerate(self.graph.acts) if mask >> number & 1)

    def name(self, cause: Cause) -> str:
        """The act that the cause is; empty for a change of facts."""
        return self.graph.acts[cause.act] if cause.act >= 0 else ""

    def play(self, way: Way) -> Replayed | None:
        return replay(self.model, self.begin, way)

    def searched(
        self, code: Code, acts: tuple[str, ...], space: Space | None, *, proved: bool = True
    ) -> bool:
        """Note how the question was answered; whether exhaustively."""
        whole = space is None or (space.complete and proved)
        self.searches.append(Search(code, acts, space.states if space else 0, whole))
        return whole

    def rows(self, test: Callable[[Row], bool]) -> tuple[str, ...]:
        """The ids of the rules that hold such a row."""
        rules = self.book.rules if self.book else ()
        return tuple(rule.id for rule in rules if any(test(row) for row in rule.rows))


# --- an act that can never happen


def never_happens(inquiry: Inquiry) -> None:
    """Acts for which no state is reached in which they are enabled.

    Proved where a slice of the model was seen whole. An act counts as possible only after a trace
    to it was executed; one trace clears every act on it.
    """
    alive = set(inquiry.graph.enabled(inquiry.begin, inquiry.begin.last)) - set(inquiry.model.clock)
    for number, act in enumerate(inquiry.graph.acts):
        if act not in alive:
            alive |= _happening(inquiry, number)


def _happening(inquiry: Inquiry, number: int) -> set[str]:
    act, cause = inquiry.graph.acts[number], inquiry.model.causes[number]

    def goals(space: Space) -> Iterator[Way]:
        last = space.part.last(number)
        for state in space.reached():
            if enabled(last, state):
                yield (*space.way(state), last)

    played = inquiry.shortest((Code.NEVER_HAPPENS, (act,)), cause.reads, goals, lambda _: True)
    if played is not None:
        return {move.act for move in played.moves}
    proved = inquiry.searches[-1].exhaustive
    rules = inquiry.rows(lambda row: act in row.targets and row.source != act)
    severity = Severity.FAULT if proved else Severity.NOTE
    inquiry.findings.append(Finding(Code.NEVER_HAPPENS, severity, rules, (act,), (), proved))
    return set()


# --- a duty that can never be discharged


def dead_duties(inquiry: Inquiry) -> None:
    """Duties that are owed and open, and that nothing that may follow discharges.

    Sound: the trace was executed, and the model, which allows more than the engine, knows no
    continuation that does an act of the duty.
    """
    for slot in inquiry.owable:
        mask = inquiry.tables.masks[slot]
        if inquiry.doable.slot(slot) is not None:
            inquiry.searched(Code.DEAD_DUTY, inquiry.names(mask), None)
            continue
        asked = inquiry.model.owed([slot]) | mask
        for number in numbers(mask):
            asked |= inquiry.model.causes[number].reads
        space = inquiry.whole(asked)
        ends = [space.part.last(number) for number in numbers(mask)]
        lost = space.hopeless(lambda s, ends=ends: any(enabled(end, s) for end in ends))  # type: ignore[misc]
        stuck = [state for state in lost if inquiry.model.is_open(slot, state)]
        whole = inquiry.searched(Code.DEAD_DUTY, inquiry.names(mask), space)
        if (played := first_of(inquiry, space, stuck)) is not None:
            rules = owing(inquiry, played.marking, [slot])
            acts = inquiry.names(mask)
            found = Finding(Code.DEAD_DUTY, Severity.FAULT, rules, acts, played.moves, whole)
            inquiry.findings.append(found)


def first_of(inquiry: Inquiry, space: Space, states: list[Bits]) -> Replayed | None:
    """The first of the states that the engine reaches."""
    wanted = frozenset(states)
    for state in states[:TRIES]:
        played = inquiry.play(space.way(state))
        if played is not None and space.part.of(played.marking) in wanted:
            return played
    return None


def owing(inquiry: Inquiry, marking: Marking, slots: Iterable[int]) -> tuple[str, ...]:
    numbers = [marking.pending[slot].relation for slot in slots if slot in marking.pending]
    relations = [inquiry.tables.relations[n] for n in numbers if n >= 0]
    return tuple(dict.fromkeys(r.rule_id for r in relations if r.rule_id))
