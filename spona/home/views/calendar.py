"""A calendar of one's own duties: moments and random numbers, for a programme without a cookie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST
from icalendar import Calendar, Event

from spona.accounts import actions, rules
from spona.accounts.models import CalendarFeed
from spona.base import rls
from spona.base.clock import ends_a_day, last_day
from spona.base.http import Request, signed_in
from spona.base.views import page_not_found
from spona.coordination.models import Duty
from spona.home.views.restricted import on_desk

MOST = 500
AN_HOUR = 60 * 60
FETCHES = 60  # an hour from one feed; programmes ask four times at most
STRANGERS = 30  # an hour from one address with tokens that open nothing
REFRESH = timedelta(minutes=30)


# --- for the person


@signed_in
@require_GET
def calendar(request: Request) -> HttpResponse:
    """Whether the own calendar is on, and the buttons."""
    return _page(request, "")


@signed_in
@require_POST
def calendar_renew(request: Request) -> HttpResponse:
    """A new address. It is shown here and never again, so the answer is no redirect."""
    token = actions.calendar_renew(by=request.actor, at=timezone.now())
    path = reverse("home:calendar_feed", args=[token])
    return _page(request, f"{settings.SITE_URL}{path}")


@signed_in
@require_POST
def calendar_end(request: Request) -> HttpResponse:
    actions.calendar_end(by=request.actor, at=timezone.now())
    return _page(request, "")


def _page(request: Request, address: str) -> HttpResponse:
    feed = CalendarFeed.objects.visible_to(request.actor).in_use().first()
    context = {"feed": feed, "address": address}
    return render(request, "home/calendar.html", context)


# --- for the programme


@require_GET
def calendar_feed(request: Request, token: str) -> HttpResponse:
    """Needs no cookie: whoever has the address has the calendar, and nothing else."""
    at = timezone.localtime()
    feed = CalendarFeed.objects.with_token(token).first()
    whose = rules.token_hash(token) if feed else request.META.get("REMOTE_ADDR", "")
    if _too_often(whose, at, FETCHES if feed else STRANGERS):
        return HttpResponse(status=429)
    if feed is None:  # not raised: a rollback would forget the count
        return page_not_found(request, Http404())
    actor = feed.membership.actor()
    with rls.acting(actor, at):
        duties = on_desk(actor, at).exclude(Q(due_at=None)).soonest(MOST)
        body = _written(list(duties[:MOST]), at)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _too_often(whose: str, at: datetime, most: int) -> bool:
    """Counted by the hour of the clock, in the cache that all processes share."""
    key = f"calendar-{whose}-{at:%Y%m%d%H}"
    cache.add(key, 0, 2 * AN_HOUR)
    return cache.incr(key) > most


def _written(duties: list[Duty], at: datetime) -> bytes:
    book = Calendar()
    book.add("prodid", "-//Spona//obaveze//SR")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    with override("sr-latn"):
        book.add("x-wr-calname", "Spona")
        for duty in duties:
            book.add_component(_event(duty, at))
    return bytes(book.to_ical())


def _event(duty: Duty, at: datetime) -> Event:
    """The moment and the number: no act, no rule, no place, no child."""
    event = Event()
    event.add("uid", f"{duty.number}@spona")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", _("Spona: duty %(number)s") % {"number": duty.number})
    place = reverse("coordination:duty_detail", args=[duty.number])
    event.add("url", f"{settings.SITE_URL}{place}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    due = duty.due_at
    if due and ends_a_day(due):
        event.add("dtstart", last_day(due))
    elif due:
        event.add("dtstart", due.astimezone(UTC))
    return event
