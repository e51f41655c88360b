"""Small pages of a case; the case itself is a page of the storey above.

Each goes back to `next`, an address of ours that the link to it carries. What is hidden, absent or
not the actor's to change is one and the same 404.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request
from spona.cases import actions, forms, permissions
from spona.cases.actions.gate import Permission
from spona.cases.models import Case, Conference, Document, Need, Note

HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@login_required
@require_GET
def document_detail(request: Request, pk: int) -> HttpResponse:
    """The file, always as a download and never as a page of ours."""
    at = timezone.now()
    visible = Document.objects.visible_to(request.actor, at)
    document = get_object_or_404(visible, pk=pk)
    content = document.intact()
    if content is None:
        raise Http404
    audit.read("document_read", [document], by=request.actor, at=at, case_ids=[document.case_id])
    disposition = content_disposition_header(True, document.original_name) or "attachment"
    return HttpResponse(
        content,
        content_type=document.content_type,
        headers=HARMLESS | {"Content-Disposition": disposition},
    )


@login_required
def document_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = _case(request, case_id, at, permissions.can_work_in)
    form = forms.DocumentForm(request.POST or None, request.FILES or None)

    def add() -> None:
        actions.document_add(case=case, by=request.actor, at=at, **form.cleaned_data)

    return _answer(request, "cases/document_add.html", case, add, form=form)


@login_required
def note_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = _case(request, case_id, at, permissions.can_work_in)
    form = forms.NoteForm(request.POST or None)

    def write() -> None:
        actions.note_write(case=case, by=request.actor, at=at, **form.cleaned_data)

    return _answer(request, "cases/note_add.html", case, write, form=form)


@login_required
def note_correct(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    note = get_object_or_404(Note.objects.visible_to(request.actor, at), pk=pk)
    if not permissions.can_correct_note(request.actor, note.author_id):
        raise Http404
    initial = {"text": note.text, "row_version": note.row_version}
    form = forms.CorrectionForm(request.POST or None, initial=initial)

    def correct() -> None:
        actions.note_correct(note=note, by=request.actor, at=at, **form.cleaned_data)

    return _answer(request, "cases/note_correct.html", note.case, correct, form=form, note=note)


@login_required
def need_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = _case(request, case_id, at, permissions.can_work_in)
    form = forms.NeedForm(request.POST or None, today=timezone.localdate(at))

    def add() -> None:
        actions.need_add(case=case, by=request.actor, at=at, **form.cleaned_data)

    return _answer(request, "cases/need_add.html", case, add, form=form)


@login_required
@require_POST
def need_resolve(request: Request, pk: int) -> HttpResponse:
    """One button; a need that somebody else has marked in the meantime is met all the same."""
    at = timezone.now()
    need = get_object_or_404(Need.objects.visible_to(request.actor, at), pk=pk)
    try:
        actions.need_resolve(need=need, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        context = {"sentence": refused.sentence, "next": _next(request)}
        return render(request, "cases/refused.html", context, status=422)
    return redirect(_next(request))


@login_required
def conference_new(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = _case(request, case_id, at, permissions.can_run)
    form = forms.ConferenceForm(request.POST or None)
    rows = forms.ParticipantFormSet(request.POST or None, prefix="who")

    def plan() -> None:
        actions.conference_plan(
            case=case,
            by=request.actor,
            at=at,
            participants=forms.filled(rows),
            **form.cleaned_data,
        )

    return _answer(request, "cases/conference_new.html", case, plan, form=form, rows=rows)


@login_required
def conference_hold(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    found = Conference.objects.visible_to(request.actor, at).select_related("case")
    conference = get_object_or_404(found, pk=pk)
    case = _case(request, conference.case_id, at, permissions.can_run)
    form = forms.MinutesForm(request.POST or None, initial={"held_at": conference.planned_at})
    rows = forms.DecisionFormSet(request.POST or None, prefix="decided")

    def hold() -> None:
        decisions = forms.filled(rows)
        actions.conference_hold(
            conference=conference, by=request.actor, at=at, decisions=decisions, **form.cleaned_data
        )

    return _answer(request, "cases/conference_hold.html", case, hold, form=form, rows=rows)


def _case(request: Request, case_id: int, at: datetime, may: Permission) -> Case:
    case = get_object_or_404(Case.objects.visible_to(request.actor, at), pk=case_id)
    if not may(request.actor, case):
        raise Http404
    return case


def _answer(
    request: Request,
    template: str,
    case: Case,
    act: Callable[[], None],
    *,
    form: BaseForm,
    rows: BaseFormSet[Any] | None = None,
    note: Note | None = None,
) -> HttpResponse:
    """The empty form, or the act and back, or 422 with what is wrong and all that was typed. A
    page that is shown is a line of the log: of the note that stands on it, or of the case."""
    if request.method == "POST" and form.is_valid() and (rows is None or rows.is_valid()):
        try:
            act()
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect(_next(request))
    verb, subject = ("note_read", note) if note else ("case_read", case)
    audit.read(verb, [subject], by=request.actor, at=timezone.now(), case_ids=[case.pk])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows, "case": case, "next": _next(request)}
    return render(request, template, context, status=status)


def _next(request: Request) -> str:
    """Where the person came from, if it is an address of ours; else the desk."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if ours else "/"
