"""Figures of all institutions together, by rule: small groups stay unseen, nobody is compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.cases import codes
from spona.coordination import permissions
from spona.coordination.actions.figures import QUARTER, NetworkFigures, network_figures
from spona.coordination.rules import figures as count
from spona.coordination.rules import suppression
from spona.coordination.rules.suppression import Released
from spona.home.forms import FiguresForm
from spona.home.views import charts, sheets
from spona.home.views.figures import OUTCOMES
from spona.home.views.sheets import Cell, Line, Sheet

WITHHELD = "< 5"


@signed_in
@require_GET
def network(request: Request) -> HttpResponse:
    """Quarters that are over, in numbers of five or more."""
    actor, at = request.actor, timezone.localtime()
    if not permissions.can_see_network_figures(actor):
        raise Http404
    form = FiguresForm.of(request.GET, at)
    protected = network_figures(first=form.span.first, last=form.span.last, by=actor, at=at)
    quarters = count.stretch(form.span.first, form.span.last, QUARTER)
    found = _sheets(protected, quarters)
    if request.GET.get("format") == "csv":
        own = Organisation.objects.filter(pk=actor.organisation_id or 0)
        audit.read("figures_csv", own, by=actor, at=at)
        return sheets.download(found)
    context = {
        "form": form,
        "sheets": found,
        "chart": _chart(protected, quarters),
        "legend": OUTCOMES.items(),
        "csv": f"?{urlencode(form.span.query() | {'format': 'csv'})}",
        "own": permissions.can_see_own_figures(actor),
    }
    return render(request, "home/figures_network.html", context)


Rows = dict[str, list[Released]]


def _sheets(protected: NetworkFigures, quarters: tuple[date, ...]) -> list[Sheet]:
    outcomes = [*OUTCOMES.values()]
    by_rule: Rows = {}
    for (_book, rule, _quarter), row in sorted(protected.duties.items()):
        by_rule.setdefault(rule, []).append(row)
    return [
        Sheet(
            _("Duties by quarter"),
            [_("Quarter"), *outcomes],
            [_line(label, rows) for label, rows in _by_quarter(protected, quarters).items()],
        ),
        Sheet(
            _("Duties by rule"),
            [_("Rule"), *outcomes],
            [_line(rule, rows) for rule, rows in by_rule.items()],
        ),
        Sheet(_("Obstacles"), [_("Kind"), _("Duties")], _kinds(protected)),
    ]


def _by_quarter(protected: NetworkFigures, quarters: tuple[date, ...]) -> Rows:
    found: Rows = {_quarter(day): [] for day in quarters}
    for (_book, _rule, day), row in protected.duties.items():
        found[_quarter(day)].append(row)
    return found


def _quarter(day: date) -> str:
    return f"{day.year}/{(day.month - 1) // QUARTER + 1}"


def _line(label: str, rows: list[Released]) -> Line:
    sums = [suppression.add(row.cells[outcome] for row in rows) for outcome in OUTCOMES]
    return Line(label, [Cell(said(one)) for one in sums])


def said(one: suppression.Sum) -> int | str:
    """`12`, `at least 12`, or that there are too few to say."""
    if one.whole:
        return one.n
    return f"≥ {one.n}" if one.n else WITHHELD


def _kinds(protected: NetworkFigures) -> list[Line]:
    words = codes.obstacles()
    met = sorted({code for row in protected.obstacles.values() for code in row.cells})
    return [
        Line(
            str(words[code]),
            [Cell(said(suppression.add(row.cells.get(code, 0) for row in _rows(protected))))],
        )
        for code in met
    ]


def _rows(protected: NetworkFigures) -> list[Released]:
    return list(protected.obstacles.values())


def _chart(protected: NetworkFigures, quarters: tuple[date, ...]) -> Any:
    parts = [
        (label, {one: suppression.add(row.cells[one] for row in rows).n for one in OUTCOMES})
        for label, rows in _by_quarter(protected, quarters).items()
    ]
    return charts.columns(parts, [*OUTCOMES])
