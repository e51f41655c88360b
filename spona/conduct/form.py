"""The form of a rule book (schema.json), and what departs from it in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

Departure = tuple[tuple[str | int, ...], str]

# The key by which each form of a row is known, in the order of the schema's `rows`;
# the first that stands in a row decides, so `every` comes before `must`.
ROW_SIGNS = (
    ("every", 1),
    ("must", 0),
    ("before", 2),
    ("while_owed", 3),
    ("extends", 6),
    ("closes", 5),
    ("opens", 4),
    ("never", 7),
    ("principle", 8),
)
TYPES = {
    "string": "text (numbers and dates in quotes)",
    "object": "a group of keys",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
}


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema 2020-12 of a rule book."""
    text = files("spona.conduct").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


PARTS = {"parties": "party", "facts": "fact", "acts": "act", "rules": "rule"}


@cache
def _validator(part: str = "") -> Draft202012Validator:
    """Of one part of a book, or of the whole without its parts."""
    whole = schema()
    if part:
        return Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]})
    known = dict(whole["properties"])
    for section in PARTS:
        inner = "items" if section == "rules" else "additionalProperties"
        known[section] = {**known[section], inner: True}
    return Draft202012Validator({**whole, "properties": known})


def departures(data: Any) -> list[Departure]:
    """Every place of `data` that departs from the schema, with one sentence each.

    A part that was looked at before is not looked at again: whoever edits changes one of hundreds.
    """
    found = [one for error in _validator().iter_errors(data) for one in _told(error)]
    for section, step, part in _parts(data):
        written = json.dumps(part, ensure_ascii=False)
        found += [((section, step, *at), said) for at, said in _of_part(PARTS[section], written)]
    return found


def _parts(data: Any) -> Iterator[tuple[str, str | int, Any]]:
    for section in PARTS:
        parts = data.get(section) if isinstance(data, dict) else None
        if section == "rules" and isinstance(parts, list):
            yield from ((section, number, part) for number, part in enumerate(parts))
        elif section != "rules" and isinstance(parts, dict):
            yield from ((section, key, part) for key, part in parts.items())


@lru_cache(maxsize=4_096)
def _of_part(part: str, written: str) -> tuple[Departure, ...]:
    errors = _validator(part).iter_errors(json.loads(written))
    return tuple(found for error in errors for found in _told(error))


def _told(error: ValidationError) -> Iterator[Departure]:
    schema_here: Any = error.schema
    if error.validator == "anyOf" and "description" not in schema_here:
        yield from _row(error)
        return
    path = tuple(error.absolute_path)
    instance, value = _any(error.instance), _any(error.validator_value)
    if error.validator == "additionalProperties":
        known = schema_here["properties"]
        for key in sorted(instance.keys() - known.keys()):
            yield (*path, key), f"'{key}' is no key here; known are {_list(known)}."
    elif error.validator == "required":
        for key in value:
            if key not in instance and f"'{key}'" in error.message:
                yield path, f"The key '{key}' is missing."
    else:
        yield path, _sentence(error)


def _row(error: ValidationError) -> Iterator[Departure]:
    row = error.instance
    signs = [form for key, form in ROW_SIGNS if isinstance(row, dict) and key in row]
    if not signs:
        yield (
            tuple(error.absolute_path),
            f"This row has no known form; one of {_signs()} is needed.",
        )
        return
    for inner in error.context or ():
        if inner.schema_path[0] == signs[0]:
            yield from _told(inner)


def _signs() -> str:
    return _list([key for key, _ in ROW_SIGNS])


def _sentence(error: ValidationError) -> str:
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    value, schema_here = _any(error.validator_value), _any(error.schema)
    if described := schema_here.get("description"):
        return f"{shown} is not {described}."
    match error.validator:
        case "enum":
            return f"{shown} is not one of {_list(value)}."
        case "const":
            return f"{shown} can only be {json.dumps(value)} here."
        case "type":
            kinds = [value] if isinstance(value, str) else value
            return f"{shown} is not {' or '.join(TYPES[kind] for kind in kinds)}."
        case "minItems":
            return f"{shown} is too short a list; it needs {value} or more."
    return "Something must stand here; it is empty."


def _any(value: Any) -> Any:
    """The validator's own types allow for an unset value, which an error never has."""
    return value


def _list(words: Any) -> str:
    return ", ".join(str(word) for word in words)
