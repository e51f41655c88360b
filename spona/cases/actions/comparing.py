"""Two files side by side before it is said that they are about one child; nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, CaseAccess, Guardianship, Merge
from spona.people.actions import Joining
from spona.people.models import Person
from spona.people.rules import Side

THE_SAME = _("This is the same file. Write the code of the other one.")
MERGED_ALREADY = _("These two files are merged already. Look at them as they are now.")
WAITING_ALREADY = _(
    "It was proposed already to merge one of these files. That proposal has to be answered first."
)
NOT_HERE = _("You cannot decide this about these two files. Ask your head of service.")
THREE_OWNERS = _(
    "One of the two is merged with a file of another institution already. Split those first, then "
    "merge anew."
)
LEAD_THE_OPEN_ONE = _(
    "The file that would be led on is closed. Begin from the other one: lead the open file on."
)
CLOSING_WAITS = _(
    "It was proposed to close the file that would not be led on. Answer that proposal first."
)
GUARDIAN_IS_THERE = _(
    "Only the file that would be closed has a guardian in office. Lead that file on, or appoint the"
    " guardian in this one first."
)
PLACE_IS_THERE = _(
    "Only the file that would be closed says where the child stays. Lead that file on, or write the"
    " placement into this one first."
)

Basis = CaseAccess.Basis
STAYS, SEES_BOTH, ENDS = "stays", "sees_both", "ends"


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One row of access to one of the two files. `options` are what may be decided about it;
    `must`: it lets another institution in, so that somebody has to decide, with a reason."""

    access: CaseAccess
    side: Side
    options: tuple[str, ...]
    must: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """`asked` is the other owner, who has to say yes. `closes`: the other file would be closed as
    opened twice. `guardians` are those in office, by side; `conflict`: two different ones."""

    kept: Case
    other: Case
    joining: Joining
    cases_of_other: tuple[int, ...]
    asked: Organisation | None
    closes: bool
    guardians: dict[Side, list[Guardianship]]
    conflict: bool
    rows: tuple[AccessRow, ...]
    seal: str


def files_compare(
    *, kept: Case, other: Case, by: Actor, at: datetime, answering: Merge | None = None
) -> Compared:
    """Raises `NotAllowed` where one of the two is hidden or not this person's to decide about, and
    `Refused` where they cannot be merged as they are, with what to do. `answering` is the proposal
    that is looked at."""
    first, second = both_seen(kept.pk, other.pk, by=by, at=at)
    seen = set(Case.objects.visible_to(by, at).values_list("pk", flat=True))
    with rls.engine_room():
        persons = (first.person_id, second.person_id)
        cases = list(Case.objects.filter(person_id__in=persons))
        if not {one.pk for one in cases} <= seen:
            raise Refused(NOT_HERE)
        _can_be_merged(first, second, cases, answering)
        return _compared(first, second, cases, by=by, at=at)


def both_seen(kept_id: int, other_id: int, *, by: Actor, at: datetime) -> tuple[Case, Case]:
    """Both files as the database has them now, locked; seen otherwise than in an emergency."""
    if kept_id == other_id:
        raise Refused(THE_SAME)
    seen = Case.objects.visible_to(by, at).select_related("organisation")
    locked = seen.select_for_update(of=("self",)).filter(pk__in=(kept_id, other_id))
    found = {case.pk: case for case in locked.order_by("pk")}
    if len(found) < 2 or not permissions.can_merge(by, found[kept_id], found[other_id]):
        raise NotAllowed
    for case in found.values():
        gate.not_by_emergency(case, by=by, at=at)
    return found[kept_id], found[other_id]


def _compared(
    kept: Case, other: Case, cases: Sequence[Case], *, by: Actor, at: datetime
) -> Compared:
    asked = other.organisation if other.organisation_id != by.organisation_id else kept.organisation
    across = kept.organisation_id != other.organisation_id
    closes = not across and kept.is_open and other.is_open
    guardians = {Side.KEPT: in_office(kept), Side.OTHER: in_office(other)}
    if closes:
        _nothing_is_only_there(kept, other, guardians)
    rows = _access(kept, other, at)
    return Compared(
        kept=kept,
        other=other,
        joining=joining_of(kept.person_id, other.person_id, {}, None),
        cases_of_other=tuple(one.pk for one in cases if one.person_id == other.person_id),
        asked=asked if across else None,
        closes=closes,
        guardians=guardians,
        conflict=_conflict(*guardians.values()),
        rows=tuple(_row(one, kept, other, rows, by) for one in rows),
        seal=_seal(kept, other, rows, guardians),
    )


