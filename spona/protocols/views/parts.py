"""The acts, parties and facts of a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spona.base.errors import Refused, Stale
from spona.base.http import Request, signed_in
from spona.protocols import actions
from spona.protocols.actions import Edit
from spona.protocols.forms import ActForm, FactForm, PartForm, PartyForm
from spona.protocols.forms.choosing import group, words
from spona.protocols.models import Draft
from spona.protocols.rules.reading import wording
from spona.protocols.views import doors

FORMS: dict[str, type[PartForm]] = {"acts": ActForm, "parties": PartyForm, "facts": FactForm}


@signed_in
def part_edit(request: Request, pk: int, section: str, key: str) -> HttpResponse:
    draft = doors.written(request, pk)
    old = group(group(draft.document.data).get(section)).get(key)
    if section not in FORMS or not isinstance(old, dict):
        raise Http404
    return _form(request, draft, section, key, old)


@signed_in
def part_new(request: Request, pk: int, section: str) -> HttpResponse:
    draft = doors.written(request, pk)
    if section not in FORMS:
        raise Http404
    return _form(request, draft, section, "", {})


def _form(
    request: Request, draft: Draft, section: str, key: str, old: dict[str, Any]
) -> HttpResponse:
    seen = wording(old) if old else ""
    form = FORMS[section](
        doors.typed(request), book=draft.document.data, old=old, key=key, seen=seen
    )
    if request.method == "POST" and form.is_valid() and _saved(request, draft, section, form):
        return redirect("protocols:draft_detail", pk=draft.pk)
    used = _uses(draft.document.data, key) if key else 0
    context = doors.frame(request, draft, "draft_detail") | {
        "form": form,
        "section": section,
        "key": key,
        "name": words(old, key),
        "used": used,
        "seen": seen,
    }
    status = 422 if form.errors else 200
    return render(request, "protocols/part_form.html", context, status=status)


def _saved(request: Request, draft: Draft, section: str, form: PartForm) -> bool:
    key = form.cleaned_data["key"]
    edit = Edit((section, key), words(form.raw(), key), form.raw(), seen=form.cleaned_data["seen"])
    try:
        actions.draft_change(draft=draft, edit=edit, by=request.actor, at=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        if isinstance(refused, Stale):
            doors.put(form, "part-seen", wording(form.old) if form.old else "")
        return False
    messages.success(request, _("Saved: %(what)s.") % {"what": edit.what})
    return True


def _uses(data: Any, key: str) -> int:
    """How often the book names a key elsewhere."""
    if isinstance(data, dict):
        return sum(_uses(one, key) for one in data.values())
    if isinstance(data, list):
        return sum(_uses(one, key) for one in data)
    return int(data == key)


@signed_in
@require_POST
def part_remove(request: Request, pk: int, section: str, key: str) -> HttpResponse:
    draft = doors.written(request, pk)
    old = group(group(draft.document.data).get(section)).get(key)
    if section not in FORMS or old is None:
        raise Http404
    edit = Edit((section, key), words(old, key), seen=request.POST.get("seen", ""))
    try:
        actions.draft_change(draft=draft, edit=edit, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Taken out: %(what)s. You can undo it.") % {"what": edit.what})
    return redirect("protocols:draft_detail", pk=pk)
