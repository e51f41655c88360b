"""Somebody stands in for a colleague: sees the cases given to that person, for that time only.

Access is brought in line each minute, so that it begins and ends by itself, a case given to the
absent person meanwhile is seen too, and one that was taken from him or her is seen no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from spona.accounts import permissions
from spona.accounts.models import Membership, Organisation, Substitution, User
from spona.accounts.roles import ROLES, May, allows
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import CLOCK, Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.actions import access
from spona.cases.models import CaseAccess
from spona.coordination.models.notice import Notice

Basis = CaseAccess.Basis


@transaction.atomic
def substitution_plan(
    *,
    organisation: Organisation,
    absent: User,
    substitute: User,
    from_at: datetime,
    until_at: datetime,
    by: Actor,
    at: datetime,
) -> Substitution:
    """From `from_at` (now, if that is over) until `until_at` one colleague stands in for another.

    Raises `ValidationError` for a stranger or where two substitutions would overlap, `Refused`
    where the cases of the absent person are not the substitute's to work on.
    """
    if not permissions.can_plan_substitution(by, organisation, absent):
        raise NotAllowed
    held = _locked_roles(organisation, absent, substitute)
    planned = Substitution(
        organisation=organisation,
        absent=absent,
        substitute=substitute,
        from_at=max(from_at, at),
        until_at=until_at,
        planned_at=at,
        planned_by_id=by.user_id,
        planned_by_name=by.name,
    )
    planned.clean()
    if not _can_take(held[absent.pk], held[substitute.pk]):
        raise Refused(_("Choose somebody who works on cases: this person's cases change hands."))
    planned.save(force_insert=True)
    detail = {"absent": absent.pk, "substitute": substitute.pk, "until": until_at.isoformat()}
    audit.record("substitution_plan", planned, by=by, at=at, detail=detail)
    _follow(organisation, substitute, by=by, at=at)
    return planned


def _locked_roles(organisation: Organisation, *people: User) -> dict[int, frozenset[str]]:
    """Locked, so that two substitutions that would overlap are not planned at once."""
    members = Membership.objects.active().filter(organisation=organisation, user__in=people)
    locked = members.select_for_update(of=("self",)).order_by("pk")
    roles = {one.user_id: frozenset(one.roles) for one in locked}
    if len(roles) < len({person.pk for person in people}):
        raise ValidationError(_("This person is not with your organisation."))
    return roles


def _can_take(absent: frozenset[str], substitute: frozenset[str]) -> bool:
    return not allows(absent, May.WORK_ON_CASES) or allows(substitute, May.WORK_ON_CASES)


@transaction.atomic
def substitution_end(*, substitution: Substitution, by: Actor, at: datetime) -> Substitution:
    """The person is back before the time, or the plan is dropped; access ends at once."""
    standing = Substitution.objects.visible_to(by).select_for_update(of=("self",))
    current = (
        standing.select_related("organisation", "absent", "substitute")
        .filter(pk=substitution.pk)
        .first()
    )
    if current is None or not permissions.can_plan_substitution(
        by, current.organisation, current.absent
    ):
        raise NotAllowed
    if current.ended_at is not None or current.until_at <= at:
        raise Stale(_("This substitution is over already."))
    current.ended_at = at
    current.save(update_fields=["ended_at"])
    audit.record("substitution_end", current, by=by, at=at)
    _follow(current.organisation, current.substitute, by=by, at=at)
    return current


def substitutions_follow(*, at: datetime) -> int:
    """Bring the access of all who stand in in line with the moment; returns of how many people."""
    with rls.engine_room():
        standing = Substitution.objects.in_force(at).values_list("organisation_id", "substitute_id")
        seeing = CaseAccess.objects.in_force(at).filter(basis=Basis.SUBSTITUTE)
        pairs = {*standing, *seeing.values_list("organisation_id", "user_id")}
    for organisation_id, user_id in sorted(pairs):
        _follow_one(organisation_id, user_id, at)
    return len(pairs)


@transaction.atomic
def _follow_one(organisation_id: int, user_id: int, at: datetime) -> None:
    organisation = Organisation.objects.get(pk=organisation_id)
    _follow(organisation, User.objects.get(pk=user_id), by=CLOCK, at=at)


def _follow(organisation: Organisation, substitute: User, *, by: Actor, at: datetime) -> None:
    with rls.engine_room():
        wanted = _given(organisation, substitute, at)
        seen = CaseAccess.objects.in_force(at).filter(organisation=organisation, user=substitute)
        rows = list(seen.select_for_update())
    for row in rows:
        if row.basis == Basis.SUBSTITUTE and row.case_id not in wanted:
            access.end(row, by=by, at=at)
    for case_id in sorted(wanted.keys() - {row.case_id for row in rows}):
        until = wanted[case_id]
        access.write(
            case_id, organisation, substitute, basis=Basis.SUBSTITUTE, by=by, at=at, until=until
        )


def _given(organisation: Organisation, substitute: User, at: datetime) -> dict[int, datetime]:
    """Open cases given to those for whom this person stands in now, and until when. What they see
    only because they stand in themselves is not passed on, and what somebody ended stays ended."""
    wanted: dict[int, datetime] = {}
    mine = Substitution.objects.in_force(at).filter(
        organisation=organisation, substitute=substitute
    )
    rows = CaseAccess.objects.filter(organisation=organisation)
    for one in mine.order_by("until_at"):
        ended = rows.filter(basis=Basis.SUBSTITUTE, user=substitute, ended_at__gt=one.from_at)
        given = rows.in_force(at).filter(user_id=one.absent_id, case__closed_at=None)
        given = given.exclude(basis=Basis.SUBSTITUTE).exclude(case__in=ended.values("case_id"))
        for case_id, until in given.values_list("case_id", "until"):
            wanted[case_id] = min(one.until_at, until or one.until_at)
    return wanted


# --- what the absent person is told


def told_as_well(notices: Iterable[Notice], at: datetime) -> list[Notice]:
    """The same notices for whoever stands in for the person, or for the holder of the level."""
    found = list(notices)
    homes = {notice.organisation_id for notice in found}
    standing = list(Substitution.objects.in_force(at).filter(organisation__in=homes))
    levels = _levels(standing)
    return [
        _for(notice, one.substitute_id)
        for notice in found
        for one in standing
        if one.organisation_id == notice.organisation_id and _missed(notice, one, levels)
    ]


Levels = dict[tuple[int, int], frozenset[str]]


def _levels(standing: Iterable[Substitution]) -> Levels:
    """The rungs that each of these people holds, by organisation and person."""
    people = {user for one in standing for user in (one.absent_id, one.substitute_id)}
    held = Membership.objects.active().filter(user__in=people) if people else ()
    return {
        (one.organisation_id, one.user_id): frozenset(
            ROLES[key].level for key in one.roles if key in ROLES and ROLES[key].level
        )
        for one in held
    }


def _missed(notice: Notice, one: Substitution, levels: Levels) -> bool:
    """Told to the absent person, and not to the substitute anyhow."""
    if notice.user_id is not None:
        return notice.user_id == one.absent_id
    home = notice.organisation_id
    theirs = levels.get((home, one.absent_id), frozenset())
    own = levels.get((home, one.substitute_id), frozenset())
    return notice.level in theirs - own


def _for(notice: Notice, user_id: int) -> Notice:
    twin = copy(notice)
    twin.user_id, twin.level = user_id, ""
    return twin
