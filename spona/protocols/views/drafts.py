"""Drafts of rule books: those that concern the reader, a new one, the table, the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import in_script, written_language
from spona.conduct.editing import Document
from spona.conduct.verify import Finding, Severity
from spona.protocols import actions, permissions
from spona.protocols.actions.drafting import EMPTY
from spona.protocols.forms import BeginForm, TextForm
from spona.protocols.forms.choosing import named
from spona.protocols.models import Consultation, Draft, Signature, VersionText
from spona.protocols.views import beside, doors
from spona.protocols.views.table import table


@signed_in
@require_GET
def draft_list(request: Request) -> HttpResponse:
    drafts = Draft.objects.visible_to(request.actor).select_related("organisation")
    newest = drafts.order_by("-changed_at")
    context = {
        "open": [(one, doors.STATES[one.state]) for one in newest.open()],
        "closed": [(one, doors.STATES[one.state]) for one in newest if not one.is_open],
        "asked": asked_of(request.actor),
        "may_begin": permissions.can_begin(request.actor),
        "crumbs": [
            Link(_("Rules of conduct"), reverse("protocols:version_list")),
            Link(_("Drafts")),
        ],
    }
    return render(request, "protocols/draft_list.html", context)


def asked_of(actor: Actor) -> list[tuple[str, Draft, str]]:
    """What waits for this person: an opinion of the institution, a signature. For the desk too."""
    if not permissions.is_asked(actor):
        return []
    seen = Draft.objects.visible_to(actor)
    waiting = Consultation.objects.filter(
        draft__in=seen, draft__state=Draft.State.CONSULTED, answered_at=None
    ).select_related("draft")
    opinions = [
        (
            _("Asked of you: an opinion on a draft"),
            one.draft,
            reverse("protocols:opinion_give", args=[one.draft_id]),
        )
        for one in waiting.filter(organisation_id=actor.organisation_id or 0)
        if permissions.can_give_opinion(actor, one)
    ]
    unsigned = Signature.objects.filter(
        user_id=actor.user_id or 0, signed_at=None, draft__state__in=("draft", "consulted")
    ).select_related("draft")
    signatures = [
        (
            _("Asked of you: a signature under a draft"),
            one.draft,
            reverse("protocols:draft_sign", args=[one.draft_id]),
        )
        for one in unsigned
        if permissions.can_sign(actor, one.draft)
    ]
    return opinions + signatures


@signed_in
def draft_begin(request: Request) -> HttpResponse:
    if not permissions.can_begin(request.actor):
        raise Http404
    form = BeginForm(doors.typed(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        draft = actions.draft_begin(
            text=_text(given), based_on=given["based_on"], by=request.actor, at=timezone.now()
        )
        return redirect("protocols:draft_detail", pk=draft.pk)
    context = {
        "form": form,
        "crumbs": [
            Link(_("Rules of conduct"), reverse("protocols:version_list")),
            Link(_("Drafts"), reverse("protocols:draft_list")),
            Link(_("New draft")),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "protocols/draft_begin.html", context, status=status)


def _text(given: dict[str, Any]) -> str:
    """The text of the published book with its new number, or that of an empty one."""
    if given["based_on"]:
        text = VersionText.objects.get(version=given["based_on"]).text
        return Document(text).put(("version",), given["version"]).text
    empty = Document(
        EMPTY.format(**dict.fromkeys(("protocol", "version", "title", "title_en"), "x"))
    )
    said = {"sr-latn": given["title"], "en": given["title_en"]}
    named_ = empty.put(("id",), given["protocol"]).put(("version",), given["version"])
    return named_.put(("title",), said).text


@signed_in
@require_GET
def draft_detail(request: Request, pk: int) -> HttpResponse:
    draft = doors.shown(request, pk)
    sound, data = draft.sound, draft.document.data
    book = sound.book if not sound.faults else None
    found = beside.findings(book) if book else ()
    context = doors.frame(request, draft, "draft_detail") | {
        "rules": table(draft),
        "faults": sound.faults,
        "findings": _findings(one for one in found if one.severity != Severity.INTENDED),
        "intended": _findings(one for one in found if one.severity == Severity.INTENDED),
        "diagram": beside.diagram(book, get_language() or "") if book else "",
        "sections": [(name, title, named(data, name)) for name, title in TITLES.items()],
        "last": draft.revisions.filter(undone_at=None).order_by("-number").first(),
    }
    return render(request, "protocols/draft_detail.html", context)


TITLES = {
    "acts": gettext_lazy("Acts"),
    "parties": gettext_lazy("Parties"),
    "facts": gettext_lazy("Facts"),
}


def _findings(found: Iterable[Finding]) -> list[tuple[Finding, str]]:
    lang = written_language()
    return [(one, in_script(one.said.get(lang, ""))) for one in found]


@signed_in
def draft_text(request: Request, pk: int) -> HttpResponse:
    """The YAML itself, the other view of the same document."""
    draft = doors.written(request, pk)
    initial = {"text": draft.text, "row_version": draft.row_version}
    form = TextForm(doors.typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.draft_write(
                draft=draft, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error("text", str(refused.sentence))
            doors.put(form, "row_version", str(Draft.objects.get(pk=pk).row_version))
        else:
            messages.success(request, _("The book is saved."))
            return redirect("protocols:draft_text", pk=pk)
    context = doors.frame(request, draft, "draft_text") | {
        "form": form,
        "faults": draft.sound.faults,
    }
    status = 422 if form.errors else 200
    return render(request, "protocols/draft_text.html", context, status=status)


@signed_in
@require_POST
def draft_undo(request: Request, pk: int) -> HttpResponse:
    draft = doors.written(request, pk)
    try:
        last = actions.draft_undo(draft=draft, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Undone: %(what)s.") % {"what": last.what})
    return redirect("protocols:draft_detail", pk=pk)


@signed_in
@require_POST
def draft_abandon(request: Request, pk: int) -> HttpResponse:
    draft = doors.written(request, pk)
    try:
        actions.draft_abandon(draft=draft, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("protocols:draft_detail", pk=pk)
    return redirect("protocols:draft_list")
