"""A referral to an institution, what was disclosed with it, and what the two write to each other.

The stages of a referral are the fold of its run (`actions.referrals.projected`): the row is what
both institutions may read, while the run itself belongs to those who work on the case.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base.actor import Actor
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.cases.models import Case, LegalBasis, Need
from spona.coordination.models.duty import random_number
from spona.coordination.models.run import Run, seen_through_cases
from spona.directory import codes
from spona.directory.models import Service


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, actor: Actor, at: datetime) -> ReferralQuerySet:
        """Those of cases one works on, and those sent to one's institution."""
        to_us = Q(recipient_id=actor.organisation_id or 0, sent_at__isnull=False)
        return self.filter(seen_through_cases(actor, at) | to_us)

    def to(self, organisation_id: int | None) -> ReferralQuerySet:
        return self.filter(recipient_id=organisation_id or 0, sent_at__isnull=False)

    def in_course(self) -> ReferralQuerySet:
        return self.filter(ended_at=None)

    def unanswered(self) -> ReferralQuerySet:
        """Sent, and nobody has said yes, no or something else."""
        return self.in_course().filter(decided_at=None, withdrawn_at=None)

    def latest_first(self) -> ReferralQuerySet:
        return self.order_by("-sent_at", "-pk")


class Referral(models.Model):
    """One need, one service, one institution. A need split between several has several referrals.

    `cover` is all that lists and notices say: the code of the family of the service, and nothing of
    the reason (THB-05). `promised` are the fields that open when the referral is accepted.
    """

    class Urgency(models.TextChoices):
        AT_ONCE = "neodlozno", _("cannot wait")
        URGENT = "hitno", _("urgent")
        REGULAR = "redovno", _("regular")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "accepted_partly", _("accepted in part")
        WAITING = "waiting_list", _("on the waiting list")
        DECLINED = "declined", _("declined")
        COUNTERED = "counter_proposed", _("another service proposed")

    OPENING = (Decision.ACCEPTED, Decision.PARTLY)

    number = models.CharField(max_length=8, unique=True, default=random_number)
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="referral")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    purpose = models.CharField(max_length=24)
    urgency = models.CharField(max_length=9, choices=Urgency.choices)
    cover = models.CharField(max_length=32)
    promised = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_id = models.BigIntegerField(null=True)
    sent_by_name = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    answer = SealedTextField(blank=True)
    answer_reason = models.CharField(max_length=24, blank=True)
    expected_on = models.DateField(null=True)
    proposed = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    outcome_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=32, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_as=""),
                name="no_referral_ends_without_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="a_decision_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-sent_at"], name="referral_of_case"),
            models.Index(fields=["recipient", "-sent_at"], name="referral_inbox"),
            models.Index(
                fields=["recipient", "sent_at"],
                condition=Q(decided_at=None, ended_at=None),
                name="referral_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def cover_words(self) -> str:
        """The neutral word for the kind of help."""
        return str(codes.service_families()[self.cover])

    @property
    def is_open(self) -> bool:
        """Whether the recipient has what was promised for an acceptance."""
        return self.decision in self.OPENING and self.withdrawn_at is None

    @property
    def is_in_course(self) -> bool:
        return self.ended_at is None


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def visible_to(self, actor: Actor, at: datetime) -> DisclosureQuerySet:
        """What left a case one works on; what one's institution was given and still may read."""
        given = Q(recipient_id=actor.organisation_id or 0, ended_at=None)
        return self.filter(seen_through_cases(actor, at) | given)

    def in_force(self) -> DisclosureQuerySet:
        return self.filter(ended_at=None)

    def read_here(self) -> DisclosureQuerySet:
        """What its recipient reads in Spona, and what can be taken back."""
        return self.filter(run__isnull=False)

    def in_files(self) -> DisclosureQuerySet:
        return self.filter(run=None)


class Disclosure(models.Model):
    """One field that one institution was given, on one legal basis: with the referral or handover
    of `run`, which both sides know by its `number`; without a run, in a file of that number.

    `mac` proves what was given (HMAC-SHA-256 under a key of the owner, hex; a bare hash of a short
    field could be guessed). When the disclosure ends the value is taken away, and the proof stays;
    what left in a file is read elsewhere, and holds no value here from the beginning.
    """

    class Ended(models.TextChoices):
        OPOZIV = "consent", _("consent was withdrawn")
        EXPIRED = "expired", _("its legal basis has expired")
        WITHDRAWN = "withdrawn", _("the referral was withdrawn")
        CLOSED = "closed", _("the referral ended without acceptance")
        OWNER = "owner", _("the owner closed it")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disclosures")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="disclosures")
    number = models.CharField(max_length=8)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    basis = models.ForeignKey(LegalBasis, on_delete=models.PROTECT, related_name="disclosures")
    basis_kind = models.CharField(max_length=16)
    purpose = models.CharField(max_length=24)
    field = models.CharField(max_length=32)
    category = models.CharField(max_length=24)
    value = SealedJSONField(null=True)
    mac = models.CharField(max_length=64)
    disclosed_at = models.DateTimeField()
    disclosed_by_id = models.BigIntegerField(null=True)
    disclosed_by_name = models.CharField(max_length=200, blank=True)
    receipt_at = models.DateTimeField(null=True)
    receipt_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "field"],
                condition=Q(ended_at=None),
                name="a_field_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(value=None), name="what_ended_holds_no_value"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False) | Q(value=None), name="what_left_in_a_file_is_gone"
            ),
        ]
        indexes = [models.Index(fields=["basis"], name="disclosure_on_basis")]


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor, at: datetime) -> MessageQuerySet:
        ours = Q(recipient_id=actor.organisation_id or 0)
        return self.filter(seen_through_cases(actor, at) | ours)


class Message(models.Model):
    """A line of the thread that a referral shares from its acceptance on."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="messages")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    text = SealedTextField()
    written_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["referral", "written_at"], name="thread_of_referral")]


class Doorway(models.Model):
    """A page for a recipient without an account: an address known to nobody else, and a code that
    is given by telephone. Five wrong codes close it, and so does the answer.

    Only hashes are kept. It is read by nobody but the action that opens it (engine room).
    """

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="doorway")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
