"""Pure: a case as Primero v2 has it, read into our words, and written in its own.

Shape (API v2): a flat object with `id`, `enabled` and the names of fields; subforms are lists of
objects with `unique_id`; `referrals` as `GET /cases/:id/referrals` gives them, which is where the
OpenFn adaptor puts them (`withReferrals`). Each holds the body of `POST /cases/:id/referrals`.
What has no place here stays in `Record.rest`, under its own name. Two names are ours, since Primero
has no field for them: `birth_precision` (day, month, year, estimated) and, in a line of
`services_section`, `need_code` (`system:code`). Service types: `lookup-service-type` of the
configuration of v2 and of the one before it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from spona.coordination.rules.never_stored import without_forbidden
from spona.people.rules import Birth, ImpossibleBirth, Precision, birth_of_age, checked

Row = dict[str, Any]

SEXES = {"male": "m", "female": "f", "other": "other"}
SEX_NAMES = {ours: theirs for theirs, ours in SEXES.items()}
LONGEST_NAME = 120
NOTHING = Birth(None, Precision.UNKNOWN)

# Names of languages as lookups of Primero have them; codes of ISO 639-3 are read as they are.
LANGUAGES = {
    "amharic": "amh",
    "ar": "arb",
    "arabic": "arb",
    "bengali": "ben",
    "dari": "prs",
    "en": "eng",
    "english": "eng",
    "fa": "fas",
    "farsi": "fas",
    "fr": "fra",
    "french": "fra",
    "hindi": "hin",
    "kurmanji": "kmr",
    "pashto": "pus",
    "persian": "fas",
    "russian": "rus",
    "serbian": "srp",
    "somali": "som",
    "sorani": "ckb",
    "spanish": "spa",
    "swahili": "swh",
    "tamil": "tam",
    "tigrinya": "tir",
    "turkish": "tur",
    "urdu": "urd",
    "uzbek": "uzn",
}
SERVICE_NEEDS = {
    "security_e_g_safe_shelter": "own:safety",
    "safehouse_service": "own:safety",
    "education_formal": "own:school",
    "non_formal_education": "own:school",
    "education_service": "own:school",
    "family_tracing_and_reunification": "own:family_tracing",
    "family_reunification_service": "own:family_reunification",
    "basic_psychosocial_support": "own:psychosocial",
    "focuses_non_specialized_mhpss_care": "own:psychosocial",
    "specialized_mhpss_services": "own:psychosocial",
    "psychosocial_service": "own:psychosocial",
    "food": "own:food",
    "food_service": "own:food",
    "nutrition": "own:food",
    "non_food_items": "own:clothing",
    "nfi_clothes_shoes_service": "own:clothing",
    "medical": "own:medical",
    "health_medical_service": "own:medical",
    "sexual_and_reproductive_health": "own:medical",
    "legal_support": "own:legal_help",
    "legal_assistance_service": "own:legal_help",
    "documentation": "own:documents",
    "registration_service": "own:documents",
    "services_for_children_with_disabilities": "own:disability_support",
    "shelter": "own:sleep",
    "alternative_care": "own:sleep",
    "wash": "own:hygiene",
    "water_sanitation_service": "own:hygiene",
}
OTHER_SERVICE = "other_please_specify"
NEED_SERVICES = {need: kind for kind, need in reversed(SERVICE_NEEDS.items())} | {
    "own:family_reunification": "family_tracing_and_reunification",
    "own:water": "wash",
    "own:medical_urgent": "medical",
    "own:medicine": "medical",
    "own:footwear": "non_food_items",
    "own:warmth": "non_food_items",
}
CONSENTS = (
    "consent_for_services",
    "disclosure_other_orgs",
    "consent_for_tracing",
    "consent_reporting",
    "unhcr_export_opt_in",
)
STATUSES = {"inprogress": "in_progress"}  # the documentation spells it so, the code does not
KNOWN_STATUSES = ("in_progress", "accepted", "rejected", "done", "revoked")
IMPLEMENTED = "implemented"


class NotACase(ValueError):  # noqa: N818 - an answer, not an accident
    """The record has no `id` by which it could be known again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of `services_section`. `need` is `system:code`; empty where we have no word for it."""

    uid: str
    need: str
    provider: str
    agency: str
    implemented: bool
    row: Row


@dataclass(frozen=True, slots=True)
class Transition:
    """A referral as it ended there: no state between is known."""

    uid: str
    line_uid: str
    agency: str
    status: str
    sent_at: datetime | None
    decided_at: datetime | None
    row: Row


@dataclass(frozen=True, slots=True)
class Record:
    """A case in our words. `unmapped` are names of fields that have a place here, with a value for
    which we have no word: the value stays in `rest`. `dropped` was never kept (trust.md)."""

    uuid: UUID
    enabled: bool
    closed: bool
    code: str
    changed_at: datetime | None
    given: str
    family: str
    sex: str
    birth: Birth
    languages: tuple[str, ...]
    country: str
    lines: tuple[Line, ...]
    transitions: tuple[Transition, ...]
    consents: Mapping[str, bool]
    rest: Row
    unmapped: tuple[str, ...] = ()
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def script(self) -> str:
        return script_of(self.given + self.family)


# --- reading


def flat(raw: Mapping[str, Any]) -> Row:
    """The case itself, also out of a row of the JSON export, whose other columns are shadows."""
    inner = raw.get("data")
    if isinstance(inner, dict):
        return {**inner, "id": raw.get("id", inner.get("id"))}
    return dict(raw)


def read(
    raw: Mapping[str, Any], *, languages: Container[str], needs: Container[str], today: date
) -> Record:
    """A record of a file. `languages` and `needs` are the codes that exist here; an age without a
    date of birth is counted from `today`. Raises `NotACase`."""
    dropped: Counter[str] = Counter()
    rest: Row = without_forbidden(flat(raw), dropped)
    reader = _Reader(rest, today)
    return Record(
        uuid=_uuid(rest.pop("id", None)),
        enabled=rest.pop("enabled", True) is not False and rest.get("record_state") is not False,
        closed=reader.closed(),
        code=_text(rest.get("case_id_display")) or _text(rest.get("case_id")),
        changed_at=moment(rest.get("last_updated_at")),
        lines=tuple(reader.lines(needs)),
        transitions=tuple(reader.transitions()),
        consents={one: rest[one] for one in CONSENTS if isinstance(rest.get(one), bool)},
        sex=reader.sex(),
        birth=reader.birth(),
        languages=reader.languages(languages),
        country=reader.country(),
        **reader.names(),
        rest=rest,
        unmapped=tuple(reader.unmapped),
        dropped=dropped,
    )


class _Reader:
    """Takes out of `rest` what has a place here, and leaves the other."""

    def __init__(self, rest: Row, today: date) -> None:
        self.rest, self.today = rest, today
        self.unmapped: list[str] = []

    def closed(self) -> bool:
        status = _text(self.rest.get("status")) or "open"
        if status in ("open", "closed"):
            self.rest.pop("status", None)
        return status != "open"

    def names(self) -> dict[str, str]:
        first, last = (_text(self.rest.get(one)) for one in ("name_first", "name_last"))
        whole = _text(self.rest.get("name"))
        given, family = (first, last) if first or last else (whole, "")
        if max(len(given), len(family)) > LONGEST_NAME:
            self.unmapped.append("name")
            return {"given": "", "family": ""}
        for name in ("name_first", "name_last", "name"):
            self._take(name, isinstance(self.rest.get(name), str | None))
        return {"given": given, "family": family}

    def sex(self) -> str:
        found = SEXES.get(_text(self.rest.get("sex")))
        self._take("sex", found is not None)
        return found or "unknown"

    def birth(self) -> Birth:
        found = self._birth()
        if found is None:
            self.unmapped.append("date_of_birth" if "date_of_birth" in self.rest else "age")
            return NOTHING
        for name in ("date_of_birth", "estimated", "birth_precision", "age"):
            self.rest.pop(name, None)
        return found

    def _birth(self) -> Birth | None:
        written, age = self.rest.get("date_of_birth"), self.rest.get("age")
        try:
            if written is not None:
                on = date.fromisoformat(written)
                return checked(_first_day(on, self._precision()), today=self.today)
            if age is not None:
                return birth_of_age(_whole(age), today=self._said_on())
        except (ImpossibleBirth, ValueError, TypeError):
            return None
        return NOTHING

    def _precision(self) -> Precision:
        ours = self.rest.get("birth_precision")
        if ours in (Precision.MONTH, Precision.YEAR, Precision.ESTIMATED):
            return Precision(ours)
        return Precision.ESTIMATED if self.rest.get("estimated") is True else Precision.DAY

    def _said_on(self) -> date:
        """An age was true when it was written down."""
        written = moment(self.rest.get("registration_date")) or moment(self.rest.get("created_at"))
        return written.date() if written else self.today

    def languages(self, known: Container[str]) -> tuple[str, ...]:
        said = self.rest.get("language")
        spoken = said if isinstance(said, list) else [said] if said else []
        found = {one: _language(one, known) for one in spoken if isinstance(one, str)}
        unknown = [one for one in spoken if not isinstance(one, str) or not found[one]]
        if unknown:
            self.rest["language"] = unknown
            self.unmapped.append("language")
        else:
            self.rest.pop("language", None)
        return tuple(dict.fromkeys(code for code in found.values() if code))

    def country(self) -> str:
        said = _text(self.rest.get("country_of_origin"))
        ours = len(said) == 2 and said.isascii() and said.isalpha() and said.isupper()
        if ours:
            del self.rest["country_of_origin"]
        return said if ours else ""

    def lines(self, needs: Container[str]) -> Iterator[Line]:
        for row in self._rows("services_section"):
            uid = _text(row.get("unique_id"))
            if uid and row.get("_destroy") is not True:
                yield _line(uid[:64], row, needs)

    def transitions(self) -> Iterator[Transition]:
        for row in self._rows("referrals"):
            inner = row.get("data", row)
            uid = _text(inner.get("id")) if isinstance(inner, dict) else ""
            if uid:
                yield _transition(uid[:64], inner)

    def _rows(self, name: str) -> list[Row]:
        """A subform whose lines are all objects; another stays where it was."""
        rows = self.rest.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            if rows is not None:
                self.unmapped.append(name)
            return []
        del self.rest[name]
        return rows

    def _take(self, name: str, understood: bool) -> None:
        if understood:
            self.rest.pop(name, None)
        elif self.rest.get(name) not in (None, ""):
            self.unmapped.append(name)


def _line(uid: str, row: Row, needs: Container[str]) -> Line:
    need = _text(row.get("need_code")) or SERVICE_NEEDS.get(_text(row.get("service_type")), "")
    return Line(
        uid=uid,
        need=need if need in needs else "",
        provider=_text(row.get("service_provider")),
        agency=_text(row.get("service_implementing_agency")),
        implemented=row.get("service_implemented") == IMPLEMENTED,
        row=row,
    )


def _transition(uid: str, row: Row) -> Transition:
    said = _text(row.get("status"))
    status = STATUSES.get(said, said)
    return Transition(
        uid=uid,
        line_uid=_text(row.get("service_record_id"))[:64],
        agency=_text(row.get("transitioned_to_agency")),
        status=status if status in KNOWN_STATUSES else "",
        sent_at=moment(row.get("created_at")),
        decided_at=moment(row.get("responded_at")),
        row={**row, "status": status} if said else row,
    )


def _language(said: str, known: Container[str]) -> str:
    code = LANGUAGES.get(said.lower(), said.lower())
    return code if code in known else ""


def _first_day(on: date, precision: Precision) -> Birth:
    if precision is Precision.DAY:
        return Birth(on, precision)
    return Birth(on.replace(day=1, month=on.month if precision is Precision.MONTH else 1), precision)


def _whole(age: Any) -> int:
    if isinstance(age, bool) or not isinstance(age, int):
        raise ValueError(age)
    return age


def _uuid(said: Any) -> UUID:
    try:
        return UUID(_text(said))
    except ValueError:
        raise NotACase(str(said)) from None


def _text(said: Any) -> str:
    return said.strip().replace("\x00", "") if isinstance(said, str) else ""


def moment(said: Any) -> datetime | None:
    """A day or a moment of ISO 8601; a moment without a zone is of UTC, as Primero writes it."""
    try:
        found = datetime.fromisoformat(_text(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def script_of(name: str) -> str:
    """The script (ISO 15924) of the first letter of a name."""
    for letter in name:
        word = unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
        if word:
            return {"ARABIC": "Arab", "CYRILLIC": "Cyrl"}.get(word, "Latn")
    return "Latn"


# --- writing


@dataclass(frozen=True, slots=True)
class Told:
    """What a case tells of itself; what is empty is not written. `rest` was once imported."""

    id: UUID
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
    """The case as `GET /api/v2/cases` gives it."""
    written: Row = {
        "case_id": told.code,
        "case_id_display": told.code,
        "registration_date": told.opened_on.isoformat() if told.opened_on else "",
        "module_id": "primeromodule-cp",
        **told.rest,
        "id": str(told.id),
        "enabled": True,
        "name_first": told.given,
        "name_last": told.family,
        "name": f"{told.given} {told.family}".strip(),
        "services_section": list(told.lines),
        "referrals": list(told.referrals),
        **_status(told),
        **_who(told),
    }
    return {key: value for key, value in written.items() if value != "" or key in told.rest}


def _status(told: Told) -> Row:
    stated = told.rest.get("status")
    return {"status": "closed" if told.closed else stated or "open"}


def _who(told: Told) -> Row:
    found: Row = {"country_of_origin": told.country} if told.country else {}
    if told.sex in SEX_NAMES:
        found["sex"] = SEX_NAMES[told.sex]
    if told.languages:
        others = told.rest.get("language")
        found["language"] = [*told.languages, *(others if isinstance(others, list) else [])]
    if told.birth.on is not None:
        found |= {
            "date_of_birth": told.birth.on.isoformat(),
            "birth_precision": told.birth.precision.value,
            "estimated": told.birth.precision is not Precision.DAY,
            "age": told.age,
        }
    return found


def line_object(
    uid: UUID, need: str, *, noted_at: datetime, resolved_at: datetime | None, **referred: Any
) -> Row:
    """A line of `services_section`; `referred` as `referral_line` gives it."""
    row = {
        "unique_id": str(uid),
        "service_type": NEED_SERVICES.get(need, OTHER_SERVICE),
        "need_code": need,
        "service_response_day_time": stamp(noted_at),
        "service_status_referred": False,
        "service_implemented": IMPLEMENTED if resolved_at else "not_implemented",
        **referred,
    }
    return row | ({"service_implemented_day_time": stamp(resolved_at)} if resolved_at else {})


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
    case_id: UUID
    line_id: UUID | None
    need: str
    sender: str
    recipient: str
    sent_at: datetime
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
        "record_id": str(asked.case_id),
        "record_type": "case",
        "transitioned_to": asked.recipient,
        "transitioned_to_agency": asked.recipient,
        "transitioned_by": asked.sender,
        "service": NEED_SERVICES.get(asked.need, OTHER_SERVICE),
        "notes": "",
        "remote": False,
        "consent_overridden": False,
        "consent_individual_transfer": False,
        "created_at": stamp(asked.sent_at),
    }
    if asked.line_id:
        row["service_record_id"] = str(asked.line_id)
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
