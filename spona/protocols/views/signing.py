"""A lawyer who did not write a draft signs it; the coordinator publishes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.protocols import actions, permissions
from spona.protocols.forms import PublishForm, ReviewerForm, SignForm
from spona.protocols.models import Draft
from spona.protocols.views import doors
from spona.protocols.views.consulting import objections


@signed_in
def draft_sign(request: Request, pk: int) -> HttpResponse:
    """Who is asked, who signed, which objections remain; the reviewer signs here."""
    draft = doors.shown(request, pk)
    may_sign = draft.is_written and permissions.can_sign(request.actor, draft)
    if request.method == "POST" and not may_sign:
        raise Http404
    form = SignForm(doors.typed(request), initial={"digest": draft.digest})
    if request.method == "POST" and form.is_valid() and _signed(request, draft, form):
        messages.success(request, _("You have signed this text. The coordinator can publish it."))
        return redirect("protocols:draft_sign", pk=pk)
    context = _context(request, draft) | {"form": form if may_sign else None}
    status = 422 if form.errors else 200
    return render(request, "protocols/draft_sign.html", context, status=status)


def _context(request: Request, draft: Draft) -> dict[str, object]:
    actor, mine = request.actor, permissions.can_write(request.actor, draft)
    signs = permissions.can_sign(actor, draft)
    publishes = permissions.can_publish(actor) and draft.state == Draft.State.SIGNED
    return doors.frame(request, draft, "draft_sign") | {
        "signatures": draft.signatures.select_related("user").order_by("pk"),
        "objections": objections(draft),
        "faults": draft.sound.faults,
        "reviewer_form": ReviewerForm(draft=draft) if mine and draft.is_written else None,
        "may_reopen": draft.state == Draft.State.SIGNED and (mine or signs),
        "publish_form": PublishForm(today=timezone.localdate()) if publishes else None,
    }


def _signed(request: Request, draft: Draft, form: SignForm) -> bool:
    given = form.cleaned_data
    try:
        actions.signature_give(
            draft=draft,
            function=given["function"],
            digest=given["digest"],
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        doors.put(form, "digest", Draft.objects.get(pk=draft.pk).digest)
        return False
    return True


@signed_in
@require_POST
def reviewer_ask(request: Request, pk: int) -> HttpResponse:
    draft = doors.written(request, pk)
    form = ReviewerForm(request.POST, draft=draft)
    if not form.is_valid():
        context = _context(request, draft) | {"reviewer_form": form}
        return render(request, "protocols/draft_sign.html", context, status=422)
    reviewer = form.cleaned_data["reviewer"]
    try:
        actions.signature_ask(draft=draft, reviewer=reviewer, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("%(who)s is asked and finds the draft.") % {"who": reviewer})
    return redirect("protocols:draft_sign", pk=pk)


@signed_in
@require_POST
def draft_reopen(request: Request, pk: int) -> HttpResponse:
    draft = doors.shown(request, pk)
    try:
        actions.draft_reopen(draft=draft, by=request.actor, at=timezone.now())
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("protocols:draft_sign", pk=pk)


@signed_in
@require_POST
def draft_publish(request: Request, pk: int) -> HttpResponse:
    draft = doors.shown(request, pk)
    if not permissions.can_publish(request.actor):
        raise Http404
    form = PublishForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            version = actions.draft_publish(
                draft=draft, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The book is published. It never changes again."))
            return redirect("protocols:version_detail", version.protocol, version.version)
    context = _context(request, draft) | {"publish_form": form}
    return render(request, "protocols/draft_sign.html", context, status=422)
