"""A run: one rule book at work for one child. Its marking is a fold over its events."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from spona.accounts.models import Organisation, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.cases.models import Case, CaseAccess
from spona.protocols.models import Version


def seen_through_cases(actor: Actor, at: datetime) -> Q:
    """What one sees because one works on the case. Asked of the access rows themselves, whose
    number the planner can estimate."""
    return Q(case__in=CaseAccess.objects.giving(actor, at).values("case_id"))


def in_cases_of(actor: Actor, at: datetime) -> Func:
    """The same for reading much of many cases: their list is made once and an index is walked by
    it, where a join would read all of the country's."""
    seen = CaseAccess.objects.giving(actor, at).values("case_id")
    listed = ArraySubquery(seen, template="(ARRAY(%(subquery)s))")
    return Func(
        F("case_id"),
        listed,
        template="%(expressions)s",
        arg_joiner=" = ANY ",
        output_field=models.BooleanField(),
    )


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Actor, at: datetime) -> RunQuerySet:
        """Runs of cases one works on; before there is a case, those one's organisation began."""
        mine = Q(case=None, organisation_id=actor.organisation_id or 0)
        return self.filter(seen_through_cases(actor, at) | mine)

    def older_than(self, version: Version, actor: Actor) -> RunQuerySet:
        """Running matters of the actor's institution by an earlier version of the book."""
        mine = self.filter(case__organisation_id=actor.organisation_id or 0, ended_at=None)
        earlier = Q(version__published_at__lt=version.published_at)
        return mine.filter(earlier, version__protocol=version.protocol)

    def with_clock_due(self, at: datetime) -> RunQuerySet:
        return self.filter(next_clock_at__lte=at, ended_at=None).order_by("next_clock_at")


class Run(models.Model):
    """`state` is the marking (`conduct.state`), `facts` what is known: both follow from events.

    `organisation` began the run. A run that another run started has it as `parent`.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="runs")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    encounter_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.TextField(default="")
    facts = models.JSONField(default=dict)
    next_clock_at = models.DateTimeField(null=True, db_index=True)

    objects = RunQuerySet.as_manager()

    @property
    def rests(self) -> bool:
        """The case was opened twice and its other file is led on: nothing is owed here, nothing is
        recorded, and all of it comes back when the files are split."""
        rested = self.events.filter(kind=RunEvent.Kind.RESTED, revoked_by=None)
        return self.ended_at is not None and rested.exists()

    def is_inside(self, organisation_id: int | None) -> bool:
        """Whether this institution has the run's matter in its own cases: it owns the case, or it
        began the run in a case on which it works."""
        if self.case is None or organisation_id is None:
            return False
        begun = self.parent_id is not None and self.organisation_id == organisation_id
        return begun or self.case.organisation_id == organisation_id


class RunEventQuerySet(models.QuerySet["RunEvent"]):
    def visible_to(self, actor: Actor, at: datetime) -> RunEventQuerySet:
        """Events of cases one works on, what one recorded oneself, and what one's organisation
        recorded before there was a case."""
        mine = Q(organisation_id=actor.organisation_id or 0)
        whose = Q(case=None) | Q(recorded_by_id=actor.user_id or 0)
        return self.filter(seen_through_cases(actor, at) | (mine & whose))

    def in_order(self) -> RunEventQuerySet:
        return self.order_by("seq")


class RunEvent(models.Model):
    """Something done, learned or taken back; append-only.

    `occurred_at` drives the clocks, `recorded_at` is when it was typed. An act of a party without
    an account is recorded for it: `source_of_knowledge` says how that is known.
    """

    class Kind(models.TextChoices):
        ACT = "act"
        FACT = "fact"
        REVOKED = "revoked"
        HANDED = "handed"  # a party was handed to another institution: its clocks begin anew
        MIGRATED = "migrated"  # the run goes on under another version of its rule book
        RESTED = "rested"  # the case was opened twice: another run goes on in its place

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="events", db_index=False)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ACT)
    act = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    party = models.CharField(max_length=64, blank=True)
    source_of_knowledge = SealedTextField(max_length=300, blank=True)
    present = ArrayField(models.CharField(max_length=64), default=list)
    reason = SealedTextField(blank=True)
    form = SealedJSONField(default=dict)
    facts = models.JSONField(default=dict)
    revokes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="revoked_by"
    )

    objects = RunEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="events_have_an_order")]
        indexes = [models.Index(fields=["case", "occurred_at"], name="event_of_case")]

    @property
    def by_proxy(self) -> bool:
        return bool(self.source_of_knowledge)


class BindingQuerySet(models.QuerySet["Binding"]):
    def visible_to(self, actor: Actor, at: datetime) -> BindingQuerySet:
        mine = Q(organisation_id=actor.organisation_id or 0)
        return self.filter(seen_through_cases(actor, at) | mine)

    def current(self) -> BindingQuerySet:
        return self.filter(until_at=None)


class Binding(models.Model):
    """Which institution, and where it is one person, who, stands for a party of the book."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="bindings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    party = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedTextField(max_length=200, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = BindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "party"],
                condition=Q(until_at=None),
                name="a_party_is_bound_once",
            )
        ]
