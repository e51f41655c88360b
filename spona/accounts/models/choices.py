"""What one person chose for the own desk: which lines stand on it, and a calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from spona.accounts import rules
from spona.accounts.models.organisations import Membership
from spona.base.actor import Actor


class DeskFilters(models.Model):
    """Which lines of the desk a person wants to see, until he or she chooses otherwise.

    `chosen` holds words of the rule books (`{"state": "late"}`) and never a person or a case.
    """

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="filters")
    chosen = models.JSONField(default=dict)
    changed_at = models.DateTimeField()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, actor: Actor) -> CalendarFeedQuerySet:
        """One's own, in the organisation in which one works now."""
        mine = Membership.objects.active().filter(
            user_id=actor.user_id or 0, organisation_id=actor.organisation_id or 0
        )
        return self.filter(membership__in=mine)

    def in_use(self) -> CalendarFeedQuerySet:
        return self.filter(ended_at=None)

    def with_token(self, token: str) -> CalendarFeedQuerySet:
        """The feed that an address belongs to, of somebody who still works there; at most one."""
        working = Membership.objects.active()
        mine = self.in_use().filter(token_hash=rules.token_hash(token), membership__in=working)
        return mine.select_related("membership__user", "membership__organisation")


class CalendarFeed(models.Model):
    """A calendar programme of this person may fetch the moments of his or her duties.

    The address is the key, so only the hash of its token is kept. It opens nothing else.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at=None), name="one_calendar_a_person"
            )
        ]
