"""A handover in words: its stages, who holds the child, the flags told by telephone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.base.parts import Fact, Task
from spona.base.script import in_script, said
from spona.coordination import actions
from spona.coordination.actions.answering import Steps
from spona.coordination.actions.handing_over import sharing_of
from spona.coordination.models import Duty, Handover, RunEvent
from spona.coordination.views.referral_words import Links, field_label, links, value_words
from spona.coordination.views.telling import when
from spona.directory.rules.competence import Proposal

CRITICAL = "critical_handover"
BEGINNING = ("move_planned", "moved_unplanned")
# Written by beginning, or by the clock.
SILENT = frozenset({"move_planned", "moved_unplanned", "receiving_notified"})


def ground(proposal: Proposal) -> str:
    """Why this centre, with the rule where there is one."""
    why = said({"sr-latn": proposal.words.sr_latn, "en": proposal.words.en})
    return f"{why} ({proposal.rule})" if proposal.rule else why


@dataclass(frozen=True, slots=True)
class Line:
    handover: Handover
    href: str
    other: str
    to_us: bool
    stands: str


def lines(handovers: Iterable[Handover], actor: Actor) -> list[Line]:
    return [
        Line(
            handover=one,
            href=reverse("coordination:handover_detail", args=[one.number]),
            other=str(one.sending if one.receiving_id == actor.organisation_id else one.receiving),
            to_us=one.receiving_id == actor.organisation_id,
            stands=stands(one),
        )
        for one in handovers
    ]


def stands(handover: Handover) -> str:
    """How far it has come, in one phrase."""
    reached = (
        (handover.cancelled_at, _("cancelled")),
        (handover.ended_at, _("ended")),
        (handover.done_at, _("handed over; the former centre may still look")),
        (handover.taken_at, _("the case was taken over")),
        (handover.arrived_at, _("the child has arrived")),
        (handover.departed_at, _("the child is on the way")),
        (handover.confirmed_at, _("a named person takes over")),
        (handover.refused_at, _("competence is disputed")),
    )
    return next((phrase for moment, phrase in reached if moment), _("nobody has confirmed yet"))


def holder(handover: Handover) -> str:
    """Who has the child and the case: never nobody."""
    who = handover.receiving if handover.taken_at else handover.sending
    return str(who)


def stages(handover: Handover) -> list[Task]:
    steps = (
        (_("The other centre was told"), handover.notified_at, ""),
        (
            _("A named person takes over"),
            handover.confirmed_at,
            in_script(handover.confirmed_by_name),
        ),
        (_("The child has left"), handover.departed_at, _expected(handover)),
        (_("The child has arrived"), handover.arrived_at, ""),
        (_("The case was taken over"), handover.taken_at, in_script(handover.taken_by_name)),
        (_("Joint record"), handover.done_at, ""),
    )
    return [
        Task(
            label,
            done=moment is not None,
            hint=", ".join(part for part in (when(moment) if moment else "", extra) if part),
        )
        for label, moment, extra in steps
    ]


def _expected(handover: Handover) -> str:
    if handover.expected_at is None or handover.arrived_at is not None:
        return ""
    return _("expected %(when)s") % {"when": when(handover.expected_at)}


def package(handover: Handover, actor: Actor, at: datetime) -> list[Fact]:
    """What the receiving centre reads before it confirms; reading is logged and is the receipt."""
    given = actions.package_read(sharing=sharing_of(handover), by=actor, at=at)
    return [Fact(field_label(one.field), value_words(one.field, one.value)) for one in given]


def reason(handover: Handover) -> str:
    """Why the child is moved, as its centre wrote it; for those who work on the case."""
    begun = RunEvent.objects.filter(run=handover.run_id, act__in=BEGINNING, revoked_by=None)
    first = begun.order_by("seq").first()
    return in_script(str(first.form.get("reason") or first.reason)) if first else ""


def flags(handover: Handover) -> list[Fact]:
    """The yes and no of the oral handover, as they were told; for those who work on the case."""
    events = RunEvent.objects.filter(run=handover.run_id, act=CRITICAL, revoked_by=None)
    told = events.order_by("seq").last()
    if told is None:
        return []
    asked = actions.version_of(handover.run_id).book.acts[CRITICAL].form
    return [
        Fact(said(one.label), _("yes") if told.form[one.key] else _("no"))
        for one in asked
        if one.type == "boolean" and one.key in told.form
    ]


def step_links(handover: Handover, steps: Steps, owed: Iterable[Duty]) -> Links:
    shown = [act for act in steps.acts if act not in SILENT]
    return links(handover.run_id, shown, steps.own, owed)


def group(handover: Handover, actor: Actor, at: datetime) -> list[Line]:
    """The handovers of the siblings that go along."""
    seen = Handover.objects.visible_to(actor, at).filter(group=handover.group)
    others = seen.exclude(pk=handover.pk).select_related("sending", "receiving")
    return lines(others.order_by("number"), actor)
