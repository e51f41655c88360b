"""Who gives a command: an account in an institution."""

from __future__ import annotations

from django.core.management.base import CommandError

from spona.accounts.models import Organisation, User
from spona.base.actor import Actor


def organisation_of(key: str) -> Organisation:
    """Raises `CommandError` where there is none."""
    found = Organisation.objects.select_related("municipality").filter(key=key).first()
    if found is None:
        raise CommandError(f"There is no institution with the key {key}.")
    return found


def actor_of(email: str, organisation: Organisation) -> Actor:
    """Raises `CommandError` where the account is not in the institution."""
    user = User.objects.filter(email__iexact=email).first()
    mine = user.memberships.active().filter(organisation=organisation) if user else None
    member = mine.select_related("organisation", "user").first() if mine is not None else None
    if member is None:
        raise CommandError(f"{email} has no account in this institution.")
    return member.actor()
