"""Finding a case among those that one may see. What was asked stands in no address and no log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
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

MOST = 50


@signed_in
def search(request: Request) -> HttpResponse:
    """By POST only; a bare address shows the empty form."""
    at = timezone.localtime()
    form = SearchForm(request.POST or None)
    found: list[Case] = []
    if form.is_valid():
        visible = Case.objects.visible_to(request.actor, at)
        found = list(islice(_matching(visible, form.cleaned_data["q"]), MOST + 1))
        audit.read("search", found, by=request.actor, at=at, case_ids=[case.pk for case in found])
    context = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "found": [(case, rows.child_words(case, request.actor, at)) for case in found[:MOST]],
        "too_many": len(found) > MOST,
        "may_break_glass": can_open_in_emergency(request.actor),
    }
    return render(request, "home/search.html", context, status=422 if form.errors else 200)


def _matching(cases: QuerySet[Case], text: str) -> Iterator[Case]:
    """Every word is part of the code or of one of the names, as typed or put into Latin. Names are
    sealed, so that they are read here and not asked for."""
    asked = [{word.casefold(), to_latin(word).casefold()} for word in text.split()]
    with_person = cases.select_related("person").prefetch_related("person__names")
    for case in with_person.order_by("closed_at", "-opened_at", "pk"):
        if all(any(form in one for form in word for one in _called(case)) for word in asked):
            yield case


def _called(case: Case) -> list[str]:
    names = [part for name in case.person.names.all() for part in (name.given, name.family)]
    return [one.casefold() for one in (case.code, *names)]
