"""Reading of YAML rows: typed, strict, and every fault says which file and which row.

A row is taken apart key by key; a key that nobody took is a fault, so a misspelt key is never
silently lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


class RowError(ValueError):
    """A row that does not say what it must: file, key of the row, and what is wrong."""


class Row:
    """One mapping of a data file; `name` is what faults are reported under."""

    def __init__(self, content: object, name: str) -> None:
        if not isinstance(content, Mapping):
            raise RowError(f"{name}: not a mapping")
        self.name = f"{name}: {content.get('key', content.get('code', '?'))}"
        self._left: dict[str, Any] = dict(content)

    def fault(self, text: str) -> RowError:
        return RowError(f"{self.name}: {text}")

    def has(self, key: str) -> bool:
        return self._left.get(key) is not None

    def _take(self, key: str, kind: type[Value]) -> Value:
        found = self._left.pop(key, None)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise self.fault(f"{key} must be {kind.__name__}, is {found!r}")
        return found

    def text(self, key: str) -> str:
        found = self._take(key, str).strip()
        if not found:
            raise self.fault(f"{key} is empty")
        return found

    def maybe(self, key: str, read: Callable[[str], Value]) -> Value | None:
        """`read(key)`, or None where the key is absent or null."""
        if self.has(key):
            return read(key)
        self._left.pop(key, None)
        return None

    def value(self, key: str) -> Any:
        """Whatever stands there, null as well; only an absent key is a fault."""
        if key not in self._left:
            raise self.fault(f"{key} is missing")
        return self._left.pop(key)

    def integer(self, key: str) -> int:
        return self._take(key, int)

    def number(self, key: str) -> float:
        found = self._left.pop(key, None)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.fault(f"{key} must be a number, is {found!r}")
        return float(found)

    def date(self, key: str) -> date:
        return self._take(key, date)

    def flag(self, key: str) -> bool:
        """True or false; an absent flag is false."""
        return self._take(key, bool) if key in self._left else False

    def choice(self, key: str, among: type[Choice]) -> Choice:
        return self._one(key, self.text(key), among)

    def choices(self, key: str, among: type[Choice]) -> tuple[Choice, ...]:
        return tuple(self._one(key, found, among) for found in self.texts(key))

    def _one(self, key: str, found: str, among: type[Choice]) -> Choice:
        try:
            return among(found)
        except ValueError:
            raise self.fault(f"{key} is none of {', '.join(among)}: {found}") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent list is empty."""
        found = self._take(key, list) if key in self._left else []
        if not all(isinstance(item, str) for item in found):
            raise self.fault(f"{key} must be a list of texts")
        return tuple(found)

    def row(self, key: str) -> Row:
        return Row(self._left.pop(key, None), f"{self.name}.{key}")

    def rows(self, key: str) -> Iterator[Row]:
        """Rows of a nested list; an absent list is empty."""
        found = self._take(key, list) if key in self._left else []
        return (Row(item, f"{self.name}.{key}") for item in found)

    def flags(self, key: str) -> dict[str, bool]:
        """A mapping of names to true or false; an absent one is empty."""
        found = self._take(key, dict) if key in self._left else {}
        if not all(isinstance(value, bool) for value in found.values()):
            raise self.fault(f"{key} must hold only true and false")
        return found

    def end(self) -> None:
        """Nothing may be left over."""
        if self._left:
            raise self.fault(f"unknown keys: {', '.join(sorted(self._left))}")


def read_rows(path: Path, build: Callable[[Row], Value]) -> tuple[Value, ...]:
    """Every row of a file that is one list, built and fully consumed. Raises RowError."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, list):
        raise RowError(f"{path.name}: not a list of rows")
    return tuple(_whole(Row(item, path.name), build) for item in content)


def _whole(row: Row, build: Callable[[Row], Value]) -> Value:
    built = build(row)
    row.end()
    return built
