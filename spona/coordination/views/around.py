"""People around a child: guardians, lawyer, hearings, interpreters, siblings and the group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.cases import permissions as case_permissions
from spona.cases.models import Case, CaseLink, CaseParty, Guardianship, Placement
from spona.cases.models.people import CaseLinkQuerySet
from spona.coordination.views import heads
from spona.coordination.views.casework import meeting_words
from spona.coordination.views.heads import Head, case_of, frame, read


@signed_in
@require_GET
def case_people(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.order_by("-from_at"))
    links = CaseLink.objects.visible_to(request.actor, at).standing().of(case)
    parties = CaseParty.objects.filter(case=case).select_related("organisation")
    context = frame(case, request, at, "case_people", guardianships=guards)
    hearings = case.hearings.order_by("-held_at")
    context |= {
        "hearings": hearings if context["head"].sensitive else hearings.none(),
        "guardianships": guards,
        "parties": parties.filter(ended_at=None).order_by("kind", "pk"),
        "former": parties.filter(ended_at__isnull=False).order_by("-ended_at"),
        "today": timezone.localdate(at),
        "meetings": [(meeting_words(m), m) for m in case.interpretings.order_by("-held_at")],
        "linked": links.count(),
        "keeps_register": case_permissions.can_keep_interpreters(request.actor),
        "may_write": case.is_open and case_permissions.can_write_around(request.actor, case),
    }
    read("people_read", case, request, at)
    return render(request, "coordination/case_people.html", context)


# --- siblings and the group


@dataclass(frozen=True, slots=True)
class Member:
    """One child of the group. `links` are those between it and the child whose page this is."""

    case: Case
    head: Head
    placement: Placement | None
    guardians: tuple[str, ...]
    links: tuple[CaseLink, ...]

    @property
    def place(self) -> str:
        if self.placement is None:
            return ""
        return str(self.placement.centre or self.placement.place)


@signed_in
@require_GET
def case_group(request: Request, case_id: int) -> HttpResponse:
    """All linked cases that this person sees, in one view: a case that is hidden is not counted."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    links = CaseLink.objects.visible_to(request.actor, at).standing()
    near = list(links.of(case))
    members = [_member(one, case, near, request, at) for one in _cases(links, case, request, at)]
    guards = list(case.guardianships.all())
    last = _("Siblings and group")
    context = frame(case, request, at, "case_people", guardianships=guards, last=last) | {
        "members": members,
        "apart": _apart(members, case),
        "may_write": case_permissions.can_write_around(request.actor, case),
    }
    ids = [one.case.pk for one in members]
    seen = [one.case for one in members]
    audit.read("group_read", seen, by=request.actor, at=at, case_ids=ids)
    return render(request, "coordination/case_group.html", context)


def _cases(links: CaseLinkQuerySet, case: Case, request: Request, at: datetime) -> Any:
    here: Any = Placement.objects.filter(until_at=None).select_related("centre__organisation")
    office: Any = Guardianship.objects.filter(until_at=None).order_by("from_at")
    visible = Case.objects.visible_to(request.actor, at).filter(pk__in=links.group_of(case))
    return (
        visible.order_by("pk")
        .select_related("person", "organisation")
        .prefetch_related(
            "person__names",
            "person__languages",
            Prefetch("placements", here, to_attr="here"),
            Prefetch("guardianships", office, to_attr="guards"),
        )
    )


def _member(
    found: Any, case: Case, links: Iterable[CaseLink], request: Request, at: datetime
) -> Member:
    own = heads.is_own(request.actor, found, found.guards)
    return Member(
        case=found,
        head=heads.head(found, request.actor, at, "", own),
        placement=found.here[0] if found.here else None,
        guardians=tuple(one.guardian_name for one in found.guards),
        links=tuple(
            one
            for one in links
            if found != case and {one.first_id, one.second_id} == {found.pk, case.pk}
        ),
    )


def _apart(members: list[Member], case: Case) -> bool:
    """This child and a brother or sister sleep in different places."""
    here = next(one for one in members if one.case == case)
    return any(
        link.kind == CaseLink.Kind.SIBLING and one.place and here.place and one.place != here.place
        for one in members
        for link in one.links
    )
