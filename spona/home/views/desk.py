"""What must I do now, and who is waiting for me?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from spona.accounts.models import DutyShift, Organisation, Substitution, User
from spona.audit import actions as audit
from spona.base import keyset
from spona.base.actor import Actor
from spona.base.clock import INSTANT, span_words
from spona.base.http import Request, signed_in
from spona.base.parts import DutyRow
from spona.base.script import written_language
from spona.cases.models import Case
from spona.coordination import permissions
from spona.coordination.models import Beginning, Duty, DutyQuerySet, Handover, Notification, Parts
from spona.coordination.models.run import in_cases_of
from spona.coordination.views import rows
from spona.home import rules
from spona.home.rules import MANY, Counts, Filters, Group, up_to
from spona.home.views import filters, looking_at, notices, overview, standing_in
from spona.home.views.restricted import on_desk, restricted
from spona.home.views.sentence import sentence
from spona.protocols.views.drafts import asked_of

PAGE = 25
FEW = 5
DAYS = {"sr-latn": "l, j. F", "en": "l, j F"}  # formats of a day, which no script changes
HEADS: dict[Group, str | Promise] = {
    Group.LATE: _("Overdue"),
    Group.TODAY: _("Today"),
    Group.WEEK: _("This week"),
    Group.LATER: _("Later"),
    Group.OBSTACLE: _("An obstacle stands in the way"),
}


@signed_in
@require_GET
@filters.kept
def desk(request: Request) -> HttpResponse:
    actor, at = request.actor, timezone.localtime()
    mine, chosen = on_desk(actor, at), Filters.of(request.GET.dict())
    beginning = mine.beginning(filters.OFFERED_FROM)
    found, more = _shown(request, mine, beginning, chosen, at)
    absent = Substitution.objects.absent_for(actor, at)
    beside = _beside(actor, at)
    counts = _counts(mine, beginning, beside, at)
    context = {
        "now": at,
        "today": date_format(at, DAYS[written_language()]),
        "say": sentence(counts),
        "counts": counts,
        "groups": _groups(found, actor, at, absent),
        "more": more,
        "on_duty": _on_duty(actor, at),
        "absent": absent,
        "asked_on_rules": asked_of(actor),
    }
    _log(actor, at, found, beside)
    context |= beside | filters.context(beginning, chosen) | overview.context(actor, at)
    return render(request, "home/desk.html", context)


@signed_in
@require_GET
def owed_list(request: Request, organisation_id: int) -> HttpResponse:
    """What one institution owes in the cases on which the reader works; 0: nobody is named."""
    actor, at = request.actor, timezone.localtime()
    if not permissions.can_work_on_case(actor):
        raise Http404
    whose = Q(organisation_id=organisation_id) if organisation_id else Q(organisation=None)
    theirs = Parts((_owed_by_others(actor, at).filter(whose),))
    found, more = _page(theirs, keyset.parse(request.GET.get("after", "")))
    audit.read("owed_list", found, by=actor, at=at, case_ids=[duty.case_id for duty in found])
    context = {
        "now": at,
        "whose": Organisation.objects.filter(pk=organisation_id).first() if found else None,
        "rows": rows.duty_rows(found, actor, at),
        "more": more,
    }
    return render(request, "home/owed_list.html", context)


def _log(actor: Actor, at: datetime, duties: list[Duty], beside: dict[str, Any]) -> None:
    """One row for the page, with the ids of what stood on it."""
    gaps: list[Case] = beside["gaps"]
    cases = [duty.case_id for duty in duties] + [case.pk for case in gaps]
    cases += looking_at.case_ids(beside)
    subjects = duties or gaps or beside["inbox"] or beside["unconfirmed"]
    subjects = subjects or [one for one, _ in (*beside["closings"], *beside["plans"])]
    subjects = subjects or beside["matches"]
    audit.read("desk", subjects, by=actor, at=at, case_ids=cases)


# --- duties


def _shown(
    request: Request, mine: Parts, beginning: Beginning, chosen: Filters, at: datetime
) -> tuple[list[Duty], keyset.Key | None]:
    """What was asked for; the first page of the whole desk is in its beginning already."""
    after = keyset.parse(request.GET.get("after", ""))
    if after is None and not chosen.chosen():
        return _drawn(mine.those(beginning.soonest(PAGE + 1)))
    return _page(filters.narrow(mine, chosen, request.actor, at), after)


def _page(duties: Parts, after: keyset.Key | None) -> tuple[list[Duty], keyset.Key | None]:
    """At most a page, soonest first, from `after` on; and where the next one begins."""
    if after is not None:
        duties = duties.filter(_later_than(after))
    return _drawn(duties.soonest(PAGE + 1))


def _drawn(duties: DutyQuerySet) -> tuple[list[Duty], keyset.Key | None]:
    whole = duties.select_related("version", "organisation", "user", "case__person")
    found = list(whole.prefetch_related("case__person__names")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], keyset.Key(found[PAGE - 1].due_at, found[PAGE - 1].pk)


def _later_than(key: keyset.Key) -> Q:
    if key.moment is None:
        return Q(due_at=None, pk__gt=key.id)
    return Q(due_at__gt=key.moment) | Q(due_at=key.moment, pk__gt=key.id) | Q(due_at=None)


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the desk with its lines."""

    group: Group
    title: str | Promise
    rows: list[DutyRow]


