"""The case, and the rows that say who may see it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation, User
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.people.models import Person


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor, at: datetime) -> CaseQuerySet:
        """Cases to which the actor has access at that moment: the first of the two locks."""
        return self.filter(pk__in=CaseAccess.objects.giving(actor, at).values("case_id"))

    def still_open(self) -> CaseQuerySet:
        return self.filter(closed_at=None)

    def without_guardian(self) -> CaseQuerySet:
        """Open cases with nobody in office, longest first."""
        waiting = self.still_open().filter(without_guardian_since__isnull=False)
        return waiting.order_by("without_guardian_since", "pk")


class Case(models.Model):
    """One person's case with one owner. Created access first: see `actions.case_open`.

    `without_guardian_since` is the projection of the guardianships: empty while one is in office.
    """

    class Closure(models.TextChoices):
        MAJORITY = "majority", _("the child has come of age")
        REUNITED = "reunited", _("the child is with the family")
        HANDED_OVER = "handed_over", _("another institution has taken over")
        LEFT_COUNTRY = "left_country", _("the child has left the country")
        NO_LONGER_NEEDED = "no_longer_needed", _("help is no longer needed")
        DIED = "died", _("the child has died")
        DOUBLE = "double", _("opened twice")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    encounter_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=24)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closure_reason = models.CharField(max_length=16, choices=Closure.choices, blank=True)
    without_guardian_since = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=1)
    synthetic = models.BooleanField(default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="a_code_once_an_owner"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closure_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closure_reason="")),
                name="a_closed_case_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-opened_at"], name="cases_latest"),
            models.Index(
                fields=["organisation", "without_guardian_since", "id"],
                condition=Q(closed_at=None, without_guardian_since__isnull=False),
                name="cases_without_guardian",
            ),
            models.Index(fields=["id"], include=["person"], name="cases_person_of_case"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def persons_visible_to(actor: Actor, at: datetime) -> models.QuerySet[Person]:
    """Persons of the cases to which the actor has access: the first lock on a person."""
    return Person.objects.filter(pk__in=Case.objects.visible_to(actor, at).values("person_id"))


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    def in_force(self, at: datetime) -> CaseAccessQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=at), ended_at=None)

    def giving(self, actor: Actor, at: datetime) -> CaseAccessQuerySet:
        """Rows that let the actor in: his or her own, and the organisation's for a wide reach."""
        if not actor.is_signed_in or actor.organisation_id is None:
            return self.none()
        whom = Q(user_id=actor.user_id)
        if actor.reach == "organisation":
            whom |= Q(user_id=None)
        return self.in_force(at).filter(whom, organisation_id=actor.organisation_id)


class CaseAccess(models.Model):
    """Who may see a case, on which basis, until when. Without `user`: the whole organisation,
    which means those in it whose reach is the organisation.

    Only `actions.access_grant` and `actions.access_end` write here; the app has no right to.
    """

    class Basis(models.TextChoices):
        OWNER = "owner", _("owner of the case")
        GUARDIAN = "guardian", _("guardian")
        GRANT = "grant", _("granted by the owner")
        HANDOVER = "handover", _("handover of the case")
        SUBSTITUTE = "substitute", _("stands in for a colleague")
        EMERGENCY = "emergency", _("emergency access")

    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="accesses",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    granted_by_id = models.BigIntegerField(null=True)
    reason = SealedTextField(max_length=400, blank=True)
    reason_code = models.CharField(max_length=16, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = CaseAccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "user"],
                include=["case", "until"],
                condition=Q(ended_at=None),
                name="cases_access_in_force",
            )
        ]


class EmergencyTry(models.Model):
    """Somebody tried to open a case in an emergency, with a right code or a wrong one; of which
    case, says the log."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "tried_at"], name="emergency_tries")]


class CaseCounter(models.Model):
    """The last number drawn for a code in a year; the database draws it under a row lock."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_counter_a_year")
        ]


_Row = TypeVar("_Row", bound="OfCase")


class OfCaseQuerySet(models.QuerySet[_Row]):
    def visible_to(self, actor: Actor, at: datetime) -> OfCaseQuerySet[_Row]:
        return self.filter(case__in=Case.objects.visible_to(actor, at))


class OfCase(models.Model):
    """Belongs to one case and is seen by whoever sees it: `case.needs`, `case.notes`, ..."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True