def joining_of(
    kept_id: int, other_id: int, fields: dict[str, str], main_name: int | None
) -> Joining:
    """The two records whole; in the engine room, for one without a case is seen by nobody."""
    people = Person.objects.prefetch_related("names", "languages")
    kept, other = people.get(pk=kept_id), people.get(pk=other_id)
    return Joining(kept, other, fields, main_name)


def _can_be_merged(kept: Case, other: Case, cases: Sequence[Case], answering: Merge | None) -> None:
    if kept.person_id == other.person_id:
        raise Refused(MERGED_ALREADY)
    if {one.organisation_id for one in cases} != {kept.organisation_id, other.organisation_id}:
        raise Refused(THREE_OWNERS)
    persons = (kept.person_id, other.person_id)
    of_either = Q(kept_person__in=persons) | Q(other_person__in=persons)
    waiting = Merge.objects.waiting().exclude(pk=answering.pk if answering else 0)
    if waiting.filter(of_either).exists():
        raise Refused(WAITING_ALREADY)
    if other.is_open and not kept.is_open:
        raise Refused(LEAD_THE_OPEN_ONE)


def _nothing_is_only_there(
    kept: Case, other: Case, guardians: dict[Side, list[Guardianship]]
) -> None:
    """Of what a child may have only one: it must not end with the file that is closed."""
    if other.closurerequests.waiting().exists():
        raise Refused(CLOSING_WAITS)
    if guardians[Side.OTHER] and not guardians[Side.KEPT]:
        raise Refused(GUARDIAN_IS_THERE)
    placed = [case.placements.filter(until_at=None).exists() for case in (kept, other)]
    if placed == [False, True]:
        raise Refused(PLACE_IS_THERE)


def in_office(case: Case) -> list[Guardianship]:
    return list(case.guardianships.filter(until_at=None).order_by("from_at"))


def _conflict(kept: Iterable[Guardianship], other: Iterable[Guardianship]) -> bool:
    """Two children, or one child with two guardians of whom one has to go."""
    ours, theirs = ({_who(one) for one in office} for office in (kept, other))
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _who(one: Guardianship) -> object:
    return one.guardian_id or one.guardian_name.casefold()


# --- access


def _access(kept: Case, other: Case, at: datetime) -> list[CaseAccess]:
    rows = CaseAccess.objects.in_force(at).filter(case__in=(kept.pk, other.pk))
    return list(rows.select_related("organisation", "user").order_by("case_id", "from_at", "pk"))


def _row(
    access: CaseAccess, kept: Case, other: Case, rows: Sequence[CaseAccess], by: Actor
) -> AccessRow:
    side = Side.OTHER if access.case_id == other.pk else Side.KEPT
    owners = (kept.organisation_id, other.organisation_id)
    ours = {Side.KEPT: kept, Side.OTHER: other}[side].organisation_id == by.organisation_id
    must = ours and access.basis == Basis.GRANT and access.organisation_id not in owners
    options = [STAYS] if ours else []
    if _may_see_both(access, side, kept, rows, by):
        options.append(SEES_BOTH)
    if must:
        options.append(ENDS)
    return AccessRow(access, side, tuple(options), must)


def _may_see_both(
    access: CaseAccess, side: Side, kept: Case, rows: Sequence[CaseAccess], by: Actor
) -> bool:
    """Into the file that is led on goes whom its owner lets in, and who is not in it already."""
    if side == Side.KEPT or not kept.is_open or kept.organisation_id != by.organisation_id:
        return False
    there = {(one.organisation_id, one.user_id) for one in rows if one.case_id == kept.pk}
    named = access.user_id is not None or access.organisation_id != kept.organisation_id
    known = (access.organisation_id, access.user_id) in there
    return named and not known and access.basis in (Basis.OWNER, Basis.GRANT)


# --- what was shown


def _seal(
    kept: Case,
    other: Case,
    rows: Sequence[CaseAccess],
    guardians: dict[Side, list[Guardianship]],
) -> str:
    """What was shown is what is decided: another state has another seal. Ids alone, so that it
    says nothing to whoever reads it."""
    parts: list[object] = [one.pk for one in rows if one.basis == Basis.GRANT]
    for case in (kept, other):
        parts += [case.pk, case.row_version, case.person_id, case.is_open]
        person = Person.objects.get(pk=case.person_id)
        parts += [person.row_version, *person.names.order_by("pk").values_list("pk", flat=True)]
        spoken = person.languages.order_by("pk")
        parts += spoken.values_list("pk", "is_main", "needs_interpreter")
    parts += [one.pk for office in guardians.values() for one in office]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
