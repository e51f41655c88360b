"""Case conferences. What is decided becomes duties in the storey above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Required, TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Conference, ConferenceDecision, ConferenceParticipant

HELD_ALREADY = _("The minutes of this conference are already kept.")
NOT_YET = _("A conference cannot have been held after today.")
NO_MINUTES = _("Write the minutes.")


class ParticipantDraft(TypedDict, total=False):
    """Who is invited; without `organisation` somebody from outside the network."""

    name: Required[str]
    function: str
    organisation: Organisation | None


class DecisionDraft(TypedDict, total=False):
    """What was decided, who does it, by which day."""

    text: Required[str]
    organisation: Organisation | None
    due_on: date | None


@transaction.atomic
def conference_plan(
    *,
    case: Case,
    by: Actor,
    at: datetime,
    planned_at: datetime,
    participants: Iterable[ParticipantDraft] = (),
) -> Conference:
    """Plan a conference and say who is invited."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    conference = Conference.objects.create(case=current, planned_at=planned_at)
    ConferenceParticipant.objects.bulk_create(
        ConferenceParticipant(case=current, conference=conference, **participant)
        for participant in participants
    )
    audit.record("conference_plan", conference, by=by, at=at, case_id=current.pk)
    return conference


@transaction.atomic
def conference_hold(
    *,
    conference: Conference,
    by: Actor,
    at: datetime,
    held_at: datetime,
    minutes: str,
    decisions: Iterable[DecisionDraft] = (),
) -> Conference:
    """Keep the minutes and the decisions of a conference that took place; once only."""
    case = gate.locked_open(conference.case_id, by=by, at=at, may=permissions.can_run)
    current = Conference.objects.visible_to(by, at).filter(pk=conference.pk).first()
    if current is None:
        raise NotAllowed
    _check(current, held_at=held_at, minutes=minutes, at=at)
    current.held_at = held_at
    current.minutes = minutes
    current.row_version += 1
    current.save(force_update=True)
    ConferenceDecision.objects.bulk_create(
        ConferenceDecision(case=case, conference=current, **decision) for decision in decisions
    )
    audit.record("conference_hold", current, by=by, at=at, case_id=case.pk)
    return current


def _check(conference: Conference, *, held_at: datetime, minutes: str, at: datetime) -> None:
    if conference.held_at is not None:
        raise Refused(HELD_ALREADY)
    if held_at > at:
        raise Refused(NOT_YET)
    if not minutes.strip():
        raise Refused(NO_MINUTES)
