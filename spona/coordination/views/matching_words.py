"""Why a case looks like the child who was asked about, in words; the bars make the score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.base.parts import Fact
from spona.coordination.models import BlindMatch
from spona.names.weighing import Feature, Level
from spona.people.models import Person

PRECISE = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y", "estimated": "Y"}
FEATURES: dict[str, str | Promise] = {
    Feature.NAMES: gettext_lazy("Name"),
    Feature.FATHER: gettext_lazy("Father's name"),
    Feature.BIRTH: gettext_lazy("Date of birth"),
    Feature.SEX: gettext_lazy("Sex"),
    Feature.CITIZENSHIP: gettext_lazy("Country, as said"),
    Feature.COMPANIONS: gettext_lazy("Companions"),
}
LEVELS: dict[str, str | Promise] = {
    Level.MISSING: gettext_lazy("not known in one of the two: says nothing"),
    Level.SAME: gettext_lazy("it is the same"),
    Level.DIFFERENT: gettext_lazy("it differs"),
    Level.SHARED: gettext_lazy("somebody travels with both"),
    Level.UNLIKE: gettext_lazy("not alike"),
    Level.DOUBTFUL: gettext_lazy("hardly alike"),
    Level.RELATED: gettext_lazy("a part is alike"),
    Level.ALIKE: gettext_lazy("alike"),
    Level.VERY_ALIKE: gettext_lazy("very much alike"),
    Level.RARE_AND_ALIKE: gettext_lazy("very much alike, and rare together"),
    Level.SAME_DAY: gettext_lazy("the same day"),
    Level.SWAPPED: gettext_lazy("day and month swapped"),
    Level.SAME_MONTH: gettext_lazy("the same month"),
    Level.SAME_YEAR: gettext_lazy("the same year"),
    Level.ONE_FIGURE: gettext_lazy("one figure differs"),
    Level.YEAR_FITS: gettext_lazy("the year fits"),
    Level.YEAR_NEXT: gettext_lazy("one year apart"),
    Level.ESTIMATE_FITS: gettext_lazy("fits the estimate"),
    Level.ESTIMATES_NEAR: gettext_lazy("the estimates are near"),
    Level.APART: gettext_lazy("too far apart"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the waterfall. `points` are rounded to a tenth, and the sum is theirs."""

    what: str
    how: str
    points: float
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waterfall:
    bars: tuple[Bar, ...]

    @property
    def total(self) -> float:
        return round(sum(bar.points for bar in self.bars), 1)


def waterfall(explanation: Mapping[str, Any]) -> Waterfall:
    first = Bar(
        _("Before anything is compared"),
        _("one of many people"),
        round(explanation["prior"], 1),
    )
    return Waterfall((first, *map(_bar, explanation["bars"])))


def _bar(bar: Mapping[str, Any]) -> Bar:
    return Bar(
        str(FEATURES[bar["feature"]]),
        str(LEVELS[bar["level"]]),
        round(bar["weight"], 1),
        tuple((one, other) for one, other in bar["pairs"]),
    )


def asked_facts(match: BlindMatch, purpose: str) -> list[Fact]:
    """Who asks, for what, and about whom, as they wrote it."""
    return [
        Fact(_("Who asks"), f"{match.asked_by_name}, {match.asker}"),
        Fact(_("Purpose"), purpose),
        *person_facts(match.asked or {}),
    ]


def person_facts(said: Mapping[str, str]) -> Iterable[Fact]:
    """What goes out with a query; what is not known is not said."""
    facts = (
        (_("Name"), said.get("name", "")),
        (_("Father's name"), said.get("father", "")),
        (_("Date of birth"), _birth(said)),
        (_("Sex"), _sex(said.get("sex", ""))),
        (_("Country, as said"), said.get("country", "")),
    )
    return [Fact(label, value) for label, value in facts if value]


def _birth(said: Mapping[str, str]) -> str:
    if not said.get("birth_date"):
        return ""
    precision = said["birth_precision"]
    shown = date_format(date.fromisoformat(said["birth_date"]), PRECISE[precision])
    return f"{shown} ({Person.BirthPrecision(precision).label})"


def _sex(code: str) -> str:
    return str(Person.Sex(code).label) if code in (Person.Sex.FEMALE, Person.Sex.MALE) else ""
