"""Verification of a rule book, or of any DCR graph, before it is published.

Static checks first, exact and at once; then questions that are searched in the states of a slice
of the graph, to a cap. `model` says what the states leave out and why what is claimed still holds;
every trace that is reported was executed by the engine. Each question says whether it was answered
exhaustively.
"""

from __future__ import annotations

from dataclasses import replace

from spona.conduct.book import Book
from spona.conduct.dcrxml import Plain
from spona.conduct.graph import Graph
from spona.conduct.verify import clashes, closings, ending, questions, static
from spona.conduct.verify.findings import Code, Finding, Move, Report, Search, Severity
from spona.conduct.verify.questions import Inquiry
from spona.conduct.verify.saying import said
from spona.conduct.verify.trace import MONDAY
from spona.conduct.verify.words import Words

__all__ = [
    "CAP",
    "Code",
    "Finding",
    "Move",
    "Report",
    "Search",
    "Severity",
    "verify",
    "verify_graph",
]

CAP = 4_000  # states for one question
ORDER = list(Severity)
SEARCHED = (
    clashes.contradictions,
    questions.never_happens,
    questions.dead_duties,
    clashes.deadlines_too_short,
    ending.no_way_to_end,
    closings.silent_ways,
    closings.owed_while_closed,
)


def verify(book: Book, cap: int = CAP) -> Report:
    """Everything found in a book, faults first; at most `cap` states for each question."""
    graph = Graph.of(book)
    inquiry = Inquiry(graph, graph.start(MONDAY), book, cap)
    checks = (
        static.hard_before_protective,
        static.no_source,
        static.unfillable_party,
        static.nobody_told,
    )
    inquiry.findings += [found for check in checks for found in check(book)]
    report = _asked(inquiry, Words.of(book))
    never = frozenset(f.acts[0] for f in report.findings if f.code is Code.NEVER_HAPPENS)
    unknown = [_in_words(f, Words.of(book)) for f in static.nobody_finds_out(book, never)]
    return _sorted((*report.findings, *unknown), report.searches)


def verify_graph(graph: Plain, cap: int = CAP) -> Report:
    """The same for a graph of another program, read by `dcrxml`; it has no law and no words, so
    that what is closed while owed is a note."""
    compiled = graph.graph()
    inquiry = Inquiry(compiled, graph.begin(compiled, MONDAY), None, cap)
    return _asked(inquiry, Words(labels=graph.acts))


def _asked(inquiry: Inquiry, words: Words) -> Report:
    for question in SEARCHED:
        question(inquiry)
    found = tuple(_in_words(finding, words) for finding in inquiry.findings)
    return _sorted(found, tuple(inquiry.searches))


def _in_words(finding: Finding, words: Words) -> Finding:
    return replace(finding, said={lang: said(finding, words, lang) for lang in ("sr-latn", "en")})


def _sorted(findings: tuple[Finding, ...], searches: tuple[Search, ...]) -> Report:
    ordered = sorted(findings, key=lambda found: ORDER.index(found.severity))
    return Report(tuple(ordered), searches)
