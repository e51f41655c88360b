"""The ledger: on which legal basis what may be shared with whom, for what, until when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.cases.models.case import OfCase
from spona.cases.models.work import Document, Guardianship


class LegalBasis(OfCase):
    """One line of the ledger; it is never deleted, and a withdrawal (*opoziv*) is a state of it.

    A consent names one recipient and ends on a day. Duty and vital interest may name none: then
    they hold for every institution that is asked for this purpose. A refusal is a line as well.
    `withdrawn_at` of a duty or of vital interest: it is no longer needed, or was a mistake.
    """

    class Kind(models.TextChoices):
        CONSENT = "consent", _("consent")
        VITAL_INTEREST = "vital_interest", _("vital interest")
        LEGAL_DUTY = "legal_duty", _("legal duty")

    class ConsentKind(models.TextChoices):
        DATA = "data", _("to the sharing of data")
        HEALTH = "health", _("to health care")
        SERVICE = "service", _("to a service")
        RESEARCH = "research", _("to research")

    class Decision(models.TextChoices):
        GIVEN = "given", _("given")
        REFUSED = "refused", _("refused")
        EVIDENCE_UNKNOWN = "evidence_unknown", _("imported, evidence unknown")

    class GivenBy(models.TextChoices):
        CHILD = "child", _("the child")
        ADULT = "adult", _("the adult person")
        GUARDIAN = "guardian", _("the guardian")
        PARENT = "parent", _("a parent")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("interpreter present")
        PHONE = "phone", _("interpreter by telephone")
        VIDEO = "video", _("interpreter by video")
        NOT_NEEDED = "not_needed", _("a language common to both")
        NONE = "none", _("no interpreter")

    class View(models.TextChoices):
        AGREES = "agrees", _("agrees")
        DISAGREES = "disagrees", _("does not agree")
        CANNOT_SAY = "cannot_say", _("cannot say")
        NOT_ASKED = "not_asked", _("has not been asked")

    kind = models.CharField(max_length=14, choices=Kind.choices)
    consent_kind = models.CharField(max_length=8, choices=ConsentKind.choices, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices, default=Decision.GIVEN)
    purpose = models.CharField(max_length=24)
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    categories = ArrayField(models.CharField(max_length=24))
    from_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=8, choices=GivenBy.choices, blank=True)
    guardianship = models.ForeignKey(
        Guardianship, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_by_name = SealedTextField(max_length=120, blank=True)
    language = models.CharField(max_length=3, blank=True)
    interpreter_name = SealedTextField(max_length=120, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, blank=True)
    present = SealedJSONField(default=list, blank=True)
    explained = models.BooleanField(default=False)
    child_view = models.CharField(max_length=10, choices=View.choices, default=View.NOT_ASKED)
    child_told = models.BooleanField(default=False)
    law = models.CharField(max_length=64, blank=True)
    law_verified = models.CharField(max_length=8, blank=True)
    note = SealedTextField(max_length=400, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_name = models.CharField(max_length=200, blank=True)
    reviewed_note = SealedTextField(max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_why = SealedTextField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="consent")
                | (
                    ~Q(consent_kind="")
                    & (
                        ~Q(decision="given")
                        | (
                            ~Q(given_by="")
                            & Q(recipient__isnull=False)
                            & Q(expires_at__isnull=False)
                        )
                    )
                ),
                name="a_consent_has_a_giver_a_recipient_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=models.F("from_at")),
                name="a_basis_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "purpose"], name="basis_of_case"),
        ]

    @property
    def is_consent(self) -> bool:
        return self.kind == self.Kind.CONSENT

    @property
    def waits_for_review(self) -> bool:
        """What went out without consent is looked at by the guardian (practice.md 30)."""
        return not self.is_consent and self.reviewed_at is None
