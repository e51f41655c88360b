"""The invented staff and children of the demo as frozen values.

Times are hours before "now" and ages are stated in years, so that the story never grows old: who
plays the story gives the present.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person does in an organisation; the names are those of `spona.accounts`."""

    OUTREACH_WORKER = "outreach_worker"
    DUTY_OFFICER = "duty_officer"
    CASE_MANAGER = "case_manager"
    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"
    GUARDIAN = "guardian"
    POLICE_OFFICER = "police_officer"
    FACILITY_WORKER = "facility_worker"
    HEALTH_WORKER = "health_worker"
    SCHOOL_WORKER = "school_worker"
    YOUTH_WORKER = "youth_worker"
    ASYLUM_OFFICER = "asylum_officer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    LAWYER = "lawyer"


class SignIn(StrEnum):
    """The four that tell the story, and the rest of the chain."""

    MAIN = "main"
    FURTHER = "further"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class BirthPrecision(StrEnum):
    """How exactly an age is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class DeclaredBy(StrEnum):
    """Who stated the age; `WORKER` is an observation, never a measurement."""

    CHILD = "child"
    RELATIVE = "relative"
    DOCUMENT = "document"
    WORKER = "worker"
    NOBODY = "nobody"


class Written(StrEnum):
    """How a name came to be written so."""

    TRANSCRIBED = "transcribed"
    BY_CHILD = "written_by_child"


class Stage(StrEnum):
    """How far a child's story has come."""

    LIGHT_CONTACT = "light_contact"
    NOTIFIED_NOT_CONFIRMED = "notified_not_confirmed"
    GUARDIAN_OWED = "guardian_owed"
    OBSTACLE = "obstacle"
    INTENTION_VOICED = "intention_voiced"
    PLACED = "placed"
    REGISTERED = "registered"
    ABSENT = "absent"
    RETURNED = "returned"
    HANDING_OVER = "handing_over"


class Doing(StrEnum):
    """Work in a case beside the acts of its protocol."""

    NEED = "need"
    SIBLING = "sibling"
    INTERPRETING = "interpreting"
    DUTY = "duty"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    REFERRAL = "referral"
    ANSWER = "answer"
    REFERRAL_ACT = "referral_act"
    PAGE = "page"
    PLAN = "plan"
    GOAL = "goal"
    GOAL_REACHED = "goal_reached"
    CONFERENCE = "conference"
    MINUTES = "minutes"
    HANDOVER = "handover"
    HANDOVER_ACT = "handover_act"
    HANDOVER_ITEM = "handover_item"


# What each kind of work says, and nothing else. `to` is a service, `whom` an organisation,
# `days` and `in_hours` count from now on.
ASKS: Mapping[Doing, frozenset[str]] = {
    Doing.NEED: frozenset({"code"}),
    Doing.SIBLING: frozenset({"child"}),
    Doing.INTERPRETING: frozenset({"name", "language", "mode", "purpose", "child"}),
    Doing.DUTY: frozenset({"law", "purpose", "categories", "words", "child", "days"}),
    Doing.CONSENT: frozenset({"whom", "purpose", "categories", "child", "days"}),
    Doing.WITHDRAWAL: frozenset({"whom"}),
    Doing.REFERRAL: frozenset({"to", "need", "urgency", "purpose", "first", "later", "words"}),
    Doing.ANSWER: frozenset({"to", "decision", "form"}),
    Doing.REFERRAL_ACT: frozenset({"to", "act", "form"}),
    Doing.PAGE: frozenset({"to"}),
    Doing.PLAN: frozenset({"aim", "child", "days"}),
    Doing.GOAL: frozenset({"what", "whom", "person", "days", "known_by"}),
    Doing.GOAL_REACHED: frozenset({"what"}),
    Doing.CONFERENCE: frozenset({"invited"}),
    Doing.MINUTES: frozenset({"words", "decided"}),
    Doing.HANDOVER: frozenset({"whom", "rule", "words", "in_hours", "spoken_to"}),
    Doing.HANDOVER_ACT: frozenset({"act", "form"}),
    Doing.HANDOVER_ITEM: frozenset({"what"}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """An invented worker; `organisation` is a key of an organisation or of a centre."""

    key: str
    first_name: str
    surname: str
    email: str
    organisation: str
    roles: tuple[Role, ...]
    sign_in: SignIn
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in one script (ISO 15924)."""

    given: str
    family: str
    script: str
    written: Written


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years as stated, None if unknown; `days` since the birthday only when exact."""

    years: int | None
    days: int | None
    precision: BirthPrecision
    declared_by: DeclaredBy

    def born(self, today: date) -> date | None:
        """Date of birth seen from `today`: the day, or the first of the month or year of the
        precision; None where the age is an estimate or unknown."""
        if self.years is None or self.precision is BirthPrecision.ESTIMATED:
            return None
        if self.precision is BirthPrecision.DAY:
            return _years_before(today - timedelta(days=self.days or 0), self.years)
        first = _years_before(today, self.years).replace(day=1)
        return first if self.precision is BirthPrecision.MONTH else first.replace(month=1)


def _years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    earlier = min(day.day, 28) if day.month == 2 else day.day
    return day.replace(year=day.year - years, day=earlier)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where (kind of place, municipality), how many hours ago and by whom a child was met."""

    place: str
    municipality: str
    hours: float
    by: str


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the protocol. `hours` ago it happened, `recorded_hours` ago it was typed.

    `done_by` is an institution without an account that told `by` of it, by way of `heard`.
    """

    act: str
    hours: float
    recorded_hours: float
    by: str
    where: str | None
    done_by: str | None
    heard: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """What was done in the case, how many hours ago and by whom; `said` has the keys of `ASKS`."""

    does: Doing
    hours: float
    by: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A duty that cannot be done now, and the coded reason."""

    act: str
    code: str
    hours: float
    by: str


@dataclass(frozen=True, slots=True)
class Child:
    """An invented child and the story so far; `group` joins siblings, who are never split."""

    key: str
    names: tuple[PersonName, ...]
    sex: Sex
    age: Age
    languages: tuple[str, ...]
    group: str | None
    met: Meeting
    needs: tuple[str, ...]
    facts: Mapping[str, bool]
    guardian: str | None
    stage: Stage
    acts: tuple[Act, ...]
    work: tuple[Work, ...]
    obstacles: tuple[Obstacle, ...]
