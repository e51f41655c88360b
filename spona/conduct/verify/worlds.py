"""What facts may be, in as many values as the guards of a graph can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product
from typing import Any

from spona.conduct.book import Book, Condition
from spona.conduct.guards import Facts, Value, truth
from spona.conduct.relations import Relation

Worlds = Mapping[str, tuple[Value, ...]]
Outcome = tuple[tuple[int, bool | None], ...]

MOST = 5_000  # combinations of facts tried at once; beyond it guards are taken one by one
DAY = timedelta(days=1)


def worlds(relations: Iterable[Relation], book: Book | None) -> Worlds:
    """For each fact that is read: unknown, and one value on each side of every comparison."""
    leaves: dict[str, list[Any]] = {}
    for relation in relations:
        for guard in (relation.guard, relation.becomes):
            for leaf in _leaves(guard):
                leaves.setdefault(leaf.fact, []).append(leaf.value)
    return {fact: (None, *_values(fact, told, book)) for fact, told in leaves.items()}


def _leaves(guard: Condition | None) -> Iterator[Condition]:
    if guard is None:
        return
    if not guard.parts:
        yield guard
    for part in guard.parts:
        yield from _leaves(part)


def facts_of(guard: Condition | None) -> frozenset[str]:
    return frozenset(leaf.fact for leaf in _leaves(guard))


def _values(fact: str, told: Sequence[Any], book: Book | None) -> tuple[Value, ...]:
    first = told[0]
    if isinstance(first, bool):
        return (True, False)
    if isinstance(first, int):
        return tuple(dict.fromkeys(v + near for v in sorted(told) for near in (-1, 0, 1)))
    kind = book.facts[fact].type if book and fact in book.facts else "code"
    if kind == "date":
        days = [date.fromisoformat(value) for value in sorted(told)]
        return tuple(dict.fromkeys(day + near * DAY for day in days for near in (-1, 0, 1)))
    if kind == "datetime":
        moments = [datetime.fromisoformat(value) for value in sorted(told)]
        return tuple(dict.fromkeys(at + near * DAY for at in moments for near in (-1, 0, 1)))
    known = book.facts[fact].values if book and fact in book.facts else ()
    others = [value for value in known if value not in told][:1]
    return (*dict.fromkeys(told), *others)


def valuations(facts: Iterable[str], known: Worlds) -> Iterator[Facts]:
    """Every combination of the values of `facts`, in an order that depends on nothing else."""
    names = sorted(facts)
    for values in product(*(known[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def outcomes(relations: Mapping[int, Relation], known: Worlds, becomes: bool) -> list[Outcome]:
    """How the guards of these relations (by number) can be read together, in one step.

    Exact where their facts have at most `MOST` combinations, else each guard for itself (more
    than can happen). `becomes` asks that what triggers the relations holds.
    """
    facts = frozenset[str]().union(
        *(facts_of(one.guard) | facts_of(one.becomes) for one in relations.values())
    )
    tried = list(islice(valuations(facts, known), MOST + 1))
    if len(tried) > MOST:
        return [tuple(zip(relations, read, strict=True)) for read in _free(relations.values())]
    found: dict[Outcome, None] = {}
    for world in tried:
        if becomes and not all(r.becomes and truth(r.becomes, world) for r in relations.values()):
            continue
        found[tuple((n, reading(one, world)) for n, one in relations.items())] = None
    return list(found)


def _free(relations: Iterable[Relation]) -> Iterator[tuple[bool | None, ...]]:
    return product(*((True, False, None) if one.waits else (True, False) for one in relations))


def reading(relation: Relation, world: Facts) -> bool | None:
    """What a step makes of the guard: it holds, it does not, or it waits for its facts."""
    holds = True if relation.guard is None else truth(relation.guard, world)
    return True if holds is None and not relation.waits else holds


def may_give_way(relation: Relation, known: Worlds) -> bool:
    """Whether some facts keep a condition or milestone from standing."""
    if relation.guard is None:
        return False
    return any(
        not reading(relation, world) for world in valuations(facts_of(relation.guard), known)
    )


def named_moment(kind: str, at: datetime) -> Value:
    """A value for a fact that names a day or a moment."""
    return at if kind == "datetime" else datetime.combine(at.date(), time(), UTC).date()
