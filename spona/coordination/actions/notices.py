"""Neutral notices: in the app at once, by e-mail when it is allowed. No identity in any of them."""

from __future__ import annotations

from datetime import datetime

from spona.accounts.models import Membership, Organisation
from spona.conduct.book import Tell
from spona.coordination import rules
from spona.coordination.models import Duty, Notice, Notification, Run

Kind = Notice.Kind


def _about(duty: Duty, kind: str, at: datetime, **whom: object) -> Notice:
    book = duty.version.book
    return Notice(
        kind=kind,
        version_id=duty.version_id,
        rule=duty.rule,
        act=duty.act,
        duty_number=duty.number,
        institution_id=duty.organisation_id,
        due_at=duty.due_at,
        obstacle=duty.obstacle,
        urgent=bool(duty.rule) and rules.is_urgent(book, duty.rule, duty.acts),
        at=at,
        **whom,
    )


def duty_opened(run: Run, duty: Duty, *, at: datetime) -> None:
    """Tell the addressee; before a case is claimed, its notification tells the centre."""
    if duty.organisation_id and (run.case_id or duty.party == "finder"):
        whom = {"organisation_id": duty.organisation_id, "user_id": duty.user_id}
        _about(duty, Kind.DUTY, at, **whom).save(force_insert=True)


def notification_sent(notification: Notification, *, at: datetime) -> None:
    """Somebody must take a child over: urgent at any hour."""
    Notice.objects.create(
        organisation_id=notification.recipient_id,
        kind=Kind.NOTIFICATION,
        version_id=notification.run.version_id,
        institution_id=notification.sender_id,
        urgent=True,
        at=at,
    )


def closed_late(duty: Duty, *, at: datetime) -> None:
    to_level(duty, "head_of_service", Kind.CLOSED_LATE, at=at)


def late(duty: Duty, tell: Tell, *, at: datetime) -> None:
    """One rung up: the head of service, the director, the coordinator, or back to the finder."""
    if tell.whom == "coordinator":
        to_coordinators(duty, Kind.LATE, at=at)
    elif tell.whom == "finder":
        _to_finder(duty, at=at)
    else:
        to_level(duty, tell.whom, Kind.LATE, at=at)


def warned(duty: Duty, *, at: datetime) -> None:
    if duty.organisation_id is not None:
        whom = {"organisation_id": duty.organisation_id, "user_id": duty.user_id}
        _about(duty, Kind.WARNING, at, **whom).save(force_insert=True)


def met_obstacle(duty: Duty, *, at: datetime) -> None:
    """An obstacle goes up at once: to the head, the director and, without identity, beyond."""
    to_level(duty, "head_of_service", Kind.OBSTACLE, at=at)
    to_level(duty, "director", Kind.OBSTACLE, at=at)
    to_coordinators(duty, Kind.OBSTACLE, at=at)


def went_on(run: Run, *, rule: str, act: str, organisation_id: int, at: datetime) -> None:
    """Somebody went on past a soft guard, with a reason that stands in the record."""
    Notice.objects.create(
        organisation_id=organisation_id,
        level="head_of_service",
        kind=Kind.WENT_ON,
        version_id=run.version_id,
        rule=rule,
        act=act,
        institution_id=organisation_id,
        at=at,
    )


def to_level(duty: Duty, level: str, kind: str, *, at: datetime) -> None:
    if duty.organisation_id is not None:
        whom = {"organisation_id": duty.organisation_id, "level": level}
        _about(duty, kind, at, **whom).save(force_insert=True)


def to_coordinators(duty: Duty, kind: str, *, at: datetime) -> None:
    """The institutions where somebody holds the role of coordinator: rule and moment only."""
    held = Membership.objects.active().with_role("coordinator").values("organisation_id")
    for organisation in Organisation.objects.filter(pk__in=held):
        whom = {"organisation_id": organisation.pk, "level": "coordinator"}
        _about(duty, kind, at, **whom).save(force_insert=True)


def _to_finder(duty: Duty, *, at: datetime) -> None:
    finder = duty.run.bindings.current().filter(party="finder").first()
    if finder is not None and finder.organisation_id is not None:
        _about(duty, Kind.LATE, at, organisation_id=finder.organisation_id).save(force_insert=True)
