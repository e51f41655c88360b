"""Event logs as XES (IEEE 1849), read as a stream: the memory is that of the log's values.

XML of strangers is read without entities or outside references (defusedxml).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from spona.conduct.replay.log import Entry, Log, Oddities, Unusable, gathered

NAME, TIME = "concept:name", "time:timestamp"
RESOURCES = ("org:group", "org:resource", "org:role")
FLAGS = {"true": True, "false": False}


def read_xes(stream: IO[bytes], odd: Oddities, resource: str = "") -> Log:
    """The log in `stream`; `resource` names the attribute that says who did it, else the first of
    `RESOURCES` that an event has. Raises `Unusable`."""
    try:
        return gathered(_traces(stream, odd, resource), odd)
    except (ParseError, DefusedXmlException, ValueError, EOFError) as error:
        raise Unusable(f"This is no XES that may be read: {error}.") from error


def _traces(
    stream: IO[bytes], odd: Oddities, resource: str
) -> Iterator[tuple[str, dict[str, Any], list[Entry]]]:
    root: Element | None = None
    for moment, element in iterparse(stream, events=("start", "end")):
        if root is None:
            root = element
            if _tag(root) != "log":
                raise ValueError(f"it begins with {_tag(root)} and not with log")
        if moment == "end" and _tag(element) == "trace":
            yield _trace(element, odd, resource, len(root))
            element.clear()


def _trace(
    element: Element, odd: Oddities, resource: str, number: int
) -> tuple[str, dict[str, Any], list[Entry]]:
    attributes = _attributes(element, odd)
    case = str(attributes.get(NAME) or f"trace without a name, number {number}")
    events = (child for child in element if _tag(child) == "event")
    entries = [
        _entry(_attributes(event, odd), resource, f"{case}, event {place}")
        for place, event in enumerate(events, 1)
    ]
    return case, attributes, entries


def _entry(attributes: dict[str, Any], resource: str, place: str) -> Entry:
    keys = (resource,) if resource else RESOURCES
    who = next((str(attributes[key]) for key in keys if attributes.get(key)), "")
    at = attributes.get(TIME)
    name = str(attributes.get(NAME, ""))
    return Entry(name, at if hasattr(at, "tzinfo") else None, who, attributes, place)


def _attributes(element: Element, odd: Oddities) -> dict[str, Any]:
    found = {}
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None:
            found[key] = _value(_tag(child), value, odd)
    return found


def _value(kind: str, value: str, odd: Oddities) -> Any:
    """The value in its type; one that is none of its type stays text."""
    if kind == "date":
        return odd.moment(value) or value
    if kind == "boolean":
        return FLAGS.get(value.lower(), value)
    try:
        return {"int": int, "float": float}.get(kind, str)(value)
    except ValueError:
        return value


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
