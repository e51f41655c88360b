"""A rule of a draft in a form: its sentence is seen while it is typed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spona.base.errors import Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.script import in_script, written_language
from spona.conduct import text
from spona.conduct.reader import sound
from spona.protocols import actions
from spona.protocols.actions import Edit
from spona.protocols.forms import RuleForm
from spona.protocols.forms.choosing import group
from spona.protocols.models import Draft
from spona.protocols.rules.reading import wording
from spona.protocols.views import beside, doors

LANGUAGES = ("sr-latn", "en")


@signed_in
def rule_edit(request: Request, pk: int, number: int) -> HttpResponse:
    draft = doors.written(request, pk)
    rules = group(draft.document.data).get("rules") or []
    if number >= len(rules) or not isinstance(rules[number], dict):
        raise Http404
    return _form(request, draft, number, rules[number])


@signed_in
def rule_new(request: Request, pk: int) -> HttpResponse:
    """A rule at the end of the book, or with `?before=` in front of another."""
    draft = doors.written(request, pk)
    count = len(group(draft.document.data).get("rules") or [])
    before = request.GET.get("before", "")
    return _form(request, draft, min(int(before), count) if before.isdigit() else count, {})


def _form(request: Request, draft: Draft, number: int, old: dict[str, Any]) -> HttpResponse:
    seen = wording(old) if old else ""
    form = RuleForm(doors.typed(request), book=draft.document.data, old=old, seen=seen)
    asks = request.POST.keys() & {"look", "add"}
    if (
        request.method == "POST"
        and not asks
        and form.is_valid()
        and _saved(request, draft, number, form)
    ):
        table = reverse("protocols:draft_detail", args=[draft.pk])
        return redirect(f"{table}#{form.cleaned_data['id']}")
    context = doors.frame(request, draft, "draft_detail") | {
        "form": form,
        "number": number,
        "old": old,
    }
    if "look" in asks:
        context |= _preview(draft, number, form)
    elif asks:
        form.mark_nothing()
    else:
        context |= _as_it_stands(draft, old)
    if request.htmx and "look" in asks:
        return render(request, "protocols/rule_preview.html", context)
    status = 422 if request.method == "POST" and not asks else 200
    return render(request, "protocols/rule_form.html", context, status=status)


def _saved(request: Request, draft: Draft, number: int, form: RuleForm) -> bool:
    """Whether the draft took it; a refusal is said above the form, with all that was typed."""
    path = ("rules", number)
    raw, insert = form.raw(), not form.old
    edit = Edit(path, str(raw["id"]), raw, insert, form.cleaned_data["seen"])
    try:
        actions.draft_change(draft=draft, edit=edit, by=request.actor, at=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        if isinstance(refused, Stale):
            doors.put(form, "rule-seen", wording(form.old))
        return False
    messages.success(request, _("Rule %(rule)s is saved.") % {"rule": raw["id"]})
    return True


def _preview(draft: Draft, number: int, form: RuleForm) -> dict[str, Any]:
    """The sentences and faults of the rule as it is typed, and what it does to the book."""
    if not form.is_valid():
        return {"incomplete": True}
    raw = form.raw()
    data = dict(draft.document.data)
    rules = list(data.get("rules") or [])
    rules[number : number + (1 if form.old else 0)] = [raw]
    return _told(json.dumps({**data, "rules": rules}, ensure_ascii=False), raw["id"])


def _as_it_stands(draft: Draft, old: dict[str, Any]) -> dict[str, Any]:
    return _told(draft.text, str(old.get("id", ""))) if old else {}


def _told(written: str, rule_id: str) -> dict[str, Any]:
    book, faults = sound(written)
    rule = next((one for one in book.rules if one.id == rule_id), None) if book else None
    told = [(lang, text.rule_text(book, rule, lang)) for lang in LANGUAGES] if book and rule else []
    found = beside.findings(book) if book and not faults else ()
    return {
        "told": [(lang, _in_language(lang, one.sentences), one) for lang, one in told],
        "rule_faults": [fault for fault in faults if fault.where == rule_id],
        "other_faults": sum(fault.where != rule_id for fault in faults),
        "rule_findings": _said(one for one in found if rule_id in one.rules),
        "other_findings": sum(rule_id not in one.rules for one in found),
    }


def _said(found: Any) -> list[tuple[str, str]]:
    return [(one.severity, in_script(one.said.get(written_language(), ""))) for one in found]


def _in_language(lang: str, sentences: tuple[str, ...]) -> tuple[str, ...]:
    return sentences if lang == "en" else tuple(in_script(one) for one in sentences)


@signed_in
@require_POST
def rule_remove(request: Request, pk: int, number: int) -> HttpResponse:
    draft = doors.written(request, pk)
    rules = group(draft.document.data).get("rules") or []
    if number >= len(rules):
        raise Http404
    edit = Edit(
        ("rules", number),
        str(group(rules[number]).get("id", "")),
        seen=request.POST.get("seen", ""),
    )
    try:
        actions.draft_change(draft=draft, edit=edit, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(
            request, _("Rule %(rule)s is taken out. You can undo it.") % {"rule": edit.what}
        )
    return redirect("protocols:draft_detail", pk=pk)
