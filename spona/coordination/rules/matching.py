"""Blind matching, pure: how alike is alike enough, how often one may ask, how long it waits.

None of these figures is law. The alarm at five queries is practice (practice.md 7); the others are
proposals of this project, to be agreed between the institutions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from spona.names.weighing import Birth, Precision, Traits, Waterfall, one_in, weigh

# Half a week: a question of Friday evening still waits on Monday. The reminder is a day later.
ANSWER_WITHIN = timedelta(days=3)
REMIND_AFTER = timedelta(days=1)
# As long as an encounter is known (`cases.tasks.forget`), a closed case can be asked about.
CLOSED_SINCE = timedelta(days=90)

ALARM_AT = 5  # queries of one person in a day, without a new encounter
A_DAY_OF_ONE = 8
A_DAY_OF_ALL = 30

CANDIDATES = 40
MOST = 5  # cases whose owners are asked
# An owner who does not know the child learns that somebody asks about it: so only where it is
# rather the same person than not. However few people are known here, a name is not rarer for it.
LEAST_BITS = 0.0
FEWEST_PEOPLE = 10_000

PRECISIONS = {
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
    "estimated": Precision.ESTIMATED,
}
SEXES = ("f", "m")


def traits(
    *, name: str, father: str, born: date | None, precision: str, sex: str, country: str
) -> Traits:
    """Of a person or a query, in the codes that both keep."""
    return Traits(
        given=name,
        father=father,
        sex=sex if sex in SEXES else "",
        birth=Birth(born, PRECISIONS.get(precision, Precision.UNKNOWN)),
        citizenship=country,
    )


def best(asked: Traits, of_one: Iterable[Traits], people: int) -> Waterfall | None:
    """The strongest comparison with one of a person's names; none where it is not enough."""
    prior = one_in(max(people, FEWEST_PEOPLE))
    found = max(
        (weigh(asked, one, prior=prior) for one in of_one),
        key=lambda one: one.total,
        default=None,
    )
    return found if found is not None and found.total >= LEAST_BITS else None


def askable(purposes: Iterable[str]) -> list[str]:
    """What one may ask for: all that is shared for, but the handover of a case, which has a way of
    its own."""
    return [one for one in purposes if one != "handover"]


def is_alarming(asked_today: int, met_today: int) -> bool:
    """Exactly once a day: with the query that makes it as many, where nobody new was met."""
    return asked_today == ALARM_AT and met_today == 0
