"""What the small pages of a case share: the way in, the answer to a form, the way back.

Each goes back to `next`, an address of ours that the link to it carries. What is hidden, absent or
not the actor's to change is one and the same 404.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request
from spona.cases.actions.gate import Permission
from spona.cases.models import Case


def case_of(request: Request, case_id: int, at: datetime, may: Permission) -> Case:
    """The case, if the actor sees it and may do this in it; else 404."""
    case = get_object_or_404(Case.objects.visible_to(request.actor, at), pk=case_id)
    if not may(request.actor, case):
        raise Http404
    return case


def answer(
    request: Request,
    template: str,
    case: Case,
    act: Callable[[], Any],
    *,
    form: BaseForm,
    rows: BaseFormSet[Any] | None = None,
    read: tuple[str, Model] | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The empty form, or the act and back, or 422 with what is wrong and all that was typed. A
    page that is shown is a line of the log: of what `read` names, or of the case."""
    if request.method == "POST" and form.is_valid() and (rows is None or rows.is_valid()):
        try:
            act()
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect(way_back(request))
    verb, subject = read or ("case_read", case)
    audit.read(verb, [subject], by=request.actor, at=timezone.now(), case_ids=[case.pk])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows, "case": case, "next": way_back(request)}
    return render(request, template, context | (more or {}), status=status)


def press(request: Request, act: Callable[[], Any]) -> HttpResponse:
    """A form of one button: done and back, or the sentence that says why not."""
    try:
        act()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        context = {"sentence": refused.sentence, "next": way_back(request)}
        return render(request, "cases/refused.html", context, status=422)
    return redirect(way_back(request))


def way_back(request: Request) -> str:
    """Where the person came from, if it is an address of ours; else the desk."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if ours else "/"
