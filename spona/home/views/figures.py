"""Figures of one's own institution: each number is a door to its rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.clock import span_words
from spona.base.http import Request, signed_in
from spona.base.parts import Fact
from spona.cases import codes
from spona.cases.models import Case, Guardianship
from spona.coordination import permissions
from spona.coordination.models import Duty, DutyQuerySet, Notification, Obstacle
from spona.coordination.rules import figures as count
from spona.coordination.rules.figures import Outcome
from spona.home.forms import FiguresForm, Span
from spona.home.views import charts, referral_figures, sheets
from spona.home.views.restricted import restricted
from spona.home.views.sheets import Cell, Line, Sheet

OUTCOMES: dict[str, str | Promise] = {
    Outcome.IN_TIME: gettext_lazy("In time"),
    Outcome.LATE: gettext_lazy("Done late"),
    Outcome.OPEN_LATE: gettext_lazy("Open and late"),
    Outcome.OBSTACLE: gettext_lazy("An obstacle stood in the way"),
    Outcome.BY_PROXY: gettext_lazy("Recorded for others"),
}


@signed_in
@require_GET
def figures(request: Request) -> HttpResponse:
    """What came due in a stretch of months, how it ended, and what stood in the way."""
    actor, at = request.actor, timezone.localtime()
    if not permissions.can_see_own_figures(actor):
        raise Http404
    form = FiguresForm.of(request.GET, at)
    by_month, found = _sheets(actor, form.span, at)
    if request.GET.get("format") == "csv":
        audit.read("figures_csv", _own(actor), by=actor, at=at)
        return sheets.download(found)
    context = {
        "form": form,
        "sheets": found,
        "chart": charts.columns(
            [(f"{month[5:7]}/{month[2:4]}", cells) for month, cells in by_month.items()],
            [*OUTCOMES],
        ),
        "legend": OUTCOMES.items(),
        "facts": _facts(actor, form.span, at),
        "now_alone": reverse("home:figure_cases"),
        "csv": f"?{urlencode(form.span.query() | {'format': 'csv'})}",
        "network": permissions.can_see_network_figures(actor),
    }
    return render(request, "home/figures.html", context)


def _own(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=actor.organisation_id or 0)


# --- duties and obstacles


def came_due(actor: Actor, span: Span, at: datetime) -> DutyQuerySet:
    """Duties of the own institution that came due in the stretch, of which the reader may know."""
    own = Duty.objects.visible_to(actor, at).filter(organisation_id=actor.organisation_id or 0)
    start, end = span.moments()
    judged = own.exclude(restricted(actor, at)).exclude(rule="").judged(at)
    return judged.filter(due_at__gt=start, due_at__lte=end)


def met(actor: Actor, span: Span, at: datetime) -> QuerySet[Obstacle]:
    """Obstacles that the own institution met in the stretch."""
    own = Duty.objects.visible_to(actor, at).filter(organisation_id=actor.organisation_id or 0)
    start, end = span.moments()
    known = own.exclude(restricted(actor, at))
    return Obstacle.objects.filter(duty__in=known, met_at__gte=start, met_at__lt=end)


def _sheets(actor: Actor, span: Span, at: datetime) -> tuple[count.Table, list[Sheet]]:
    judged: Any = came_due(actor, span, at)
    grouped = judged.values_list("rule", "month", "outcome")
    counted = [
        count.Count(rule, month, Outcome(outcome), n)
        for rule, month, outcome, n in grouped.annotate(n=Count("pk")).order_by()
    ]
    by_month = count.by_month(counted, span.months())
    outcomes = [*OUTCOMES.values(), _("In time, of 100")]
    return by_month, [
        Sheet(_("Duties by month"), [_("Month"), *outcomes], _by_month(by_month)),
        Sheet(_("Duties by rule"), [_("Rule"), *outcomes], _by_rule(count.by_rule(counted), span)),
        Sheet(_("Obstacles"), [_("Kind"), _("Duties")], _by_kind(actor, span, at)),
        referral_figures.sheet(actor, span, at),
    ]


def _by_month(table: count.Table) -> list[Line]:
    lines = []
    for month, cells in table.items():
        one = Span(date.fromisoformat(month), date.fromisoformat(month))
        lines.append(Line(month[:7], _cells(cells, one.query())))
    return lines


def _by_rule(table: count.Table, span: Span) -> list[Line]:
    query = span.query()
    return [Line(rule, _cells(cells, query | {"rule": rule})) for rule, cells in table.items()]


def _cells(cells: dict[str, int], query: dict[str, str]) -> list[Cell]:
    share = count.share_in_time(cells)
    doors = [
        Cell(cells[outcome], door(query | {"outcome": outcome}) if cells[outcome] else "")
        for outcome in OUTCOMES
    ]
    return [*doors, Cell("–" if share is None else share)]


def _by_kind(actor: Actor, span: Span, at: datetime) -> list[Line]:
    counted = met(actor, span, at).values_list("code").annotate(n=Count("duty", distinct=True))
    words = codes.obstacles()
    return [
        Line(str(words[code]), [Cell(n, door(span.query() | {"obstacle": code}))])
        for code, n in counted.order_by("-n", "code")
    ]


def door(query: dict[str, str]) -> str:
    return f"{reverse('home:figure_rows')}?{urlencode(query)}"


# --- children without a guardian, and notifications


def without_guardian(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Open cases of the own institution with nobody in office now."""
    office = Guardianship.objects.filter(case=OuterRef("pk"), from_at__lte=at)
    standing = office.filter(Q(until_at=None) | Q(until_at__gt=at)).values("case")
    open_cases: QuerySet[Case] = _own_cases(actor, at).still_open()
    return open_cases.exclude(pk__in=Subquery(standing))


