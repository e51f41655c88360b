"""Small synthetic rule books for tests; they state no law."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from spona.conduct.book import Book
from spona.conduct.graph import Graph
from spona.conduct.reader import read_text

Data = dict[str, Any]

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Belgrade
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def both(text: str = "x") -> Data:
    return {"sr-latn": text, "en": text}


def act(by: Any = "csr", **more: Any) -> Data:
    serbian = {"label": "l", "kada": "k", "da": "d", "gen": "g"}
    english = {"label": "l", "when": "w", "do": "d", "noun": "n"}
    return {"by": by, "sr-latn": serbian, "en": english, **more}


def clock(**fires: Any) -> Data:
    return act("clock", fires=fires)


def party(**more: Any) -> Data:
    forms = dict.fromkeys(("nom", "gen", "dat", "acc", "ins", "loc"), "x")
    return {"type": "CSR", "gender": "m", "sr-latn": forms, "en": {"name": "x"}, **more}


def rule(*rows: Data, rule_id: str = "R-1", **more: Any) -> Data:
    return {"id": rule_id, "verified": "local", "rows": list(rows), **more}


def document(rules: Sequence[Data], acts: Mapping[str, Any] | str = "a b c d", **more: Any) -> Data:
    """A whole book; `acts` as words are plain acts, and `facts` are given as key: type."""
    made = {name: act() for name in acts.split()} if isinstance(acts, str) else dict(acts)
    facts = {
        key: kind if isinstance(kind, dict) else {"type": kind, "label": both()}
        for key, kind in more.pop("facts", {}).items()
    }
    return {
        "id": "made-up",
        "version": "1",
        "title": both("made up"),
        "parties": {"csr": party()},
        "facts": facts,
        "acts": made,
        "rules": list(rules),
        **more,
    }


def book(*rules: Data, **more: Any) -> Book:
    return read_text(json.dumps(document(rules, **more)))


def graph(*rows: Data, **more: Any) -> Graph:
    """A graph of one rule, R-1."""
    return Graph.of(book(*([rule(*rows)] if rows else []), **more))
