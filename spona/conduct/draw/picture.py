"""What is to be drawn: boxes in lanes and the links between them, already in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from spona.conduct.book import Kind
from spona.conduct.draw.wording import word
from spona.conduct.graph import NOTHING_KNOWN, Graph
from spona.conduct.guards import Facts
from spona.conduct.marking import Marking


class Shape(StrEnum):
    """What a box stands for."""

    ACT = "act"
    CLOCK = "clock"
    FACT = "fact"


class Link(NamedTuple):
    """An arrow; `kind` is that of a row, or `FIRES` where the clock waits for the source."""

    source: str
    target: str
    kind: str
    label: str = ""
    told: str = ""
    rule_id: str = ""


FIRES = "fires"
# The order in which marks are explained and ports stand; also how much a link shapes the layers.
KINDS = (
    Kind.RESPONSE.value,
    Kind.CONDITION.value,
    FIRES,
    Kind.EXTENDS.value,
    Kind.MILESTONE.value,
    Kind.INCLUDE.value,
    Kind.EXCLUDE.value,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A box; `number` is its place in the book, by which notes of other boxes name it."""

    key: str
    number: int
    label: str
    lane: str
    told: str = ""
    under: str = ""
    shape: Shape = Shape.ACT
    protective: bool = False
    included: bool = True
    around: bool = False
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """`lanes` are keys with what stands in their heads, from the top."""

    title: str
    under: str
    lang: str
    lanes: Mapping[str, str]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    told: tuple[Link, ...] = ()  # in notes of boxes, not as lines


class Part(NamedTuple):
    """A part of a protocol: acts of these parties, of these rules, or these acts."""

    parties: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()


class Progress(NamedTuple):
    """Where a run stands, by the keys of acts."""

    done: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()

    def state(self, key: str) -> str:
        """The one word that matters most: late, owed, done, blocked, or nothing."""
        for state in ("late", "owed", "done", "blocked"):
            if key in getattr(self, state):
                return state
        return ""


def progress(
    graph: Graph, marking: Marking, at: datetime, facts: Facts = NOTHING_KNOWN
) -> Progress:
    """What a drawing shows of a run that stands at `marking` at the moment `at`."""
    open_duties = [duty for duty in graph.owed(marking) if not duty.hidden]
    return Progress(
        done=frozenset(graph.executed(marking)),
        owed=frozenset(act for duty in open_duties for act in duty.acts),
        late=frozenset(act for duty in open_duties if duty.late(at) for act in duty.acts),
        blocked=frozenset(graph.acts) - frozenset(graph.enabled(marking, at, facts)),
    )


def cut(picture: Picture, part: Part) -> Picture:
    """The part and, marked as `around`, what one link binds to it; links that touch the part."""
    inside = set(_inside(picture, part))
    links = [link for link in picture.links if {link.source, link.target} & inside]
    if part.rules and not (part.parties or part.acts):
        links = [link for link in picture.links if link.rule_id in part.rules]
    shown = inside.union(*({link.source, link.target} for link in links))
    nodes = tuple(
        replace(node, around=node.key not in inside) for node in picture.nodes if node.key in shown
    )
    used = {node.lane for node in nodes}
    lanes = {key: label for key, label in picture.lanes.items() if key in used}
    under = f"{picture.under} · {word('part', picture.lang)}"
    return replace(picture, under=under, lanes=lanes, nodes=nodes, links=tuple(links))


def _inside(picture: Picture, part: Part) -> Iterable[str]:
    for node in picture.nodes:
        if node.lane in part.parties or node.key in part.acts:
            yield node.key
    for link in picture.links:
        if link.rule_id in part.rules:
            yield from (link.source, link.target)
