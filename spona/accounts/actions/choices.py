"""What one chooses for the own desk: its filters, and a calendar that fetches its moments."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from spona.accounts import rules
from spona.accounts.models import CalendarFeed, DeskFilters, Membership
from spona.audit.actions import record
from spona.base.actor import Actor


@transaction.atomic
def filters_keep(*, chosen: Mapping[str, str], by: Actor, at: datetime) -> DeskFilters:
    """Keep what this person wants to see on the desk; nothing chosen shows everything."""
    membership = _mine(by)
    kept, _made = DeskFilters.objects.update_or_create(
        membership=membership, defaults={"chosen": dict(chosen), "changed_at": at}
    )
    record("filters_keep", kept, by=by, at=at)
    return kept


@transaction.atomic
def calendar_renew(*, by: Actor, at: datetime) -> str:
    """A new address for the own calendar, shown once; an earlier one opens nothing any more.

    Returns the token.
    """
    membership = _mine(by)
    _end(membership, at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        membership=membership, token_hash=rules.token_hash(token), made_at=at
    )
    record("calendar_renew", feed, by=by, at=at)
    return token


@transaction.atomic
def calendar_end(*, by: Actor, at: datetime) -> None:
    """Switch the calendar off; of one that is off already nothing is said."""
    membership = _mine(by)
    for feed in _end(membership, at):
        record("calendar_end", feed, by=by, at=at)


def _end(membership: Membership, at: datetime) -> list[CalendarFeed]:
    feeds = list(CalendarFeed.objects.in_use().filter(membership=membership))
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(ended_at=at)
    return feeds


def _mine(by: Actor) -> Membership:
    """Locked: of two who press at once the second finds what the first did."""
    mine = Membership.objects.active().select_for_update(of=("self",))
    found = mine.filter(user_id=by.user_id or 0, organisation_id=by.organisation_id or 0).first()
    if found is None:
        raise PermissionDenied
    return found
