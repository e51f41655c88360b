"""Notifications between institutions, and the neutral notices that send people to their desk."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from spona.accounts.models import Organisation, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedJSONField
from spona.cases.models import Case
from spona.coordination.models.run import Run
from spona.protocols.models import Version


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, actor: Actor) -> NotificationQuerySet:
        org = actor.organisation_id or 0
        return self.filter(Q(sender_id=org) | Q(recipient_id=org))

    def waiting_for(self, organisation_id: int | None) -> NotificationQuerySet:
        return self.filter(recipient_id=organisation_id, confirmed_at=None, withdrawn_at=None)


class Notification(models.Model):
    """What the finder tells the centre for social work: a package, and nothing but the package.

    *Sent* is not *notified*: until a named person confirms, `confirmed_at` is empty and the sender
    is told what to do next. `notified_at` is the time of the call, from which the clocks run.
    """

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="notification")
    encounter_id = models.BigIntegerField()
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    package = SealedJSONField()
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=200)
    notified_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # the package says no more who was met

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["encounter_id"], name="notification_of_encounter"),
            models.Index(
                fields=["recipient", "sent_at"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="notification_waiting",
            ),
            models.Index(
                fields=["sender", "sent_at"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="notification_unconfirmed",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(confirmed_by_name=""),
                name="a_named_person_confirms",
            )
        ]


class Call(models.Model):
    """A call to the on-call number: when, whether anybody answered, and who."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="calls")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    answered = models.BooleanField()
    spoke_with = models.CharField(max_length=200, blank=True)
    recorded_by_name = models.CharField(max_length=200)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_actor(self, actor: Actor, levels: frozenset[str]) -> NoticeQuerySet:
        """Those to this person, to the institution as such, or to a level that he or she holds."""
        mine = Q(organisation_id=actor.organisation_id or 0)
        whom = Q(user_id=actor.user_id) | Q(user=None, level="") | Q(level__in=levels)
        return self.filter(mine & whom)

    def to_be_mailed(self, digest: datetime | None) -> NoticeQuerySet:
        """What is urgent, and with a digest all that was told up to its moment."""
        told = Q(at__lte=digest) if digest else Q(urgent=True)
        return self.filter(told | Q(urgent=True))

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def that_go_up(self) -> NoticeQuerySet:
        """Unread ones of a kind that climbs."""
        return self.unread().filter(kind__in=Notice.UP)


class Notice(models.Model):
    """“You have a new task in Spona”: rule, institution, moment and the duty's random number.

    It holds no identity, and neither does its e-mail; the coordinator sees notices and no case.
    `case` is set only where the notice is to the owner of the case and about no rule: somebody has
    opened it by emergency access.
    """

    class Kind(models.TextChoices):
        NOTIFICATION = "notification"
        DUTY = "duty"
        WARNING = "warning"
        LATE = "late"
        OBSTACLE = "obstacle"
        WENT_ON = "went_on"
        CLOSED_LATE = "closed_late"
        UNBOUND = "unbound"
        CLOCK = "clock"
        EMERGENCY = "emergency"
        WITHDRAWN = "withdrawn"
        MOVED = "moved"
        QUERY = "query"
        QUERY_ANSWER = "query_answer"
        MANY_QUERIES = "many_queries"

    UP = (
        Kind.LATE,
        Kind.OBSTACLE,
        Kind.WENT_ON,
        Kind.CLOSED_LATE,
        Kind.UNBOUND,
        Kind.EMERGENCY,
        Kind.MANY_QUERIES,
    )

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=32, blank=True)
    act = models.CharField(max_length=64, blank=True)
    duty_number = models.CharField(max_length=8, blank=True)
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    obstacle = models.CharField(max_length=32, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="notice_inbox"),
            models.Index(fields=["at"], condition=Q(mailed_at=None), name="notice_to_mail"),
            models.Index(
                fields=["organisation", "-at", "-id"],
                condition=Q(
                    read_at=None,
                    kind__in=[
                        "late",
                        "obstacle",
                        "went_on",
                        "closed_late",
                        "unbound",
                        "emergency",
                        "many_queries",
                    ],
                ),
                name="notice_goes_up",
            ),
            models.Index(
                fields=["organisation", "-at", "-id"],
                condition=Q(read_at=None, kind="emergency"),
                name="notice_of_emergency",
            ),
            models.Index(
                fields=["duty_number"], condition=Q(level="coordinator"), name="notice_climbed"
            ),
        ]
