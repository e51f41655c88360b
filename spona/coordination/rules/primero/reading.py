"""Pure: a record of a file in our words."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from spona.coordination.rules import never_stored
from spona.coordination.rules.primero.words import (
    CONSENTS,
    IMPLEMENTED,
    KNOWN_STATUSES,
    LANGUAGES,
    SERVICE_NEEDS,
    SEXES,
    STATUSES,
)
from spona.people.rules import Birth, ImpossibleBirth, Precision, birth_of_age, checked

Row = dict[str, Any]

LONGEST_NAME, LONGEST_ID = 120, 64
NOTHING = Birth(None, Precision.UNKNOWN)


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
    rest: Row = never_stored.kept(flat(raw), dropped)
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
            if row.get("_destroy") is not True:
                yield _line(id_of(row, "unique_id"), row, needs)

    def transitions(self) -> Iterator[Transition]:
        for row in self._rows("referrals"):
            inner = row["data"] if isinstance(row.get("data"), dict) else row
            yield _transition(id_of(inner, "id"), inner)

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
        line_uid=_text(row.get("service_record_id"))[:LONGEST_ID],
        agency=_text(row.get("transitioned_to_agency")),
        status=status if status in KNOWN_STATUSES else "",
        sent_at=moment(row.get("created_at")),
        decided_at=moment(row.get("responded_at")),
        row={**row, "status": status} if said else row,
    )


def id_of(row: Row, name: str) -> str:
    """Its id there; a line without one is known again as long as nothing in it changes."""
    said = _text(row.get(name))
    return said[:LONGEST_ID] or str(uuid5(NAMESPACE_OID, json.dumps(row, sort_keys=True)))


def _language(said: str, known: Container[str]) -> str:
    code = LANGUAGES.get(said.lower(), said.lower())
    return code if code in known else ""


def _first_day(on: date, precision: Precision) -> Birth:
    if precision is Precision.DAY:
        return Birth(on, precision)
    return Birth(
        on.replace(day=1, month=on.month if precision is Precision.MONTH else 1), precision
    )


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
    return said.strip() if isinstance(said, str) else ""


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
