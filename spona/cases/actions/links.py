"""Which children belong together. Only somebody who sees both cases says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, CaseLink

NO_SUCH_CASE = _("Among the cases that you see there is none with this code.")
TWO_CASES = _("Several cases that you see have this code. Open the other one and link from there.")
THE_SAME = _("A child cannot be linked with itself. Write the code of the other case.")
LINKED_ALREADY = _("These two children are linked already.")
NO_SUCH_KIND = _("Choose from the list.")
ENDED_ALREADY = _("This link was taken away already.")


@transaction.atomic
def case_link(*, case: Case, code: str, kind: str, by: Actor, at: datetime) -> CaseLink:
    """Say that the child of this case and the one of the case with `code` belong together.

    A case that the actor does not see is answered as one that does not exist.
    """
    current = gate.locked(case.pk, by=by, at=at, may=permissions.can_write_around)
    if kind not in CaseLink.Kind.values:
        raise Refused(NO_SUCH_KIND)
    first, second = sorted((current, other_by_code(current, code, by, at)), key=lambda one: one.pk)
    if CaseLink.objects.standing().filter(first=first, second=second).exists():
        raise Refused(LINKED_ALREADY)
    link = CaseLink.objects.create(
        first=first,
        second=second,
        kind=kind,
        noted_at=at,
        noted_by_id=by.user_id,
        noted_by_name=by.name,
    )
    _record("case_link", link, by=by, at=at)
    return link


def other_by_code(case: Case, code: str, by: Actor, at: datetime) -> Case:
    """Another case by its code, which two institutions may have given alike. Raises `Refused`."""
    named = Case.objects.visible_to(by, at).filter(code__iexact=code.strip())
    others = list(named.exclude(pk=case.pk)[:2])
    if len(others) > 1:
        raise Refused(TWO_CASES)
    if not others:
        raise Refused(THE_SAME if named.exists() else NO_SUCH_CASE)
    return others[0]


@transaction.atomic
def case_unlink(*, link: CaseLink, by: Actor, at: datetime) -> CaseLink:
    """Take a link away that was noted wrongly; that it was noted stays in the log."""
    rows = CaseLink.objects.visible_to(by, at).select_for_update()
    current = rows.filter(pk=link.pk).first()
    if current is None:
        raise NotAllowed
    gate.locked(current.first_id, by=by, at=at, may=permissions.can_write_around)
    if current.ended_at is not None:
        raise Refused(ENDED_ALREADY)
    current.ended_at = at
    current.save(force_update=True, update_fields=["ended_at"])
    _record("case_unlink", current, by=by, at=at)
    return current


def _record(verb: str, link: CaseLink, *, by: Actor, at: datetime) -> None:
    """In the log of neither case: whoever sees one of them would read that there is another."""
    audit.record(verb, link, by=by, at=at, detail={"kind": link.kind})
