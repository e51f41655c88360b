"""Is this child in a file already? Asked before a case is opened or a name is added, and on a page
of the case. Only cases that one sees are looked at; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.audit.models import Event
from spona.base.http import Request, signed_in
from spona.cases import permissions as case_permissions
from spona.cases.models import Case
from spona.cases.models.doubles import Double, known_of, possible_doubles
from spona.coordination import actions, permissions
from spona.coordination.actions.doubles import APART
from spona.coordination.views import rows
from spona.coordination.views.heads import case_of, frame, read
from spona.coordination.views.likeness_words import Drawn, drawn
from spona.people.actions import PersonDraft
from spona.people.rules import Birth, Precision
from spona.people.rules.doubles import Known

ANOTHER, SAME = "another", "same:"


@dataclass(frozen=True, slots=True)
class Shown:
    """A case that may be of the same child, as the page shows it."""

    case: Case
    words: tuple[str, ...]
    drawn: Drawn
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What was said so far: which cases are of other children, and which one is of this child."""

    apart: frozenset[int]
    same: int | None = None

    @property
    def is_same(self) -> bool:
        return self.same is not None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is written; `open` while somebody has to decide."""

    shown: tuple[Shown, ...]
    decided: Decided

    @property
    def is_open(self) -> bool:
        return bool(self.shown)


def asked(request: Request, known: Known, at: datetime, *, but: Case | None = None) -> Question:
    """Whoever looks alike and was not decided about yet, and what the form says was decided."""
    if not known.names or not permissions.can_open_case(request.actor):
        return Question((), Decided(frozenset()))
    found = possible_doubles(known, request.actor, at, but=but)
    decided = _decided(request.POST, {one.case.pk for one in found})
    before = _apart_before(but, found) if but else frozenset()
    waiting = [one for one in found if one.case.pk not in decided.apart | before]
    if decided.is_same:
        waiting = []
    _seen(request, waiting, at)
    return Question(tuple(_shown(one, request, at) for one in waiting), decided)


def _decided(posted: QueryDict, found: set[int]) -> Decided:
    """Of the cases found; what else a form may say is not looked at."""
    said = posted.get("decided", "")
    apart = _ids(posted.getlist("apart"))
    if said == ANOTHER:
        apart |= _ids(posted.getlist("shown"))
    same = _ids([said.removeprefix(SAME)]) & found if said.startswith(SAME) else set()
    return Decided(frozenset(apart & found), next(iter(same), None))


def _ids(texts: Iterable[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal()}


def _apart_before(case: Case, found: Iterable[Double]) -> frozenset[int]:
    """Cases of which somebody said before, in this case or in theirs, that they are of another
    child than this one."""
    ids = [case.pk, *(one.case.pk for one in found)]
    apart: set[int] = set()
    for event in Event.objects.filter(case_ids__overlap=ids, verb=APART):
        (said_in,), others = event.case_ids, event.detail["cases"]
        apart |= set(others) if said_in == case.pk else {said_in} if case.pk in others else set()
    return frozenset(apart)


def _seen(request: Request, found: list[Double], at: datetime) -> None:
    """Their logs say no more than of any search: there may be readers who do not see this child."""
    cases = [one.case for one in found]
    ids = [case.pk for case in cases]
    audit.read("search", cases, by=request.actor, at=at, case_ids=ids)


def _shown(double: Double, request: Request, at: datetime, *, is_apart: bool = False) -> Shown:
    words = rows.child_words(double.case, request.actor, at)
    return Shown(double.case, words, drawn(double.waterfall), is_apart)


def said(draft: PersonDraft | Mapping[str, Any]) -> Known:
    """What is known of somebody before there is a file."""
    names = (f"{one.get('given', '')} {one.get('family', '')}" for one in draft.get("names", ()))
    on = draft.get("birth_date")
    return Known(
        names=tuple(name.strip() for name in names if name.strip()),
        birth=Birth(on, Precision(draft.get("birth_precision", "unknown"))),
        sex=draft.get("sex", ""),
        citizenship=draft.get("country_said", ""),
        father=draft.get("father", ""),
    )


@signed_in
def case_doubles(request: Request, case_id: int) -> HttpResponse:
    """The cases one sees that may be of the child of this one; of each it can be said that it is
    of another child."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    found = possible_doubles(known_of(case.person), request.actor, at, but=case)
    if request.method == "POST":
        return _tell_apart(request, case, found, at)
    before = _apart_before(case, found)
    shown = [_shown(one, request, at, is_apart=one.case.pk in before) for one in found]
    guards = list(case.guardianships.all())
    context = frame(
        case, request, at, "case_person", guardianships=guards, last=_("Possible doubles")
    ) | {
        "shown": sorted(shown, key=lambda one: one.is_apart),
        "may_decide": permissions.can_work_on_case(request.actor),
        "may_merge": case_permissions.can_merge(request.actor, case, case),
    }
    read("doubles_read", case, request, at)
    _seen(request, found, at)
    return render(request, "coordination/case_doubles.html", context)


def _tell_apart(request: Request, case: Case, found: list[Double], at: datetime) -> HttpResponse:
    apart = _ids(request.POST.getlist("apart")) & {one.case.pk for one in found}
    if not apart or not permissions.can_work_on_case(request.actor):
        raise Http404
    actions.told(case, apart=apart, by=request.actor, at=at, case_id=case.pk)
    messages.success(request, _("Kept: they are two children."))
    return redirect("coordination:case_doubles", case.pk)
