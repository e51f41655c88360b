"""A protocol as a diagram: lanes by institution, own layout, SVG without script.

Layout after Sugiyama: circles are cut (`layers`), columns filled lane by lane, rows chosen by
sweeps of barycentres (`rows`), and every line runs on a track of its own in the gaps between rows
and columns (`tracks`), so that none meets a box.
"""

from __future__ import annotations

from spona.conduct.book import Book
from spona.conduct.dcrxml import Plain
from spona.conduct.draw.depict import of_book, of_plain
from spona.conduct.draw.layout import Layout, lay_out
from spona.conduct.draw.lines import settle
from spona.conduct.draw.picture import Part, Picture, Progress, cut, progress
from spona.conduct.draw.svg import svg
from spona.conduct.draw.wording import LANGUAGES

__all__ = ["LANGUAGES", "Part", "Progress", "draw", "picture", "plan", "progress"]


def draw(
    drawn: Book | Plain,
    lang: str = "sr-latn",
    marking: Progress | None = None,
    part: Part | None = None,
) -> str:
    """The diagram as SVG, in `sr-latn`, `sr` or `en`; `marking` (see `progress`) shows a run.

    With a `part`, only that part and what one link binds to it.
    """
    settled = picture(drawn, lang, part)
    return svg(settled, lay_out(settled, marking), marking)


def picture(drawn: Book | Plain, lang: str = "sr-latn", part: Part | None = None) -> Picture:
    """What will be drawn; raises `KeyError` for a part that has no act."""
    made = of_book(drawn, lang) if isinstance(drawn, Book) else of_plain(drawn, lang)
    if part is not None:
        made = cut(made, part)
        if not made.nodes:
            raise KeyError(part)
    return settle(made)


def plan(drawn: Book | Plain, lang: str = "sr-latn") -> Layout:
    """Where everything stands, for those who draw it in another form."""
    return lay_out(picture(drawn, lang))
