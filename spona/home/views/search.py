"""Finding a case among those that one may see. What was asked stands in no address and no log."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.cases.models import Case
from spona.cases.permissions import can_open_in_emergency
from spona.coordination.views import rows
from spona.home.forms import SearchForm
from spona.names.cyrillic import to_latin
from spona.people.models import PersonName

MOST = 50


@signed_in
def search(request: Request) -> HttpResponse:
    """By POST only; a bare address shows the empty form."""
    at = timezone.localtime()
    form = SearchForm(request.POST or None)
    found: list[Case] = []
    if form.is_valid():
        visible = Case.objects.visible_to(request.actor, at)
        found = list(_matching(visible, form.cleaned_data["q"])[: MOST + 1])
        audit.read("search", found, by=request.actor, at=at, case_ids=[case.pk for case in found])
    context = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "found": [(case, rows.child_words(case, request.actor, at)) for case in found[:MOST]],
        "too_many": len(found) > MOST,
        "may_break_glass": can_open_in_emergency(request.actor),
    }
    return render(request, "home/search.html", context, status=422 if form.errors else 200)


def _matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Every word is part of the code or of one of the names, as typed or put into Latin."""
    for word in text.split():
        names = PersonName.objects.filter(_named(word) | _named(to_latin(word)))
        of_person = names.filter(person_id=OuterRef("person_id"))
        cases = cases.filter(Q(code__icontains=word) | Exists(of_person))
    with_person = cases.select_related("person").prefetch_related("person__names")
    return with_person.order_by("closed_at", "-opened_at", "pk")


def _named(word: str) -> Q:
    return Q(given__icontains=word) | Q(family__icontains=word)
