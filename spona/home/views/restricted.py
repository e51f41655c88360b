"""Duties that stand on no list of a reader who may not know of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from spona.base.actor import Actor
from spona.cases.models import Case
from spona.coordination import permissions
from spona.coordination.models import Duty, Parts
from spona.protocols.models import Version


def on_desk(actor: Actor, at: datetime) -> Parts:
    """What this person is to do, without what he or she may not answer."""
    mine = Duty.objects.parts_of_desk(actor, at)
    if permissions.can_answer(actor, works_on_case=False, inside=False):
        return mine
    return mine.exclude(restricted(actor))


def restricted(actor: Actor) -> Q:
    """Duties of the restricted part that are not this reader's to know of (P4)."""
    if permissions.can_see_sensitive(actor, 0):
        return Q(pk=None)
    books = [version.book for version in Version.objects.all()]
    acts = {key for book in books for key, act in book.acts.items() if act.sensitive}
    sensitive = Q(acts__overlap=sorted(acts))
    if permissions.can_see_sensitive(actor, actor.organisation_id or 0):
        own = Case.objects.filter(organisation_id=actor.organisation_id or 0)
        return sensitive & ~Q(case__in=own)  # asked only of what is sensitive
    return sensitive
