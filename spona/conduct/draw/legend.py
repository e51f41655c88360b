"""The legend: only what this drawing holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from spona.conduct.draw import marks
from spona.conduct.draw.boxes import Box
from spona.conduct.draw.frames import frame, symbol
from spona.conduct.draw.letters import text
from spona.conduct.draw.measure import width
from spona.conduct.draw.picture import Node, Picture, Progress, Shape
from spona.conduct.draw.wording import word

SIZE, LINE, GAP = 11, 24, 26
SAMPLE, SMALL_BOX = 54, 30


class Item(NamedTuple):
    """One sample at (x, y), and how far behind it its words begin."""

    drawn: str
    said: str
    room: float
    x: float
    y: float


class Legend(NamedTuple):
    items: tuple[Item, ...]
    height: float


def legend(picture: Picture, progress: Progress | None, wide: float) -> Legend:
    """Samples in lines of at most `wide` pixels."""
    items: list[Item] = []
    x, y = 0.0, 10.0
    for drawn, said, room in _samples(picture, progress):
        need = room + width(said, SIZE) + GAP
        if x and x + need - GAP > wide:
            x, y = 0.0, y + LINE
        items.append(Item(drawn, said, room, x, y))
        x += need
    return Legend(tuple(items), y + 14)


def _samples(picture: Picture, progress: Progress | None) -> Iterator[tuple[str, str, float]]:
    lang = picture.lang
    lined = {link.kind for link in picture.links}
    noted = {kind for node in picture.nodes for kind, _ in node.notes}
    for kind in marks.STROKES:
        if kind in lined | noted:
            yield _line(kind), word(kind, lang), SAMPLE + 8
    for name, node in _boxes(picture):
        yield _box(node), word(f"legend_{name}", lang), SMALL_BOX + 8
    if picture.told:
        yield "", word("legend_note", lang), 0
    for state in ("done", "owed", "late", "blocked") if progress else ():
        yield _box(_node(), state), word(state, lang), SMALL_BOX + 8


def _line(kind: str) -> str:
    colour, dashes = marks.STROKES[kind]
    drawn, end = marks.entry((kind,), SAMPLE, 0)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<g class="d-mark d-{kind}" color="{colour}"><path d="M0 0H{marks.n(end)}" fill="none"'
        f' stroke="currentColor" stroke-width="1.4"{dashed}/>'
        f"{drawn}{marks.leave((kind,), 0, 0)}</g>"
    )


def _boxes(picture: Picture) -> Iterator[tuple[str, Node]]:
    """The kinds of boxes that stand in the picture, with a sample of each."""
    yield "act", _node(number=1)
    nodes = picture.nodes
    if any(node.protective for node in nodes):
        yield "protective", _node(protective=True)
    if any(not node.included for node in nodes):
        yield "closed", _node(included=False)
    if any(node.shape is Shape.CLOCK for node in nodes):
        yield "clock", _node(shape=Shape.CLOCK)
    if any(node.shape is Shape.FACT for node in nodes):
        yield "fact", _node(shape=Shape.FACT)
    if any(node.around for node in nodes):
        yield "around", _node(around=True)


def _node(
    number: int = 0,
    protective: bool = False,
    included: bool = True,
    shape: Shape = Shape.ACT,
    around: bool = False,
) -> Node:
    return Node("", number, "", "", "", "", shape, protective, included, around)


def _box(node: Node, state: str = "") -> str:
    box = Box(node, state, (), (), (), 18)
    number = str(node.number) if node.number else ""
    told = text([number], SMALL_BOX / 2, 4, 0, 'text-anchor="middle" font-size="10"')
    faint = ' opacity=".6"' if node.around else ""
    drawn = frame(box, 0, -9, SMALL_BOX) + (told if number else symbol(node, SMALL_BOX / 2, 0))
    name = f"d-box d-{state}" if state else "d-box"
    return f'<g class="{name}"{faint}>{drawn}</g>'
