"""The page of a recipient without an account: the code, the package, the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request
from spona.coordination import actions
from spona.coordination.actions import doorways
from spona.coordination.actions.answering import Answer, steps_of
from spona.coordination.forms.referrals import CodeForm, GuestAnswerForm
from spona.coordination.models import Referral
from spona.coordination.views import referral_words as words
from spona.directory import codes
from spona.directory.models import Service

UNLOCKED = "door"
MINUTES = 30


def door(request: Request, token: str) -> HttpResponse:
    """First the code; then, for half an hour, what was sent and the answer."""
    at = timezone.now()
    if not doorways.is_open(token=token, at=at):
        raise Http404
    if _unlocked(request, token, at):
        return _inside(request, token, at)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _unlock(token, form.cleaned_data["code"], at):
            request.session[UNLOCKED] = [doorways.hashed(token), at.timestamp()]
            return redirect("coordination:door", token)
        form.add_error(
            "code",
            _("This code is not right. After five wrong codes the page closes; ask the sender."),
        )
    status = 422 if form.errors else 200
    return render(request, "coordination/door_code.html", {"form": form}, status=status)


def _unlock(token: str, code: str, at: datetime) -> bool:
    try:
        return doorways.doorway_unlock(token=token, code=code, at=at)
    except NotAllowed:
        raise Http404 from None


def _unlocked(request: Request, token: str, at: datetime) -> bool:
    held = request.session.get(UNLOCKED)
    if not held or held[0] != doorways.hashed(token):
        return False
    return bool(at.timestamp() - held[1] < MINUTES * 60)


def _inside(request: Request, token: str, at: datetime) -> HttpResponse:
    referral = _referral(token, at)
    form = _form(request, referral, at)
    if request.method == "POST" and form.is_valid():
        who = doorways.guest(referral, form.cleaned_data["name"])
        answer = Answer(
            decision=form.cleaned_data["decision"],
            seen=form.cleaned_data["seen"],
            form=form.form_of(),
        )
        try:
            actions.referral_answer(referral=referral, answer=answer, by=who, at=at)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            doorways.doorway_close(token=token, at=at)
            request.session.pop(UNLOCKED, None)
            return render(request, "coordination/door_done.html", {"referral": referral})
    return render(
        request, "coordination/door.html", _page(referral, form, at), status=_status(form)
    )


def _status(form: GuestAnswerForm) -> int:
    return 422 if form.errors else 200


def _referral(token: str, at: datetime) -> Referral:
    try:
        return doorways.doorway_referral(token=token, at=at)
    except NotAllowed:
        raise Http404 from None


def _form(request: Request, referral: Referral, at: datetime) -> GuestAnswerForm:
    guest = doorways.guest(referral, "")
    steps = steps_of(referral=referral, by=guest, works=False, at=at)
    others = Service.objects.standing().filter(accepts_referrals=True, layer=codes.GENERAL)
    return GuestAnswerForm(
        request.POST or None,
        at=timezone.localtime(at),
        services=others.exclude(pk=referral.service_id).select_related("organisation"),
        initial={"seen": steps.last_seq},
    )


def _page(referral: Referral, form: GuestAnswerForm, at: datetime) -> dict[str, Any]:
    guest = doorways.guest(referral, str(referral.recipient))
    return {
        "referral": referral,
        "words": words.head(referral),
        "given": words.package(referral, guest, at),
        "promised": words.promised(referral),
        "form": form,
    }
