"""Neutral e-mail: one digest a person with a link to the desk, or to the one duty by its random
number; no name, no code, no place, no reason (trust.md, E 51)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mass_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.accounts.models import Membership
from spona.accounts.roles import ROLES
from spona.base import rls
from spona.coordination import rules
from spona.coordination.models import Notice


@transaction.atomic
def mail_notices(*, at: datetime) -> int:
    """Mail what has not been mailed and may go out now; returns how many messages went out.

    What is urgent goes out at any hour, all else in a digest at fixed times of working days.
    A notice is marked before the mail is handed over: better one mail lost than the same mail
    every minute of the night. The notice itself stays in the app until it is read.
    """
    with rls.engine_room():
        waiting = Notice.objects.filter(mailed_at=None, read_at=None).to_be_mailed(
            rules.digest_at(at)
        )
        due = list(waiting.order_by("at").select_for_update(skip_locked=True))
        Notice.objects.filter(pk__in=[notice.pk for notice in due]).update(mailed_at=at)
        addressed = _by_address(due)
    messages = [(*_words(numbers), None, [address]) for address, numbers in addressed.items()]
    transaction.on_commit(lambda: send_mass_mail(messages))
    return len(messages)


def _by_address(notices: Iterable[Notice]) -> dict[str, list[str]]:
    """The new tasks that each person has, by the random number of their duty (empty: of none): the
    addressee's, or those of the institution that it is for."""
    told: dict[tuple[int, int | None, str], list[str]] = defaultdict(list)
    for one in notices:
        told[one.organisation_id, one.user_id, one.level].append(one.duty_number)
    found: dict[str, list[str]] = defaultdict(list)
    for (organisation_id, user_id, level), numbers in told.items():
        for address in _addresses(organisation_id, user_id, level):
            found[address] += numbers
    return found


def _addresses(organisation_id: int, user_id: int | None, level: str) -> list[str]:
    members = Membership.objects.active().filter(organisation_id=organisation_id)
    if user_id:
        members = members.filter(user_id=user_id)
    elif level:
        rungs = [role.key for role in ROLES.values() if role.level == level]
        members = members.with_role(*rungs)
    return list(members.values_list("user__email", flat=True))


def _words(numbers: list[str]) -> tuple[str, str]:
    """Subject and text. One duty alone has its own link: answering it is then one page away."""
    count = len(numbers)
    with translation.override("sr-latn"):
        subject = _("You have a new task in Spona")
        body = ngettext(
            "You have %(count)d new task in Spona. Sign in to see it.",
            "You have %(count)d new tasks in Spona. Sign in to see them.",
            count,
        ) % {"count": count}
    one = reverse("coordination:duty_open", args=numbers) if count == 1 and numbers[0] else "/"
    return subject, f"{body}\n\n{settings.SITE_URL}{one}\n"
