"""People around a child: interpreters, lawyer, hearings, siblings; and a place of detention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.errors import Refused
from spona.base.http import Request, signed_in
from spona.cases import actions, codes, permissions
from spona.cases.actions.parties import TOLD
from spona.cases.forms import around as forms
from spona.cases.models import CaseLink, CaseParty, Hearing, Interpreter
from spona.cases.views.page import answer, case_of, press

# --- the register of an institution


@signed_in
@require_GET
def interpreter_list(request: Request) -> HttpResponse:
    """Whom the institution calls, by language; those who are not called any more below."""
    at = timezone.now()
    _may_keep(request)
    found = list(Interpreter.objects.visible_to(request.actor).order_by("-active", "name"))
    audit.read("interpreter_list", found, by=request.actor, at=at)
    known = codes.languages()
    lines = [
        (one, ", ".join(str(known.get(code, code)) for code in one.languages)) for one in found
    ]
    return render(request, "cases/interpreter_list.html", {"lines": lines})


def _may_keep(request: Request) -> None:
    if not permissions.can_keep_interpreters(request.actor):
        raise Http404


@signed_in
def interpreter_new(request: Request) -> HttpResponse:
    _may_keep(request)
    form = forms.InterpreterForm(request.POST or None)

    def add() -> None:
        actions.interpreter_add(draft=form.draft(), by=request.actor, at=timezone.now())

    return _kept(request, form, add)


@signed_in
def interpreter_change(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    _may_keep(request)
    one = get_object_or_404(Interpreter.objects.visible_to(request.actor), pk=pk)
    initial = {name: getattr(one, name) for name in forms.InterpreterChangeForm.base_fields}
    form = forms.InterpreterChangeForm(request.POST or None, initial=initial)

    def change() -> None:
        actions.interpreter_change(
            interpreter=one,
            row_version=form.cleaned_data["row_version"],
            draft=form.draft(),
            by=request.actor,
            at=at,
        )

    audit.read("interpreter_read", [one], by=request.actor, at=at)
    return _kept(request, form, change, one=one)


def _kept(
    request: Request, form: Form, act: Callable[[], Any], one: Interpreter | None = None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
            return redirect("cases:interpreter_list")
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "one": one}
    return render(request, "cases/interpreter_form.html", context, status=status)


# --- in a case


@signed_in
def interpreting_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_write_around)
    main = case.person.languages.filter(is_main=True).first()
    form = forms.InterpretingForm(
        request.POST or None,
        register=Interpreter.objects.visible_to(request.actor).active(),
        at=at,
        initial={"language": main.code if main else ""},
    )

    def record() -> None:
        actions.interpreting_record(case=case, draft=form.draft(), by=request.actor, at=at)

    return answer(request, "cases/interpreting_add.html", case, record, form=form)


@signed_in
def case_party_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_write_around)
    form = forms.CasePartyForm(request.POST or None)

    def add() -> None:
        actions.case_party_add(case=case, draft=form.draft(), by=request.actor, at=at)

    return answer(request, "cases/case_party_add.html", case, add, form=form)


@signed_in
@require_POST
def case_party_end(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    party = get_object_or_404(CaseParty.objects.visible_to(request.actor, at), pk=pk)
    return press(request, lambda: actions.case_party_end(party=party, by=request.actor, at=at))


@signed_in
def hearing_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_write_around)
    form = forms.HearingForm(request.POST or None)

    def add() -> None:
        actions.hearing_add(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/hearing_add.html", case, add, form=form)


@signed_in
@require_POST
def hearing_told(request: Request, pk: int, whom: str) -> HttpResponse:
    at = timezone.now()
    hearing = get_object_or_404(Hearing.objects.visible_to(request.actor, at), pk=pk)
    known = next((one for one in TOLD if one == whom), None)
    if known is None:
        raise Http404

    def told() -> None:
        actions.hearing_told(hearing=hearing, whom=known, by=request.actor, at=at)

    return press(request, told)


@signed_in
def case_link_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_write_around)
    form = forms.CaseLinkForm(request.POST or None)

    def link() -> None:
        actions.case_link(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/case_link_add.html", case, link, form=form)


@signed_in
@require_POST
def case_link_end(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    link = get_object_or_404(CaseLink.objects.visible_to(request.actor, at), pk=pk)
    return press(request, lambda: actions.case_unlink(link=link, by=request.actor, at=at))


@signed_in
def detention_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_run)
    form = forms.DetentionForm(request.POST or None, at=at)

    def begin() -> None:
        actions.detention_begin(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/detention_add.html", case, begin, form=form)
