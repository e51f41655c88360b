"""Notes, needs, documents and conferences of a case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.http import Request
from spona.cases import actions, forms, permissions
from spona.cases.models import Document, Need, Note
from spona.cases.views.page import answer, case_of, press

HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@login_required
@require_GET
def document_detail(request: Request, pk: int) -> HttpResponse:
    """The file, always as a download and never as a page of ours."""
    at = timezone.now()
    visible = Document.objects.visible_to(request.actor, at).select_related("case")
    document = get_object_or_404(visible, pk=pk)
    if document.sensitive and not permissions.can_see_sensitive(request.actor, document.case, at):
        raise Http404
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
    case = case_of(request, case_id, at, permissions.can_work_in)
    form = forms.DocumentForm(request.POST or None, request.FILES or None)

    def add() -> None:
        actions.document_add(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/document_add.html", case, add, form=form)


@login_required
def note_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_work_in)
    form = forms.NoteForm(request.POST or None)

    def write() -> None:
        actions.note_write(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/note_add.html", case, write, form=form)


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

    return answer(
        request, "cases/note_correct.html", note.case, correct, form=form, read=("note_read", note)
    )


@login_required
def need_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_work_in)
    form = forms.NeedForm(request.POST or None, today=timezone.localdate(at))

    def add() -> None:
        actions.need_add(case=case, by=request.actor, at=at, **form.cleaned_data)

    return answer(request, "cases/need_add.html", case, add, form=form)


@login_required
@require_POST
def need_resolve(request: Request, pk: int) -> HttpResponse:
    """One button; a need that somebody else has marked in the meantime is met all the same."""
    at = timezone.now()
    need = get_object_or_404(Need.objects.visible_to(request.actor, at), pk=pk)
    return press(request, lambda: actions.need_resolve(need=need, by=request.actor, at=at))


@login_required
def conference_new(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at, permissions.can_run)
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

    return answer(request, "cases/conference_new.html", case, plan, form=form, rows=rows)
