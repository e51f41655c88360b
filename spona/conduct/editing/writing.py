"""How values are written: plain where YAML and `yamltree` read the same again, else in quotes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spona.conduct.yamltree import FRACTION, INTEGER, WORDS

INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
BRACKETS = frozenset(",[]{}")


def scalar(value: Any, flow: bool, style: str = "plain") -> str:
    """A scalar; `style` is that of what stood there before and is kept where that is possible."""
    if value is None or value is True or value is False:
        return json.dumps(value)
    if not isinstance(value, str):
        return str(value)
    if style == "'" and _one_line(value):
        return "'" + value.replace("'", "''") + "'"
    return value if style == "plain" and _plain(value, flow) else quoted(value)


def quoted(text: str) -> str:
    """In double quotes; what cannot be printed as an escape."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if _printable(sign):
        return sign
    code = ord(sign)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _printable(sign: str) -> bool:
    return sign.isprintable() and sign != "\ufeff"


def _one_line(text: str) -> bool:
    return all(map(_printable, text))


def _plain(text: str, flow: bool) -> bool:
    if text in WORDS or INTEGER.fullmatch(text) or FRACTION.fullmatch(text):
        return False
    if text != text.strip() or not _one_line(text):
        return False
    if text[0] in INDICATORS and not (text[0] == "-" and text[1:2].isalnum()):
        return False
    if ": " in text or " #" in text or text.endswith(":") or text.startswith(("---", "...")):
        return False
    return not flow or (BRACKETS.isdisjoint(text) and ":" not in text)


def flow(value: Any) -> str:
    """Any value on one line: {a: b, c: [d, e]}."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_of(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, flow=True)


def key_of(key: str) -> str:
    return key if _plain(key, flow=True) else quoted(key)


def block(value: Any, indent: int) -> str:
    """A value after a dash, or a mapping after its key, as the books of this house are written:
    keys on lines, what is deeper in brackets, lists of groups on lines. No line break at the end.
    """
    if not isinstance(value, Mapping) or not value:
        return _leaf(value)
    pad = " " * indent
    return f"\n{pad}".join(entry(key, one, indent) for key, one in value.items())


def entry(key: str, value: Any, indent: int) -> str:
    """`key: value`, without the indent of its first line."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        pad = " " * (indent + 2)
        lines = "".join(f"\n{pad}- {flow(one)}" for one in value)
        return f"{key_of(key)}:{lines}"
    return f"{key_of(key)}: {_leaf(value)}"


def _leaf(value: Any) -> str:
    return flow(value) if isinstance(value, Mapping | list) else scalar(value, flow=False)
