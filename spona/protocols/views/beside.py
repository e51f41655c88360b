"""What stands beside a draft while it is written: what the verification finds, and the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from spona.conduct.book import Book

_BOOKS: dict[str, Book] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: `severity` is fault, intended or note; `said` its sentence by language."""

    severity: str
    rules: tuple[str, ...]
    said: Mapping[str, str]
    exhaustive: bool


def findings(book: Book) -> tuple[Found, ...]:
    """What `spona.conduct.verify` says of a book without faults; looked for once a text."""
    _BOOKS.clear()
    _BOOKS[book.digest] = book
    return _findings(book.digest)


@lru_cache(maxsize=64)
def _findings(digest: str) -> tuple[Found, ...]:
    report: Any = _asked("spona.conduct.verify", "verify", _BOOKS[digest])
    return tuple(
        Found(str(one.severity), tuple(one.rules), one.said, one.exhaustive)
        for one in (report.findings if report else ())
    )


def diagram(book: Book, lang: str) -> str:
    """The SVG of `spona.conduct.draw`; `lang` is sr-latn, sr or en."""
    return str(_asked("spona.conduct.draw", "draw", book, lang) or "")


def _asked(module: str, name: str, *given: Any) -> Any:
    """A part of `conduct` that comes beside this one; nothing where it is not there."""
    return getattr(import_module(module), name)(*given) if find_spec(module) else None
