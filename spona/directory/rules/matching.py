"""Which services answer a need, and why the others do not.

Nothing is hidden: a service that does not fit is listed with what stands in the way, so that
somebody who knows better can still call. What is unknown neither fits nor hinders; it is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from spona.directory.rules import Met, Words

SHOWN_FROM = 5  # fewer requests say nothing of a service, and something of a child
CAPACITY_HOLDS = timedelta(days=7)  # what was said of free places before is a rumour (ours)
NEITHER_WAY = 0.5  # a service of which nothing was observed is neither rewarded nor punished
ANY_SEX = "any"
SEXES = ("f", "m")


class Capacity(StrEnum):
    """What a service last said of itself."""

    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    UNKNOWN = "unknown"


class Point(StrEnum):
    """What a service is asked about."""

    NEED = "need"
    PLACE = "place"
    AGE = "age"
    SEX = "sex"
    LANGUAGE = "language"
    CAPACITY = "capacity"


class Near(IntEnum):
    """How near a service is, as far as names of towns can say; the smaller the nearer."""

    HERE = 0
    COMES_HERE = 1
    NATIONWIDE = 2
    UNKNOWN = 3
    ELSEWHERE = 4


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of a service in a period: how often it was asked, answered in time, accepted,
    and the median of hours until it answered (`None` if it never did)."""

    asked: int
    answered_in_time: int
    accepted: int
    median_hours: float | None = None

    @property
    def says_something(self) -> bool:
        return self.asked >= SHOWN_FROM


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as matching reads it. `seat` is the town of its organisation; `needs` are
    `system:code`, `languages` ISO 639-3; an empty set of languages is: nobody said."""

    key: str
    needs: frozenset[str]
    seat: str | None = None
    covers: frozenset[str] = frozenset()
    nationwide: bool = False
    languages: frozenset[str] = frozenset()
    minimum_age: int | None = None
    maximum_age: int | None = None
    sex: str = ANY_SEX
    capacity: Capacity = Capacity.UNKNOWN
    observed: Observed | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One point: YES speaks for the service, NO stands in the way, UNKNOWN must be asked.

    `codes` are the needs or languages that agree.
    """

    point: Point
    met: Met
    words: Words
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One service and everything that was found about it, in the order of `Point`."""

    offer: Offer
    reasons: tuple[Reason, ...]
    near: Near

    @property
    def fits(self) -> bool:
        return not self.hindrances

    @property
    def hindrances(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.met is Met.NO)

    @property
    def to_ask(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.met is Met.UNKNOWN)

    @property
    def answers_the_need(self) -> bool:
        """False for a service of another kind altogether."""
        return all(reason.point is not Point.NEED for reason in self.hindrances)


NEED_WORDS = {
    Met.YES: Words("Odgovara na potrebu.", "Answers the need."),
    Met.NO: Words("Nije za tu potrebu.", "Not for this need."),
}
NEAR_WORDS = {
    Near.HERE: Words("U istom je mestu.", "In the same town."),
    Near.COMES_HERE: Words("Radi i u tom mestu.", "Works in that town too."),
    Near.NATIONWIDE: Words("Radi u celoj zemlji.", "Works in the whole country."),
    Near.UNKNOWN: Words(
        "Proverite da li usluga radi tamo gde je osoba.",
        "Ask whether the service works where the person is.",
    ),
    Near.ELSEWHERE: Words("Ne radi u tom mestu.", "Does not work in that town."),
}
SEX_WORDS = {
    "f": Words("Samo za devojčice i žene.", "For girls and women only."),
    "m": Words("Samo za dečake i muškarce.", "For boys and men only."),
}
LANGUAGE_WORDS = {
    Met.YES: Words("Govore jezik osobe.", "They speak the person's language."),
    Met.NO: Words(
        "Ne govore jezik osobe: potreban je prevodilac.",
        "They do not speak the person's language: an interpreter is needed.",
    ),
    Met.UNKNOWN: Words(
        "Nije upisano koje jezike govore: pitajte.",
        "It is not recorded which languages they speak: ask.",
    ),
}
CAPACITY_WORDS = {
    Capacity.OPEN: (Met.YES, Words("Ima mesta.", "There is room.")),
    Capacity.WAITING_LIST: (Met.NO, Words("Postoji lista čekanja.", "There is a waiting list.")),
    Capacity.FULL: (Met.NO, Words("Nema slobodnih mesta.", "There is no room.")),
    Capacity.UNKNOWN: (
        Met.UNKNOWN,
        Words("Nije poznato da li ima mesta: pozovite.", "Whether there is room is unknown: call."),
    ),
}


def match(
    services: Iterable[Offer],
    *,
    needs: Collection[str] = (),
    municipality: str | None = None,
    age: int | None = None,
    sex: str | None = None,
    languages: Collection[str] = (),
) -> list[Match]:
    """Every service, those that fit first, then the nearer, then those that accept more often.

    What is not known of the person is not asked (`needs`, `languages`) or stays to be asked (the
    rest). One need that a service answers is enough, one language too. Among services that do not
    fit, those with fewer hindrances come first. `sex` is `f` or `m`; anything else is unknown.
    """
    found = [
        _matched(offer, frozenset(needs), municipality, age, sex, frozenset(languages))
        for offer in services
    ]
    return sorted(found, key=_fits_nearest_accepting)


def capacity_now(capacity: str, said_at: datetime | None, at: datetime) -> Capacity:
    """What was said of free places, or unknown when it was said too long ago."""
    fresh = said_at is not None and at - said_at <= CAPACITY_HOLDS
    return Capacity(capacity) if fresh else Capacity.UNKNOWN


def _fits_nearest_accepting(found: Match) -> tuple[int, Near, float, str]:
    return (len(found.hindrances), found.near, -_accepting(found.offer.observed), found.offer.key)


def _accepting(observed: Observed | None) -> float:
    if observed is None or not observed.says_something:
        return NEITHER_WAY
    return observed.accepted / observed.asked


def _matched(
    offer: Offer,
    needs: frozenset[str],
    municipality: str | None,
    age: int | None,
    sex: str | None,
    languages: frozenset[str],
) -> Match:
    near = _near(offer, municipality)
    met, words = CAPACITY_WORDS[offer.capacity]
    reasons = (
        *_need(offer, needs),
        _place(near),
        *_age(offer, age),
        *_sex(offer, sex),
        *_language(offer, languages),
        Reason(Point.CAPACITY, met, words),
    )
    return Match(offer, reasons, near)


def _need(offer: Offer, wanted: frozenset[str]) -> Iterator[Reason]:
    if wanted:
        both = tuple(sorted(offer.needs & wanted))
        met = Met.YES if both else Met.NO
        yield Reason(Point.NEED, met, NEED_WORDS[met], both)


def _near(offer: Offer, town: str | None) -> Near:
    works = offer.nationwide or town in offer.covers
    if works and town is not None and offer.seat == town:
        return Near.HERE
    if town is not None and town in offer.covers:
        return Near.COMES_HERE
    if offer.nationwide:
        return Near.NATIONWIDE
    return Near.UNKNOWN if town is None or not offer.covers else Near.ELSEWHERE


def _place(near: Near) -> Reason:
    met = {Near.UNKNOWN: Met.UNKNOWN, Near.ELSEWHERE: Met.NO}.get(near, Met.YES)
    return Reason(Point.PLACE, met, NEAR_WORDS[near])


def _age(offer: Offer, age: int | None) -> Iterator[Reason]:
    low, high = offer.minimum_age, offer.maximum_age
    if low is None and high is None:
        return
    if age is None:
        met = Met.UNKNOWN
    else:
        met = Met.YES if (low or 0) <= age and (high is None or age <= high) else Met.NO
    yield Reason(Point.AGE, met, _age_words(met, low, high))


def _age_words(met: Met, low: int | None, high: int | None) -> Words:
    span = f"{low or 0}–{high}" if high is not None else f"{low}+"
    if met is Met.YES:
        return Words(f"Prima taj uzrast ({span}).", f"Takes that age ({span}).")
    if met is Met.NO:
        return Words(f"Ne prima taj uzrast (prima {span}).", f"Not that age (takes {span}).")
    return Words(
        f"Uzrast nije poznat; prima {span}: pitajte.", f"The age is unknown; takes {span}: ask."
    )


def _sex(offer: Offer, sex: str | None) -> Iterator[Reason]:
    if offer.sex == ANY_SEX:
        return
    met = Met.UNKNOWN
    if sex in SEXES:
        met = Met.YES if sex == offer.sex else Met.NO
    yield Reason(Point.SEX, met, SEX_WORDS[offer.sex])


def _language(offer: Offer, spoken: frozenset[str]) -> Iterator[Reason]:
    if spoken:
        both = tuple(sorted(offer.languages & spoken))
        met = Met.YES if both else Met.NO
        met = met if offer.languages else Met.UNKNOWN
        yield Reason(Point.LANGUAGE, met, LANGUAGE_WORDS[met], both)
