"""Two files are about one child: said by a person, field by field, and taken back at any time.

Nothing is moved between the files. Their cases point to a third record of the person, made of the
two, which stay as they are (`people.actions.joining`); so nothing that was not chosen is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import permissions
from spona.cases.actions import parting
from spona.cases.actions.comparing import (
    ENDS,
    SEES_BOTH,
    Compared,
    both_seen,
    files_compare,
    joining_of,
)
from spona.cases.models import Case, CaseAccess, Merge
from spona.people.actions import Joining, person_join
from spona.people.actions.joining import CHOOSE_EACH
from spona.people.models import Person
from spona.people.rules import Side

NO_REASON = _("Say how you know that this is one child. Whoever reads the file later needs it.")
WHO_REPRESENTS = _(
    "Each file has another guardian in office. Say which of the two represents the child."
)
THE_OTHER_STAYS = _(
    "The guardian who goes on is in the file that would be closed. Lead that file on instead."
)
DECIDE_ACCESS = _("Decide about each other institution that sees one of the files, with a reason.")
LET_THEM_LOOK = _(
    "Nobody in %(who)s sees your file. Let them see it first: who has not seen both files cannot "
    "say yes."
)
ANSWERED = _("This proposal was answered already. Look at the files as they are now.")
CHANGED = _("One of the files was changed since this was shown. Look at both again.")
CHANGED_SINCE = _(
    "One of the files was changed since this was proposed. Say no to it, and let it be proposed "
    "anew."
)
WHY_NOT = _("Say why this is not one child, or what you want to know first.")


@dataclass(frozen=True, slots=True)
class AccessChoice:
    """What becomes of one row of access: `stays`, `sees_both` or `ends`."""

    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """`fields` says for each of `Person.facts` which record it is from (a `people.rules.Side`),
    `main_name` is the id of a name, `represents` the side whose guardian goes on, `access` is by
    the id of the row. `seal` is that of what was shown (`files_compare`)."""

    fields: Mapping[str, str]
    seal: str
    main_name: int | None = None
    represents: str = ""
    access: Mapping[int, AccessChoice] = field(default_factory=dict)


@transaction.atomic
def persons_merge(
    *, kept: Case, other: Case, choice: MergeChoice, reason: str, by: Actor, at: datetime
) -> Merge:
    """Say that two files are about one child. With one owner it is done; with two it is proposed,
    and waits for the yes of the other (`merge_confirm`).

    Two open files of one owner: `kept` is led on, `other` is closed as opened twice.
    Raises `NotAllowed`, `Refused`, and `Stale` where something was changed since it was shown.
    """
    compared = files_compare(kept=kept, other=other, by=by, at=at)
    if compared.seal != choice.seal:
        raise Stale(CHANGED)
    _check(compared, choice, reason, at)
    with rls.engine_room():
        merge = _written(compared, choice, reason, by=by, at=at)
        if compared.asked is None:
            _execute(merge, compared, by=by, at=at)
    audit.record("merge_propose" if merge.is_waiting else "persons_merge", merge, by=by, at=at)
    return merge


@transaction.atomic
def merge_confirm(
    *, merge: Merge, access: Mapping[int, AccessChoice], by: Actor, at: datetime
) -> Merge:
    """The other owner agrees: the files are about one child. `access` is about its own file."""
    current = _answering(merge, by, at)
    compared = files_compare(
        kept=current.kept, other=current.other, by=by, at=at, answering=current
    )
    if compared.seal != current.seal:
        raise Stale(CHANGED_SINCE)
    _check_access(compared, access)
    with rls.engine_room():
        current.answers["access"] |= _as_json(access)
        _execute(current, compared, by=by, at=at)
    audit.record("merge_confirm", current, by=by, at=at)
    return current


@transaction.atomic
def merge_refuse(*, merge: Merge, refusal: str, by: Actor, at: datetime) -> Merge:
    """The other owner says no and why; who proposed it takes it back so, too."""
    current = _waiting(merge, by, at)
    if not refusal.strip():
        raise Refused(WHY_NOT)
    current.refused_at, current.refused_by_name = at, by.name
    current.refusal = refusal.strip()
    current.save(force_update=True)
    audit.record("merge_refuse", current, by=by, at=at)
    return current


def merge_joining(*, merge: Merge, by: Actor, at: datetime) -> Joining:
    """The two records as they were and what was chosen, for those who see both files: nobody else
    sees a record that has no case any more. Raises `NotAllowed`."""
    if not Merge.objects.visible_to(by, at).filter(pk=merge.pk).exists():
        raise NotAllowed
    with rls.engine_room():
        return parting.joining_of_merge(merge)


def merge_decisions(*, merge: Merge, by: Actor, at: datetime) -> list[tuple[CaseAccess, str, str]]:
    """What was decided about rows of access, and why, for those who run the case of the row."""
    if not Merge.objects.visible_to(by, at).filter(pk=merge.pk).exists():
        raise NotAllowed
    answers: dict[str, list[str]] = merge.answers["access"]
    with rls.engine_room():
        rows = CaseAccess.objects.filter(pk__in=[int(pk) for pk in answers]).order_by("pk")
        found = list(rows.select_related("case", "organisation", "user"))
    return [
        (row, answers[str(row.pk)][0], answers[str(row.pk)][1])
        for row in found
        if permissions.can_run(by, row.case)
    ]


# --- checks


def _check(compared: Compared, choice: MergeChoice, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise Refused(NO_REASON)
    if not all(choice.fields.get(one) in set(Side) for one in compared.joining.differing()):
        raise Refused(CHOOSE_EACH)
    if compared.conflict and choice.represents not in set(Side):
        raise Refused(WHO_REPRESENTS)
    if compared.conflict and compared.closes and choice.represents == Side.OTHER:
        raise Refused(THE_OTHER_STAYS)
    _check_access(compared, choice.access)
    if compared.asked is not None and not _looks_in(compared.asked, compared, at):
        raise Refused(LET_THEM_LOOK % {"who": compared.asked})


def _check_access(compared: Compared, access: Mapping[int, AccessChoice]) -> None:
    """Each decision about another institution has a reason, and so has each wider view."""
    for row in compared.rows:
        chosen = access.get(row.access.pk)
        if chosen is None:
            if row.must:
                raise Refused(DECIDE_ACCESS)
            continue
        needs = row.must or chosen.what == SEES_BOTH
        if chosen.what not in row.options or (needs and not chosen.reason.strip()):
            raise Refused(DECIDE_ACCESS)


def _looks_in(asked: Organisation, compared: Compared, at: datetime) -> bool:
    """Somebody of the other owner sees the file that is not theirs."""
    foreign = compared.kept if compared.other.organisation_id == asked.pk else compared.other
    with rls.engine_room():
        rows = CaseAccess.objects.in_force(at).exclude(basis=CaseAccess.Basis.EMERGENCY)
        return rows.filter(case=foreign.pk, organisation=asked).exists()


def _waiting(merge: Merge, by: Actor, at: datetime) -> Merge:
    """Locked; of those who see both files and run one of them."""
    rows = Merge.objects.visible_to(by, at).select_related("asked").select_for_update(of=("self",))
    current = rows.filter(pk=merge.pk).first()
    if current is None:
        raise NotAllowed
    current.kept, current.other = both_seen(current.kept_id, current.other_id, by=by, at=at)
    if not current.is_waiting:
        raise Refused(ANSWERED)
    return current


def _answering(merge: Merge, by: Actor, at: datetime) -> Merge:
    current = _waiting(merge, by, at)
    if by.organisation_id != current.asked_id:
        raise NotAllowed
    return current


# --- writing


def _written(
    compared: Compared, choice: MergeChoice, reason: str, *, by: Actor, at: datetime
) -> Merge:
    if by.user_id is None:
        raise NotAllowed
    return Merge.objects.create(
        kept=compared.kept,
        other=compared.other,
        kept_person=compared.joining.kept,
        other_person=compared.joining.other,
        cases_of_other=list(compared.cases_of_other),
        answers={
            "fields": dict(choice.fields),
            "main_name": choice.main_name,
            "represents": choice.represents if compared.conflict else "",
            "access": _as_json(choice.access),
        },
        seal=compared.seal,
        reason=reason.strip(),
        proposed_at=at,
        proposed_by_id=by.user_id,
        proposed_by_name=by.name,
        asked=compared.asked,
    )


def _as_json(access: Mapping[int, AccessChoice]) -> dict[str, list[str]]:
    return {str(pk): [one.what, one.reason.strip()] for pk, one in access.items()}


def _execute(merge: Merge, compared: Compared, *, by: Actor, at: datetime) -> None:
    """In the engine room: cases of other people of the two institutions point there as well."""
    joining = joining_of(
        merge.kept_person_id,
        merge.other_person_id,
        merge.answers["fields"],
        merge.answers["main_name"],
    )
    person_id = rls.next_id(Person)
    two = Q(person=merge.kept_person_id) | Q(person=merge.other_person_id)
    Case.objects.filter(two).update(person_id=person_id)
    merge.joined = person_join(
        joining=joining, person_id=person_id, by=by, at=at, case_id=merge.kept_id
    )
    merge.decided_at, merge.decided_by_id, merge.decided_by_name = at, by.user_id, by.name
    merge.closed_other = compared.closes
    merge.undoing = _changed(merge, compared, by=by, at=at)
    merge.save(force_update=True)


def _changed(merge: Merge, compared: Compared, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What follows for access and for the file that is closed, as ids by what became of them."""
    answers: dict[str, list[str]] = merge.answers["access"]
    rows = {str(row.access.pk): row.access for row in compared.rows}
    known = {pk: answer for pk, answer in answers.items() if pk in rows}
    given = [
        parting.let_into(rows[pk], compared.kept, reason, by=by, at=at)
        for pk, (what, reason) in known.items()
        if what == SEES_BOTH
    ]
    over = [rows[pk] for pk, (what, _reason) in known.items() if what == ENDS]
    undoing: dict[str, Any] = {"given": [one.pk for one in given]}
    undoing["ended"] = parting.end_all(over, by=by, at=at)
    if compared.closes:
        undoing |= parting.close_double(compared, by=by, at=at)
    return undoing
