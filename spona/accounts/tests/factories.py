"""Synthetic organisations and people for the tests of every storey.

officer = person("duty_officer")                      # in a centre for social work of its own
colleague = person("case_manager", officer.organisation)
officer.actor()                                       # what actions and permissions take
client = signed_in(officer)                           # a browser, both factors given
"""

# factory_boy calls itself typed and is not
# mypy: allow-untyped-calls, disable-error-code="attr-defined,untyped-decorator"

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.test import Client
from factory.django import DjangoModelFactory

from spona.accounts.models import InstitutionType, Membership, Municipality, Organisation, User

PASSWORD = "sintetičko konjče spajalica"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

# The type of institution in which a role is usually found.
HOMES = {
    "outreach_worker": "OCD",
    "guardian": "STARATELJ",
    "police_officer": "MUP",
    "facility_worker": "PC",
    "health_worker": "DZ",
    "school_worker": "SKOLA",
    "youth_worker": "KZM",
    "asylum_officer": "KZA",
    "coordinator": "SAVET",
}


class InstitutionTypeFactory(DjangoModelFactory[InstitutionType]):
    class Meta:
        model = InstitutionType
        django_get_or_create = ("code",)

    code = "CSR"
    name_sr = factory.LazyAttribute(lambda made: f"Vrsta ustanove {made.code} (sintetička)")
    name_en = factory.LazyAttribute(lambda made: f"Institution type {made.code} (synthetic)")


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    class Meta:
        model = Municipality
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"opstina-{n}")
    name_sr = factory.Sequence(lambda n: f"Sintetička opština {n}")
    name_en = factory.Sequence(lambda n: f"Synthetic municipality {n}")


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A centre for social work; `code="MUP"` gives a police station."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        code = "CSR"
        suspended = factory.Trait(suspended_at=LONG_AGO)

    key = factory.Sequence(lambda n: f"ustanova-{n}")
    name_sr = factory.Sequence(lambda n: f"Sintetička ustanova {n}")
    name_en = factory.Sequence(lambda n: f"Synthetic institution {n}")
    type = factory.SubFactory(InstitutionTypeFactory, code=factory.SelfAttribute("..code"))
    municipality = factory.SubFactory(MunicipalityFactory)
    uses_spona = True
    synthetic = True

    @factory.post_generation
    def covers(self: Any, create: bool, extracted: list[Municipality] | None) -> None:
        """The municipalities it is competent for: `covers=[subotica]`; its own by default."""
        if create:
            self.covers.set(extracted if extracted is not None else [self.municipality])


class UserFactory(DjangoModelFactory[User]):
    """A synthetic person; `with_second_factor=True` has TOTP set up."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"osoba{n}@primer.invalid")
    name = factory.Sequence(lambda n: f"Sintetička Osoba {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    synthetic = True

    @factory.post_generation
    def with_second_factor(self: Any, create: bool, extracted: bool | None) -> None:
        if create and extracted:
            TOTP.activate(self, generate_totp_secret())
            RecoveryCodes.activate(self)


class MembershipFactory(DjangoModelFactory[Membership]):
    """Traits: `ended` (left the organisation), `suspended` (the organisation is)."""

    class Meta:
        model = Membership

    class Params:
        ended = factory.Trait(ended_at=LONG_AGO)
        suspended = factory.Trait(organisation__suspended=True)

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    roles = factory.LazyFunction(lambda: ["case_manager"])
    began_at = LONG_AGO


def person(role: str, organisation: Organisation | None = None, **fields: Any) -> Membership:
    """Somebody with one role, in `organisation` or in a new one of the type usual for the role.

    Further fields go to `MembershipFactory`: `person("guardian", user__name="Sintetička Ana")`.
    """
    home = organisation or OrganisationFactory.create(code=HOMES.get(role, "CSR"))
    return MembershipFactory.create(organisation=home, roles=[role], **fields)


def signed_in(membership: Membership) -> Client:
    """A browser in which this person has signed in with both factors, for this organisation."""
    client = Client()
    client.force_login(membership.user)
    if not Authenticator.objects.filter(user=membership.user, type="totp").exists():
        TOTP.activate(membership.user, generate_totp_secret())
    session = client.session
    session["organisation_id"] = membership.organisation_id
    session["account_authentication_methods_user"] = str(membership.user_id)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "reauthenticated": True, "at": time.time()},
    ]
    session.save()
    UserSession.objects.create(
        user=membership.user, session_key=session.session_key or "", ip="127.0.0.1", user_agent="-"
    )
    return client