def _own_cases(actor: Actor, at: datetime) -> Any:
    told = Notification.objects.filter(encounter_id=OuterRef("encounter_id")).values("notified_at")
    own = Case.objects.visible_to(actor, at).filter(organisation_id=actor.organisation_id or 0)
    return own.annotate(since=Coalesce(Subquery(told[:1]), "opened_at"))


def _facts(actor: Actor, span: Span, at: datetime) -> list[Fact]:
    start, end = span.moments()
    opened = _own_cases(actor, at).filter(opened_at__gte=start, opened_at__lt=end)
    alone = count.without_guardian(_alone(opened), at)
    now = without_guardian(actor, at).count()
    waits = Notification.objects.visible_to(actor).filter(recipient_id=actor.organisation_id)
    waited = waits.filter(sent_at__gte=start, sent_at__lt=end, withdrawn_at=None)
    answered = list(waited.values_list("sent_at", "confirmed_at"))
    return [
        Fact(_("Children whose case was opened"), str(alone.children)),
        Fact(_("Hours without a guardian, of all together"), str(_hours(alone.total))),
        Fact(_("Time without a guardian, the middle of them"), _span(alone.median)),
        Fact(_("Without a guardian now"), str(now), reverse("home:figure_cases") if now else ""),
        Fact(_("Notifications received"), str(len(answered))),
        Fact(_("Until somebody took over, the middle of them"), _span(count.median_wait(answered))),
    ]


def _alone(cases: Any) -> list[count.Alone]:
    offices: dict[int, list[count.Office]] = {}
    held = Guardianship.objects.filter(case__in=cases.values("pk"))
    for case_id, begins, ends in held.values_list("case_id", "from_at", "until_at"):
        offices.setdefault(case_id, []).append((begins, ends))
    return [
        count.Alone(since, closed, offices.get(pk, []))
        for pk, since, closed in cases.values_list("pk", "since", "closed_at")
    ]


def _hours(span: timedelta) -> int:
    return round(span / timedelta(hours=1))


def _span(span: timedelta | None) -> str:
    return span_words(span) if span is not None else ""
