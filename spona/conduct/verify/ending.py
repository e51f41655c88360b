"""Whether from every state a run can come to an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from spona.conduct.verify.findings import Code, Finding, Severity
from spona.conduct.verify.model import Bits, numbers
from spona.conduct.verify.questions import Inquiry, first_of, owing
from spona.conduct.verify.structure import can_always_end, cycles


def no_way_to_end(inquiry: Inquiry) -> None:
    """States from which no state is reached in which nothing open is owed.

    Asked of each part of the graph that has nothing to do with the others, which together may end
    when each may. Proved by structure or by all states of the part; where the cap is hit, each
    duty is asked by itself whether it can cease to be owed, and so is each ring of duties that
    make each other owed.
    """
    for slots in parts(inquiry):
        acts = _acts(inquiry, slots)
        if can_always_end(inquiry.model, inquiry.doable, slots):
            inquiry.searched(Code.NO_WAY_TO_END, acts, None)
        elif not _ask(inquiry, slots):
            for ring in cycles(inquiry.model, slots):
                _ask(inquiry, ring)


def _acts(inquiry: Inquiry, slots: Iterable[int]) -> tuple[str, ...]:
    mask = 0
    for slot in slots:
        mask |= inquiry.tables.masks[slot]
    return inquiry.names(mask)


def _ask(inquiry: Inquiry, slots: list[int]) -> bool:
    """Look for a state from which one of these duties at least is always owed; whether all states
    were seen or one was found."""
    model = inquiry.model
    if len(slots) == 1 and can_always_end(model, inquiry.doable, slots):
        inquiry.searched(Code.NO_WAY_TO_END, _acts(inquiry, slots), None)
        return True
    asked = model.owed(slots)
    for slot in slots:
        asked |= inquiry.tables.masks[slot]
    space = inquiry.whole(asked)
    lost = space.hopeless(_nothing_owed(inquiry, slots))
    whole = inquiry.searched(Code.NO_WAY_TO_END, _acts(inquiry, slots), space)
    played = first_of(inquiry, space, lost)
    if played is None:
        return whole
    stuck = [slot for slot in slots if model.is_open(slot, model.encode(played.marking))]
    inquiry.findings.append(
        Finding(
            Code.NO_WAY_TO_END,
            Severity.FAULT,
            owing(inquiry, played.marking, stuck),
            _acts(inquiry, stuck),
            played.moves,
            whole,
        )
    )
    return True


def _nothing_owed(inquiry: Inquiry, slots: list[int]) -> Callable[[Bits], bool]:
    pairs = [(inquiry.model.owed([slot]), inquiry.tables.masks[slot]) for slot in slots]
    return lambda state: not any(state & owed and state & mask for owed, mask in pairs)


def parts(inquiry: Inquiry) -> list[list[int]]:
    """The slots that may be owed, in groups whose acts bear on each other in no way."""
    together = [set(group) for group in _related(inquiry)]
    joined: list[set[int]] = []
    for group in together:
        apart = [one for one in joined if not one & group]
        near = [one for one in joined if one & group]
        joined = [*apart, group.union(*near)]
    slots = {slot: set(numbers(inquiry.tables.masks[slot])) for slot in inquiry.owable}
    return [part for one in joined if (part := [s for s, acts in slots.items() if acts & one])]


def _related(inquiry: Inquiry) -> Iterator[set[int]]:
    """Acts that some relation, some duty or the clock ties together."""
    index, model = inquiry.tables.index, inquiry.model
    for relation in inquiry.tables.relations:
        yield {index[act] for act in (relation.source, *relation.targets) if act}
    for slot in inquiry.owable:
        yield set(numbers(inquiry.tables.masks[slot]))
    for act in inquiry.graph.clock:
        if act.fires and act.fires.after:
            yield {index[act.key], index[act.fires.after]}
        for slot in model.slots_owed_by(act.fires.breach_of) if act.fires else ():
            yield {index[act.key], *numbers(inquiry.tables.masks[slot])}
