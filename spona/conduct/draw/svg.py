"""A laid-out picture as SVG: no script, no style sheet needed, classes for those who have one.

Colours are presentation attributes, so the file can be printed as it is, and any rule of a sheet
(`.drawing .d-frame { fill: ... }`) wins over them: dark pages and print need no other drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, pairwise
from zlib import crc32

from spona.conduct.draw import marks
from spona.conduct.draw.frames import box
from spona.conduct.draw.layout import HEAD, HEAD_LINE, HEAD_SIZE, Band, Entry, Layout, Line
from spona.conduct.draw.legend import Legend, legend
from spona.conduct.draw.letters import text
from spona.conduct.draw.marks import n
from spona.conduct.draw.measure import wrap
from spona.conduct.draw.picture import Picture, Progress
from spona.conduct.draw.ports import LABEL_LINE as ENTRY_LINE
from spona.conduct.draw.ports import LABEL_SIZE as ENTRY_SIZE

MARGIN = 20
TITLE, TITLE_LINE, UNDER = 19, 25, 12
BEND = 5
FACE = "'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def svg(picture: Picture, layout: Layout, progress: Progress | None) -> str:
    """The drawing with its title and its legend."""
    wide = max(layout.width, 560.0)
    title = wrap(picture.title, TITLE, wide, bold=True)
    top = MARGIN + len(title) * TITLE_LINE + UNDER + 16
    explained = legend(picture, progress, wide)
    high = top + layout.height + explained.height + 2 * MARGIN
    parts = (
        _opening(picture, wide + 2 * MARGIN, high),
        _title(title, picture.under),
        f'<g transform="translate({MARGIN} {n(top)})">',
        *_bands(layout),
        *_lines(layout),
        *_marks(layout),
        *_labels(layout.entries),
        *(box(placed) for placed in layout.boxes),
        "</g>",
        _legend(explained, top + layout.height + MARGIN),
        "</svg>\n",
    )
    return "".join(parts)


def _opening(picture: Picture, wide: float, high: float) -> str:
    told = f"{picture.title}, {picture.under}"
    lanes = "; ".join(filter(None, picture.lanes.values()))
    mark = f"d{crc32(repr((told, [x.key for x in picture.nodes])).encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img"'
        f' lang="{_tag(picture.lang)}" viewBox="0 0 {n(wide)} {n(high)}" width="{n(wide)}"'
        f' height="{n(high)}" aria-labelledby="{mark}-t" aria-describedby="{mark}-d"'
        f' font-family="{FACE}" color="{marks.INK}">'
        f'<title id="{mark}-t">{escape(told)}</title><desc id="{mark}-d">{escape(lanes)}</desc>'
        f'<rect class="d-paper" width="100%" height="100%" fill="#fff"/>'
    )


def _tag(lang: str) -> str:
    return {"sr-latn": "sr-Latn", "sr": "sr-Cyrl"}.get(lang, lang)


def _title(lines: Sequence[str], under: str) -> str:
    said = text(lines, MARGIN, MARGIN + TITLE, TITLE_LINE, f'font-size="{TITLE}" font-weight="600"')
    y = MARGIN + len(lines) * TITLE_LINE + UNDER
    return said + text([under], MARGIN, y, 0, f'font-size="{UNDER}"', "d-muted", marks.MUTED)


def _bands(layout: Layout) -> Iterator[str]:
    yield f'<g class="d-lanes" stroke="{marks.HAIR}">'
    for at, band in enumerate(layout.bands):
        name, fill = ("d-lane", marks.CARD) if at % 2 else ("d-lane d-even", marks.PAPER)
        yield (
            f'<rect class="{name}" x="0" y="{n(band.y)}" width="{n(layout.width)}"'
            f' height="{n(band.height)}" fill="{fill}"/>'
        )
        yield from _head(band)
    yield "</g>"


def _head(band: Band) -> Iterator[str]:
    if not band.label:
        return
    yield (
        f'<rect class="d-head" x="0" y="{n(band.y)}" width="{HEAD - 8}"'
        f' height="{n(band.height)}" fill="#efeae0"/>'
    )
    more = f'font-size="{HEAD_SIZE}" font-weight="600" stroke="none"'
    yield text(band.label, 8, band.y + 8 + HEAD_SIZE, HEAD_LINE, more)


def _lines(layout: Layout) -> Iterator[str]:
    """Grouped by kind; the weakest first, so that a duty lies on top where lines cross."""
    order = list(marks.STROKES)

    def rank(line: Line) -> int:
        return -order.index(line.wire.kinds[0])

    ends = {(e.x, e.y): marks.entry(e.kinds, e.x, e.y)[1] for e in layout.entries}
    for _, lines in groupby(sorted(layout.lines, key=rank), key=rank):
        group = list(lines)
        kind = group[0].wire.kinds[0]
        colour, dashes = marks.STROKES[kind]
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield (
            f'<g class="d-lines d-{kind}" fill="none" stroke="{colour}"'
            f' stroke-width="{1.5 if kind == "response" else 1.2}"{dashed}>'
        )
        for line in group:
            x, y = line.points[-1]
            points = (*line.points[:-1], (ends.get((x, y), x), y))
            told = escape(" ".join(line.wire.told), quote=False)
            titled = f"<title>{told}</title>" if told else ""
            yield f'<path d="{_path(points)}">{titled}</path>'
        yield "</g>"


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A line whose corners are rounded, so that branches are told from crossings."""
    (x, y), *rest = points
    told = [f"M{n(x)} {n(y)}"]
    for (cx, cy), (nx, ny) in pairwise(rest):
        before, after = abs(cx - x) + abs(cy - y), abs(nx - cx) + abs(ny - cy)
        bend = min(BEND, before / 2, after / 2)
        ax, ay = cx - _sign(cx - x) * bend, cy - _sign(cy - y) * bend
        bx, by = cx + _sign(nx - cx) * bend, cy + _sign(ny - cy) * bend
        told.append(f"L{n(ax)} {n(ay)}Q{n(cx)} {n(cy)} {n(bx)} {n(by)}")
        x, y = cx, cy
    told.append(f"L{n(rest[-1][0])} {n(rest[-1][1])}")
    return "".join(told)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _marks(layout: Layout) -> Iterator[str]:
    for entry in layout.entries:
        yield _marked(entry.kinds[0], marks.entry(entry.kinds, entry.x, entry.y)[0])
    for out in layout.exits:
        if drawn := marks.leave(out.kinds, out.x, out.y):
            yield _marked(out.kinds[0], drawn)


def _marked(kind: str, drawn: str) -> str:
    return f'<g class="d-mark d-{kind}" color="{marks.STROKES[kind][0]}">{drawn}</g>'


def _labels(entries: Sequence[Entry]) -> Iterator[str]:
    yield f'<g class="d-labels" font-size="{ENTRY_SIZE}" text-anchor="end">'
    for entry in entries:
        if entry.label:
            y = entry.y - 4 - (len(entry.label) - 1) * ENTRY_LINE
            yield text(entry.label, entry.label_x, y, ENTRY_LINE)
    yield "</g>"


def _legend(explained: Legend, y: float) -> str:
    parts = [f'<g class="d-legend" transform="translate({MARGIN} {n(y)})" font-size="11">']
    for item in explained.items:
        parts.append(f'<g transform="translate({n(item.x)} {n(item.y)})">{item.drawn}')
        parts.append(text([item.said], item.room, 4, 0) + "</g>")
    return "".join((*parts, "</g>"))
