"""Figures of referrals, asked by one's own institution and of it: how many were answered, and how
long one waits for an answer and for the first contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.base.clock import span_words
from spona.coordination import permissions
from spona.coordination.models import Referral
from spona.coordination.models.referral import ReferralQuerySet
from spona.coordination.rules import figures as count
from spona.home.forms import Span
from spona.home.views.sheets import Cell, Line, Sheet

PATIENCE = timedelta(days=3)  # the longest term for an answer to what is urgent (LOC-REF-05)
STAGES = ("sent_at", "decided_at", "withdrawn_at", "started_at", "decision")


def sheet(actor: Actor, span: Span, at: datetime) -> Sheet:
    """One line for what was asked of us, one for what we asked of others."""
    heads = [
        _("Referrals"),
        _("Sent"),
        _("Accepted"),
        _("Declined or another proposed"),
        _("No answer for more than 3 days"),
        _("Until the answer, the middle of them"),
        _("Until the first contact, the middle of them"),
    ]
    seen = Referral.objects.visible_to(actor, at)
    own = actor.organisation_id or 0
    lines = [_line(_("Asked of us"), seen.to(own), "", span, at)]
    if permissions.can_work_on_case(actor):
        lines.append(_line(_("Asked of others"), seen.filter(sender_id=own), "sent=1", span, at))
    return Sheet(_("Referrals"), heads, lines)


def _line(label: str, referrals: ReferralQuerySet, query: str, span: Span, at: datetime) -> Line:
    start, end = span.moments()
    rows = list(referrals.filter(sent_at__gte=start, sent_at__lt=end).values_list(*STAGES))
    waits = [(sent, decided or withdrawn) for sent, decided, withdrawn, _began, _how in rows]
    began = [(sent, started) for sent, _decided, _withdrawn, started, _how in rows]
    silent = count.unanswered(waits, at, PATIENCE)
    return Line(
        label,
        [
            Cell(len(rows), _door(query) if rows else ""),
            Cell(_how_many(rows, ("accepted", "accepted_partly"))),
            Cell(_how_many(rows, ("declined", "counter_proposed"))),
            Cell(silent, _door(query, "unanswered=1") if silent else ""),
            Cell(_span(count.median_wait(waits))),
            Cell(_span(count.median_wait(began))),
        ],
    )


def _how_many(rows: Iterable[Sequence[Any]], decisions: tuple[str, ...]) -> int:
    return sum(row[-1] in decisions for row in rows)


def _door(*parts: str) -> str:
    query = "&".join(part for part in parts if part)
    where = reverse("coordination:referral_list")
    return f"{where}?{query}" if query else where


def _span(span: timedelta | None) -> str:
    return "–" if span is None else span_words(span)
