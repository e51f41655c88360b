"""The text of a rule book and its values, as one immutable thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spona.conduct.editing.spans import Node, nodes
from spona.conduct.editing.splices import Change, Splice, applied, same
from spona.conduct.yamltree import Path, Tree, Unreadable, parse


class CannotEdit(Exception):  # noqa: N818 -- what it says of the text
    """This place is written in a way that only its author can change, in the text itself."""


@dataclass(frozen=True)
class Document:
    """A YAML text; `data` is what it says. Raises `yamltree.Unreadable` where it is none."""

    text: str

    @cached_property
    def tree(self) -> Tree:
        return parse(self.text)

    @property
    def data(self) -> Any:
        return self.tree.data

    def get(self, path: Path) -> Any:
        """The value at `path`; raises `KeyError` or `IndexError`."""
        value = self.data
        for step in path:
            value = value[step]
        return value

    def put(self, path: Path, value: Any) -> Document:
        """The document with `value` at `path`, whose parent exists; all else as it stands.

        Raises `CannotEdit` where the text around cannot take it.
        """
        return self._changed(_with(self.data, path, value))

    def remove(self, path: Path) -> Document:
        """The document without the key or item at `path`; comments on lines of their own stay."""
        return self._changed(_without(self.data, path))

    def insert(self, path: Path, value: Any) -> Document:
        """The document with `value` as an item before the one at `path`, or as the last."""
        parent = list(self.get(path[:-1]))
        parent.insert(int(path[-1]), value)
        return self.put(path[:-1], parent)

    def _changed(self, data: Any) -> Document:
        splices = list(Change(self.text).splices(nodes(self.text), self.data, data))
        changed = Document(applied(self.text, splices))
        try:
            if same(changed.data, data) and not changed.tree.repeated[len(self.tree.repeated) :]:
                return changed
        except Unreadable:
            pass
        raise CannotEdit


def _with(data: Any, path: Sequence[str | int], value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [_with(one, rest, value) if n == step else one for n, one in enumerate(data)]
    return {**data, step: _with(data.get(step), rest, value)}


def _without(data: Any, path: Sequence[str | int]) -> Any:
    step, rest = path[0], path[1:]
    if rest:
        return _with(data, [step], _without(data[step], rest))
    if isinstance(data, list):
        return [one for number, one in enumerate(data) if number != step]
    return {key: one for key, one in data.items() if key != step}


def hull(before: str, after: str) -> Splice:
    """The one splice that makes `before` into `after`; the other way round it undoes it."""
    head = _common(before, after)
    rest = min(len(before), len(after)) - head
    tail = _common(before[::-1], after[::-1], rest)
    return Splice(head, len(before) - tail, after[head : len(after) - tail])


def _common(one: str, other: str, most: int | None = None) -> int:
    """How long the common beginning is, at most `most`."""
    low, high = 0, min(len(one), len(other)) if most is None else most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


__all__ = ["CannotEdit", "Document", "Node", "hull"]
