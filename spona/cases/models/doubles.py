"""Who among those whom one may see may be the same child. Others are not looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from spona.base.actor import Actor
from spona.cases.models.case import Case
from spona.cases.models.people import CaseLink
from spona.names.weighing import Waterfall
from spona.people.models import Person
from spona.people.models.search import find
from spona.people.rules.doubles import MOST, MOST_NAMES, SHOWN, Known, likeness

CANDIDATES = 20  # of each name that is looked for


class Double(NamedTuple):
    """A case whose person may be the one in question, and why."""

    case: Case
    waterfall: Waterfall


def known_of(person: Person, companions: Collection[int] = ()) -> Known:
    """What a file knows of a person; `companions` are the cases of those with him or her."""
    return Known(
        names=tuple(str(name) for name in person.names.all()),
        birth=person.birth,
        sex=person.sex,
        citizenship=person.country_said,
        father=person.father,
        companions=frozenset(str(one) for one in companions),
    )


def possible_doubles(
    known: Known, actor: Actor, at: datetime, *, but: Case | None = None
) -> list[Double]:
    """At most `MOST`, the likeliest first, each person once. `but` is the case in question: its
    person is not, and no brother or companion of it is, taken for a double."""
    cases = list(_cases(_found(known), actor, at))
    with_whom = _companions([*cases, *([but] if but else [])], actor, at)
    if but is not None:
        cases = [one for one in cases if one.person_id != but.person_id]
        cases = [one for one in cases if one.pk not in with_whom[but.pk]]
        known = _with_companions(known, with_whom[but.pk])
    weighed = (
        Double(case, likeness(known, known_of(case.person, with_whom[case.pk]))) for case in cases
    )
    shown = [one for one in weighed if one.waterfall.total >= SHOWN]
    return sorted(shown, key=lambda one: (-one.waterfall.total, one.case.pk))[:MOST]


def _found(known: Known) -> set[int]:
    """By each name, and by the first word of it with the father's, which some write as a name."""
    return {one.person_id for text in _asked(known) for one in find(text, few=CANDIDATES)}


def _asked(known: Known) -> Iterator[str]:
    for name in known.names[:MOST_NAMES]:
        yield name
        if known.father and name:
            yield f"{name.split()[0]} {known.father}"


def _cases(people: Collection[int], actor: Actor, at: datetime) -> Iterator[Case]:
    """Of each person one case: the open one, or the latest."""
    visible = Case.objects.visible_to(actor, at).filter(person_id__in=people)
    rows = visible.select_related("person", "organisation").prefetch_related("person__names")
    seen: set[int] = set()
    for case in sorted(rows, key=lambda one: (not one.is_open, -one.opened_at.timestamp())):
        if case.person_id not in seen:
            seen.add(case.person_id)
            yield case


def _companions(cases: Collection[Case], actor: Actor, at: datetime) -> dict[int, set[int]]:
    """For each case those that it is linked with, as far as one sees both ends."""
    ids = [case.pk for case in cases]
    links = CaseLink.objects.visible_to(actor, at).standing()
    found: dict[int, set[int]] = defaultdict(set)
    for first, second in links.filter(Q(first__in=ids) | Q(second__in=ids)).values_list(
        "first_id", "second_id"
    ):
        found[first].add(second)
        found[second].add(first)
    return found


def _with_companions(known: Known, cases: Collection[int]) -> Known:
    return replace(known, companions=frozenset(str(one) for one in cases))
