"""States of a duty and the words of its clock. Nothing here reads the time: it is given `at`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


class State(StrEnum):
    """Each differs by shape and word, never by colour alone (`base/components/glyph.html`)."""

    OVERDUE = "overdue"
    TODAY = "today"
    ON_TIME = "on_time"
    DONE = "done"
    OBSTACLE = "obstacle"


WORDS: dict[State, Promise] = {
    State.OVERDUE: _("Overdue"),
    State.TODAY: _("Today"),
    State.ON_TIME: _("In time"),
    State.DONE: _("Done"),
    State.OBSTACLE: _("Cannot be done now"),
}


def state_of(due: datetime | None, *, at: datetime) -> State:
    """The state of a duty that is open and has no obstacle; the day is the local one."""
    if due is None:
        return State.ON_TIME
    if due < at:
        return State.OVERDUE
    return State.TODAY if last_day(due) == timezone.localdate(at) else State.ON_TIME


def last_day(due: datetime) -> date:
    """The local day in which a deadline lies; due at midnight is the end of the day before."""
    return timezone.localdate(due - INSTANT)


def ends_a_day(due: datetime) -> bool:
    """Due at local midnight, as terms of days and months are: shown as the end of a day."""
    return timezone.localtime(due).time() == time()


def words() -> dict[str, str]:
    """Sentences of the clock in the language of the page, not yet filled in.

    The browser gets the same ones, so that both tell the time alike.
    """
    return {
        "late": gettext("%(span)s late"),
        "left": gettext("%(span)s left"),
        "minutes": gettext("%(n)d min"),
        "hours": gettext("%(n)d h"),
        "one": ngettext("%(n)d day", "%(n)d days", 1),
        "few": ngettext("%(n)d day", "%(n)d days", 2),
        "other": ngettext("%(n)d day", "%(n)d days", 5),
    }


def span_words(span: timedelta) -> str:
    """A length of time in at most two units: minutes below five hours, hours below two days."""
    minutes = max(0, int(abs(span).total_seconds()) // 60)
    hours, days = minutes // 60, minutes // 1440
    if not minutes:
        return gettext("less than a minute")
    if days:
        text = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return _two(text, hours % 24 if days < 2 else 0, gettext("%(n)d h"))
    if hours:
        text = gettext("%(n)d h") % {"n": hours}
        return _two(text, minutes % 60 if hours < 5 else 0, gettext("%(n)d min"))
    return gettext("%(n)d min") % {"n": minutes}


def _two(first: str, rest: int, pattern: str) -> str:
    return f"{first} {pattern % {'n': rest}}" if rest else first


def clock_words(due: datetime, *, at: datetime) -> str:
    """`3 h late` or `2 h 40 min left`."""
    pattern = gettext("%(span)s late") if due < at else gettext("%(span)s left")
    return pattern % {"span": span_words(due - at)}


def ring_left(since: datetime | None, due: datetime, *, at: datetime) -> int:
    """How much of the time is left, 0 to 100; a full ring once it is over.

    Without `since` the ring shows the last day before the deadline.
    """
    if due <= at:
        return 100
    whole = due - (since if since and since < due else due - DAY)
    return max(1, min(100, round(100 * ((due - at) / whole))))
