"""The list of cases and the page of one: who holds the ball, what happened, what is owed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.clock import State, span_words
from spona.base.http import Request, signed_in
from spona.base.parts import Act, DutyRow
from spona.base.script import in_script
from spona.cases import codes
from spona.cases import permissions as case_permissions
from spona.cases.models import Case, Guardianship
from spona.coordination import permissions
from spona.coordination.models import Duty
from spona.coordination.views import heads, outlook, rows, streams
from spona.coordination.views.heads import case_of, frame, read
from spona.coordination.views.merging_words import banners, past
from spona.coordination.views.outlook import act_url
from spona.coordination.views.streams import Story, story_of

PAGE = 25


@signed_in
@require_GET
def case_list(request: Request) -> HttpResponse:
    """Cases one sees, the latest first; `before` is the last line of the page before."""
    at, closed = timezone.now(), request.GET.get("closed") == "1"
    if not permissions.can_open_case(request.actor):
        raise Http404
    found = list(_cases(request, at, closed))
    shown = found[:PAGE]
    ids = [case.pk for case in shown]
    audit.read("case_list", shown, by=request.actor, at=at, case_ids=ids)
    known = permissions.sensitive_cases(request.actor, at).filter(pk__in=ids)
    restricted = set(known.values_list("pk", flat=True))
    context = {
        "lines": [_line(case, request, at, case.pk in restricted) for case in shown],
        "closed": closed,
        "next": _cursor(shown[-1]) if len(found) > PAGE else "",
        "now": at,
        "organisation_name": in_script(request.actor.organisation_name),
    }
    return render(request, "coordination/case_list.html", context)


def _cases(request: Request, at: datetime, closed: bool) -> Any:
    """Of a long list only the lines of the page are joined with what they show."""
    seen = Case.objects.visible_to(request.actor, at).filter(closed_at__isnull=not closed)
    lines = _after(seen, request.GET.get("before", "")).order_by("-opened_at", "-pk")
    owed = Duty.objects.owed().soonest_first().select_related("organisation", "version")
    return (
        Case.objects.filter(pk__in=lines.values("pk")[: PAGE + 1])
        .select_related("person", "organisation")
        .prefetch_related(
            "person__names",
            "person__languages",
            Prefetch("duties", owed, to_attr="owed"),
            Prefetch("guardianships", Guardianship.objects.filter(until_at=None), to_attr="guards"),
        )
        .order_by("-opened_at", "-pk")
    )


def _after(cases: Any, cursor: str) -> Any:
    """The lines after the one that the cursor names; a cursor that is none begins anew."""
    moment, _sign, number = cursor.rpartition("_")
    opened_at = parse_datetime(moment) if number.isdigit() else None
    if opened_at is None or opened_at.tzinfo is None:
        return cases
    return cases.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=int(number)))


def _cursor(case: Case) -> str:
    return f"{case.opened_at.isoformat()}_{case.pk}"


def _line(case: Any, request: Request, at: datetime, sensitive: bool) -> dict[str, Any]:
    """Of the acts owed the soonest that this person may read of."""
    owed = [one for one in case.owed if sensitive or not one.version.book.acts[one.act].sensitive]
    ball = owed[0] if owed else None
    head = heads.head(case, request.actor, at, "", heads.is_own(request.actor, case, case.guards))
    return {
        "case": case,
        "head": head,
        "ball": ball,
        "what": rows.duty_label(ball) if ball else "",
        "state": rows.state(ball, at) if ball else State.DONE,
        "no_guardian": not case.guards and case.closed_at is None,
    }


@signed_in
@require_GET
def case_detail(request: Request, case_id: int) -> HttpResponse:
    """The river, who holds the ball, what is owed and why, what can be done."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.order_by("from_at"))
    context = frame(case, request, at, "case_detail", guardianships=guards)
    story = story_of(case, request.actor, at, sensitive=context["head"].sensitive)
    context["gap"] = _gap(case, story, guards, at)
    if story:
        works = context["head"].works and not story.run.rests
        context |= _told(story) | {"works": works}
    context["banners"] = banners(case, request.actor, at)
    context["past"] = past(case, request.actor, at)
    context["may_merge"] = case.is_open and case_permissions.can_merge(request.actor, case, case)
    context["may_hand_over"] = case.is_open and case_permissions.can_run(request.actor, case)
    context["beside"] = _beside(case, story, context["head"].sensitive, request, at)
    read("case_read", case, request, at)
    return render(request, "coordination/case_detail.html", context)


