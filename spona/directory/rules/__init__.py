"""What rules alone can say: is a place in use, where may a child be placed.

Pure functions: no clock, no database. An unknown fact is never taken for a convenient one; each
answer says what is unknown and reads it the way that protects the child.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

PLACEMENT_RULE = "UASC-06"


class Words(NamedTuple):
    """One sentence for a page, in Serbian Latin and English."""

    sr_latn: str
    en: str


class Precision(StrEnum):
    """How exactly a source gives a date."""

    DAY = "day"
    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {Precision.MONTH: 1, Precision.HALF_YEAR: 6, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Approximate:
    """A date as a source gives it: the first day of the span that `precision` names."""

    earliest: date
    precision: Precision

    @property
    def latest(self) -> date:
        """The last day of the span; the day itself where the precision is a day."""
        if self.precision is Precision.DAY:
            return self.earliest
        months = self.earliest.month + MONTHS[self.precision] - 2
        year, month = self.earliest.year + months // 12, months % 12 + 1
        return date(year, month, monthrange(year, month)[1])


class Operation(StrEnum):
    """Whether a place was in use; `UNKNOWN` means: telephone before you send anybody."""

    OPERATING = "operating"
    NOT_OPERATING = "not_operating"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A span, both days included, for which a source says that the place was or was not in use."""

    state: Operation
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day of use and what sources saw; `None` is unknown, not "still open"."""

    valid_from: Approximate | None = None
    valid_until: Approximate | None = None
    seen: tuple[Sighting, ...] = ()


def operation(validity: Validity, day: date) -> Operation:
    """Whether the place was in use on `day`, as far as the sources reach.

    Outside the bounds it was not. Inside both bounds, or on a day that a source speaks of, the
    answer is theirs. Everything else, above all any day after the last word of the sources, is
    unknown.
    """
    start, end = validity.valid_from, validity.valid_until
    if (start and day < start.earliest) or (end and day > end.latest):
        return Operation.NOT_OPERATING
    for sighting in validity.seen:
        if sighting.first <= day <= sighting.last:
            return sighting.state
    if start and end and start.latest <= day < end.earliest:
        return Operation.OPERATING
    return Operation.UNKNOWN


def last_seen(validity: Validity) -> Sighting | None:
    """The newest statement of a source, to print beside an unknown."""
    return max(validity.seen, key=lambda sighting: sighting.last, default=None)


class Placement(StrEnum):
    """The four placements that rule UASC-06 names."""

    FOSTER_FAMILY = "foster_family"
    CHILDREN_INSTITUTION = "children_institution"
    HEALTH_INSTITUTION = "health_institution"
    ASYLUM_CENTRE = "asylum_centre"


class Met(StrEnum):
    """Whether the condition of an option holds; `NONE` where the rule sets no condition."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Option:
    """One placement: may it be chosen, does it come first, how its condition stands, in words.

    `open` is what a page follows; `met` is why. A closed option is still shown, with its words.
    """

    placement: Placement
    open: bool
    met: Met
    prefers: bool
    words: Words


FOSTER_PRIORITY_UP_TO = 14
ASYLUM_CENTRE_OVER = 16
MAJORITY = 18

