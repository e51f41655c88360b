"""Pure: the stages of a handover as the fold of its events. No clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Columns = dict[str, Any]

NOTHING: Mapping[str, Any] = {
    "unplanned": False,
    "planned_for": None,
    "notified_at": None,
    "confirmed_at": None,
    "confirmed_by_name": "",
    "refused_at": None,
    "refusal": "",
    "departed_at": None,
    "expected_at": None,
    "arrived_at": None,
    "taken_at": None,
    "taken_by_name": "",
    "done_at": None,
    "cancelled_at": None,
    "ended_at": None,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that counts: its act, when, who typed it, what was asked."""

    act: str
    at: datetime
    who: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


def stages(events: Iterable[Happened]) -> Columns:
    """The columns of the handover after these events, in their order."""
    columns = dict(NOTHING)
    for event in events:
        columns |= STAGES.get(event.act, _nothing)(event)
    return columns


def _nothing(_event: Happened) -> Columns:
    return {}


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) and written else None


def _planned(event: Happened) -> Columns:
    return {"planned_for": _moment(event.form.get("planned_for"))}


def _confirmed(event: Happened) -> Columns:
    who = str(event.form.get("taken_by") or event.who)
    return {"confirmed_at": event.at, "confirmed_by_name": who, "refused_at": None, "refusal": ""}


def _refused(event: Happened) -> Columns:
    return {"refused_at": event.at, "refusal": str(event.form.get("reason") or "")}


def _departed(event: Happened) -> Columns:
    return {"departed_at": event.at, "expected_at": _moment(event.form.get("expected_at"))}


def _at(column: str) -> Callable[[Happened], Columns]:
    return lambda event: {column: event.at}


STAGES: Mapping[str, Callable[[Happened], Columns]] = {
    "move_planned": _planned,
    "moved_unplanned": lambda _event: {"unplanned": True},
    "receiving_notified": _at("notified_at"),
    "receiving_confirmed": _confirmed,
    "competence_refused": _refused,
    "departed": _departed,
    "arrived": _at("arrived_at"),
    "case_taken": lambda event: {"taken_at": event.at, "taken_by_name": event.who},
    "joint_confirmed": _at("done_at"),
    "access_ended": _at("ended_at"),
    "cancelled": lambda event: {"cancelled_at": event.at, "ended_at": event.at},
}
