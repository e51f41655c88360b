"""Held against the rules: lateness by rule and institution, and the time that was lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.http import Request, signed_in
from spona.base.script import in_script
from spona.conduct.calendar import SERBIA
from spona.conduct.replay.findings import days_late
from spona.coordination import permissions
from spona.coordination.actions.figures import NetworkFigures, network_figures
from spona.coordination.models import Duty, DutyQuerySet
from spona.coordination.rules import figures as count
from spona.coordination.rules import suppression
from spona.coordination.rules.figures import LATE
from spona.coordination.rules.suppression import Released
from spona.home.forms import FiguresForm, Span
from spona.home.views import sheets
from spona.home.views.figures import OUTCOMES, door
from spona.home.views.network import WITHHELD, said
from spona.home.views.restricted import restricted
from spona.home.views.sheets import Cell, Line, Sheet

DAY = timedelta(days=1)


@signed_in
@require_GET
def held(request: Request) -> HttpResponse:
    """Of own cases for who answers for the institution; of all together for the coordinator."""
    actor, at = request.actor, timezone.localtime()
    own = permissions.can_see_own_figures(actor)
    if not own and not permissions.can_see_network_figures(actor):
        raise Http404
    form = FiguresForm.of(request.GET, at)
    sheet = _own(actor, form.span, at) if own else _network(actor, form.span, at)
    if request.GET.get("format") == "csv":
        ours = Organisation.objects.filter(pk=actor.organisation_id or 0)
        audit.read("figures_csv", ours, by=actor, at=at)
        return sheets.download([sheet])
    context = {
        "form": form,
        "sheets": [sheet],
        "own": own,
        "of": in_script(actor.organisation_name) if own else "",
        "csv": f"?{urlencode(form.span.query() | {'format': 'csv'})}",
    }
    return render(request, "home/held.html", context)


# --- own cases


def in_our_cases(actor: Actor, span: Span, at: datetime) -> DutyQuerySet:
    """What whoever owed in cases of the own institution, and came due in the stretch, as far as
    the reader may know of it."""
    seen = Duty.objects.visible_to(actor, at).filter(case__organisation=actor.organisation_id or 0)
    start, end = span.moments()
    judged = seen.exclude(restricted(actor, at)).exclude(rule="").judged(at)
    return judged.filter(due_at__gt=start, due_at__lte=end, organisation__isnull=False)


@dataclass(slots=True)
class _Row:
    """Of one rule and one institution."""

    cells: dict[str, int] = field(default_factory=count.nothing)
    lost: timedelta = timedelta()
    days: int = 0


Key = tuple[str, int]


def _own(actor: Actor, span: Span, at: datetime) -> Sheet:
    rows: dict[Key, _Row] = {}
    duties: Any = in_our_cases(actor, span, at)
    counted = duties.values_list("rule", "organisation_id", "outcome").annotate(n=Count("pk"))
    for rule, house, outcome, n in counted.order_by():
        rows.setdefault((rule, house), _Row()).cells[outcome] += n
    late = duties.filter(outcome__in=LATE).values_list(
        "rule", "organisation_id", "due_at", "ended_at"
    )
    for rule, house, due, ended in late.order_by().iterator():
        row = rows[rule, house]
        row.lost += (ended or at) - due
        row.days += days_late(due, ended or at, SERBIA)
    return Sheet(_("By rule and institution"), _head(), _lines(rows, actor, span))


def _head() -> list[str | Promise]:
    lost = [_("Days lost"), _("Working days lost")]
    return [_("Rule and institution"), *OUTCOMES.values(), *lost]


def _lines(rows: dict[Key, _Row], actor: Actor, span: Span) -> list[Line]:
    names = Organisation.objects.in_bulk({house for _rule, house in rows})
    ordered = sorted(rows, key=lambda key: (key[0], str(names[key[1]])))
    return [
        Line(f"{rule} · {names[house]}", _cells((rule, house), rows[rule, house], actor, span))
        for rule, house in ordered
    ]


def _cells(key: Key, row: _Row, actor: Actor, span: Span) -> list[Cell]:
    """Whole numbers of the own institution, with a door each; those of others are protected, and
    what is shown is a door as well: the rows are of own cases."""
    rule, house = key
    own = house == actor.organisation_id
    shown = Released(row.cells, 0) if own else suppression.protect({key: row.cells})[key]
    query = span.query() | {"rule": rule, "institution": str(house)}
    lost = all(shown.cells[one] is not None for one in LATE)
    return [
        *(_door(shown.cells[outcome], query | {"outcome": outcome}) for outcome in OUTCOMES),
        Cell(_days(row.lost) if lost else WITHHELD),
        Cell(row.days if lost else WITHHELD),
    ]


def _door(number: int | None, query: dict[str, str]) -> Cell:
    if number is None:
        return Cell(WITHHELD)
    return Cell(number, door(query) if number else "")


def _days(span: timedelta) -> int:
    return round(span / DAY)


# --- all institutions together


def _network(actor: Actor, span: Span, at: datetime) -> Sheet:
    found = network_figures(first=span.first, last=span.last, by=actor, at=at)
    rules = sorted({rule for _book, rule, _quarter in found.duties})
    head = [_("Rule"), *OUTCOMES.values(), _("Days lost")]
    return Sheet(_("By rule"), head, [_of_all(rule, found) for rule in rules])


def _of_all(rule: str, found: NetworkFigures) -> Line:
    keys = [key for key in found.duties if key[1] == rule]
    rows = [found.duties[key] for key in keys]
    sums = [suppression.add(row.cells[outcome] for row in rows) for outcome in OUTCOMES]
    return Line(rule, [*(Cell(said(one)) for one in sums), Cell(said(_lost(keys, found)))])


def _lost(keys: Iterable[Any], found: NetworkFigures) -> suppression.Sum:
    """Days of all quarters in which the late ones are shown."""
    known = [(_late(found.duties[key]), found.lost.get(key, timedelta())) for key in keys]
    return suppression.add(_days(span) if shown else None for shown, span in known)


def _late(row: Released) -> bool:
    return all(row.cells[outcome] is not None for outcome in LATE)