FOSTER_WORDS = {
    Met.YES: Words(
        "Hraniteljska porodica ima prednost: dete ima do 14 godina.",
        "A foster family comes first: the child is 14 or younger.",
    ),
    Met.NO: Words(
        "Hraniteljska porodica je moguća; prednost ima dete do 14 godina.",
        "A foster family is possible; priority is for children up to 14.",
    ),
    Met.UNKNOWN: Words(
        "Uzrast nije poznat: postupa se kao sa detetom do 14 godina, hraniteljska porodica ima "
        "prednost.",
        "The age is unknown: the child is treated as 14 or younger, a foster family comes first.",
    ),
}
INSTITUTION_WORDS = Words(
    "Ustanova socijalne zaštite: pravilo ne postavlja poseban uslov.",
    "A social-protection institution: the rule sets no condition.",
)
HEALTH_WORDS = {
    Met.YES: Words(
        "Zdravstvena ustanova: zdravstveno stanje deteta to zahteva.",
        "A health institution: the child's health requires it.",
    ),
    Met.NO: Words(
        "Zdravstvena ustanova nije moguća: zdravstveno stanje deteta to ne zahteva.",
        "A health institution is not possible: the child's health does not require it.",
    ),
    Met.UNKNOWN: Words(
        "Zdravstvena ustanova ostaje moguća dok lekar ne pregleda dete.",
        "A health institution stays possible until a physician has seen the child.",
    ),
}
ASYLUM_CENTRE_WORDS = {
    Met.YES: Words(
        "Centar za azil: dete je starije od 16 godina i zahtev za azil je podnet.",
        "An asylum centre: the child is over 16 and an asylum application has been lodged.",
    ),
    Met.NO: Words(
        "Centar za azil nije moguć: samo za dete starije od 16 godina koje je podnelo zahtev za "
        "azil.",
        "An asylum centre is not possible: only for a child over 16 whose asylum application has "
        "been lodged.",
    ),
    Met.UNKNOWN: Words(
        "Centar za azil još nije moguć: nije poznato da li je dete starije od 16 godina i da li "
        "je zahtev za azil podnet.",
        "An asylum centre is not possible yet: it is not known whether the child is over 16 and "
        "has lodged an asylum application.",
    ),
}


def placement_options(
    *, age: int | None, application_lodged: bool | None, health_needs_hospital: bool | None
) -> tuple[Option, ...]:
    """Options of temporary placement (UASC-06), in order of preference, closed ones last.

    `age` is in completed years; unknown, the child has the protection of the youngest: foster care
    comes first and the asylum centre is closed. "Older than 16" is read strictly (17 and over) and
    "up to 14" with 14, until a lawyer answers. Within the open ones the order is that of the
    source, save that a known need for hospital care comes first (that order is ours). Nothing here
    stands in the way of a safe place for tonight or of a reasoned deviation. The rule is about
    children: an adult has no options under it. Raises ValueError for a negative age.
    """
    if age is not None and age < 0:
        raise ValueError(f"an age is not negative: {age}")
    if age is not None and age >= MAJORITY:
        return ()
    options = [
        _foster(age),
        Option(Placement.CHILDREN_INSTITUTION, True, Met.NONE, False, INSTITUTION_WORDS),
        _health(health_needs_hospital),
        _asylum_centre(age, application_lodged),
    ]
    return tuple(sorted(options, key=_hospital_first_closed_last))


def _hospital_first_closed_last(option: Option) -> tuple[bool, bool]:
    needed = option.placement is Placement.HEALTH_INSTITUTION and option.prefers
    return (not option.open, not needed)


def _foster(age: int | None) -> Option:
    met = _met(None if age is None else age <= FOSTER_PRIORITY_UP_TO)
    return Option(Placement.FOSTER_FAMILY, True, met, met is not Met.NO, FOSTER_WORDS[met])


def _health(needed: bool | None) -> Option:
    met = _met(needed)
    first = met is Met.YES
    return Option(Placement.HEALTH_INSTITUTION, met is not Met.NO, met, first, HEALTH_WORDS[met])


def _asylum_centre(age: int | None, lodged: bool | None) -> Option:
    old_enough = None if age is None else age > ASYLUM_CENTRE_OVER
    met = _met(_both(old_enough, lodged))
    is_open = met is Met.YES
    return Option(Placement.ASYLUM_CENTRE, is_open, met, False, ASYLUM_CENTRE_WORDS[met])


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Three-valued and: one no decides, then one unknown."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _met(value: bool | None) -> Met:
    if value is None:
        return Met.UNKNOWN
    return Met.YES if value else Met.NO
