"""A recipient without an account answers on a page of its own: an address, and a code by telephone.

Nobody is signed in there. The page acts for the institution to which the referral was sent, for
this referral only, and is closed by the answer, by five wrong codes, or after a week.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.coordination import permissions
from spona.coordination.models import Doorway, Referral

VALID_FOR = timedelta(days=7)
MOST_WRONG = 5
ROLE = "one_time_recipient"


@dataclass(frozen=True, slots=True)
class Key:
    """Shown once to the sender: the address goes by mail, the code is read out by telephone."""

    token: str
    code: str


@transaction.atomic
def doorway_make(*, referral: Referral, by: Actor, at: datetime) -> Key:
    """A new address and a new code; what was made before no longer opens."""
    seen = Referral.objects.visible_to(by, at).select_related("case", "recipient")
    current = seen.filter(pk=referral.pk).first()
    if current is None or not permissions.can_refer(by, current.case):
        raise NotAllowed
    if current.recipient.uses_spona:
        raise Refused(_("This institution has accounts in Spona: it answers there."))
    if current.decided_at is not None or not current.is_in_course:
        raise Refused(_("This referral has been answered."))
    key = Key(secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06d}")
    with rls.engine_room():
        Doorway.objects.update_or_create(
            referral=current,
            defaults={
                "token_hash": hashed(key.token),
                "code_hash": make_password(key.code),
                "made_at": at,
                "expires_at": at + VALID_FOR,
                "wrong": 0,
                "opened_at": None,
                "used_at": None,
            },
        )
    audit.record("doorway_make", current, by=by, at=at, case_id=current.case_id)
    return key


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(*, token: str, at: datetime) -> bool:
    """Whether the address leads anywhere; says nothing of whose it is."""
    with rls.engine_room():
        return _open(token, at) is not None


def _open(token: str, at: datetime) -> Doorway | None:
    rows = Doorway.objects.filter(token_hash=hashed(token), used_at=None, expires_at__gt=at)
    found = rows.filter(wrong__lt=MOST_WRONG).select_related("referral__recipient__type").first()
    gone = found is None or found.referral.withdrawn_at or not found.referral.is_in_course
    return None if gone else found


@transaction.atomic
def doorway_unlock(*, token: str, code: str, at: datetime) -> bool:
    """Whether the code is right. Each wrong one is counted, and the fifth closes the page."""
    with rls.engine_room():
        found = _open(token, at)
        if found is None:
            raise NotAllowed
        door = Doorway.objects.select_for_update().get(pk=found.pk)
        right = check_password(code.strip(), door.code_hash)
        if right:
            door.opened_at = door.opened_at or at
        else:
            door.wrong += 1
        door.save(update_fields=["opened_at", "wrong"])
    audit.record("doorway_unlock", found.referral, by=_nobody(found), at=at, detail={"ok": right})
    return right


def doorway_referral(*, token: str, at: datetime) -> Referral:
    """The referral behind an open page; raises `NotAllowed` where there is none."""
    with rls.engine_room():
        found = _open(token, at)
        if found is None:
            raise NotAllowed
        return found.referral


def guest(referral: Referral, name: str) -> Actor:
    """Who acts on the page: a person by name, of the institution asked, with no account."""
    return Actor(
        organisation_id=referral.recipient_id,
        roles=frozenset({ROLE}),
        name=name,
        organisation_name=str(referral.recipient),
    )


def _nobody(door: Doorway) -> Actor:
    return guest(door.referral, "")


@transaction.atomic
def doorway_close(*, token: str, at: datetime) -> None:
    """The answer was given: the page is closed."""
    with rls.engine_room():
        Doorway.objects.filter(token_hash=hashed(token)).update(used_at=at)