def _groups(duties: list[Duty], actor: Actor, at: datetime, absent: list[User]) -> list[Section]:
    drawn = standing_in.marked(rows.duty_rows(duties, actor, at), duties, absent)
    placed = [
        (rules.group_of(duty.due_at, obstacle=bool(duty.obstacle), at=at), row)
        for duty, row in zip(duties, drawn, strict=True)
    ]
    sections = [
        Section(group, title, [row for where, row in placed if where is group])
        for group, title in HEADS.items()
    ]
    return [section for section in sections if section.rows]


def _counts(mine: Parts, beginning: Beginning, beside: dict[str, Any], at: datetime) -> Counts:
    long_ago, day = datetime.min.replace(tzinfo=UTC), rules.end_of_day(at) + INSTANT
    return Counts(
        late=_due(mine, beginning, long_ago, at),
        today=_due(mine, beginning, at, day),
        **beside["counted"],
        went_up=len(beside["goes_up"]),
        to_look_at=beside["to_look_at"],
    )


def _due(mine: Parts, beginning: Beginning, since: datetime, until: datetime) -> int:
    """How many come due from `since` until before `until`, with nothing in the way."""
    free = [line.due_at for line in beginning.lines if not line.obstacle and line.due_at]
    found = sum(since <= due < until for due in free)
    if found >= MANY or beginning.reaches(until):
        return min(found, MANY)
    return mine.filter(obstacle="", due_at__gte=since, due_at__lt=until).count_up_to(MANY)


# --- beside the duties


def _beside(actor: Actor, at: datetime) -> dict[str, Any]:
    gaps, gap_count = _few(_without_guardian(actor, at))
    inbox, inbox_count = _few(_inbox(actor))
    unconfirmed, unconfirmed_count = _few(_unconfirmed(actor))
    return {
        "counted": {
            "without_guardian": gap_count,
            "waiting": inbox_count,
            "not_taken_over": unconfirmed_count,
        },
        "gaps": list(_told(gaps, at)),
        "gap_count": up_to(gap_count) if gap_count > len(gaps) else "",
        "inbox": list(_aged(inbox, at)),
        "inbox_count": up_to(inbox_count),
        "unconfirmed": list(_aged(unconfirmed, at)),
        "unconfirmed_count": up_to(unconfirmed_count),
        "others": _others(actor, at),
        "goes_up": notices.goes_up(actor, at),
        "sees_what_goes_up": permissions.can_see_what_goes_up(actor),
        **looking_at.beside(actor, at),
    }


def _few(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows, and how many there are, counted no further than `MANY`."""
    first = list(rows[: FEW + 1])
    if len(first) <= FEW:
        return first, len(first)
    return first[:FEW], rows.order_by()[:MANY].count()


def _without_guardian(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Open cases with nobody in office, longest first: those of the reader's institution, and those
    on their way to it or from it."""
    if not permissions.can_work_on_case(actor):
        return Case.objects.none()
    moving = Handover.objects.visible_to(actor, at).in_course().values_list("case_id", flat=True)
    ours = Q(organisation_id=actor.organisation_id or 0) | Q(pk__in=list(moving))
    return Case.objects.filter(ours).visible_to(actor, at).without_guardian()


def _told(cases: Iterable[Any], at: datetime) -> Iterable[Any]:
    for case in cases:
        case.waits = span_words(at - case.without_guardian_since)
        yield case


def _inbox(actor: Actor) -> QuerySet[Notification]:
    """Notifications that wait for a named person of the reader's centre."""
    organisation_id = actor.organisation_id or 0
    if not permissions.can_claim(actor, organisation_id):
        return Notification.objects.none()
    waiting = Notification.objects.waiting_for(organisation_id)
    return waiting.select_related("sender").order_by("sent_at")


def _unconfirmed(actor: Actor) -> QuerySet[Notification]:
    """What the reader's organisation sent and nobody has taken over."""
    sent = Notification.objects.visible_to(actor).filter(sender_id=actor.organisation_id)
    waiting = sent.filter(confirmed_at=None, withdrawn_at=None)
    return waiting.select_related("recipient").order_by("sent_at")


def _aged(notifications: Iterable[Any], at: datetime) -> Iterable[Any]:
    for notification in notifications:
        notification.waits = span_words(at - notification.sent_at)
        yield notification


def _owed_by_others(actor: Actor, at: datetime) -> DutyQuerySet:
    of_my_cases = Duty.objects.owed().filter(in_cases_of(actor, at))
    of_others = of_my_cases.exclude(organisation_id=actor.organisation_id or 0)
    return of_others.exclude(restricted(actor, at))


def _others(actor: Actor, at: datetime) -> list[tuple[int, Organisation | None, int]]:
    """Institutions for which the reader waits: id (0: nobody is named), institution, how many."""
    if not permissions.can_work_on_case(actor):
        return []
    counted = _owed_by_others(actor, at).values_list("organisation_id").annotate(n=Count("*"))
    owing = dict(counted.order_by("-n", "organisation_id"))
    known = Organisation.objects.in_bulk([pk for pk in owing if pk])
    return [(pk or 0, known.get(pk), n) for pk, n in owing.items()]


def _on_duty(actor: Actor, at: datetime) -> str:
    people = DutyShift.objects.visible_to(actor).on_duty(actor.organisation_id or 0, at)
    return str(_("On duty: %(who)s")) % {"who": ", ".join(map(str, people))} if people else ""
