"""A rule book that is being written, what the institutions say of it, and who signs it."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q

from spona.accounts.models import Organisation, User
from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.base.script import in_script
from spona.conduct.editing import Document
from spona.conduct.reader import Sound
from spona.protocols.models.books import Version
from spona.protocols.rules.reading import read_sound, wording


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """Those of one's own institution that one may write; those on which one's institution, or
        oneself as a reviewer, was asked; the coordinator's once others were asked."""
        seen = Q(signatures__user_id=actor.user_id or 0)
        home = actor.organisation_id or 0
        if allows(actor.roles, May.WRITE_RULES):
            seen |= Q(organisation_id=home)
        if allows(actor.roles, May.GIVE_OPINIONS):
            seen |= Q(consultations__organisation_id=home)
        if allows(actor.roles, May.PUBLISH_RULES):
            seen |= ~Q(state=Draft.State.DRAFT) | Q(organisation_id=home)
        return self.filter(pk__in=Draft.objects.filter(seen).values("pk"))

    def open(self) -> DraftQuerySet:
        return self.exclude(state__in=(Draft.State.PUBLISHED, Draft.State.ABANDONED))


class Draft(models.Model):
    """The YAML of a rule book as the one document; the table and the sentences are views of it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        CONSULTED = "consulted"
        SIGNED = "signed"
        PUBLISHED = "published"
        ABANDONED = "abandoned"

    protocol = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    based_on = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    row_version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, null=True, related_name="draft"
    )

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return in_script(self.title)

    @property
    def document(self) -> Document:
        return Document(self.text)

    @cached_property
    def sound(self) -> Sound:
        """What can be read of it, and its faults."""
        return read_sound(self.text)

    @property
    def digest(self) -> str:
        """What a signature binds; empty while the text has faults."""
        return self.sound.book.digest if self.sound.book and not self.sound.faults else ""

    @property
    def wordings(self) -> dict[str, str]:
        """The wording of each rule by its id."""
        rules = self.document.data.get("rules") or []
        return {str(rule.get("id")): wording(rule) for rule in rules if isinstance(rule, dict)}

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.PUBLISHED, self.State.ABANDONED)

    @property
    def is_written(self) -> bool:
        """Whether it may still be changed: what is signed is not, unless it is taken back."""
        return self.state in (self.State.DRAFT, self.State.CONSULTED)

    @property
    def signature(self) -> Signature | None:
        """The one that holds for the text as it stands."""
        if not self.digest:
            return None
        return self.signatures.filter(digest=self.digest).exclude(signed_at=None).first()


class DraftRevision(models.Model):
    """One change: `text[start:start + len(old)]` was `old` and became `new`. Undone from the last
    on, byte by byte; what was undone stays on record."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=200)
    start = models.PositiveIntegerField()
    old = models.TextField()
    new = models.TextField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="a_change_has_one_number")
        ]


class Consultation(models.Model):
    """An institution that a draft would bind is asked for its opinion."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="consultations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    until = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "organisation"], name="an_institution_is_asked_once"
            )
        ]


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def objections(self) -> OpinionQuerySet:
        return self.filter(accepts=False).select_related("consultation__organisation")


class Opinion(models.Model):
    """What an institution says of one rule. `wording` is the digest of the rule as it was read: of
    a rule that was changed since, the institution has not yet said anything."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="opinions"
    )
    rule_id = models.CharField(max_length=64)
    wording = models.CharField(max_length=64)
    accepts = models.BooleanField()
    reason = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "rule_id"], name="one_opinion_on_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(accepts=True) | ~Q(reason=""), name="an_objection_has_a_reason"
            ),
        ]


class Signature(models.Model):
    """A lawyer who is asked to read a draft and, when signed, has confirmed exactly `digest`."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    function = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "user"], name="a_reviewer_is_asked_once")
        ]
