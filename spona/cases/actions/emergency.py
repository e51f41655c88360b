"""Vanredni pristup: somebody opens a case that is not his or hers, for four hours, with a reason.

The answer to a wrong code and to a case that cannot be opened is the same. The storey above tells
the owner at once (`coordination.actions.emergency_begin`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import access
from spona.cases.codes import sharing as codes
from spona.cases.models import Case, CaseAccess

LASTS = timedelta(hours=4)
A_DAY = 5
WORDS_AT_LEAST = 20
DAY = 24 * 60 * 60
SAY_WHY = _("Say what has happened, in a sentence. The owner of the case reads it.")
TOO_OFTEN = _(
    "Emergency access was tried too often today. Call the institution that owns the case."
)
ENDED = _("This access has already ended.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened; `access` is none for whoever sees it anyway."""

    case: Case
    access: CaseAccess | None


@transaction.atomic
def emergency_open(
    *, code: str, organisation: Organisation, reason_code: str, reason: str, by: Actor, at: datetime
) -> Opened | None:
    """Open the case with this code of this institution, for four hours and for this person alone.

    None where there is nothing to open. Each try counts, of five a day; each is in the log. Raises
    `NotAllowed`, `Refused`.
    """
    if not permissions.can_open_in_emergency(by):
        raise NotAllowed
    if reason_code not in codes.emergencies() or len(reason.strip()) < WORDS_AT_LEAST:
        raise Refused(SAY_WHY)
    _count(by, at)
    with rls.engine_room():
        of_owner = Case.objects.still_open().filter(organisation=organisation)
        case = of_owner.select_related("organisation", "lead").filter(code__iexact=code).first()
        user = User.objects.get(pk=by.user_id or 0)
        home = Organisation.objects.get(pk=by.organisation_id or 0)
    if case is None:
        audit.refused("emergency_open", user, by=by, at=at, detail={"owner": organisation.pk})
        return None
    if Case.objects.visible_to(by, at).filter(pk=case.pk).exists():
        return Opened(case, None)
    given = access.write(
        case.pk,
        home,
        user,
        basis=CaseAccess.Basis.EMERGENCY,
        by=by,
        at=at,
        until=at + LASTS,
        reason=reason.strip(),
        reason_code=reason_code,
    )
    detail = {"reason": reason_code, "owner": organisation.pk}
    audit.record("emergency_open", given, by=by, at=at, case_id=case.pk, detail=detail)
    return Opened(case, given)


def _count(by: Actor, at: datetime) -> None:
    """Right and wrong codes alike: five guesses a day are no way to find a child."""
    key = f"emergency:{by.user_id}:{timezone.localdate(at)}"
    cache.add(key, 0, DAY)
    if cache.incr(key) > A_DAY:
        raise Refused(TOO_OFTEN)


def emergencies_over(*, case: Case, by: Actor, at: datetime) -> list[CaseAccess]:
    """Who had opened the case in an emergency, and why, the latest first: its owner reads it also
    in the morning. Raises `NotAllowed`."""
    visible = Case.objects.visible_to(by, at).filter(pk=case.pk).first()
    if visible is None or not permissions.can_run(by, visible):
        raise NotAllowed
    with rls.engine_room():
        rows = CaseAccess.objects.filter(case_id=case.pk, basis=CaseAccess.Basis.EMERGENCY)
        over = rows.filter(Q(ended_at__isnull=False) | Q(until__lte=at))
        return list(over.select_related("organisation", "user").order_by("-from_at", "-pk"))


@transaction.atomic
def emergency_end(*, access_id: int, by: Actor, at: datetime) -> CaseAccess:
    """Give one's own emergency access back. Raises `NotAllowed`, `Refused`."""
    with rls.engine_room():
        own = CaseAccess.objects.filter(basis=CaseAccess.Basis.EMERGENCY, user_id=by.user_id or 0)
        current = own.select_for_update().filter(pk=access_id).first()
    if current is None:
        raise NotAllowed
    if current.ended_at is not None or (current.until is not None and current.until <= at):
        raise Refused(ENDED)
    return access.end(current, by=by, at=at)
