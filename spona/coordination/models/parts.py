"""A desk in disjoint parts, asked for one by one: of a long one only the beginning is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, Value

if TYPE_CHECKING:
    from spona.coordination.models.duty import DutyQuerySet

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Line(NamedTuple):
    """What is to be known of a duty before it is drawn; `part` is the number of its part."""

    part: int
    id: int
    version_id: int
    rule: str
    party: str
    due_at: datetime | None
    obstacle: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """The soonest lines of each part, at most `most` of each."""

    lines: tuple[Line, ...]
    most: int

    def soonest(self, most: int) -> list[int]:
        """The ids of the soonest lines of all parts together."""
        return [line.id for line in sorted(self.lines, key=_place)[:most]]

    def reaches(self, at: datetime) -> bool:
        """Whether everything due before that moment is here."""
        last: dict[int, list[Line]] = {}
        for line in self.lines:
            last.setdefault(line.part, []).append(line)
        cut = (max(lines, key=_place) for lines in last.values() if len(lines) >= self.most)
        return all(line.due_at is None or line.due_at >= at for line in cut)


def _place(line: Line) -> tuple[bool, datetime, int]:
    """Soonest first, those without a moment last."""
    return line.due_at is None, line.due_at or LONG_AGO, line.id


@dataclass(frozen=True, slots=True)
class Parts:
    """No duty is in two parts."""

    parts: tuple[DutyQuerySet, ...]

    def filter(self, *wanted: Q, **exactly: Any) -> Parts:
        return Parts(tuple(part.filter(*wanted, **exactly) for part in self.parts))

    def exclude(self, unwanted: Q) -> Parts:
        return Parts(tuple(part.exclude(unwanted) for part in self.parts))

    def soonest(self, most: int) -> DutyQuerySet:
        """The soonest ones of all parts together, at most so many."""
        first = [part.soonest_first().values("pk")[:most] for part in self.parts]
        found = first[0].union(*first[1:], all=True)
        return self._whole().filter(pk__in=found).soonest_first()

    def those(self, ids: list[int]) -> DutyQuerySet:
        """These duties of the desk, soonest first."""
        return self._whole().filter(pk__in=ids).soonest_first()

    def beginning(self, most: int) -> Beginning:
        """What stands first in each part, in one question."""
        columns = Line._fields[1:]
        some = [
            part.soonest_first().annotate(part=Value(number)).values_list("part", *columns)[:most]
            for number, part in enumerate(self.parts)
        ]
        found = some[0].union(*some[1:], all=True)
        return Beginning(tuple(Line(*row) for row in found), most)

    def count_up_to(self, most: int) -> int:
        """How many there are, counted no further than `most`."""
        some = [part.order_by().values("pk")[:most] for part in self.parts]
        return min(most, some[0].union(*some[1:], all=True).count())

    def _whole(self) -> DutyQuerySet:
        return self.parts[0].model.objects.all()
