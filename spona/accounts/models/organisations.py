"""Organisations, the people who work in them, who is on duty, who is invited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spona.accounts import roles as role_book
from spona.accounts import rules
from spona.base.actor import NOBODY, Actor
from spona.base.script import in_script

LONGEST_SHIFT = timedelta(days=7)  # longer is a slip of the pen


class Named(models.Model):
    """Something with a name in Serbian Latin (written) and English; Cyrillic is made from Latin."""

    name_sr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        if get_language() == "en" and self.name_en:
            return self.name_en
        return in_script(self.name_sr)


class InstitutionType(Named):
    """CSR, KZM, MUP, OCD ...: the codes that rule books address."""

    code = models.CharField(max_length=16, unique=True)
    level = models.CharField(max_length=16, blank=True)


class Municipality(Named):
    """A town or municipality; the centre for social work competent there is an organisation."""

    key = models.SlugField(max_length=64, unique=True)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def competent_for(self, municipality: Municipality) -> OrganisationQuerySet:
        """Centres for social work competent where a child is found (UASC-02a)."""
        return self.filter(type__code="CSR", covers=municipality, suspended_at=None)


class Organisation(Named):
    """An institution of the network. `on_call_phone` is what a worker dials at night."""

    key = models.SlugField(max_length=64, unique=True)
    type = models.ForeignKey(InstitutionType, on_delete=models.PROTECT, related_name="+")
    short_name = models.CharField(max_length=80, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+"
    )
    covers = models.ManyToManyField(Municipality, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    on_call_phone = models.CharField(max_length=40, blank=True)
    code_prefix = models.CharField(max_length=4, default="SP")
    uses_spona = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    verified = models.CharField(max_length=8, default="memory")
    synthetic = models.BooleanField(default=False)
    suspended_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return in_script(self.short_name) if self.short_name else super().__str__()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = User(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in. There is no superuser and no staff flag."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return in_script(self.name)

    def actor(self, organisation_id: int | None) -> Actor:
        """The person in the chosen organisation, or in the first of theirs; nobody if in none."""
        mine = list(self.memberships.active().select_related("organisation").order_by("id"))
        wanted = [one for one in mine if one.organisation_id == organisation_id]
        chosen = next(iter(wanted or mine), None)
        return chosen.actor() if chosen else NOBODY


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(ended_at=None, organisation__suspended_at=None, user__is_active=True)

    def visible_to(self, actor: Actor) -> MembershipQuerySet:
        """The people of one's own organisation, those who left included."""
        return self.filter(organisation_id=actor.organisation_id or 0)

    def with_role(self, *roles: str) -> MembershipQuerySet:
        return self.filter(roles__overlap=list(roles))


class Membership(models.Model):
    """A person's roles in one organisation, while `ended_at` is empty."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    roles = ArrayField(models.CharField(max_length=32))
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(ended_at=None),
                name="one_membership_an_organisation",
            )
        ]

    def clean(self) -> None:
        unknown = set(self.roles) - set(role_book.ROLES)
        if unknown:
            raise ValidationError({"roles": f"Unknown roles: {', '.join(sorted(unknown))}"})

    def actor(self) -> Actor:
        held = frozenset(self.roles)
        return Actor(
            user_id=self.user_id,
            organisation_id=self.organisation_id,
            roles=held,
            reach=role_book.reach(held),
            name=self.user.name,
            organisation_name=self.organisation.short_name or self.organisation.name_sr,
        )


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def visible_to(self, actor: Actor) -> DutyShiftQuerySet:
        return self.filter(organisation_id=actor.organisation_id or 0)

    def standing(self) -> DutyShiftQuerySet:
        """Shifts that were not cancelled."""
        return self.filter(cancelled_at=None)

    def between(self, start: datetime, end: datetime) -> DutyShiftQuerySet:
        """Shifts of which at least a moment lies in [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def on_at(self, at: datetime) -> DutyShiftQuerySet:
        """Standing shifts at that moment for which nobody stands in then."""
        running = DutyShift.objects.standing().filter(starts_at__lte=at, ends_at__gt=at)
        replaced = running.filter(stands_in_for=models.OuterRef("pk"))
        return self.standing().filter(~models.Exists(replaced), starts_at__lte=at, ends_at__gt=at)

    def on_duty(self, organisation_id: int, at: datetime) -> list[User]:
        """Who answers the telephone of an organisation at that moment, first the one who began
        first; a substitute replaces the person for whom he or she stands in."""
        shifts = self.on_at(at).filter(organisation_id=organisation_id, user__is_active=True)
        return [shift.user for shift in shifts.select_related("user").order_by("starts_at", "id")]


class DutyShift(models.Model):
    """Who is on duty, from when until when. `stands_in_for` is the shift that this one replaces
    from its own beginning on."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    phone = models.CharField(max_length=40, blank=True)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="substitutes"
    )
    cancelled_at = models.DateTimeField(null=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_shift_has_a_length"
            ),
            models.UniqueConstraint(
                fields=["stands_in_for"],
                condition=models.Q(cancelled_at=None),
                name="one_substitute_a_shift",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ends_at"], name="accounts_shift_on_duty")]

    def clean(self) -> None:
        """Only a colleague is put on duty, and nobody twice at once."""
        if self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The shift must end after it begins.")})
        if self.ends_at - self.starts_at > LONGEST_SHIFT:
            raise ValidationError({"ends_at": _("A shift lasts a week at most.")})
        colleagues = Membership.objects.active().filter(organisation=self.organisation_id)
        if not colleagues.filter(user=self.user_id).exists():
            raise ValidationError({"user": _("This person is not with your organisation.")})
        mine = DutyShift.objects.standing().exclude(pk=self.pk)
        mine = mine.filter(user=self.user_id, organisation=self.organisation_id)
        if mine.between(self.starts_at, self.ends_at).exists():
            raise ValidationError({"user": _("This person is already on duty at that time.")})

    def what_is_left(self, at: datetime) -> DutyShift:
        """A shift, not saved and without a person, for who takes this one over at that moment."""
        return DutyShift(
            organisation=self.organisation,
            starts_at=max(at, self.starts_at),
            ends_at=self.ends_at,
            stands_in_for=self,
        )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> InvitationQuerySet:
        return self.filter(organisation_id=actor.organisation_id or 0)

    def open_at(self, at: datetime) -> InvitationQuerySet:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def with_token(self, token: str) -> InvitationQuerySet:
        """The invitation that a link belongs to; at most one."""
        return self.filter(token_hash=rules.token_hash(token)).select_related("organisation")


class Invitation(models.Model):
    """The only way in. Single use, 72 hours, bound to one address, organisation and roles.

    Only the hash of the token is kept: who reads the table cannot sign up with it.
    """

    email = models.EmailField()
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=32))
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def has_account(self) -> bool:
        """Whether somebody signs in with this address already."""
        return User.objects.filter(email__iexact=self.email).exists()

    def state(self, at: datetime) -> rules.Token:
        """What the token is worth at that moment."""
        return rules.token_state(
            accepted_at=self.accepted_at,
            withdrawn_at=self.withdrawn_at,
            expires_at=self.expires_at,
            at=at,
        )
