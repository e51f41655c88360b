"""Text in SVG, in lines."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from spona.conduct.draw.marks import INK, n


def text(
    lines: Sequence[str],
    x: float,
    y: float,
    step: float,
    more: str = "",
    name: str = "d-ink",
    fill: str = INK,
) -> str:
    """Lines of text, the first with its foot at `y`."""
    here = f'<text class="{name}" x="{n(x)}" y="{n(y)}" fill="{fill}" {more}>'
    first, *rest = (escape(line, quote=False) for line in lines)
    spans = (f'<tspan x="{n(x)}" dy="{n(step)}">{line}</tspan>' for line in rest)
    return f"{here}{first}{' ' if rest else ''}{' '.join(spans)}</text>"