def _gap(case: Case, story: Story | None, guards: list[Guardianship], at: datetime) -> str:
    """How long the child has had no guardian; empty while there is one or the case is closed."""
    if case.closed_at or any(one.until_at is None for one in guards):
        return ""
    since = max((one.until_at for one in guards if one.until_at), default=None)
    since = since or (story.run.started_at if story else case.opened_at)
    return span_words(max(at - since, timedelta(0)))


def _told(story: Story) -> dict[str, Any]:
    drawn = streams.drawing(story)
    duties = story.open_duties
    lines = {duty.pk: _row(story, duty) for duty in duties}
    groups, facts = streams.grouped(story, duties), outlook.fact_lines(story)
    return {
        "story": story,
        "run": story.run,
        "river": drawn,
        "ball": (duties[0], lines[duties[0].pk]) if duties else None,
        "ball_name": _holder(story, duties[0]) if duties else "",
        "groups": [
            (story.lanes[key], [lines[duty.pk] for duty in owed]) for key, owed in groups.items()
        ],
        "why": [(rows.duty_label(duty), rows.why_owed(duty)) for duty in duties if duty.rule],
        "outlook": outlook.outlook(story),
        "facts_first": [one for one in facts if one.value or one.waited],
        "facts_rest": [one for one in facts if not one.value and not one.waited],
    }


def _beside(
    case: Case, story: Story | None, sensitive: bool, request: Request, at: datetime
) -> list[DutyRow]:
    """What is owed in referrals, handovers and decisions of the case, by whomever; of what is
    about a restricted need only for those who may know of it."""
    duties = Duty.objects.owed().filter(case=case)
    if not sensitive:
        duties = duties.exclude(run__referral__need__sensitive=True)
    if story:
        duties = duties.exclude(run=story.run)
    found = duties.soonest_first().select_related("version", "organisation")
    return rows.duty_rows(found, request.actor, at, case=case)


def _holder(story: Story, duty: Duty) -> str:
    """The institution, or the person by what he or she is."""
    return story.lanes[streams.lane_of(story, duty.party, duty.organisation)].label


def _row(story: Story, duty: Duty) -> DutyRow:
    """A duty on the page of its case: the button goes to the act, or says who does it."""
    rule = rows.rule_of(duty)
    mine = duty.organisation_id == story.actor.organisation_id
    obstacle = str(codes.obstacles()[duty.obstacle]) if duty.obstacle else ""
    act = Act(
        _("Do it now") if mine else _("Record"), act_url(story.run.pk, duty.act), primary=mine
    )
    return DutyRow(
        what=rows.duty_label(duty),
        state=rows.state(duty, story.at),
        href=reverse("coordination:duty_detail", args=[duty.number]),
        since=duty.counted_from,
        due=duty.due_at,
        rule=_("rule %(rule)s") % {"rule": duty.rule} if duty.rule else "",
        rule_href=rows.rule_url(duty.version, duty.rule) if duty.rule else "",
        verified=rule.badge.text if rule else "",
        obstacle=obstacle,
        act=act if permissions.can_work_on_case(story.actor) else None,
    )


@signed_in
@require_GET
def case_river(request: Request, case_id: int) -> HttpResponse:
    """Every entry of the record, the latest first, also what was taken back."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_detail", guardianships=guards, last=_("All entries"))
    story = story_of(case, request.actor, at, sensitive=context["head"].sensitive)
    context["entries"] = streams.record(story) if story else []
    read("river_read", case, request, at)
    return render(request, "coordination/case_river.html", context)


@signed_in
@require_POST
def name_reveal(request: Request, case_id: int) -> HttpResponse:
    """The full name of somebody whose case is not one's own: shown once, and logged."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    read("name_reveal", case, request, at)
    context = {"case": case, "names": case.person.names.all()}
    if request.htmx:
        return render(request, "coordination/case_name.html", context)
    context |= frame(case, request, at, "case_detail", guardianships=[], last=_("Name"))
    return render(request, "coordination/case_name_page.html", context)
