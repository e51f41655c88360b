"""Places where people are accommodated or held: what sources say of their use and size.

Nothing here is about a person, so there is no row security; what may stand on a public page is
said by `public`, and a place for children never may.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.directory import rules
from spona.directory.rules import Approximate, Operation, Precision, Sighting, Validity

PRECISIONS = [(precision.value, precision.value) for precision in Precision]


class CentreQuerySet(models.QuerySet["Centre"]):
    def operating_on(self, day: date) -> CentreQuerySet:
        """Centres of which a source says that they were in use on that day."""
        return self._where(day, lambda state: state is Operation.OPERATING)

    def possible_on(self, day: date) -> CentreQuerySet:
        """Centres not known to be out of use; where it is unknown, telephone first."""
        return self._where(day, lambda state: state is not Operation.NOT_OPERATING)

    def for_children(self) -> CentreQuerySet:
        return self.filter(for_children=True)

    def _where(self, day: date, wanted: Callable[[Operation], bool]) -> CentreQuerySet:
        # Some dozens of rows; what is unknown is decided in one place, rules.operation.
        centres = self.prefetch_related("operations")
        return self.filter(pk__in=[c.pk for c in centres if wanted(c.operation_on(day))])


class Centre(models.Model):
    """An organisation that has beds. `purposes`: asylum, reception, children, detention."""

    class Kind(models.TextChoices):
        ASYLUM = "CA", _("asylum centre")
        RECEPTION = "PC", _("reception centre")
        SOCIAL = "USZ", _("social protection institution")
        HOSPITAL = "hospital", _("hospital")
        FOSTER = "foster", _("foster care")
        POLICE = "police", _("police")
        DETENTION = "detention", _("detention centre for foreigners")
        OTHER = "other", _("other")

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="centre"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    purposes = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    for_children = models.BooleanField(default=False)
    public = models.BooleanField(default=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(public=False) | (Q(for_children=False) & ~Q(kind="detention")),
                name="no_place_of_children_is_public",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def validity(self) -> Validity:
        """What the sources say, in the form that `rules` reads."""
        operations = list(self.operations.all())
        use = next((o for o in operations if o.says == CentreOperation.Says.USE), None)
        return Validity(
            valid_from=use.starts if use else None,
            valid_until=use.ends if use else None,
            seen=tuple(seen for o in operations if (seen := o.sighting)),
        )

    def operation_on(self, day: date) -> Operation:
        return rules.operation(self.validity(), day)


class CentreOperation(models.Model):
    """What one source says: the bounds of use, or that it saw the place in use or out of use.

    `from_on` and `until_on` are first days of the span that their precision names; empty is
    unknown, never "still open".
    """

    class Says(models.TextChoices):
        USE = "use", _("bounds of its use")
        OPERATING = "operating", _("seen in use")
        NOT_OPERATING = "not_operating", _("seen out of use")

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="operations")
    says = models.CharField(max_length=13, choices=Says.choices, default=Says.USE)
    from_on = models.DateField(null=True, blank=True)
    from_precision = models.CharField(max_length=9, choices=PRECISIONS, blank=True)
    until_on = models.DateField(null=True, blank=True)
    until_precision = models.CharField(max_length=9, choices=PRECISIONS, blank=True)
    words = models.TextField(blank=True)
    source = models.TextField(blank=True)
    verified = models.CharField(max_length=8, default="memory")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="use_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(says="use") | Q(from_on__isnull=False, until_on__isnull=False),
                name="a_sighting_has_both_days",
            ),
            models.UniqueConstraint(
                fields=["centre"], condition=Q(says="use"), name="one_span_of_use"
            ),
        ]

    @property
    def starts(self) -> Approximate | None:
        return _approximate(self.from_on, self.from_precision)

    @property
    def ends(self) -> Approximate | None:
        return _approximate(self.until_on, self.until_precision)

    @property
    def sighting(self) -> Sighting | None:
        if self.says == self.Says.USE or not self.from_on or not self.until_on:
            return None
        return Sighting(Operation(self.says), self.from_on, self.until_on)


class CentreCapacity(models.Model):
    """Beds as reported for a year; who sleeps in them is not kept here."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="capacities")
    beds = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=16, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "year", "purpose"], name="one_figure_a_year_and_purpose"
            )
        ]


def _approximate(on: date | None, precision: str) -> Approximate | None:
    return Approximate(on, Precision(precision or Precision.DAY)) if on else None
