"""What goes up: the rule, the institution, the moment and a random number. No child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from spona.accounts.roles import ROLES
from spona.audit import actions as audit
from spona.base import keyset
from spona.base.actor import Actor
from spona.base.clock import State
from spona.base.http import Request, signed_in
from spona.base.script import in_script, written_language
from spona.cases import codes
from spona.cases.models import Case
from spona.conduct import text
from spona.coordination import permissions
from spona.coordination.models import Duty, Notice
from spona.coordination.models.notice import NoticeQuerySet
from spona.coordination.views import rows
from spona.home import actions

PAGE = 50
FEW = 10
Kind = Notice.Kind
WORDS: dict[str, str | Promise] = {
    Kind.NOTIFICATION: gettext_lazy("A child was met: a named person takes over"),
    Kind.DUTY: gettext_lazy("New duty"),
    Kind.WARNING: gettext_lazy("The deadline is near"),
    Kind.LATE: gettext_lazy("The deadline has passed"),
    Kind.OBSTACLE: gettext_lazy("Obstacle"),
    Kind.WENT_ON: gettext_lazy("Somebody went on past a rule, with a reason"),
    Kind.CLOSED_LATE: gettext_lazy("Closed after the deadline"),
    Kind.UNBOUND: gettext_lazy("No institution is named for this"),
    Kind.CLOCK: gettext_lazy("A moment has come"),
    Kind.EMERGENCY: gettext_lazy("Somebody has opened a case by emergency access"),
    Kind.WITHDRAWN: gettext_lazy("A referral was withdrawn: what was shared is closed"),
    Kind.MOVED: gettext_lazy("The rules changed, and with them the deadline"),
    Kind.QUERY: gettext_lazy("Somebody asks about a child whom you may know"),
    Kind.QUERY_ANSWER: gettext_lazy("A query was answered: they ask you to call"),
    Kind.MANY_QUERIES: gettext_lazy("Many queries in one day without a new encounter"),
}
LISTS = {
    Kind.QUERY: "coordination:match_list",
    Kind.QUERY_ANSWER: "coordination:query_list",
}
STATES = {Kind.LATE: State.OVERDUE, Kind.CLOSED_LATE: State.OVERDUE, Kind.OBSTACLE: State.OBSTACLE}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in words; `href` only where the reader may open the duty or the case."""

    notice: Notice
    word: str
    what: str
    state: State
    rule_href: str
    href: str
    due: str


@signed_in
@require_GET
def notice_list(request: Request) -> HttpResponse:
    """All that was told to the reader, the newest first."""
    actor, at = request.actor, timezone.localtime()
    after = keyset.parse(request.GET.get("after", ""))
    found = list(_newest_first(_mine(actor), after)[: PAGE + 1])
    shown = found[:PAGE]
    lines = _lines(shown, actor, at)
    named = [line.notice for line in lines if line.notice.case_id and line.href]
    cases = [notice.case_id for notice in named]
    audit.read("emergency_told", named, by=actor, at=at, case_ids=cases)
    context = {
        "now": at,
        "lines": lines,
        "more": keyset.Key(shown[-1].at, shown[-1].pk) if len(found) > PAGE else None,
    }
    return render(request, "home/notice_list.html", context)


@signed_in
@require_POST
def notice_read(request: Request, pk: int) -> HttpResponse:
    notice = get_object_or_404(_mine(request.actor), pk=pk)
    actions.notice_read(notice=notice, by=request.actor, at=timezone.now())
    back = "home:notice_list" if request.POST.get("from") == "list" else "home:desk"
    return redirect(back)


def goes_up(actor: Actor, at: datetime) -> list[Line]:
    """What is unread and climbs to the reader's level, for those who receive it; and for everybody
    that somebody has opened a case of theirs in an emergency."""
    unread = _mine(actor).that_go_up()
    if not permissions.can_see_what_goes_up(actor):
        unread = unread.filter(kind=Kind.EMERGENCY)
    return _lines(list(_newest_first(unread, None)[:FEW]), actor, at)


def _mine(actor: Actor) -> NoticeQuerySet:
    return Notice.objects.for_actor(actor, _levels(actor))


def _levels(actor: Actor) -> frozenset[str]:
    held = (ROLES[key].level for key in actor.roles if key in ROLES)
    return frozenset(level for level in held if level)


def _newest_first(notices: QuerySet[Notice], after: keyset.Key | None) -> QuerySet[Notice]:
    if after is not None and after.moment is not None:
        same = Q(at=after.moment, pk__lt=after.id)
        notices = notices.filter(Q(at__lt=after.moment) | same)
    return notices.select_related("version", "institution").order_by("-at", "-pk")


def _lines(notices: Iterable[Notice], actor: Actor, at: datetime) -> list[Line]:
    found = list(notices)
    numbers = {notice.duty_number for notice in found if notice.duty_number}
    seen = Duty.objects.visible_to(actor, at).filter(number__in=numbers)
    may_open = set(seen.values_list("number", flat=True))
    opened = Case.objects.visible_to(actor, at).filter(pk__in=_cases(found))
    cases = dict(opened.values_list("pk", "code"))
    return [_line(notice, notice.duty_number in may_open, cases) for notice in found]


def _cases(notices: Iterable[Notice]) -> set[int]:
    return {notice.case_id for notice in notices if notice.case_id is not None}


def _until(due: datetime) -> str:
    """Words and no running clock: what the notice told of may be done by now."""
    return in_script(text.deadline(due, written_language()))


def _line(notice: Notice, may_open: bool, cases: Mapping[int, str]) -> Line:
    """`cases` are the codes of those of which the reader may see who looks."""
    version = notice.version
    word = str(WORDS[notice.kind])
    if notice.obstacle:
        word = _("%(word)s: %(obstacle)s") % {
            "word": str(WORDS[Kind.OBSTACLE]),
            "obstacle": codes.obstacles()[notice.obstacle],
        }
    return Line(
        notice=notice,
        word=word,
        what=rows.act_label(version, notice.act)
        if version and notice.act
        else _code(notice, cases),
        state=STATES.get(Kind(notice.kind), State.ON_TIME),
        rule_href=rows.rule_url(version, notice.rule) if version and notice.rule else "",
        href=_href(notice, may_open, cases),
        due=_until(notice.due_at) if notice.due_at else "",
    )


def _code(notice: Notice, cases: Mapping[int, str]) -> str:
    return cases.get(notice.case_id or 0, "")


def _href(notice: Notice, may_open: bool, cases: Mapping[int, str]) -> str:
    if notice.case_id in cases:
        return reverse("coordination:case_access", args=[notice.case_id])
    if notice.kind in LISTS:
        return reverse(LISTS[Kind(notice.kind)])
    return reverse("coordination:duty_detail", args=[notice.duty_number]) if may_open else ""
