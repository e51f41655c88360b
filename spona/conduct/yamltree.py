"""YAML as plain values that remember the line of every key and item.

Only what JSON knows is understood: `on`, `no` and dates stay text, and anchors are refused, so that
a rule book means one thing to every reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

DEEPEST = 40
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
FRACTION = re.compile(r"[-+]?[0-9]+\.[0-9]+")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Unreadable(Exception):  # noqa: N818 -- what it says of the text
    """The text is no YAML document; carries the one fault that stopped the reading."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(slots=True)
class Tree:
    """`data` as JSON would hold it and, for each path into it, the line (from 1)."""

    data: Any
    lines: dict[Path, int]
    repeated: list[tuple[Path, int]] = field(default_factory=list)  # keys that stand twice

    def line(self, path: Path) -> int:
        """The line of `path`, or of its nearest part that stands in the file."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def parse(text: str) -> Tree:
    """The one document of `text`; raises `Unreadable` with the line where reading stopped."""
    tree = Tree(None, {(): 1})
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        _documents(tree, events)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(
            _line(error.problem_mark), f"This is not YAML: {error.problem}."
        ) from error
    except yaml.YAMLError as error:
        raise Unreadable(1, f"This is not YAML: {' '.join(str(error).split())}.") from error
    return tree


def _documents(tree: Tree, events: Iterator[yaml.Event]) -> None:
    next(events)
    first = next(events)
    if isinstance(first, yaml.StreamEndEvent):
        raise Unreadable(1, "The file is empty.")
    tree.data = _value(tree, events, next(events), ())
    next(events)
    more = next(events)
    if not isinstance(more, yaml.StreamEndEvent):
        raise Unreadable(
            _line(more.start_mark), "A rule book is one document; a second begins here."
        )


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark else 1


def _value(tree: Tree, events: Iterator[yaml.Event], event: yaml.Event, path: Path) -> Any:
    line = _line(event.start_mark)
    tree.lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Unreadable(line, "Anchors and aliases (& and *) are not used in rule books.")
    if len(path) > DEEPEST:
        raise Unreadable(line, f"Nothing in a rule book is nested deeper than {DEEPEST} levels.")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(tree, events, path)
    return _mapping(tree, events, path)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FRACTION.fullmatch(text) else text


def _sequence(tree: Tree, events: Iterator[yaml.Event], path: Path) -> list[Any]:
    items: list[Any] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_value(tree, events, event, (*path, len(items))))
    return items


def _mapping(tree: Tree, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = _line(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable(line, "A key is one word.")
        key = str(event.value)
        if key in mapping:
            tree.repeated.append(((*path, key), line))
        tree.lines[(*path, key)] = line
        mapping[key] = _value(tree, events, next(events), (*path, key))
    return mapping
