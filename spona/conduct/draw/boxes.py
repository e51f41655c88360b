"""The size of each box from the text that stands in it."""

from __future__ import annotations

from typing import NamedTuple

from spona.conduct.draw.measure import wrap
from spona.conduct.draw.picture import Node, Progress
from spona.conduct.draw.ports import Reach
from spona.conduct.draw.wording import word

WIDTH = 152
STRIP = 24  # where the number stands, left of the text
EDGE = 7
LABEL, SMALL = 12, 9.5  # sizes of letters
LABEL_LINE, SMALL_LINE = 15, 12
LEAST = 40
PORT = 9  # from the outermost port to the corner
MARK = 16  # room for the mark before a note


class Box(NamedTuple):
    """A box as it will be printed, its place still unknown."""

    node: Node
    state: str
    label: tuple[str, ...]
    under: tuple[str, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    height: float
    up: float = 0  # of the height, what stands above the middle of the row


def box(node: Node, lang: str, progress: Progress | None, reach: Reach) -> Box:
    """As high as its text, and as its ports reach."""
    room = WIDTH - STRIP - EDGE
    state = progress.state(node.key) if progress else ""
    label = wrap(node.label, LABEL, room)
    under = wrap(node.under, SMALL, room)
    notes = tuple((kind, wrap(text, SMALL, room - MARK)) for kind, text in node.notes)
    if state:
        notes = ((state, wrap(word(state, lang), SMALL, room - MARK, bold=True)), *notes)
    small = len(under) + sum(len(lines) for _, lines in notes)
    height = 2 * EDGE - 2 + len(label) * LABEL_LINE + small * SMALL_LINE + (4 if small else 0)
    half = max(LEAST, height) / 2
    up, down = max(half, reach.up + PORT), max(half, reach.down + PORT)
    return Box(node, state, label, under, notes, up + down, up)
