"""Finding a case among those that one may see, as one types. What was asked stands in no address
and no log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.http import Request, signed_in
from spona.cases.models import Case
from spona.cases.permissions import can_open_in_emergency
from spona.coordination.views import rows
from spona.coordination.views.likeness_words import REASONS
from spona.home.forms import SearchForm
from spona.names.cyrillic import to_latin
from spona.people.models import SearchEntry
from spona.people.models.search import find
from spona.people.rules.ranking import Match, Ranked

MOST = 50
LEAST = 0.42  # below it an answer is no help
SHORTEST_CODE = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A case, the words of its child for a list, and why it was found."""

    case: Case
    words: tuple[str, ...]
    why: tuple[tuple[str, str], ...]


@signed_in
def search(request: Request) -> HttpResponse:
    """By POST only; a bare address shows the empty form. htmx gets the list alone."""
    at = timezone.localtime()
    form = SearchForm(request.POST or None)
    found: list[Hit] = []
    if form.is_valid():
        found = _found(form.cleaned_data["q"], request.actor, at)
        case_ids = [hit.case.pk for hit in found]
        audit.read(
            "search", [hit.case for hit in found], by=request.actor, at=at, case_ids=case_ids
        )
    context = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "found": found[:MOST],
        "too_many": len(found) > MOST,
        "may_break_glass": can_open_in_emergency(request.actor),
    }
    page = "home/search.html#found" if request.htmx else "home/search.html"
    return render(request, page, context, status=422 if form.errors and not request.htmx else 200)


def _found(text: str, actor: Actor, at: datetime) -> list[Hit]:
    """By code or by the number of a paper first, then by name, the likeliest first."""
    cases = Case.objects.visible_to(actor, at)
    certain = _latest(_by_code(cases, text) | _by_number(cases, text))
    answers = {one.person_id: one for one in find(text, typing=True, few=MOST + 1)}
    likely = {pk: one for pk, one in answers.items() if one.score >= LEAST}
    named = _latest(cases.filter(person_id__in=likely).exclude(pk__in=[one.pk for one in certain]))
    ranked = sorted(named, key=lambda case: -likely[case.person_id].score)
    hits = [Hit(case, rows.child_words(case, actor, at), ()) for case in certain]
    hits += [
        Hit(case, rows.child_words(case, actor, at), _why(likely[case.person_id]))
        for case in ranked
    ]
    return hits[: MOST + 1]


def _latest(cases: QuerySet[Case]) -> list[Case]:
    with_person = cases.select_related("person").prefetch_related("person__names")
    return list(with_person.order_by("closed_at", "-opened_at", "pk")[: MOST + 1])


def _by_code(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Any part of a code that has a figure in it, typed in either script."""
    code = to_latin(text).strip()
    if len(code) < SHORTEST_CODE or not any(letter.isdigit() for letter in code):
        return cases.none()
    return cases.filter(code__icontains=code)


def _by_number(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    return cases.filter(person_id__in=SearchEntry.objects.with_number(text))


def _why(found: Ranked) -> tuple[tuple[str, str], ...]:
    """Each word asked, and how the file answers it; what the file says stands in the file."""
    return tuple((match.asked, _reason(match)) for match in found.matches)


def _reason(match: Match) -> str:
    return str(REASONS[match.reason])
