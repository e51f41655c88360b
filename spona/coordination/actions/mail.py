"""Neutral e-mail: one digest a person, no name, no code, no place, no reason (trust.md, E 51)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.core.mail import send_mass_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.accounts.models import Membership
from spona.accounts.roles import ROLES
from spona.base import rls
from spona.coordination import rules
from spona.coordination.models import Notice

OLDEST_DIGEST = 500


@transaction.atomic
def mail_notices(*, at: datetime) -> int:
    """Mail what has not been mailed and may go out now; returns how many messages went out.

    A notice is marked before the mail is handed over: better one mail lost than the same mail
    every minute of the night. The notice itself stays in the app until it is read.
    """
    with rls.engine_room():
        waiting = Notice.objects.filter(mailed_at=None, read_at=None).order_by("at")
        batch = waiting.select_for_update(skip_locked=True)[:OLDEST_DIGEST]
        due = [notice for notice in batch if rules.may_mail(at, urgent=notice.urgent)]
        Notice.objects.filter(pk__in=[notice.pk for notice in due]).update(mailed_at=at)
        addressed = _by_address(due)
    messages = [(*_words(count), None, [address]) for address, count in addressed.items()]
    transaction.on_commit(lambda: send_mass_mail(messages))
    return len(messages)


def _by_address(notices: Iterable[Notice]) -> dict[str, int]:
    """How many new tasks each person has: the addressee, or those of the institution it is for."""
    counted: dict[str, int] = defaultdict(int)
    for notice in notices:
        for address in _addresses(notice):
            counted[address] += 1
    return counted


def _addresses(notice: Notice) -> list[str]:
    members = Membership.objects.active().filter(organisation_id=notice.organisation_id)
    if notice.user_id:
        members = members.filter(user_id=notice.user_id)
    elif notice.level:
        rungs = [role.key for role in ROLES.values() if role.level == notice.level]
        members = members.with_role(*rungs)
    return list(members.values_list("user__email", flat=True))


def _words(count: int) -> tuple[str, str]:
    with translation.override("sr-latn"):
        subject = _("You have a new task in Spona")
        body = ngettext(
            "You have %(count)d new task in Spona. Sign in to see it.",
            "You have %(count)d new tasks in Spona. Sign in to see them.",
            count,
        ) % {"count": count}
    return subject, body
