"""Pure: records of a JSON file, one after the other, in memory that does not grow with the file.

Primero writes cases in several ways, and all are read here: the reply of its API
(`{"data": [...], "metadata": {...}}`), a bare list, a single object, and its JSON export, which is
a list after each five hundred records, back to back (`json_exporter.rb`).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

Read = Callable[[int], bytes]

CHUNK = 64 * 1024
LARGEST = 16 * 1024 * 1024  # characters of one record: more is no case
SPACE = " \t\r\n"
BOM = "\ufeff"


class NotJson(ValueError):  # noqa: N818 - an answer, not an accident
    """The file cannot be read; `at` is the byte where, `why` is one of the words below."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(f"{why} at byte {at}")
        self.why, self.at = why, at


NOT_UTF8, MALFORMED, CUT_OFF, TOO_LARGE, NOT_A_RECORD = (
    "not_utf8",
    "malformed",
    "cut_off",
    "too_large",
    "not_a_record",
)


def records(read: Read) -> Iterator[dict[str, Any]]:
    """Every record of the file that `read(size)` gives in bytes. Raises `NotJson`."""
    source = _Source(read)
    while source.peek():
        yield from _top(source)


def _top(source: _Source) -> Iterator[dict[str, Any]]:
    if source.peek() == "[":
        yield from _list(source)
    elif source.peek() == "{":
        yield from _object(source)
    else:
        raise source.fault(NOT_A_RECORD)


def _list(source: _Source) -> Iterator[dict[str, Any]]:
    source.take("[")
    if source.accept("]"):
        return
    while True:
        if source.peek() != "{":
            raise source.fault(NOT_A_RECORD if source.peek() else CUT_OFF)
        yield source.value()
        if source.accept("]"):
            return
        source.take(",")


def _object(source: _Source) -> Iterator[dict[str, Any]]:
    """An envelope whose `data` is a list, or else one record."""
    whole: dict[str, Any] = {}
    enveloped = False
    source.take("{")
    while not source.accept("}"):
        if whole or enveloped:
            source.take(",")
        key = source.value()
        if not isinstance(key, str):
            raise source.fault(MALFORMED)
        source.take(":")
        if key == "data" and source.peek() == "[":
            enveloped = True
            yield from _list(source)
        else:
            whole[key] = source.value()
    if not enveloped:
        inner = whole.get("data")
        yield inner if whole.keys() == {"data"} and isinstance(inner, dict) else whole


class _Source:
    """The text that is not yet read, and how many bytes were before it."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._text, self._before, self._fed, self._over = "", 0, 0, False

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            space = SPACE if self._before else SPACE + BOM
            self._drop(len(self._text) - len(self._text.lstrip(space)))
            if self._text or not self._fill():
                return self._text[:1]

    def accept(self, character: str) -> bool:
        found = self.peek() == character
        if found:
            self._drop(1)
        return found

    def take(self, character: str) -> None:
        if not self.accept(character):
            raise self.fault(MALFORMED if self._text else CUT_OFF)

    def value(self) -> Any:
        """The next value. What is cut by the edge of a chunk is tried again with twice the text."""
        self.peek()
        size = CHUNK
        while True:
            try:
                value, end = self._json.raw_decode(self._text)
            except json.JSONDecodeError as error:
                if not self._fill(size):
                    raise self._where(error) from None
            except (ValueError, RecursionError):
                raise self.fault(MALFORMED) from None
            else:
                if end < len(self._text) or not self._fill(size):
                    self._drop(end)
                    return value
            if len(self._text) > LARGEST:
                raise self.fault(TOO_LARGE)
            size = len(self._text)

    def fault(self, why: str, offset: int = 0) -> NotJson:
        return NotJson(why, self._before + _bytes(self._text[:offset]))

    def _where(self, error: json.JSONDecodeError) -> NotJson:
        over = error.pos >= len(self._text.rstrip(SPACE)) or error.msg.startswith("Unterminated")
        return self.fault(CUT_OFF if over else MALFORMED, error.pos)

    def _drop(self, characters: int) -> None:
        self._before += _bytes(self._text[:characters])
        self._text = self._text[characters:]

    def _fill(self, size: int = CHUNK) -> bool:
        """Read on; false at the end of the file."""
        if self._over:
            return False
        chunk = self._read(size)
        self._over = not chunk
        pending = len(self._decoder.getstate()[0])
        try:
            self._text += self._decoder.decode(chunk, final=self._over)
        except UnicodeDecodeError as error:
            raise NotJson(NOT_UTF8, self._fed - pending + error.start) from None
        self._fed += len(chunk)
        return not self._over


def _bytes(text: str) -> int:
    return len(text.encode())


def _no_constant(name: str) -> Any:
    raise ValueError(name)
