"""A dump of the database, and what a thief would look for in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from spona.names.cyrillic import to_cyrillic


def forms(word: str) -> Iterator[bytes]:
    """The word as a thief would look for it."""
    for text in {word, to_cyrillic(word), word.casefold(), word.upper()}:
        raw = text.encode()
        yield raw
        yield raw.hex().encode()
        yield json.dumps(text)[1:-1].encode()
        yield text.encode("utf-16-le")
        # Whatever stands before it, one of three is part of the base64 of the whole.
        for before in range(3):
            coded = base64.b64encode(bytes(before) + raw)
            yield coded[4 if before else 0 : -4]


def found(words: Mapping[Any, str], dump: bytes) -> set[Any]:
    return {
        what
        for what, word in words.items()
        if any(form in dump for form in forms(word) if len(form) > 5)
    }


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def rows() -> bytes:
    """Every row of every table, as whoever sees all of them gets it."""
    said = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            said += [text for (text,) in cursor.fetchall()]
    return "\n".join(said).encode()
