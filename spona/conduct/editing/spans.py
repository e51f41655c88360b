"""Where each value of a YAML text stands, so that it can be replaced without its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(slots=True)
class Node:
    """One value: text[start:end]. `flow` collections stand in brackets, others in lines.

    `entries` of a mapping are (key, where the key starts, where its colon ends, value); `items`
    of a sequence are values, `dashes` the places of their dashes where it stands in lines.
    """

    start: int
    end: int
    style: str  # plain | ' | " | | | > of a scalar; flow | block of a collection
    kind: str  # scalar | mapping | sequence
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    dashes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    key: str
    start: int
    colon: int  # just after it
    value: Node


def nodes(text: str) -> Node:
    """The tree of a text that `yamltree.parse` has read without complaint."""
    events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            break
    return _node(text, events, next(events))


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """After the line break of the line in which a value that ends at `at` ends."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def column(text: str, at: int) -> int:
    return at - line_start(text, at)


def _node(text: str, events: Iterator[Any], event: Any) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        return Node(start, end, event.style or "plain", "scalar")
    style = "flow" if event.flow_style else "block"
    if isinstance(event, yaml.SequenceStartEvent):
        node = Node(start, end, style, "sequence")
        last = _items(text, events, node)
    else:
        node = Node(start, end, style, "mapping")
        last = _entries(text, events, node)
    node.end = last if style == "flow" else _end(node)
    return node


def _end(node: Node) -> int:
    values = node.items or [entry.value for entry in node.entries]
    return values[-1].end


def _items(text: str, events: Iterator[Any], node: Node) -> int:
    dash = node.start
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        if node.style == "block":
            dash = _dash(text, node, dash)
            node.dashes.append(dash)
        node.items.append(_node(text, events, event))
    return _after(event)


def _dash(text: str, node: Node, before: int) -> int:
    """The dash of the next item: the first in the column of the sequence after the last item."""
    if not node.items:
        return node.start
    indent, at = column(text, node.start), line_end(text, node.items[-1].end)
    while text[at : at + indent].strip(" ") or text[at + indent : at + indent + 1] != "-":
        at = line_end(text, at + 1)
    return at + indent


def _entries(text: str, events: Iterator[Any], node: Node) -> int:
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        value = _node(text, events, next(events))
        colon = text.find(":", event.end_mark.index) + 1
        if value.start == value.end and value.style == "plain":
            value.start = value.end = max(colon, event.end_mark.index)
        node.entries.append(Entry(str(event.value), event.start_mark.index, colon, value))
    return _after(event)


def _after(event: Any) -> int:
    return int(event.end_mark.index)
