"""Organisations, the people who work in them, who stands in for whom, and what each one chose."""

from __future__ import annotations

from spona.accounts.models.choices import CalendarFeed, DeskFilters
from spona.accounts.models.organisations import (
    DutyShift,
    InstitutionType,
    Invitation,
    Membership,
    MembershipQuerySet,
    Municipality,
    Named,
    Organisation,
    User,
)
from spona.accounts.models.substitutions import Substitution, SubstitutionQuerySet

__all__ = [
    "CalendarFeed",
    "DeskFilters",
    "DutyShift",
    "InstitutionType",
    "Invitation",
    "Membership",
    "MembershipQuerySet",
    "Municipality",
    "Named",
    "Organisation",
    "Substitution",
    "SubstitutionQuerySet",
    "User",
]
