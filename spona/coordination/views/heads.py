"""The head of the pages of a case: whose it is in short words, the tabs, and the way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.http import Request
from spona.base.parts import Link
from spona.base.script import in_script
from spona.cases import codes
from spona.cases.models import Case, CaseAccess, Guardianship
from spona.coordination import permissions
from spona.people.models import Person

SEX: dict[str, str | Promise] = {
    Person.Sex.FEMALE: gettext_lazy("girl"),
    Person.Sex.MALE: gettext_lazy("boy"),
}
DECLARED: dict[str, str | Promise] = {
    Person.DeclaredBy.CHILD: gettext_lazy("as the child says"),
    Person.DeclaredBy.RELATIVE: gettext_lazy("as a relative says"),
    Person.DeclaredBy.DOCUMENT: gettext_lazy("as in a document"),
    Person.DeclaredBy.OBSERVATION: gettext_lazy("as it was seen"),
    Person.DeclaredBy.OTHER: gettext_lazy("as somebody else says"),
}
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("case_detail", gettext_lazy("River")),
    ("case_person", gettext_lazy("Person")),
    ("case_people", gettext_lazy("People around")),
    ("case_needs", gettext_lazy("Needs and placement")),
    ("case_referrals", gettext_lazy("Referrals")),
    ("case_sharing", gettext_lazy("Sharing and consent")),
    ("case_plan", gettext_lazy("Plan")),
    ("case_file", gettext_lazy("Notes and documents")),
    ("case_log", gettext_lazy("Who has looked")),
)


@dataclass(frozen=True, slots=True)
class Head:
    """`who` is the first name in one's own cases and initials else; empty while unknown."""

    case: Case
    who: str
    words: tuple[str, ...]
    tabs: tuple[Link, ...]
    own: bool
    sensitive: bool
    works: bool


def case_of(request: Request, case_id: int, at: datetime) -> Case:
    """The case, if the actor sees it and works on cases; else 404."""
    if not permissions.can_open_case(request.actor):
        raise Http404
    cases = Case.objects.visible_to(request.actor, at).select_related(
        "organisation", "person", "municipality", "lead"
    )
    return get_object_or_404(
        cases.prefetch_related("person__names", "person__languages"), pk=case_id
    )


def read(verb: str, case: Case, request: Request, at: datetime) -> None:
    """The page was opened: one line of the log."""
    audit.read(verb, [case], by=request.actor, at=at, case_ids=[case.pk])


def is_own(actor: Actor, case: Case, guardianships: Sequence[Guardianship]) -> bool:
    """One leads the case or is the child's guardian now."""
    guards = {one.guardian_id for one in guardianships if one.until_at is None}
    return actor.user_id is not None and actor.user_id in {case.lead_id, *guards}


def head(
    case: Case, actor: Actor, at: datetime, tab: str, own: bool = False, *, sensitive: bool = False
) -> Head:
    """`sensitive`: the actor sees the restricted part; asked once for a list, once for a page."""
    return Head(
        case=case,
        who=_called(case.person, own),
        words=_words(case.person, at),
        tabs=tuple(
            Link(str(name), reverse(f"coordination:{url}", args=[case.pk]), current=url == tab)
            for url, name in TABS
        ),
        own=own,
        sensitive=sensitive,
        works=permissions.can_work_on_case(actor),
    )


def _called(person: Person, own: bool) -> str:
    """A name stays as it was written: it is nobody's to put into another script."""
    name = person.main_name
    given = name.given or name.family if name else ""
    return given if own and given else person.initials


def _words(person: Person, at: datetime) -> tuple[str, ...]:
    """Sex, age and who says so, languages."""
    age = person.shown_age(timezone.localdate(at))
    said = f"{age} {DECLARED[person.birth_declared_by]}" if person.birth_date else ""
    spoken = sorted(person.languages.all(), key=lambda one: not one.is_main)
    known = codes.languages()
    tongues = ", ".join(str(known.get(one.code, one.code)) for one in spoken)
    return tuple(word for word in (str(SEX.get(person.sex, "")), said, tongues) if word)


def crumbs(case: Case, last: str = "") -> list[Link]:
    """The way from the list to this page."""
    url = reverse("coordination:case_detail", args=[case.pk])
    here = [Link(last)] if last else []
    found = [
        Link(_("Cases"), reverse("coordination:case_list")),
        Link(case.code, url if here else ""),
    ]
    return [*found, *here]


def emergency_of(case: Case, actor: Actor, at: datetime) -> CaseAccess | None:
    """The emergency access by which alone this person sees the case; it says until when."""
    ways = list(CaseAccess.objects.giving(actor, at).filter(case=case).order_by("-until"))
    last = next(iter(ways), None)
    emergencies = [one.basis == CaseAccess.Basis.EMERGENCY for one in ways]
    return last if all(emergencies) else None


def frame(
    case: Case,
    request: Request,
    at: datetime,
    tab: str,
    *,
    guardianships: Sequence[Guardianship],
    last: str = "",
) -> dict[str, Any]:
    """What each page of a case needs beside its own subject."""
    own = is_own(request.actor, case, guardianships)
    sensitive = permissions.can_see_sensitive(request.actor, case, at)
    return {
        "head": head(case, request.actor, at, tab, own, sensitive=sensitive),
        "case": case,
        "now": at,
        "crumbs": crumbs(case, last),
        "emergency": emergency_of(case, request.actor, at),
        "organisation_name": in_script(request.actor.organisation_name),
    }
