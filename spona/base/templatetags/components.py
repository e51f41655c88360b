"""Tags that draw the components of `base/components/`. Their words are for everybody's pages."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from spona.base import clock
from spona.base.clock import State
from spona.base.parts import DutyRow
from spona.base.river import River
from spona.base.script import in_script

register = template.Library()
register.filter(in_script)

# Short word and what it means; the keys are `spona.conduct.book.Verified`.
BADGES: dict[str, tuple[Promise, Promise]] = {
    "read": (
        _("from the source"),
        _("Read in the source named. No lawyer has confirmed it yet."),
    ),
    "partly": (
        _("partly checked"),
        _("The duty was read; the number of the article or the deadline was not."),
    ),
    "memory": (
        _("not checked"),
        _("From memory, not read. Do not rely on this as on a regulation."),
    ),
    "local": (
        _("local agreement"),
        _("Not a regulation. The institutions that signed it agreed so."),
    ),
    "signed": (_("confirmed by a lawyer"), _("A lawyer has read and confirmed this rule.")),
}


@register.simple_tag
def state_glyph(state: str, silent: bool = False) -> SafeString:
    """Shape and word of a state; `silent` where the word stands beside it anyway."""
    return _glyph(State(state), silent, get_language())


@lru_cache(maxsize=64)  # a long desk shows the same few a hundred times
def _glyph(state: State, silent: bool, language: str | None) -> SafeString:
    word = str(clock.WORDS[state])
    context = {"state": state, "word": word, "silent": silent}
    return render_to_string("base/components/glyph.html", context)


@register.filter
def state_word(state: str) -> str:
    """The word of a state: `overdue` becomes `Overdue` in the language of the page."""
    return str(clock.WORDS[State(state)])


@register.filter
def day(at: datetime) -> str:
    """Weekday, day and month as the language of the page writes them, in local time."""
    pattern = "D j M" if get_language() == "en" else "D j. n."
    return date_format(timezone.localtime(at), pattern)


@register.filter
def moment(at: datetime) -> str:
    """The day and the hour."""
    return f"{day(at)} {date_format(timezone.localtime(at), 'TIME_FORMAT')}"


@register.simple_tag
def due_words(due: datetime, now: datetime) -> str:
    """`today 18.00`, `end of today`, `Tue 24. 11. 2.05`, `end of Mon 23. 11.`"""
    today = clock.last_day(due) == timezone.localdate(now)
    if clock.ends_a_day(due):
        word = gettext("today") if today else day(due - clock.INSTANT)
        return gettext("end of the day: %(day)s") % {"day": word}
    if not today:
        return moment(due)
    return f"{gettext('today')} {date_format(timezone.localtime(due), 'TIME_FORMAT')}"


@register.inclusion_tag("base/components/clock.html")
def clock_ring(
    due: datetime, now: datetime, since: datetime | None = None, state: str = ""
) -> dict[str, Any]:
    """A ring that empties and the words beside it; the browser keeps both running."""
    return {
        "due": timezone.localtime(due).isoformat(),
        "since": timezone.localtime(since).isoformat() if since else "",
        "until": due_words(due, now),
        "state": State(state) if state else clock.state_of(due, at=now),
        "words": clock.clock_words(due, at=now),
        "left": clock.ring_left(since, due, at=now),
    }


@register.simple_tag
def clock_sentences() -> str:
    """The sentences of the clock as JSON for a data attribute."""
    return json.dumps(clock.words(), ensure_ascii=False)


@register.simple_tag
def badge(verified: str, detail: str = "") -> SafeString:
    """How far a rule was checked. `detail` (a name, a date) is added to what the badge says."""
    return _badge(verified, str(detail), get_language())


@lru_cache(maxsize=256)
def _badge(verified: str, detail: str, language: str | None) -> SafeString:
    word, title = BADGES[verified]
    context = {"word": str(word), "title": f"{title} {detail}".strip(), "verified": verified}
    return render_to_string("base/components/badge.html", context)


@register.inclusion_tag("base/components/duty_row.html", takes_context=True)
def duty_row(context: template.Context, row: DutyRow, now: datetime) -> dict[str, Any]:
    """One duty of the desk."""
    return {"row": row, "now": now, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("base/components/river.html")
def river(drawing: River, title: str = "") -> dict[str, Any]:
    """The river of a case and the same as a list."""
    return {"river": drawing, "title": title}


@register.inclusion_tag("base/components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field with its label, hint and error; choices that belong together become a fieldset."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "single": kind == "checkbox" and not bound.use_fieldset}


@register.inclusion_tag("base/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, each line a link to its field. Nothing while all is well."""
    lines = [
        (*_where(form, name), error) for name, errors in form.errors.items() for error in errors
    ]
    return {"lines": lines}


def _where(form: BaseForm, name: str) -> tuple[str, str]:
    if name not in form.fields:
        return "", ""
    return f"#{anchor(form[name])}", str(form[name].label)


def anchor(bound: BoundField) -> str:
    """The id of the first element of a field that can take the focus."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else (bound.id_for_label or bound.auto_id)


@register.simple_block_tag
def card(content: str, title: str = "", tone: str = "", level: int = 2) -> SafeString:
    """`{% card title="..." tone="gap" %} ... {% endcard %}`; tones: gap, ball, note, none."""
    heading = format_html('<h{} class="card-title">{}</h{}>', level, title, level) if title else ""
    name = f"card card-{tone}" if tone else "card"
    return format_html('<section class="{}">{}{}</section>', name, heading, content)
