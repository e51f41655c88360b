"""Services that institutions and associations offer, by the names of HSDS 3 where it has one.

Nothing here is about a person, so there is no row security. A sensitive service is shown only to
those who work on cases; where somebody sleeps is never public.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Named, Organisation
from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.directory import codes
from spona.directory.rules.matching import Capacity, Match, Observed, Offer, capacity_now, match

WHERE_SOMEBODY_SLEEPS = ("accommodation", "foster_care", "safe_house")


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, actor: Actor) -> ServiceQuerySet:
        """Staff see services; sensitive ones only who works on cases, and the own institution."""
        if not actor.is_signed_in:
            return self.none()
        if allows(actor.roles, May.WORK_ON_CASES):
            return self
        return self.filter(Q(layer=codes.GENERAL) | Q(organisation_id=actor.organisation_id))

    def standing(self) -> ServiceQuerySet:
        """Services that did not end, of institutions that are not suspended."""
        return self.filter(ended_at=None, organisation__suspended_at=None)

    def whole(self) -> ServiceQuerySet:
        """With everything that matching and pages read, in three queries."""
        return self.select_related("organisation__municipality").prefetch_related(
            "covers", "observations"
        )

    def matching(
        self,
        *,
        at: datetime,
        needs: tuple[str, ...] = (),
        municipality: Municipality | None = None,
        age: int | None = None,
        sex: str | None = None,
        languages: tuple[str, ...] = (),
    ) -> list[tuple[Service, Match]]:
        """All of these services in the order of `rules.matching.match`, each with its reasons."""
        services = {service.key: service for service in self.whole()}
        found = match(
            [service.offer(at) for service in services.values()],
            needs=needs,
            municipality=municipality.key if municipality else None,
            age=age,
            sex=sex,
            languages=languages,
        )
        return [(services[one.offer.key], one) for one in found]


class Service(Named):
    """`needs` are `system:code`, `languages` ISO 639-3. `for_children` is: made for children;
    whom it takes is said by the ages. `layer` says who needs to know that it exists."""

    class Sex(models.TextChoices):
        ANY = "any", _("everybody")
        FEMALE = "f", _("girls and women only")
        MALE = "m", _("boys and men only")

    class Capacity(models.TextChoices):
        OPEN = "open", _("there is room")
        WAITING_LIST = "waiting_list", _("waiting list")
        FULL = "full", _("full")
        UNKNOWN = "unknown", _("not known")

    class Layer(models.TextChoices):
        GENERAL = "general", _("not sensitive")
        HEALTH = "health", _("health")
        GBV = "gbv", _("violence")
        TRAFFICKING = "trafficking", _("trafficking in human beings")
        ASYLUM = "asylum", _("asylum")

    class Verified(models.TextChoices):
        READ = "read", _("from the source")
        PARTLY = "partly", _("partly checked")
        MEMORY = "memory", _("not checked")
        LOCAL = "local", _("said by the institution")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="services"
    )
    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=32)
    needs = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    covers = models.ManyToManyField(Municipality, related_name="+", blank=True)
    nationwide = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=3, choices=Sex.choices, default=Sex.ANY)
    for_children = models.BooleanField(default=False)
    accepts_referrals = models.BooleanField(default=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=12, choices=Capacity.choices, default=Capacity.UNKNOWN)
    capacity_said_at = models.DateTimeField(null=True)
    layer = models.CharField(max_length=11, choices=Layer.choices, default=Layer.GENERAL)
    public = models.BooleanField(default=False)
    verified = models.CharField(max_length=8, choices=Verified.choices, default=Verified.MEMORY)
    source = models.TextField(blank=True)
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=1)
    synthetic = models.BooleanField(default=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(public=False) | ~Q(kind__in=WHERE_SOMEBODY_SLEEPS),
                name="where_somebody_sleeps_is_never_public",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age=None)
                | Q(maximum_age=None)
                | Q(maximum_age__gte=F("minimum_age")),
                name="ages_of_a_service_in_order",
            ),
            models.CheckConstraint(
                condition=Q(capacity="unknown") | Q(capacity_said_at__isnull=False),
                name="capacity_was_said_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ended_at"], name="directory_service_of")]

    @property
    def kind_words(self) -> codes.ServiceKind:
        return codes.service_kinds()[self.kind]

    @property
    def family(self) -> codes.Code:
        """The neutral word: the only thing of a service that may stand on a cover."""
        return self.kind_words.family

    @property
    def sensitive(self) -> bool:
        return self.layer != codes.GENERAL

    @property
    def observed(self) -> Observed | None:
        """The newest figures, if the service was asked often enough for them to say something."""
        newest = max(self.observations.all(), key=lambda one: one.period_until, default=None)
        figures = newest.figures() if newest else None
        return figures if figures and figures.says_something else None

    def capacity_at(self, at: datetime) -> Capacity:
        """What was said of free places, or unknown when it was said too long ago."""
        return self.Capacity(capacity_now(self.capacity, self.capacity_said_at, at))

    def offer(self, at: datetime) -> Offer:
        """As `rules.matching` reads it."""
        seat = self.organisation.municipality
        return Offer(
            key=self.key,
            needs=frozenset(self.needs),
            seat=seat.key if seat else None,
            covers=frozenset(town.key for town in self.covers.all()),
            nationwide=self.nationwide,
            languages=frozenset(self.languages),
            minimum_age=self.minimum_age,
            maximum_age=self.maximum_age,
            sex=self.sex,
            capacity=capacity_now(self.capacity, self.capacity_said_at, at),
            observed=self.observed,
        )


class ServiceObservation(models.Model):
    """How a service answered in a period, both days included. Counts only: no child, no sender."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="observations")
    period_from = models.DateField()
    period_until = models.DateField()
    asked = models.PositiveIntegerField()
    answered_in_time = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    median_hours = models.FloatField(null=True)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "period_from", "period_until"],
                name="one_observation_a_period",
            ),
            models.CheckConstraint(
                condition=Q(period_until__gte=F("period_from")), name="a_period_has_a_length"
            ),
            models.CheckConstraint(
                condition=Q(answered_in_time__lte=F("asked"), accepted__lte=F("asked")),
                name="no_more_answers_than_questions",
            ),
        ]

    def figures(self) -> Observed:
        return Observed(self.asked, self.answered_in_time, self.accepted, self.median_hours)
