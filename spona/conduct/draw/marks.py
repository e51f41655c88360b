"""The marks of the relations, as DCR graphs have them, and those of boxes and states.

Response: a dot where the line leaves. Condition: a dot where it enters. Milestone: a diamond.
Include: a plus. Exclude: a percent sign. Each has a stroke of its own too, so that a drawing reads
in black and white; colours are attributes of groups, which the classes of a sheet override.
"""

from __future__ import annotations

from collections.abc import Sequence

from spona.conduct.book import Kind
from spona.conduct.draw.picture import FIRES

INK, MUTED, PAPER, CARD, HAIR, TEAL = (
    "#1d2328", "#59626a", "#faf8f4", "#fff", "#d8d1c4", "#0b5d5e",
)  # fmt: skip
RED, AMBER, PLUM, GREEN = "#a3231f", "#7a4f00", "#5b4a7d", "#2c6a33"

STROKES: dict[str, tuple[str, str]] = {  # colour, dashes
    Kind.RESPONSE.value: (TEAL, ""),
    Kind.CONDITION.value: (AMBER, ""),
    Kind.MILESTONE.value: (PLUM, "7 3"),
    Kind.INCLUDE.value: (GREEN, "2 3"),
    Kind.EXCLUDE.value: (RED, "9 3 2 3"),
    Kind.EXTENDS.value: (TEAL, "12 3"),
    FIRES: (MUTED, "4 3"),
}
STEP = 11  # from one mark to the next on a line


def n(value: float) -> str:
    """A number as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def dot(x: float, y: float) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="3.2" fill="currentColor" stroke="none"/>'


def head(x: float, y: float) -> str:
    """An arrow head with its tip at `x`."""
    return (
        f'<path d="M{n(x - 7)} {n(y - 3.6)}L{n(x)} {n(y)}L{n(x - 7)} {n(y + 3.6)}z"'
        ' fill="currentColor" stroke="none"/>'
    )


def _stroke(d: str, x: float, y: float, wide: float = 1.4) -> str:
    return (
        f'<path transform="translate({n(x)} {n(y)})" d="{d}" fill="none"'
        f' stroke="currentColor" stroke-width="{wide}"/>'
    )


def sign(kind: str, x: float, y: float) -> str:
    """The mark that stands before the box on which the relation works; none for a response."""
    match kind:
        case Kind.CONDITION.value:
            return dot(x, y)
        case Kind.MILESTONE.value:
            return _stroke("M0-4.4 4.4 0 0 4.4-4.4 0z", x, y, 1.3)
        case Kind.INCLUDE.value:
            return _stroke("M-4 0H4M0-4V4", x, y, 1.8)
        case Kind.EXCLUDE.value:
            rings = "M-2.5-4.2a1.7 1.7 0 1 0 .01 0zM2.5.8a1.7 1.7 0 1 0 .01 0zM3-4-3 4"
            return _stroke(rings, x, y, 1.2)
        case Kind.EXTENDS.value:
            return _stroke("M-4-3.5-.5 0-4 3.5M.5-3.5 4 0 .5 3.5", x, y)
        case "fires":
            return _stroke("M0-4.2a4.2 4.2 0 1 0 .01 0M0-2.6V0L2 1.2", x, y, 1.1)
    return ""


def entry(kinds: Sequence[str], x: float, y: float) -> tuple[str, float]:
    """All marks before a box whose edge is `x`, and where the line has to end."""
    signs = [kind for kind in kinds if kind != Kind.RESPONSE.value]
    marked = [sign(kind, x - 5.5 - at * STEP, y) for at, kind in enumerate(signs)]
    tip = x - len(signs) * STEP - (0.5 if signs else 0)
    return "".join((*marked, head(tip, y))), tip - 6


def leave(kinds: Sequence[str], x: float, y: float) -> str:
    """The dot of a response where the line leaves the box."""
    return dot(x + 4.5, y) if Kind.RESPONSE.value in kinds else ""


def note(kind: str, x: float, y: float) -> str:
    """The small mark before a note in a box, in the middle of 12 pixels from `x`."""
    if kind == Kind.RESPONSE.value:
        return dot(x + 3, y) + _stroke("M3 0H10M7-3 10 0 7 3", x, y, 1.1)
    if kind == Kind.CONDITION.value:
        return dot(x + 9, y) + _stroke("M-1 0H6M3-3 6 0 3 3", x, y, 1.1)
    return STATES[kind](x + 5, y) if kind in STATES else sign(kind, x + 5, y)


STATES = {
    "done": lambda x, y: _stroke("M-4 0-1 3 4-4", x, y, 2),
    "owed": lambda x, y: _stroke("M0-3.8a3.8 3.8 0 1 0 .01 0", x, y, 1.8),
    "late": lambda x, y: _stroke("M0-4.5V1M0 2.6V4.6", x, y, 2.2),
    "blocked": lambda x, y: _stroke("M0-3.8a3.8 3.8 0 1 0 .01 0M-2.7 2.7 2.7-2.7", x, y, 1.2),
}


def shield(x: float, y: float) -> str:
    """The mark of a protective act."""
    return _stroke("M0-6 5-4V0C5 3 3 5 0 6.4-3 5-5 3-5 0V-4zM-2.4 0-.6 1.8 2.6-2", x, y, 1.3)


def clock(x: float, y: float) -> str:
    return _stroke("M0-5.5a5.5 5.5 0 1 0 .01 0M0-3.6V0L2.8 1.8", x, y, 1.3)


def flag(x: float, y: float) -> str:
    """The mark of a fact."""
    return _stroke("M-3.5 5.5V-5.5H4L2-2.7 4 0H-3.5", x, y, 1.3)
