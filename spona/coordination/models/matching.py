"""Blind matching: an institution asks whether anybody works with the child it has met (P20).

The query is the asker's and says that it was sent. A match is the owner's of the case that was
found; to the asker's institution it does not exist, whatever becomes of it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.cases.models import Case
from spona.coordination.models.duty import random_number
from spona.coordination.models.referral import Disclosure
from spona.people.models import Person


class BlindQueryQuerySet(models.QuerySet["BlindQuery"]):
    def visible_to(self, actor: Actor, at: datetime) -> BlindQueryQuerySet:
        """Those of one's institution; from a case, where one sees the case."""
        seen = Q(case=None) | Q(case__in=Case.objects.visible_to(actor, at))
        return self.filter(seen, organisation_id=actor.organisation_id or 0)

    def latest_first(self) -> BlindQueryQuerySet:
        return self.order_by("-asked_at", "-pk")

    def running(self, at: datetime) -> BlindQueryQuerySet:
        return self.filter(expires_at__gt=at)


class BlindQuery(models.Model):
    """Asked from a case or an encounter of the asker, with what stands there and nothing typed.

    `matched_at` is when the clock has searched, whether or not it found anybody. When the term is
    over the row forgets about whom it was, and says on which day it was sent.
    """

    number = models.CharField(max_length=8, unique=True, default=random_number)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by_name = models.CharField(max_length=200)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    encounter_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=24)
    name = SealedTextField(max_length=250, blank=True)
    father = SealedTextField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(
        max_length=9,
        choices=Person.BirthPrecision.choices,
        default=Person.BirthPrecision.UNKNOWN,
    )
    sex = models.CharField(max_length=7, blank=True)
    country = models.CharField(max_length=2, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    matched_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    objects = BlindQueryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, encounter_id__isnull=False)
                | Q(case__isnull=False, encounter_id=None),
                name="a_query_is_asked_from_one_place",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None)
                | Q(name="", father="", birth_date=None, sex="", country=""),
                name="a_query_that_is_over_says_of_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-asked_at"], name="queries_sent"),
            models.Index(fields=["asked_by", "asked_at"], name="queries_of_a_day"),
            models.Index(
                fields=["expires_at"], condition=Q(forgotten_at=None), name="queries_in_course"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BlindMatchQuerySet(models.QuerySet["BlindMatch"]):
    def visible_to(self, actor: Actor, at: datetime) -> BlindMatchQuerySet:
        """Those of cases that one sees and one's institution owns; never one's own questions."""
        ours = Case.objects.visible_to(actor, at).filter(organisation_id=actor.organisation_id or 0)
        return self.filter(case__in=ours).exclude(asker_id=actor.organisation_id or 0)

    def waiting(self, at: datetime) -> BlindMatchQuerySet:
        """Nobody has decided, and the term is not over."""
        return self.filter(state=BlindMatch.State.WAITING, expires_at__gt=at)

    def soonest_first(self) -> BlindMatchQuerySet:
        return self.order_by("expires_at", "pk")


class BlindMatch(models.Model):
    """A case that looks like the child who was asked about; its owner decides.

    It holds its own copy of what was asked, since the owner does not see the query. `explanation`
    is the waterfall: `prior` and `bars`, which make the score. Both go with the term of the query.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for your decision")
        ANSWERED = "answered", _("answered")
        DECLINED = "declined", _("not answered")
        EXPIRED = "expired", _("the term is over")

    number = models.CharField(max_length=8, unique=True, default=random_number)
    query = models.ForeignKey(BlindQuery, on_delete=models.PROTECT, related_name="matches")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=24)
    asked = SealedJSONField(null=True)
    explanation = SealedJSONField(null=True)
    found_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    disclosure = models.OneToOneField(
        Disclosure, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = BlindMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "case"], name="a_case_matches_a_query_once"),
            models.CheckConstraint(
                condition=Q(state="answered", disclosure__isnull=False)
                | (~Q(state="answered") & Q(disclosure=None)),
                name="an_answer_is_a_disclosure",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="a_match_is_decided_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["case", "expires_at"],
                condition=Q(state="waiting"),
                name="matches_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.number
