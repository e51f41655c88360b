"""People around a child: interpreters, the lawyer and other persons, siblings and the group."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import Case, OfCase
from spona.people.models import Person


class InterpreterQuerySet(models.QuerySet["Interpreter"]):
    def visible_to(self, actor: Actor) -> InterpreterQuerySet:
        """The register of the actor's own institution."""
        if not actor.is_signed_in or actor.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def active(self) -> InterpreterQuerySet:
        return self.filter(active=True)


class Interpreter(models.Model):
    """Somebody whom an institution calls. A person's data, kept for that institution alone.

    `languages` are ISO 639-3; which dialect is really spoken stands in words beside them.
    """

    class Reach(models.TextChoices):
        PRESENT = "present", _("comes in person")
        PHONE = "phone", _("by telephone only")
        BOTH = "both", _("in person and by telephone")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    languages = ArrayField(models.CharField(max_length=3))
    dialect = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=7, choices=Person.Sex.choices, default=Person.Sex.UNKNOWN)
    phone = models.CharField(max_length=40, blank=True)
    reach = models.CharField(max_length=7, choices=Reach.choices)
    confidentiality_signed_on = models.DateField(null=True)
    active = models.BooleanField(default=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = InterpreterQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Interpreting(OfCase):
    """Once somebody interpreted for the child, was refused by it, or nobody was there.

    The name is kept as it was said: who sees the case need not see the register. A child that
    refuses is not asked why, so that there is no place for a reason.
    """

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("by telephone")
        VIDEO = "video", _("by video")
        NONE = "none", _("no interpreter was found")

    class Conflict(models.TextChoices):
        SAME_GROUP = "same_group", _("of the group with which the child travels")
        RELATIVE = "relative", _("a relative of the child")
        COMPANION = "companion", _("the adult who came with the child")
        SMUGGLER = "smuggler", _("suspected of smuggling")

    class Child(models.TextChoices):
        ACCEPTED = "accepted", _("the child accepts this interpreter")
        REFUSED = "refused", _("the child refuses this interpreter")
        NOT_ASKED = "not_asked", _("the child was not asked")

    interpreter = models.ForeignKey(
        Interpreter, on_delete=models.PROTECT, null=True, related_name="+"
    )
    interpreter_name = SealedTextField(max_length=120, blank=True)
    language = models.CharField(max_length=3)
    dialect = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=9, choices=Mode.choices)
    held_at = models.DateTimeField()
    purpose = SealedTextField(max_length=200)
    conflicts = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    conflict_reason = SealedTextField(max_length=400, blank=True)
    child = models.CharField(max_length=9, choices=Child.choices, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="none", interpreter_name="", interpreter=None, child="")
                | (~Q(mode="none") & ~Q(interpreter_name="") & ~Q(child="")),
                name="nobody_interprets_or_somebody_does",
            ),
            models.CheckConstraint(
                condition=Q(conflicts=[]) | Q(child="refused") | ~Q(conflict_reason=""),
                name="a_conflict_of_an_interpreter_has_a_reason",
            ),
        ]

    @property
    def took_place(self) -> bool:
        """Somebody did interpret."""
        return self.mode != self.Mode.NONE and self.child != self.Child.REFUSED


class CaseParty(OfCase):
    """A lawyer, a relative with whom there is contact, another professional.

    Of a relative only what is needed to call: no address abroad (practice.md 47).
    """

    class Kind(models.TextChoices):
        LAWYER = "lawyer", _("lawyer")
        RELATIVE = "relative", _("relative in contact")
        PROFESSIONAL = "professional", _("other professional")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = SealedTextField(max_length=120)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation_name = models.CharField(max_length=200, blank=True)
    phone = SealedTextField(max_length=40, blank=True)
    power_from = models.DateField(null=True)
    power_until = models.DateField(null=True)
    hears_of_hearings = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(power_until=None) | Q(power_until__gte=F("power_from")),
                name="a_power_of_attorney_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(kind="lawyer") | Q(power_from=None, power_until=None),
                name="only_a_lawyer_has_a_power_of_attorney",
            ),
        ]


class Hearing(OfCase):
    """When the child is heard and before whom; not what was said there."""

    held_at = models.DateTimeField()
    before_whom = models.CharField(max_length=200)
    lawyer_told_at = models.DateTimeField(null=True)
    guardian_told_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()
    noted_by_name = models.CharField(max_length=200, blank=True)


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def visible_to(self, actor: Actor, at: datetime) -> CaseLinkQuerySet:
        """Links of which the actor sees both ends."""
        seen = Case.objects.visible_to(actor, at)
        return self.filter(first__in=seen, second__in=seen)

    def standing(self) -> CaseLinkQuerySet:
        return self.filter(ended_at=None)

    def of(self, case: Case) -> CaseLinkQuerySet:
        return self.filter(Q(first=case) | Q(second=case))

    def group_of(self, case: Case) -> set[int]:
        """Ids of the cases that are reached from this one, itself among them."""
        found, edge = {case.pk}, {case.pk}
        while edge:
            pairs = self.filter(Q(first__in=edge) | Q(second__in=edge))
            reached = {one for pair in pairs.values_list("first_id", "second_id") for one in pair}
            edge = reached - found
            found |= reached
        return found


class CaseLink(models.Model):
    """Two children belong together. Whoever does not see one of the cases does not see the link,
    for it would say that there is another child and where it is. `first` is the smaller id."""

    class Kind(models.TextChoices):
        SIBLING = "sibling", _("brothers and sisters")
        TRAVELS_WITH = "travels_with", _("travel together")
        RELATIVE = "relative", _("relatives")

    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    noted_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    noted_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = CaseLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="a_link_is_between_two_cases"
            ),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at=None), name="a_standing_link_once"
            ),
        ]
