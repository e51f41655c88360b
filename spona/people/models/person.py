"""A person as he or she says who they are. Identity stands here and nowhere else.

Rows are seen by those who may see a case of the person; the cases above say which those are
(`cases.models.persons_visible_to`, `visible_person_ids()` in the database).
"""

from __future__ import annotations

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spona.base.sealing.fields import SealedTextField
from spona.people import rules

COUNTRY = RegexValidator(r"^[A-Z]{2}$")
LANGUAGE = RegexValidator(r"^[a-z]{3}$")
SCRIPT = RegexValidator(r"^[A-Z][a-z]{3}$")
BIRTH = ("birth_date", "birth_precision", "birth_declared_by")


class Person(models.Model):
    """`birth_date` is the first day that `birth_precision` leaves open: 2010-01-01 and year."""

    class BirthPrecision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        YEAR = "year", _("to the year")
        ESTIMATED = "estimated", _("estimated from an age")
        UNKNOWN = "unknown", _("not known")

    class DeclaredBy(models.TextChoices):
        CHILD = "child", _("the child")
        RELATIVE = "relative", _("a relative")
        DOCUMENT = "document", _("a document")
        OBSERVATION = "observation", _("an observation")
        OTHER = "other", _("somebody else")

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("not known")

    birth_date = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(
        max_length=9, choices=BirthPrecision.choices, default=BirthPrecision.UNKNOWN
    )
    birth_declared_by = models.CharField(
        max_length=11, choices=DeclaredBy.choices, default=DeclaredBy.CHILD
    )
    sex = models.CharField(max_length=7, choices=Sex.choices, default=Sex.UNKNOWN)
    country_said = models.CharField(max_length=2, blank=True, validators=[COUNTRY])
    father = SealedTextField(max_length=120, blank=True)  # his name, by which namesakes are told
    synthetic = models.BooleanField(default=False)
    row_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date=None, birth_precision="unknown")
                | (Q(birth_date__isnull=False) & ~Q(birth_precision="unknown")),
                name="a_birth_date_says_how_well_it_is_known",
            )
        ]

    @classmethod
    def facts(cls) -> dict[str, tuple[str, ...]]:
        """The columns that say something of the person, those decided together under one name."""
        apart = {"id", "synthetic", "row_version", "created_at", *BIRTH}
        rest = [one.name for one in cls._meta.concrete_fields if one.name not in apart]
        return {"birth": BIRTH, **{name: (name,) for name in rest}}

    @property
    def birth(self) -> rules.Birth:
        return rules.Birth(self.birth_date, rules.Precision(self.birth_precision))

    def age_on(self, day: date) -> int | None:
        """Completed years, the younger one where the date is imprecise; none if not known."""
        return rules.age_on(day, self.birth)

    def shown_age(self, day: date) -> str:
        """`15`, `14–15` where the date leaves both open, `about 15` if estimated, or a dash."""
        youngest, oldest = rules.age_on(day, self.birth), rules.oldest_age_on(day, self.birth)
        if youngest is None:
            return "–"
        if self.birth_precision == self.BirthPrecision.ESTIMATED:
            return gettext("about %(age)d") % {"age": oldest}
        return str(youngest) if youngest == oldest else f"{youngest}–{oldest}"

    @property
    def main_name(self) -> PersonName | None:
        """The name by which staff call the person, in Latin script if there is one."""
        names = sorted(self.names.all(), key=lambda n: (n.script != "Latn", not n.is_main, n.pk))
        return names[0] if names else None

    @property
    def initials(self) -> str:
        """`M. H.`; empty while no name is known."""
        return self.main_name.initials if self.main_name else ""


class PersonName(models.Model):
    """One name, as said, as written in a document, or put into another script."""

    class Kind(models.TextChoices):
        SAID = "said", _("as said")
        DOCUMENT = "document", _("in a document")
        TRANSLITERATION = "transliteration", _("put into another script")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    given = SealedTextField(max_length=120, blank=True)
    family = SealedTextField(max_length=120, blank=True)
    script = models.CharField(max_length=4, default="Latn", validators=[SCRIPT])
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.SAID)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(given="", family=""), name="a_name_is_not_empty"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_main=True), name="one_main_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()

    @property
    def initials(self) -> str:
        return " ".join(f"{part[0]}." for part in (self.given, self.family) if part)


class PersonDocument(models.Model):
    """The number of a paper that the person has, and in which country it was made out."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("registration certificate")
        PASSPORT = "passport", _("passport")
        OTHER = "other", _("another paper")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = SealedTextField(max_length=64)
    country = models.CharField(max_length=2, blank=True, validators=[COUNTRY])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="a_document_has_a_number"),
        ]


class PersonLanguage(models.Model):
    """A language that the person speaks (ISO 639-3): asked, never inferred from a country."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="languages")
    code = models.CharField(max_length=3, validators=[LANGUAGE])
    is_main = models.BooleanField(default=False)
    needs_interpreter = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "code"], name="a_language_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_main=True), name="one_main_language"
            ),
        ]
