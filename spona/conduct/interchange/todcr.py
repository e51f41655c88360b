"""A rule book as a DCR graph: what the graph says exactly, and the whole book beside it.

A relation goes into the graph only where the graph means the same; a graph that said more than the
law would let another program forbid or demand what no rule does. The book itself stands in an
extension element, so that nothing is lost on the way back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, register_namespace

from spona.conduct.book import Act, Book, Kind, Row, Rule, Strength, Unit, Within
from spona.conduct.dcrxml import EXECUTED, Plain, write_dcr
from spona.conduct.interchange.lost import Lost
from spona.conduct.relations import Relation, length
from spona.conduct.text.words import nominative

SPACE = "https://spona.rs/schema/book"
TAG = f"{{{SPACE}}}book"


def to_dcr(book: Book, data: Mapping[str, Any], lang: str = "sr-latn") -> tuple[str, Lost]:
    """The XML of `book`, whose document is `data`, and what its graph cannot say."""
    plain, lost = graph_of(book, lang)
    register_namespace("spona", SPACE)
    extension = Element(TAG, {"digest": book.digest, "lang": lang})
    extension.text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return write_dcr(plain, extension), lost


def graph_of(book: Book, lang: str = "sr-latn") -> tuple[Plain, Lost]:
    """The part of a book that a plain timed DCR graph says exactly, and what it leaves out."""
    lost = Lost()
    found = {
        (relation.kind, relation.source, relation.targets[0], str(relation.length)): relation
        for rule in book.rules
        for row in rule.rows
        for relation in _relations(rule, row, lost)
    }
    for act in book.acts.values():
        _act(act, lost)
    plain = Plain(
        acts={key: act.phrases[lang]["label"] for key, act in book.acts.items()},
        relations=tuple(found.values()),
        executed=frozenset(),
        included=frozenset(key for key, act in book.acts.items() if act.included),
        pending=frozenset(),
        roles={key: _role(book, act, lang) for key, act in book.acts.items()},
    )
    return plain, lost


def _role(book: Book, act: Act, lang: str) -> str:
    party = book.parties.get(act.by[0])
    return nominative(party, lang) if party else act.by[0]


def _act(act: Act, lost: Lost) -> None:
    if act.by_clock:
        lost.say("The graph does not say when the clock acts", act.key)
    if len(act.by) > 1:
        lost.say("The graph names only the first who may do it", act.key)
    if act.protective:
        lost.say("The graph does not mark protective acts", act.key)


def _relations(rule: Rule, row: Row, lost: Lost) -> Iterator[Relation]:
    if sentence := _unsaid(row):
        lost.say(sentence, rule.id)
        return
    within = row.within.term if row.within else None
    if row.within and not _counted(row.within):
        lost.say("The duty is in the graph, its deadline is not a number of hours or days", rule.id)
        within = None
    time = length(within or row.wait)
    yield Relation(row.kind, row.source, row.targets, length=time)
    if row.kind is Kind.RESPONSE and row.opens:
        yield Relation(Kind.INCLUDE, row.source, row.targets)
    if row.renews or row.fresh:
        lost.say("A new deadline replaces the old one, the graph keeps the earliest", rule.id)


def _counted(within: Within) -> bool:
    return within.term is not None and within.term.unit is not Unit.WORKING_DAYS


def _unsaid(row: Row) -> str:
    """Why the graph cannot say a row at all; empty where it can."""
    if row.kind not in EXECUTED:
        return f"Rows of the kind '{row.kind}' are not in the graph"
    if row.becomes:
        return "What is owed because of a fact is not in the graph"
    if row.condition:
        return "Rows with 'if' are not in the graph"
    if row.every:
        return "What is owed again and again is not in the graph"
    if len(row.targets) > 1:
        return "A choice between acts is not in the graph"
    if row.strength is Strength.REASON:
        return "What gives way to a reason is not in the graph"
    if row.wait and row.wait.unit is Unit.WORKING_DAYS:
        return "A wait in working days is not in the graph"
    return ""
