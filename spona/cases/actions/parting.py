"""What a merging does to access and to the file that is closed, and how all of it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.actions import access, guardianships, placements
from spona.cases.actions.comparing import Compared, both_seen, joining_of
from spona.cases.models import Case, CaseAccess, Guardianship, Merge, Placement
from spona.people.actions import Joining, Since, person_part, since_joined
from spona.people.models import Person
from spona.people.rules import Side

WHY_SPLIT = _("Say why these are two children. The reason stays with both files.")
SPLIT_ALREADY = _("These two files were split already. Look at them as they are now.")
MERGED_SINCE = _("The child was merged with one more file since. Split that one first.")
NOT_YOURS = _("You cannot decide this about these two files. Ask your head of service.")


# --- access


def let_into(row: CaseAccess, case: Case, reason: str, *, by: Actor, at: datetime) -> CaseAccess:
    """Who sees the other file sees this one as well; a decision of its owner, with an end."""
    longest = at + access.LONGEST_GRANT
    return access.access_grant(
        case=case,
        organisation=row.organisation,
        user=row.user,
        basis=CaseAccess.Basis.GRANT,
        by=by,
        at=at,
        until=min(row.until or longest, longest),
        reason=reason,
    )


def end_all(rows: Iterable[CaseAccess], *, by: Actor, at: datetime) -> list[int]:
    """End those that are still in force; returns which."""
    ended = [access.end(row, by=by, at=at) for row in rows if row.ended_at is None]
    return [one.pk for one in ended]


# --- the file that was opened twice


def close_double(compared: Compared, *, by: Actor, at: datetime) -> dict[str, list[int]]:
    """Close the other file. Who saw it goes on seeing it; its placement ends, and so does the
    guardian who was not chosen. What it leaves is what the other one has as well."""
    case, relieved = compared.other, list[Guardianship]()
    if compared.conflict:
        relieved = compared.guardians[Side.OTHER]
    seen = _in_force(case)
    for guardianship in relieved:
        guardianships.guardianship_end(guardianship=guardianship, by=by, at=at)
    placed = list(case.placements.filter(until_at=None))
    for placement in placed:
        placements.end(placement, until_at=max(at, placement.from_at), by=by, at=at)
    case.refresh_from_db()
    case.closed_at, case.closure_reason = at, Case.Closure.DOUBLE
    case.row_version += 1
    case.save(force_update=True)
    detail = {"reason": case.closure_reason}
    audit.record("case_close", case, by=by, at=at, case_id=case.pk, detail=detail)
    return {
        "relieved": [one.pk for one in relieved],
        "placed": [one.pk for one in placed],
        "let_out": sorted(seen - _in_force(case)),
    }


def _in_force(case: Case) -> set[int]:
    rows = CaseAccess.objects.filter(case=case.pk, ended_at=None)
    return set(rows.values_list("pk", flat=True))


# --- split again


@dataclass(frozen=True, slots=True)
class Undoing:
    """What splitting would do: `since` was written about the child after the merging and belongs to
    somebody; `given` ends; `ended` is given again; `changed` was decided anew since and stays."""

    joining: Joining
    person: Person
    since: Since
    given: tuple[CaseAccess, ...]
    ended: tuple[CaseAccess, ...]
    changed: tuple[CaseAccess, ...]


def merge_undoing(*, merge: Merge, by: Actor, at: datetime) -> Undoing:
    """Raises `NotAllowed`, and `Refused` where it cannot be split now."""
    current = _standing(merge, by, at)
    with rls.engine_room():
        return _undoing(current)


@transaction.atomic
def merge_undo(
    *, merge: Merge, whose: Mapping[str, str], reason: str, by: Actor, at: datetime
) -> Merge:
    """They are two children after all. Both records, the cases that point to them and access are
    as they were; `whose` says for each of `Since.keys` to which of the two it belongs (a
    `people.rules.Side`, or `both`). What was written in a file since stays in that file.

    Raises `NotAllowed`, `Refused`.
    """
    current = _standing(merge, by, at)
    if not reason.strip():
        raise Refused(WHY_SPLIT)
    with rls.engine_room():
        undoing = _undoing(current)
        _back_to_their_records(current)
        person_part(
            person=undoing.person,
            joining=undoing.joining,
            whose=whose,
            by=by,
            at=at,
            case_ids={Side.KEPT: current.kept_id, Side.OTHER: current.other_id},
        )
        end_all(undoing.given, by=by, at=at)
        for row in undoing.ended:
            access.again(row, by=by, at=at)
        if current.closed_other:
            _reopen(current, by=by, at=at)
        current.undone_at, current.undone_by_name = at, by.name
        current.undo_reason = reason.strip()
        current.save(force_update=True)
    audit.record("merge_undo", current, by=by, at=at)
    return current


def _standing(merge: Merge, by: Actor, at: datetime) -> Merge:
    """Locked; raises for one that does not stand, or on which a later one stands."""
    rows = Merge.objects.visible_to(by, at).select_for_update(of=("self",))
    current = rows.filter(pk=merge.pk).first()
    if current is None:
        raise NotAllowed
    current.kept, current.other = both_seen(current.kept_id, current.other_id, by=by, at=at)
    if not current.stands:
        raise Stale(SPLIT_ALREADY)
    seen = set(Case.objects.visible_to(by, at).values_list("pk", flat=True))
    with rls.engine_room():
        _nothing_on_top(current)
        joined = Case.objects.filter(person=current.joined_id).values_list("pk", flat=True)
        if not set(joined) <= seen:
            raise Refused(NOT_YOURS)
    return current


def _nothing_on_top(merge: Merge) -> None:
    later = Q(kept_person=merge.joined_id) | Q(other_person=merge.joined_id)
    if Merge.objects.standing().filter(later).exists():
        raise Refused(MERGED_SINCE)


def joining_of_merge(merge: Merge) -> Joining:
    answers = merge.answers
    return joining_of(
        merge.kept_person_id, merge.other_person_id, answers["fields"], answers["main_name"]
    )


def _undoing(merge: Merge) -> Undoing:
    joining = joining_of_merge(merge)
    person = Person.objects.prefetch_related("names", "languages").get(pk=merge.joined_id or 0)
    given, gone = _parted(_rows(merge, "given"), lambda row: row.ended_at is None)
    ended = [*_rows(merge, "ended"), *_rows(merge, "let_out")]
    again, anew = _parted(ended, lambda row: _comes_back(row, merge))
    return Undoing(
        joining=joining,
        person=person,
        since=since_joined(person, joining),
        given=tuple(given),
        ended=tuple(again),
        changed=(*gone, *anew),
    )


def _rows(merge: Merge, what: str) -> list[CaseAccess]:
    rows = CaseAccess.objects.filter(pk__in=merge.undoing.get(what, ()))
    return list(rows.select_related("organisation", "user", "case").order_by("pk"))


def _parted(rows: Sequence[CaseAccess], holds: Any) -> tuple[list[CaseAccess], list[CaseAccess]]:
    return [one for one in rows if holds(one)], [one for one in rows if not holds(one)]


def _comes_back(row: CaseAccess, merge: Merge) -> bool:
    """Ended by the merging and by nothing since; of a person, if he or she still works there."""
    if row.ended_at != merge.decided_at:
        return False
    members = row.organisation.memberships.active()
    return row.user_id is None or members.filter(user=row.user_id).exists()


def _back_to_their_records(merge: Merge) -> None:
    cases = Case.objects.filter(person=merge.joined_id)
    cases.filter(pk__in=merge.cases_of_other).update(person_id=merge.other_person_id)
    cases.update(person_id=merge.kept_person_id)


def _reopen(merge: Merge, *, by: Actor, at: datetime) -> None:
    """The file that was closed as opened twice, with its guardian and where the child stays."""
    case = Case.objects.select_for_update().get(pk=merge.other_id)
    case.closed_at, case.closure_reason = None, ""
    case.row_version += 1
    ended = {"until_at": merge.decided_at}
    office = Guardianship.objects.filter(pk__in=merge.undoing.get("relieved", ()), **ended)
    if office.update(until_at=None):
        case.without_guardian_since = None
    Placement.objects.filter(pk__in=merge.undoing.get("placed", ()), **ended).update(until_at=None)
    case.save(force_update=True)
    audit.record("case_reopen", case, by=by, at=at, case_id=case.pk)
