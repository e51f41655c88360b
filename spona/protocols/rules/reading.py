"""A draft as it is read again and again while it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from spona.conduct.book import Book, Row, Rule
from spona.conduct.editing.writing import flow
from spona.conduct.reader import sound

read_sound = lru_cache(maxsize=64)(sound)


def wording(part: Any) -> str:
    """A digest of one part of a book as it is written: two people who saw the same have the same.

    Comments and the place in the file do not count.
    """
    return hashlib.sha256(flow(part).encode()).hexdigest()


def parties_of(book: Book, rule: Rule) -> set[str]:
    """The parties that do, are told of or wait for an act that the rule names."""
    acts = {act for row in rule.rows for act in _acts(row)}
    named = (
        key
        for act in acts
        for key in (*book.acts[act].by, *book.acts[act].to, book.acts[act].on_behalf)
    )
    return {key for key in named if key in book.parties}


def _acts(row: Row) -> Iterable[str]:
    return (act for act in (row.source, *row.targets) if act)


def types_of(book: Book, rule: Rule) -> set[str]:
    """The types of institutions that the rule concerns; `any` is every one."""
    return {book.parties[key].type for key in parties_of(book, rule)}


def bound(book: Book) -> set[str]:
    """The types of institutions that the book binds."""
    return {kind for rule in book.rules for kind in types_of(book, rule)}
