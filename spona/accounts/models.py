"""Organisations, the people who work in them, who is on duty, who is invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

from spona.accounts import roles as role_book
from spona.base.actor import NOBODY, Actor
from spona.base.script import in_script


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
        mine = self.memberships.active().select_related("organisation", "user")
        wanted = mine.filter(organisation_id=organisation_id or 0)
        chosen = wanted.first() or mine.order_by("id").first()
        return chosen.actor() if chosen else NOBODY


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(ended_at=None, organisation__suspended_at=None, user__is_active=True)

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
    def on_at(self, at: datetime) -> DutyShiftQuerySet:
        return self.filter(starts_at__lte=at, ends_at__gt=at, cancelled_at=None)


class DutyShift(models.Model):
    """Who is on duty, from when until when. `stands_in_for` is the shift that this one replaces."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    phone = models.CharField(max_length=40, blank=True)
    stands_in_for = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="substitute"
    )
    cancelled_at = models.DateTimeField(null=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_shift_has_a_length"
            )
        ]


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
