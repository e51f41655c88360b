"""A name is added: with the same name in other scripts, and only after somebody has looked whether
the child is in another file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.base.http import Request, signed_in
from spona.cases.models import Case
from spona.cases.models.doubles import known_of
from spona.coordination import actions
from spona.coordination.views import doubles
from spona.coordination.views.doubles import Decided, Question
from spona.coordination.views.heads import case_of, read
from spona.coordination.views.tabs import person_page
from spona.people import actions as people
from spona.people import permissions
from spona.people.forms import NameForm, OtherScriptsForm


@signed_in
def name_add(request: Request, case_id: int) -> HttpResponse:
    """`suggest` only asks for the name in other scripts."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    if not permissions.can_correct(request.actor):
        raise Http404
    form, scripts = NameForm(request.POST or None), scripts_of(request)
    if "suggest" in request.POST:
        return _suggested(request, case, at, scripts)
    question = None
    if request.method == "POST" and form.is_valid() and scripts.is_valid():
        question = _question(request, case, form, at)
        if not question.is_open:
            drafts = [people.NameDraft(**form.cleaned_data), *scripts.drafts()]  # type: ignore[typeddict-item]
            _write(request, case, drafts, question.decided, at)
            same = question.decided.is_same
            return redirect(f"coordination:case_{'doubles' if same else 'person'}", case.pk)
    return _page(request, case, at, form, scripts, question)


def scripts_of(request: Request) -> OtherScriptsForm:
    """For the name that is being typed."""
    given, family = request.POST.get("given", ""), request.POST.get("family", "")
    return OtherScriptsForm(request.POST or None, given=given, family=family)


def _suggested(
    request: Request, case: Case, at: datetime, scripts: OtherScriptsForm
) -> HttpResponse:
    if request.htmx:
        return render(request, "coordination/name_scripts.html", {"scripts": scripts})
    return _page(request, case, at, NameForm(initial=request.POST.dict()), scripts, None)


def _question(request: Request, case: Case, form: NameForm, at: datetime) -> Question:
    """Asked about the new name; what the file knows beside it counts."""
    name = f"{form.cleaned_data['given']} {form.cleaned_data['family']}".strip()
    known = replace(known_of(case.person), names=(name,))
    return doubles.asked(request, known, at, but=case)


@transaction.atomic
def _write(
    request: Request, case: Case, names: list[people.NameDraft], decided: Decided, at: datetime
) -> None:
    by = request.actor
    for name in names:
        people.name_add(person=case.person, by=by, at=at, name=name, case_id=case.pk)
    apart, same = decided.apart, decided.same
    actions.told(case, apart=apart, same=same, by=by, at=at, case_id=case.pk)


def _page(
    request: Request,
    case: Case,
    at: datetime,
    form: NameForm,
    scripts: OtherScriptsForm,
    question: Question | None,
) -> HttpResponse:
    context = person_page(request, case, at, _("Add a name"))
    context |= {"form": form, "scripts": scripts, "question": question}
    read("person_read", case, request, at)
    refused = request.method == "POST" and "suggest" not in request.POST
    return render(
        request, "coordination/case_name_add.html", context, status=422 if refused else 200
    )
