"""What stands beside a draft while it is written: what the verification finds, and the diagram."""

from __future__ import annotations

from spona.conduct.book import Book
from spona.conduct.draw import draw
from spona.conduct.verify import Finding, verify

MANY = 64
_FOUND: dict[str, tuple[Finding, ...]] = {}


def findings(book: Book) -> tuple[Finding, ...]:
    """What the verification says of a book without faults; looked for once a text."""
    if book.digest not in _FOUND:
        if len(_FOUND) >= MANY:
            _FOUND.clear()
        _FOUND[book.digest] = tuple(verify(book).findings)
    return _FOUND[book.digest]


def diagram(book: Book, lang: str) -> str:
    """The SVG of a book; `lang` is sr-latn, sr or en."""
    return draw(book, lang)
