"""The one sentence on top of the desk."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.home.rules import Counts


def sentence(counts: Counts) -> list[str]:
    """What counts, as sentences: the first one is about duties and stands out if any is late."""
    if counts.nothing and counts.went_up:
        text = ngettext(
            "%(n)d matter has come up to you.", "%(n)d matters have come up to you.", counts.went_up
        )
        return [text % {"n": counts.went_up}]
    if counts.nothing:
        return [_("Nothing is late and nothing is due today.")]
    parts = [_duties(counts), _children(counts), _waiting(counts), _not_taken_over(counts)]
    return [part for part in parts if part]


def _duties(counts: Counts) -> str:
    late = ngettext("%(n)d duty is late", "%(n)d duties are late", counts.late)
    today = ngettext("%(n)d is due today", "%(n)d are due today", counts.today)
    alone = ngettext("%(n)d duty is due today", "%(n)d duties are due today", counts.today)
    if counts.late and counts.today:
        return f"{late % {'n': counts.late}}, {today % {'n': counts.today}}."
    if counts.late:
        return f"{late % {'n': counts.late}}."
    return f"{alone % {'n': counts.today}}." if counts.today else ""


def _children(counts: Counts) -> str:
    if not counts.without_guardian:
        return ""
    text = ngettext(
        "%(n)d child has no guardian.",
        "%(n)d children have no guardian.",
        counts.without_guardian,
    )
    return text % {"n": counts.without_guardian}


def _waiting(counts: Counts) -> str:
    if not counts.waiting:
        return ""
    text = ngettext(
        "%(n)d notification waits to be taken over.",
        "%(n)d notifications wait to be taken over.",
        counts.waiting,
    )
    return text % {"n": counts.waiting}


def _not_taken_over(counts: Counts) -> str:
    if not counts.not_taken_over:
        return ""
    text = ngettext(
        "Of %(n)d child nobody has taken over yet.",
        "Of %(n)d children nobody has taken over yet.",
        counts.not_taken_over,
    )
    return text % {"n": counts.not_taken_over}
