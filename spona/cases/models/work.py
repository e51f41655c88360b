"""What is known and done in a case: needs, placements, guardianship, notes, documents."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import User
from spona.base.sealing.fields import SealedTextField
from spona.cases.models.case import OfCase
from spona.directory.models import Centre


class Need(OfCase):
    """A coded need, `sensitive` by its layer: health, gbv, trafficking or asylum."""

    class Source(models.TextChoices):
        SAID = "said", _("the person said so")
        OBSERVED = "observed", _("observed")
        ASSESSED = "assessed", _("assessed")
        REFERRED = "referred", _("named in a referral")

    system = models.CharField(max_length=32)
    code = models.CharField(max_length=64)
    source = models.CharField(max_length=8, choices=Source.choices)
    noted_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    noted_by_name = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True)
    resolved_at = models.DateTimeField(null=True)
    sensitive = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "system", "code"],
                condition=Q(resolved_at=None),
                name="an_open_need_once",
            )
        ]


class Placement(OfCase):
    """Where the person stays. A deviation from the rule of placement is possible, with a reason."""

    class Kind(models.TextChoices):
        BED_TONIGHT = "bed_tonight", _("a bed for tonight")
        URGENT = "urgent", _("urgent placement")
        FOSTER = "foster", _("foster family")
        INSTITUTION = "institution", _("social protection institution")
        HEALTH = "health", _("health institution")
        ASYLUM_CENTRE = "asylum_centre", _("asylum centre")
        DETENTION = "detention", _("place of detention")
        OTHER = "other", _("other")

    kind = models.CharField(max_length=13, choices=Kind.choices)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, related_name="+")
    place = SealedTextField(max_length=200, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = SealedTextField(blank=True)
    deviation = models.BooleanField(default=False)
    deviation_rule = models.CharField(max_length=64, blank=True)
    review_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until_at=None), name="one_placement_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="a_placement_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(deviation=False) | ~Q(reason=""), name="a_deviation_has_a_reason"
            ),
        ]


class Guardianship(OfCase):
    """Who represents the child. The guardian may have no account: then name and phone stand."""

    class Kind(models.TextChoices):
        TEMPORARY = "temporary", _("temporary guardian")
        DECISION = "decision", _("guardian by decision")

    kind = models.CharField(max_length=9, choices=Kind.choices)
    guardian = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    guardian_name = SealedTextField(max_length=120)
    guardian_phone = SealedTextField(max_length=40, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    registry_number = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="a_guardianship_ends_after_it_began",
            )
        ]


class Note(OfCase):
    """The text as it stands; what it said before is kept in `NoteVersion`."""

    text = SealedTextField()
    written_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
    author_organisation = models.CharField(max_length=200, blank=True)
    corrected_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=1)


class NoteVersion(OfCase):
    """An earlier text of a note, and who replaced it when."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = SealedTextField()
    replaced_at = models.DateTimeField()
    replaced_by_id = models.BigIntegerField(null=True)
    replaced_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="a_version_once_a_note")
        ]


class Document(OfCase):
    """A file under MEDIA_ROOT with a random name; only a view that checks access hands it out.

    `sha256` (hex) and `size` (bytes) are of what is kept, after images were written anew.
    `sensitive` documents, each medical one, are for those who see the restricted part of the case.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("decision")
        CERTIFICATE = "certificate", _("certificate")
        MEDICAL = "medical", _("medical document")
        SCHOOL = "school", _("school document")
        IDENTITY = "identity", _("identity document")
        OTHER = "other", _("other")

    title = SealedTextField(max_length=200)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    registry_number = models.CharField(max_length=80, blank=True)
    original_name = SealedTextField(max_length=150)
    stored_name = models.CharField(max_length=64, unique=True)
    content_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sensitive = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="medical") | Q(sensitive=True),
                name="a_medical_document_is_restricted",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def folder() -> Path:
        return Path(settings.MEDIA_ROOT) / "documents"

    @property
    def path(self) -> Path:
        """Where the bytes are; the name is random and says nothing."""
        return self.folder() / self.stored_name

    def intact(self) -> bytes | None:
        """The bytes that were kept; none if they are gone or are not the same any more."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == self.sha256 else None
