"""A duty: one act that one party owes. The projection of a run's marking, kept by the engine."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth

from spona.accounts.models import Organisation, Substitution, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.cases.models import Case
from spona.coordination.models.parts import Parts
from spona.coordination.models.run import Run, RunEvent, seen_through_cases
from spona.coordination.rules import BELGRADE
from spona.coordination.rules.figures import Outcome
from spona.protocols.models import Version

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def random_number() -> str:
    """What the coordinator sees instead of a child: says nothing, and is easy to read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, actor: Actor, at: datetime) -> DutyQuerySet:
        """Duties addressed to oneself, or from outside to one's organisation, and those of cases
        one works on. What the owner of a case owes in it is seen by those who work on it."""
        mine = Q(organisation_id=actor.organisation_id or 0)
        whose = Q(inside=False) | Q(user_id=actor.user_id or 0)
        if actor.reach == "organisation":
            whose |= Q(inside=True)
        return self.filter(seen_through_cases(actor, at) | (mine & whose))

    def owed(self) -> DutyQuerySet:
        return self.filter(state=Duty.State.OWED)

    def on_desk_of(self, actor: Actor, at: datetime) -> DutyQuerySet:
        """What this person is to do: addressed to him or her, or to the institution as such where
        he or she sees it, or to a colleague for whom he or she stands in.

        Before somebody takes a notification over, its duties stand behind it in the inbox; only
        the finder's own are on a desk.
        """
        return self._owed_by_ours(actor).filter(reduce(or_, _parts_of_a_desk(actor, at)))

    def parts_of_desk(self, actor: Actor, at: datetime) -> Parts:
        """The same in parts, each of which an index gives soonest first."""
        ours = self._owed_by_ours(actor)
        return Parts(tuple(ours.filter(part) for part in _parts_of_a_desk(actor, at)))

    def _owed_by_ours(self, actor: Actor) -> DutyQuerySet:
        taken_over = Q(case__isnull=False) | Q(party__in=("finder", "field_worker"))
        return self.owed().filter(taken_over, organisation_id=actor.organisation_id or 0)

    def to_be_told(self, at: datetime) -> DutyQuerySet:
        return self.owed().filter(next_tell_at__lte=at).order_by("next_tell_at")

    def judged(self, at: datetime) -> DutyQuerySet:
        """Those that came due by `at`, each with `outcome` (`rules.figures.Outcome`) and `month`.

        What was due at midnight belongs to the day, and so to the month, before.
        """
        came_due = Q(state__in=(Duty.State.DONE, Duty.State.CLOSED_LATE))
        came_due |= Q(state=Duty.State.OWED, due_at__lt=at)
        day = models.ExpressionWrapper(
            models.F("due_at") - timedelta(microseconds=1), output_field=models.DateTimeField()
        )
        month = TruncMonth(day, tzinfo=BELGRADE, output_field=models.DateField())
        ended = self.filter(came_due, due_at__isnull=False)
        return ended.annotate(outcome=_outcome(), month=month)

    def soonest_first(self) -> DutyQuerySet:
        return self.order_by(models.F("due_at").asc(nulls_last=True), "id")


def _parts_of_a_desk(actor: Actor, at: datetime) -> tuple[Q, ...]:
    """Of the institution as such, and of the person; who sees all its cases needs no list of
    them. No duty is in two parts. Who stands in for a colleague has that one's duties too."""
    stands_in = Substitution.objects.in_force(at).filter(
        organisation_id=actor.organisation_id or 0, substitute_id=actor.user_id or 0
    )
    whose = [actor.user_id or 0, *stands_in.values_list("absent_id", flat=True)]
    ours, named, inside = Q(user=None), Q(user_id__in=whose), Q(inside=True)
    if actor.reach == "organisation":
        return ours & inside, ours & ~inside, named
    mine = (ours | named) & inside & seen_through_cases(actor, at)
    return mine, ours & ~inside, named & ~inside


def _outcome() -> models.Case:
    """Nobody is late with what cannot be done, nor with what others recorded for an institution
    that does not work in Spona (practice.md 15, 16)."""
    done, owed = Q(state="done"), Q(state="owed")
    outside = Q(organisation=None) | Q(organisation__uses_spona=False)
    return models.Case(
        models.When(done & Q(done_late=False), then=models.Value(Outcome.IN_TIME)),
        models.When(Q(by_proxy=True) | outside, then=models.Value(Outcome.BY_PROXY)),
        models.When(~Q(obstacle=""), then=models.Value(Outcome.OBSTACLE)),
        models.When(owed, then=models.Value(Outcome.OPEN_LATE)),
        default=models.Value(Outcome.LATE),
        output_field=models.CharField(),
    )


class Duty(models.Model):
    """`acts` are the acts of which one discharges it.

    At `due_at` is in time. `counted_from` is when the clock began. `by_measure` says that the law
    has a word and the moment is the agreed measure. `party` stays when nobody is bound to it.
    """

    class State(models.TextChoices):
        OWED = "owed"
        DONE = "done"
        CLOSED = "closed"
        CLOSED_LATE = "closed_late"

    number = models.CharField(max_length=8, unique=True, default=random_number)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="duties")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="duties", db_index=False
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    acts = ArrayField(models.CharField(max_length=64))
    rule = models.CharField(max_length=32)
    row = models.PositiveSmallIntegerField(null=True)  # which row of the rule makes it owed
    party = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="duties"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    counted_from = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    by_measure = models.BooleanField(default=False)
    protective = models.BooleanField(default=False)
    inside = models.BooleanField(default=False)  # owed by the owner of the case itself
    state = models.CharField(max_length=12, choices=State.choices, default=State.OWED)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(RunEvent, on_delete=models.PROTECT, null=True, related_name="+")
    ended_by_rule = models.CharField(max_length=32, blank=True)
    done_late = models.BooleanField(default=False)
    by_proxy = models.BooleanField(default=False)  # done, and recorded by somebody else
    obstacle = models.CharField(max_length=32, blank=True)
    told = models.PositiveSmallIntegerField(default=0)
    next_tell_at = models.DateTimeField(null=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "due_at", "id"],
                condition=Q(state="owed"),
                name="duty_on_desk",
            ),
            models.Index(
                fields=["organisation", "inside", "due_at", "id"],
                condition=Q(state="owed", user=None),
                name="duty_of_institution",
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state="owed"), name="duty_soonest"),
            models.Index(
                fields=["user", "due_at", "id"],
                condition=Q(state="owed", user__isnull=False),
                name="duty_of_person",
            ),
            models.Index(fields=["case", "state"], name="duty_of_case"),
            models.Index(
                fields=["case"],
                include=["organisation", "inside", "user", "acts"],
                condition=Q(state="owed"),
                name="duty_owed_of_case",
            ),
            models.Index(
                fields=["next_tell_at"], condition=Q(state="owed"), name="duty_to_be_told"
            ),
        ]

    @property
    def act(self) -> str:
        return self.acts[0]

    def is_late(self, at: datetime) -> bool:
        """Past its moment and nothing in the way: an obstacle is not lateness of the person."""
        return self.due_at is not None and at > self.due_at and not self.obstacle


class Obstacle(models.Model):
    """Why a duty cannot be done now. The duty stays owed; the obstacle goes up."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="obstacles")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    code = models.CharField(max_length=32)
    note = SealedTextField(blank=True)
    met_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=200, blank=True)
    overcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(overcome_at=None), name="one_obstacle_at_a_time"
            )
        ]
