"""Walks through plain graphs, compared with what another implementation expects after each step.

The form is that of ../shared/oracles/dcr.json: a list `cases`, each with `events`, `relations`,
`initial` and `steps`; times are hours from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from spona.conduct.book import Kind
from spona.conduct.graph import Graph
from spona.conduct.marking import Blocked, Marking
from spona.conduct.relations import Relation

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EXECUTED = (Kind.RESPONSE, Kind.CONDITION, Kind.MILESTONE, Kind.INCLUDE, Kind.EXCLUDE)
KINDS = {kind.value: kind for kind in EXECUTED}
HOUR = timedelta(hours=1)


SCHEMA = {
    "type": "object",
    "required": ["events", "relations", "initial", "steps"],
    "properties": {
        "events": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "relations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "source", "target"],
                "properties": {
                    "type": {"enum": sorted(KINDS)},
                    "source": {"type": "string"},
                    "target": {"type": "string"},
                    "deadline_h": {"type": ["number", "null"], "minimum": 0},
                    "delay_h": {"type": ["number", "null"], "minimum": 0},
                },
            },
        },
        "initial": {
            "type": "object",
            "properties": {
                "executed": {"$ref": "#/$defs/marked"},
                "included": {"type": "array", "items": {"type": "string"}},
                "pending": {"$ref": "#/$defs/marked"},
            },
        },
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["execute", "at_h", "enabled", "accepting", "included", "pending"],
                "properties": {
                    "execute": {"type": ["string", "null"]},
                    "at_h": {"type": "number"},
                    "enabled": {"type": "array", "items": {"type": "string"}},
                    "accepting": {"type": "boolean"},
                    "included": {"type": "array", "items": {"type": "string"}},
                    "pending": {"type": "object"},
                },
            },
        },
    },
    "$defs": {
        "marked": {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
            ]
        }
    },
}
_VALIDATOR = Draft202012Validator(SCHEMA)


class WrongShape(ValueError):  # noqa: N818 -- it is said of the file
    """A case is not of the form above; the message is a sentence."""


def walk(case: Any) -> str | None:
    """The first difference of a case, or None; raises `WrongShape`."""
    _validate(case)
    try:
        graph, marking = _begin(case)
        return _compare(graph, marking, case["steps"])
    except (OverflowError, ValueError) as error:
        raise WrongShape(f"{name(case)} holds a time that no calendar knows.") from error


def name(case: Any) -> str:
    return f"The case {case['id']}" if isinstance(case, dict) and "id" in case else "A case"


def _validate(case: Any) -> None:
    error = best_match(_VALIDATOR.iter_errors(case))
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "the case"
        raise WrongShape(f"{name(case)} is no walk of the known form: {place}: {error.message}.")
    strange = sorted(set(_named(case)) - set(case["events"]))
    if strange:
        raise WrongShape(f"{name(case)} names {strange[0]}, which is none of its events.")


def _named(case: Any) -> Iterator[str]:
    for relation in case["relations"]:
        yield from (relation["source"], relation["target"])
    for acts in case["initial"].values():
        yield from acts
    yield from (step["execute"] for step in case["steps"] if step["execute"] is not None)


def _begin(case: Mapping[str, Any]) -> tuple[Graph, Marking]:
    graph = Graph.from_relations(case["events"], [_relation(r) for r in case["relations"]])
    initial = case["initial"]
    executed = {act: at or EPOCH for act, at in _moments(initial.get("executed", ()))}
    included = initial.get("included", case["events"])
    pending = dict(_moments(initial.get("pending", ())))
    return graph, graph.marking(EPOCH, executed, included, pending)


def _relation(data: Mapping[str, Any]) -> Relation:
    hours = data.get("deadline_h") if data["type"] == "response" else data.get("delay_h")
    return Relation(
        KINDS[data["type"]],
        data["source"],
        (data["target"],),
        length=None if hours is None else timedelta(hours=hours),
    )


def _moments(acts: Any) -> Iterator[tuple[str, datetime | None]]:
    """A list of acts, or acts with their hour (null: none)."""
    hours = acts if isinstance(acts, dict) else dict.fromkeys(acts)
    for act, hour in hours.items():
        yield act, None if hour is None else EPOCH + timedelta(hours=hour)


def _compare(graph: Graph, marking: Marking, steps: list[Mapping[str, Any]]) -> str | None:
    for number, step in enumerate(steps):
        at = EPOCH + timedelta(hours=step["at_h"])
        place = f"step {number} ({step['execute'] or 'start'} at {step['at_h']} h)"
        if step["execute"] is not None:
            try:
                marking = graph.execute(marking, step["execute"], at).marking
            except Blocked as blocked:
                return f"{place}: {blocked}"
        seen = observed(graph, marking, at)
        for key, value in seen.items():
            expected = step[key]
            if value != (sorted(expected) if isinstance(expected, list) else expected):
                return f"{place}: {key} is {value}, expected {expected}"
    return None


def observed(graph: Graph, marking: Marking, at: datetime) -> dict[str, Any]:
    """What a walk compares: enabled, accepting, included, and pending in hours from the start."""
    return {
        "enabled": sorted(graph.enabled(marking, at)),
        "accepting": graph.may_end(marking),
        "included": sorted(graph.included(marking)),
        "pending": {
            duty.acts[0]: None if duty.due is None else (duty.due - EPOCH) / HOUR
            for duty in graph.owed(marking)
        },
    }
