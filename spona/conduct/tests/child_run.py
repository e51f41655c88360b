"""One run of the rule book of the unaccompanied child, for tests; the child is synthetic."""

from __future__ import annotations

from spona.conduct.book import Book
from spona.conduct.graph import Graph
from spona.conduct.guards import Value
from spona.conduct.tests import runs
from spona.conduct.tests.runs import DAY, HOUR, NIGHT, ROOT, book_of, graph_of, named

__all__ = ["DAY", "HOUR", "NEVER_WAITS", "NIGHT", "ROOT", "Run", "book", "graph", "named"]

NAME = "unaccompanied-child"
NEVER_WAITS = ("intention_voiced", "bed_tonight", "placement_deviation")


def book() -> Book:
    return book_of(NAME)


def graph() -> Graph:
    return graph_of(NAME)


class Run(runs.Run):
    """One run of the book for a synthetic child; the clock acts before every step."""

    def __init__(self, **facts: Value) -> None:
        super().__init__(NAME, **facts)
