"""Pure: the stages of a referral as the fold of its events. No clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Columns = dict[str, Any]

# Stages in which nothing has happened yet; `sent` begins a referral and is written with the row.
NOTHING: Mapping[str, Any] = {
    "received_at": None,
    "received_by_name": "",
    "decision": "",
    "decided_at": None,
    "decided_by_name": "",
    "answer": "",
    "answer_reason": "",
    "expected_on": None,
    "proposed_id": None,
    "started_at": None,
    "outcome": "",
    "outcome_at": None,
    "confirmed_at": None,
    "withdrawn_at": None,
    "ended_at": None,
    "ended_as": "",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that counts: what it records of the referral, when, who typed it, what was asked."""

    records: str
    at: datetime
    who: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


def stages(events: Iterable[Happened]) -> Columns:
    """The columns of the referral after these events, in their order."""
    columns = dict(NOTHING)
    for event in events:
        columns |= STAGES.get(event.records, _none)(event)
    return columns


def _none(_event: Happened) -> Columns:
    return {}


def _received(event: Happened) -> Columns:
    return {"received_at": event.at, "received_by_name": event.who}


def _decided(decision: str) -> Callable[[Happened], Columns]:
    def columns(event: Happened) -> Columns:
        form = event.form
        return {
            "decision": decision,
            "decided_at": event.at,
            "decided_by_name": event.who,
            "answer": _words(form),
            "answer_reason": str(form.get("reason") or ""),
            "expected_on": _day(form.get("expected_on")),
            "proposed_id": _proposed(form) if decision == "counter_proposed" else None,
        }

    return columns


def _words(form: Mapping[str, Any]) -> str:
    parts = (form.get(key) for key in ("what", "rest", "service", "note"))
    return "\n".join(part for part in parts if part and isinstance(part, str))


def _proposed(form: Mapping[str, Any]) -> int | None:
    """The service chosen from the directory; one that is only named stands in the answer."""
    found = form.get("service")
    return found if isinstance(found, int) else None


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) and written else written or None


def _started(event: Happened) -> Columns:
    return {"started_at": event.at}


def _outcome(event: Happened) -> Columns:
    return {"outcome": str(event.form.get("outcome", "")), "outcome_at": event.at}


def _confirmed(event: Happened) -> Columns:
    return {"confirmed_at": event.at}


def _withdrawn(event: Happened) -> Columns:
    return {"withdrawn_at": event.at}


def _closed(event: Happened) -> Columns:
    return {"ended_at": event.at, "ended_as": str(event.form.get("outcome", ""))}


STAGES: Mapping[str, Callable[[Happened], Columns]] = {
    "referral_received": _received,
    "referral_accepted": _decided("accepted"),
    "referral_accepted_partly": _decided("accepted_partly"),
    "referral_waiting": _decided("waiting_list"),
    "referral_declined": _decided("declined"),
    "referral_countered": _decided("counter_proposed"),
    "referral_started": _started,
    "referral_outcome": _outcome,
    "referral_confirmed": _confirmed,
    "referral_withdrawn": _withdrawn,
    "referral_closed": _closed,
}
