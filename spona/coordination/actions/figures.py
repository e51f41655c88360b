"""What is counted over all institutions, and what has gone up to the coordinator and still stands.

The rows themselves are read in the engine room. Out of it come protected counts, or what a notice
has told already: rule, institution, moment and random number. Never a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncMonth

from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed
from spona.conduct.calendar import midnight
from spona.coordination import permissions
from spona.coordination.models import Binding, Duty, Notice, Obstacle
from spona.coordination.rules import BELGRADE, figures, suppression
from spona.coordination.rules.suppression import Released
from spona.protocols.models import Version

QUARTER = 3  # months; one grain only, so that no month can be counted back from a quarter
MOST = 50

Row = tuple[str, str, date]  # rule book, rule and the first day of the quarter


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """Protected counts of finished quarters: of duties by rule book, rule and quarter, of
    obstacles by quarter. `lost` is all time after the deadlines of such a row together; it is there
    only where none of the late ones is withheld."""

    duties: dict[Row, Released]
    obstacles: dict[date, Released]
    lost: dict[Row, timedelta]


def network_figures(*, first: date, last: date, by: Actor, at: datetime) -> NetworkFigures:
    """Of all institutions together, for whole quarters from `first` to `last` that are over."""
    if not permissions.can_see_network_figures(by):
        raise NotAllowed
    running = figures.first_of(at.astimezone(BELGRADE).date(), QUARTER)
    after = figures.plus(figures.first_of(last, QUARTER), QUARTER)
    start, end = midnight(figures.first_of(first, QUARTER)), midnight(min(after, running))
    with rls.engine_room():
        duties = suppression.protect(_duties(start, end, at))
        lost = _lost(start, end, at)
        return NetworkFigures(
            duties,
            suppression.protect(_obstacles(start, end)),
            {row: span for row, span in lost.items() if _shows_late(duties[row])},
        )


def _shows_late(row: Released) -> bool:
    return all(row.cells[outcome] is not None for outcome in figures.LATE)


def _came_due(start: datetime, end: datetime, at: datetime) -> Any:
    return Duty.objects.judged(at).exclude(rule="").filter(due_at__gt=start, due_at__lte=end)


def _lost(start: datetime, end: datetime, at: datetime) -> dict[Row, timedelta]:
    late = _came_due(start, end, at).filter(outcome__in=figures.LATE)
    over = Coalesce(F("ended_at"), Value(at)) - F("due_at")
    summed = late.values_list("version__protocol", "rule", "month").annotate(
        span=Sum(ExpressionWrapper(over, output_field=DurationField()))
    )
    table: dict[Row, timedelta] = {}
    for book, rule, month, span in summed.order_by():
        key = (book, rule, figures.first_of(month, QUARTER))
        table[key] = table.get(key, timedelta()) + span
    return table


def _duties(start: datetime, end: datetime, at: datetime) -> dict[Row, dict[str, int]]:
    came_due = _came_due(start, end, at)
    counted = came_due.values_list("version__protocol", "rule", "month", "outcome")
    table: dict[Row, dict[str, int]] = {}
    for book, rule, month, outcome, n in counted.annotate(n=Count("pk")).order_by():
        key = (book, rule, figures.first_of(month, QUARTER))
        table.setdefault(key, figures.nothing())[outcome] += n
    return table


def _obstacles(start: datetime, end: datetime) -> dict[date, dict[str, int]]:
    met = Obstacle.objects.filter(met_at__gte=start, met_at__lt=end)
    month = TruncMonth("met_at", tzinfo=BELGRADE, output_field=DateField())
    counted = met.annotate(month=month).values_list("month", "code").annotate(n=Count("pk"))
    table: dict[date, dict[str, int]] = {}
    for day, code, n in counted.order_by():
        row = table.setdefault(figures.first_of(day, QUARTER), {})
        row[code] = row.get(code, 0) + n
    return table


# --- what has gone up to the coordinator


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty of which the coordinator was told and that is still owed.

    `bound` is false where no institution stands for `party`: `institution_id` is then that of the
    centre, which owes the naming, or none. `taken_over` is false while no centre has the child.
    """

    number: str
    institution_id: int | None
    version: Version
    rule: str
    act: str
    party: str
    due_at: datetime | None
    obstacle: str
    bound: bool
    taken_over: bool


def standing(*, by: Actor) -> list[Standing]:
    """What climbed to the coordinator and still stands, longest first: what did not climb is the
    institution's own to mend."""
    if not permissions.can_see_network_figures(by):
        raise NotAllowed
    mine = Notice.objects.for_actor(by, frozenset({"coordinator"}))
    told = mine.filter(level="coordinator", duty_number=OuterRef("number"))
    with rls.engine_room():
        bound = Binding.objects.current().filter(run=OuterRef("run"), party=OuterRef("party"))
        # One notice of each duty, asked for while they are read soonest first: of a hundred
        # thousand no more are read than are shown.
        climbed = Duty.objects.owed().annotate(climbed=Subquery(told.values("pk")[:1]))
        duties = climbed.filter(climbed__isnull=False).annotate(bound=Exists(bound))
        shown = duties.soonest_first().select_related("version")[:MOST]
        return [_standing(duty) for duty in shown]


def _standing(duty: Any) -> Standing:
    return Standing(
        number=duty.number,
        institution_id=duty.organisation_id,
        version=duty.version,
        rule=duty.rule,
        act=duty.act,
        party=duty.party,
        due_at=duty.due_at,
        obstacle=duty.obstacle,
        bound=duty.bound,
        taken_over=duty.case_id is not None,
    )
