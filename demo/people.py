"""Reads the invented staff and children of the demo from `demo/people/*.yaml`.

Pure: no Django, no database, no clock. A person who does not say `synthetic: true` is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from demo.persons import (
    ASKS,
    Act,
    Age,
    BirthPrecision,
    Child,
    DeclaredBy,
    Doing,
    Meeting,
    Obstacle,
    PersonName,
    Role,
    Sex,
    SignIn,
    Staff,
    Stage,
    Work,
    Written,
)
from demo.rows import Row, RowError, read_rows

FOLDER = Path(__file__).parent / "people"
MAIL = "@demo.spona.example"


def load_staff(folder: Path = FOLDER) -> Mapping[str, Staff]:
    """Staff by key. Raises RowError, also where a row does not say that it is synthetic."""
    return _by_key(read_rows(folder / "staff.yaml", _staff))


def load_children(folder: Path = FOLDER) -> Mapping[str, Child]:
    """Children by key. Raises RowError, also where a row does not say that it is synthetic."""
    return _by_key(read_rows(folder / "children.yaml", _child))


Person = TypeVar("Person", Staff, Child)


def _by_key(people: Iterable[Person]) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    for person in people:
        if person.key in found:
            raise RowError(f"two people with the key {person.key}")
        found[person.key] = person
    return found


def _must_be_synthetic(row: Row) -> None:
    if not row.flag("synthetic"):
        raise row.fault("a person of the demo must say `synthetic: true`")


def _staff(row: Row) -> Staff:
    _must_be_synthetic(row)
    staff = Staff(
        key=row.text("key"),
        first_name=row.text("first_name"),
        surname=row.text("surname"),
        email=row.text("email"),
        organisation=row.text("organisation"),
        roles=row.choices("roles", Role),
        sign_in=row.choice("sign_in", SignIn),
        languages=row.texts("languages"),
    )
    if not staff.email.endswith(MAIL):
        raise row.fault(f"an address of the demo ends in {MAIL}")
    return staff


def _child(row: Row) -> Child:
    _must_be_synthetic(row)
    return Child(
        key=row.text("key"),
        names=tuple(_person_name(item) for item in row.rows("names")),
        sex=row.choice("sex", Sex),
        age=_age(row.row("age")),
        languages=row.texts("languages"),
        group=row.maybe("group", row.text),
        met=_meeting(row.row("met")),
        needs=row.texts("needs"),
        facts=row.flags("facts"),
        guardian=row.maybe("guardian", row.text),
        stage=row.choice("stage", Stage),
        acts=tuple(_act(item) for item in row.rows("acts")),
        work=tuple(_work(item) for item in row.rows("work")),
        obstacles=tuple(_obstacle(item) for item in row.rows("obstacles")),
    )


def _person_name(row: Row) -> PersonName:
    found = PersonName(
        given=row.text("given"),
        family=row.text("family"),
        script=row.text("script"),
        written=row.choice("origin", Written),
    )
    row.end()
    return found


def _age(row: Row) -> Age:
    age = Age(
        years=row.maybe("years", row.integer),
        days=row.maybe("days_past_birthday", row.integer),
        precision=row.choice("precision", BirthPrecision),
        declared_by=row.choice("declared_by", DeclaredBy),
    )
    if (age.years is None) is not (age.precision is BirthPrecision.UNKNOWN):
        raise row.fault("an unknown age has no years, and only an unknown one")
    if (age.days is None) is (age.precision is BirthPrecision.DAY):
        raise row.fault("days_past_birthday goes with precision day, and only with it")
    row.end()
    return age


def _meeting(row: Row) -> Meeting:
    met = Meeting(
        place=row.text("place"),
        municipality=row.text("municipality"),
        hours=row.number("hours"),
        by=row.text("by"),
    )
    row.end()
    return met


def _act(row: Row) -> Act:
    hours = row.number("hours")
    act = Act(
        act=row.text("act"),
        hours=hours,
        recorded_hours=row.number("recorded_hours") if row.has("recorded_hours") else hours,
        by=row.text("by"),
        where=row.maybe("where", row.text),
        done_by=row.maybe("done_by", row.text),
        heard=row.maybe("heard", row.text),
    )
    if act.recorded_hours > act.hours:
        raise row.fault("an act is not recorded before it happens")
    row.end()
    return act


def _work(row: Row) -> Work:
    does = row.choice("does", Doing)
    said = {key: row.value(key) for key in sorted(ASKS[does])}
    work = Work(does=does, hours=row.number("hours"), by=row.text("by"), said=said)
    row.end()
    return work


def _obstacle(row: Row) -> Obstacle:
    obstacle = Obstacle(
        act=row.text("act"), code=row.text("code"), hours=row.number("hours"), by=row.text("by")
    )
    row.end()
    return obstacle
