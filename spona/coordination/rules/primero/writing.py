"""Pure: a case of ours as Primero has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from spona.coordination.rules.primero.reading import NOTHING, Row
from spona.coordination.rules.primero.words import (
    IMPLEMENTED,
    NEED_SERVICES,
    OTHER_SERVICE,
    SEX_NAMES,
)
from spona.people.rules import Birth, Precision

MODULE = "primeromodule-cp"


@dataclass(frozen=True, slots=True)
class Told:
    """What a case tells of itself; what is empty is not written. `rest` was once imported."""

    id: str
    closed: bool = False
    code: str = ""
    opened_on: date | None = None
    given: str = ""
    family: str = ""
    sex: str = ""
    birth: Birth = NOTHING
    age: int | None = None
    languages: tuple[str, ...] = ()
    country: str = ""
    lines: tuple[Row, ...] = ()
    referrals: tuple[Row, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)


def case_object(told: Told) -> Row:
    """The case as `GET /api/v2/cases` gives it. What is known here stands before what came once."""
    default: Row = {"module_id": MODULE, "services_section": [], "referrals": []}
    default |= _said({"case_id": told.code, "case_id_display": told.code})
    if told.opened_on:
        default["registration_date"] = told.opened_on.isoformat()
    known: Row = {
        "id": told.id,
        "enabled": True,
        "status": "closed" if told.closed else "open",
        "name_first": told.given,
        "name_last": told.family,
        "name": f"{told.given} {told.family}".strip(),
        "sex": SEX_NAMES.get(told.sex, ""),
        "country_of_origin": told.country,
        "services_section": list(told.lines),
        "referrals": list(told.referrals),
        **_spoken(told),
        **_born(told),
    }
    return default | dict(told.rest) | _said(known)


def _said(row: Row) -> Row:
    return {key: value for key, value in row.items() if value or value is False or value == 0}


def _spoken(told: Told) -> Row:
    others = told.rest.get("language")
    return {"language": [*told.languages, *(others if isinstance(others, list) else [])]}


def _born(told: Told) -> Row:
    if told.birth.on is None:
        return {} if told.age is None else {"age": told.age}
    return {
        "date_of_birth": told.birth.on.isoformat(),
        "birth_precision": told.birth.precision.value,
        "estimated": told.birth.precision is not Precision.DAY,
        "age": told.age,
    }


def line_object(
    uid: str, need: str, *, noted_at: datetime, resolved_at: datetime | None, **referred: Any
) -> Row:
    """A line of `services_section`; `referred` as `referral_line` gives it."""
    row = {
        "unique_id": uid,
        "service_type": NEED_SERVICES.get(need, OTHER_SERVICE),
        "need_code": need,
        "service_response_day_time": stamp(noted_at),
        "service_status_referred": False,
        "service_implemented": IMPLEMENTED if resolved_at else "not_implemented",
        **referred,
    }
    return row | ({"service_implemented_day_time": stamp(resolved_at)} if resolved_at else {})


def line_met(row: Row, resolved_at: datetime) -> Row:
    """A line that came from elsewhere, whose need was met here since."""
    if row.get("service_implemented") == IMPLEMENTED:
        return row
    done = {"service_implemented": IMPLEMENTED, "service_implemented_day_time": stamp(resolved_at)}
    return row | done


def referral_line(agency: str, provider: str) -> Row:
    """What a line says once somebody was asked."""
    return {
        "service_status_referred": True,
        "service_implementing_agency": agency,
        "service_provider": provider,
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A referral as far as Primero can say it."""

    id: UUID
    case_id: str
    line_id: str
    need: str
    sender: str
    recipient: str
    sent_at: datetime | None
    decision: str
    reason: str
    decided_at: datetime | None
    done: bool
    withdrawn: bool


def referral_object(asked: Asked) -> Row:
    """One of `referrals`; what `POST /cases/:id/referrals` takes is among it. Primero addresses a
    user, we an institution: its key stands for both."""
    row = {
        "id": str(asked.id),
        "type": "Referral",
        "status": _status_of(asked),
        "record_id": asked.case_id,
        "record_type": "case",
        "transitioned_to": asked.recipient,
        "transitioned_to_agency": asked.recipient,
        "transitioned_by": asked.sender,
        "service": NEED_SERVICES.get(asked.need, OTHER_SERVICE),
        "notes": "",
        "remote": False,
        "consent_overridden": False,
        "consent_individual_transfer": False,
    }
    if asked.sent_at:
        row["created_at"] = stamp(asked.sent_at)
    if asked.line_id:
        row["service_record_id"] = asked.line_id
    if asked.decided_at:
        row["responded_at"] = stamp(asked.decided_at)
    return row | ({"rejected_reason": asked.reason} if row["status"] == "rejected" else {})


def _status_of(asked: Asked) -> str:
    if asked.withdrawn:
        return "revoked"
    if asked.done:
        return "done"
    if asked.decision.startswith("accepted"):
        return "accepted"
    return "rejected" if asked.decision == "declined" else "in_progress"


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
