"""The one sentence on top of the desk."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.home.rules import MANY, Counts


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
    parts.append(_to_look_at(counts))
    return [part for part in parts if part]


def _said(n: int, counted: str, many: str) -> str:
    """The number in its words; what was counted no further is more than the last number."""
    return many % {"n": MANY - 1} if n >= MANY else counted % {"n": n}


def _duties(counts: Counts) -> str:
    late = _said(
        counts.late,
        ngettext("%(n)d duty is late", "%(n)d duties are late", counts.late),
        _("More than %(n)d duties are late"),
    )
    today = _said(
        counts.today,
        ngettext("%(n)d is due today", "%(n)d are due today", counts.today),
        _("more than %(n)d are due today"),
    )
    alone = _said(
        counts.today,
        ngettext("%(n)d duty is due today", "%(n)d duties are due today", counts.today),
        _("More than %(n)d duties are due today"),
    )
    if counts.late and counts.today:
        return f"{late}, {today}."
    if counts.late:
        return f"{late}."
    return f"{alone}." if counts.today else ""


def _children(counts: Counts) -> str:
    if not counts.without_guardian:
        return ""
    text = ngettext(
        "%(n)d child has no guardian.",
        "%(n)d children have no guardian.",
        counts.without_guardian,
    )
    return _said(counts.without_guardian, text, _("More than %(n)d children have no guardian."))


def _waiting(counts: Counts) -> str:
    if not counts.waiting:
        return ""
    text = ngettext(
        "%(n)d notification waits to be taken over.",
        "%(n)d notifications wait to be taken over.",
        counts.waiting,
    )
    many = _("More than %(n)d notifications wait to be taken over.")
    return _said(counts.waiting, text, many)


def _to_look_at(counts: Counts) -> str:
    if not counts.to_look_at:
        return ""
    text = ngettext(
        "%(n)d matter waits for you to look at it.",
        "%(n)d matters wait for you to look at them.",
        counts.to_look_at,
    )
    many = _("More than %(n)d matters wait for you to look at them.")
    return _said(counts.to_look_at, text, many)


def _not_taken_over(counts: Counts) -> str:
    if not counts.not_taken_over:
        return ""
    text = ngettext(
        "Of %(n)d child nobody has taken over yet.",
        "Of %(n)d children nobody has taken over yet.",
        counts.not_taken_over,
    )
    many = _("Of more than %(n)d children nobody has taken over yet.")
    return _said(counts.not_taken_over, text, many)
