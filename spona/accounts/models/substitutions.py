"""Who stands in for a colleague who is ill or away, from when until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from spona.accounts.models.organisations import Membership, Organisation, User
from spona.base.actor import Actor

LONGEST = timedelta(days=92)  # longer than a season somebody else is given the work


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def visible_to(self, actor: Actor) -> SubstitutionQuerySet:
        """Colleagues know who stands in for whom."""
        return self.filter(organisation_id=actor.organisation_id or 0)

    def standing(self) -> SubstitutionQuerySet:
        """Those that nobody ended before their time."""
        return self.filter(ended_at=None)

    def in_force(self, at: datetime) -> SubstitutionQuerySet:
        return self.standing().filter(from_at__lte=at, until_at__gt=at)

    def between(self, start: datetime, end: datetime) -> SubstitutionQuerySet:
        """Of which at least a moment lies in [start, end)."""
        return self.standing().filter(from_at__lt=end, until_at__gt=start)

    def absent_for(self, actor: Actor, at: datetime) -> list[User]:
        """The colleagues for whom this person stands in now."""
        mine = self.in_force(at).filter(
            organisation_id=actor.organisation_id or 0, substitute_id=actor.user_id or 0
        )
        found = mine.select_related("absent").order_by("from_at", "pk")
        return [substitution.absent for substitution in found]


class Substitution(models.Model):
    """`substitute` sees what `absent` owes and works on in this organisation, from `from_at` until
    `until_at`. It says nothing of why somebody is away."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substituted")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    planned_by_id = models.BigIntegerField(null=True)
    planned_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="a_substitution_has_a_length"
            ),
            models.CheckConstraint(
                condition=~Q(substitute=F("absent")), name="nobody_stands_in_for_oneself"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "substitute", "until_at"],
                condition=Q(ended_at=None),
                name="substitution_standing",
            )
        ]

    def clean(self) -> None:
        """Only a colleague who is there stands in, and one person for one person at a time."""
        if self.until_at <= self.from_at:
            raise ValidationError({"until_at": _("The end must come after the beginning.")})
        if self.until_at - self.from_at > LONGEST:
            raise ValidationError(
                {"until_at": _("Somebody stands in for three months at most. Plan it again then.")}
            )
        if self.substitute_id == self.absent_id:
            raise ValidationError({"substitute": _("Choose somebody else than the person away.")})
        colleagues = Membership.objects.active().filter(organisation=self.organisation_id)
        for field, user_id in (("substitute", self.substitute_id), ("absent", self.absent_id)):
            if not colleagues.filter(user=user_id).exists():
                raise ValidationError({field: _("This person is not with your organisation.")})
        self._clean_others()

    def _clean_others(self) -> None:
        others = Substitution.objects.filter(organisation=self.organisation_id)
        others = others.exclude(pk=self.pk).between(self.from_at, self.until_at)
        if others.filter(absent=self.absent_id).exists():
            raise ValidationError(
                {"absent": _("Somebody stands in for this person then. End that first.")}
            )
        if others.filter(absent=self.substitute_id).exists():
            raise ValidationError({"substitute": _("This person is away then as well.")})
        if others.filter(substitute=self.absent_id).exists():
            raise ValidationError(
                {"absent": _("This person stands in for somebody else then. End that first.")}
            )
