"""Boxes in SVG: outline, number and sign, the words inside."""

from __future__ import annotations

from html import escape

from spona.conduct.draw import marks
from spona.conduct.draw.boxes import (
    EDGE,
    LABEL,
    LABEL_LINE,
    MARK,
    SMALL,
    SMALL_LINE,
    STRIP,
    WIDTH,
    Box,
)  # fmt: skip
from spona.conduct.draw.layout import Placed
from spona.conduct.draw.letters import text
from spona.conduct.draw.marks import n
from spona.conduct.draw.picture import Node, Shape

FRAMES = {  # fill and stroke of a box by its state
    "": (marks.CARD, marks.INK),
    "done": ("#e3efee", marks.TEAL),
    "owed": ("#fdf1d8", marks.AMBER),
    "late": ("#fbeae7", marks.RED),
    "blocked": ("#f2f0ec", marks.MUTED),
}


def box(placed: Placed) -> str:
    made, x, y = placed
    told = escape("\n".join(filter(None, (made.node.told, made.node.under))), quote=False)
    faint = ' opacity=".6"' if made.node.around else ""
    return (
        f'<g class="{_names(made)}" color="{FRAMES[made.state][1]}"{faint}><title>{told}</title>'
        f"{frame(made, x, y)}{_corner(made, x, y)}{_inside(made, x, y)}</g>"
    )


def _names(box: Box) -> str:
    node = box.node
    flags = {
        "d-protective": node.protective,
        "d-closed": not node.included,
        "d-around": node.around,
        f"d-{box.state}": bool(box.state),
    }
    return " ".join(("d-box", f"d-{node.shape}", *(name for name, on in flags.items() if on)))


def frame(box: Box, x: float, y: float, wide: float = WIDTH) -> str:
    """The outline: sharp for an act, round for the clock, slanted for a fact."""
    fill, stroke = FRAMES[box.state]
    node = box.node
    dashed = "" if node.included else ' stroke-dasharray="5 3"'
    thick = 2.6 if box.state in ("owed", "late") else 2 if node.protective else 1.2
    look = f'class="d-frame" fill="{fill}" stroke="{stroke}" stroke-width="{thick}"{dashed}'
    high = box.height
    if node.shape is Shape.FACT:
        top, bottom = f"{n(x + 8)} {n(y)}H{n(x + wide)}", f"L{n(x + wide - 8)} {n(y + high)}"
        return f'<path {look} d="M{top}{bottom}H{n(x)}z"/>'
    bend = 18 if node.shape is Shape.CLOCK else 4
    size = f'x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}" rx="{bend}"'
    drawn = f"<rect {look} {size}/>"
    if node.protective:
        size = f'x="{n(x + 3)}" y="{n(y + 3)}" width="{n(wide - 6)}" height="{n(high - 6)}"'
        drawn += f'<rect class="d-inner" {size} rx="2" fill="none" stroke="{stroke}"/>'
    return drawn


def _corner(box: Box, x: float, y: float) -> str:
    """The number of the act, on the first line of its words, and what kind of box it is."""
    node, middle, foot = box.node, x + STRIP / 2 + 1, y + _foot(box)
    if not node.number:
        return symbol(node, middle, foot - 3)
    more = f'font-size="{SMALL}" font-weight="600" text-anchor="middle"'
    number = text([str(node.number)], middle, foot, 0, more, "d-muted", marks.MUTED)
    return number + symbol(node, middle, foot + 11)


def _foot(box: Box) -> float:
    """The foot of the first line of a box."""
    words = len(box.label) + len(box.under) + len(box.notes)
    alone = words == 1 and not (box.node.protective or box.node.shape is Shape.CLOCK)
    return box.height / 2 + 4.5 if alone else EDGE + 10.5


def symbol(node: Node, x: float, y: float) -> str:
    """The sign of a protective act, of the clock or of a fact; none for others."""
    if node.protective:
        return marks.shield(x, y)
    if node.shape is Shape.CLOCK:
        return marks.clock(x, y)
    return marks.flag(x, y) if node.shape is Shape.FACT else ""


def _inside(box: Box, x: float, y: float) -> str:
    left = x + STRIP
    foot = y + _foot(box)
    parts = [text(box.label, left, foot, LABEL_LINE, f'font-size="{LABEL}"')]
    foot += (len(box.label) - 1) * LABEL_LINE + SMALL_LINE + 3
    small = f'font-size="{SMALL}"'
    if box.under:
        parts.append(text(box.under, left, foot, SMALL_LINE, small, "d-muted", marks.MUTED))
        foot += len(box.under) * SMALL_LINE
    for kind, lines in box.notes:
        colour = FRAMES[kind][1] if kind in FRAMES else marks.STROKES[kind][0]
        bold = ' font-weight="600"' if kind in FRAMES else ""
        parts.append(f'<g class="d-note d-{kind}" color="{colour}">')
        parts.append(marks.note(kind, left, foot - 3.5))
        parts.append(text(lines, left + MARK, foot, SMALL_LINE, small + bold) + "</g>")
        foot += len(lines) * SMALL_LINE
    return "".join(parts)
