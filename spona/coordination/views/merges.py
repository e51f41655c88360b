"""A merging that was proposed or stands: what was decided, the answer of the other institution, and
splitting the files again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.cases import actions as cases
from spona.cases import permissions
from spona.cases.actions import Undoing
from spona.cases.models import Merge
from spona.coordination import actions
from spona.coordination.forms.merging import (
    ACCESS,
    OWED,
    AccessForm,
    RefusalForm,
    SplitForm,
)
from spona.coordination.models import Duty, RunEvent
from spona.coordination.views import merging_words as words
from spona.coordination.views import rows
from spona.coordination.views.heads import case_of
from spona.coordination.views.merging import file_frame, read_both
from spona.people.actions import BOTH
from spona.people.rules import Side


@signed_in
@require_GET
def merge_detail(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    return _page(request, _merge_of(request, pk, at), at)


def _merge_of(request: Request, pk: int, at: datetime) -> Merge:
    """For those who see both files; with the two of them."""
    found = Merge.objects.visible_to(request.actor, at)
    merge = get_object_or_404(found.select_related("asked"), pk=pk)
    merge.kept = case_of(request, merge.kept_id, at)
    merge.other = case_of(request, merge.other_id, at)
    return merge


def _page(
    request: Request,
    merge: Merge,
    at: datetime,
    *,
    refusal: RefusalForm | None = None,
    access: AccessForm | None = None,
    refused: str = "",
) -> HttpResponse:
    actor = request.actor
    joining = cases.merge_joining(merge=merge, by=actor, at=at)
    read_both(request, merge.kept, merge.other, at)
    runs = permissions.can_merge(actor, merge.kept, merge.other)
    context = file_frame(request, merge.kept, at, _("Two files of one child")) | {
        "merge": merge,
        "facts": words.differences(joining),
        "chosen": words.chosen(merge, joining),
        "names": [words.name_words(one) for one in joining.names()],
        "decisions": _decisions(request, merge, at),
        "owed": _owed(request, merge, at),
        "may_answer": runs and merge.is_waiting and actor.organisation_id == merge.asked_id,
        "may_take_back": runs and merge.is_waiting,
        "may_split": runs and merge.stands,
        "refusal": refusal or RefusalForm(),
        "access": access or _access_form(request, merge, at),
        "refused": refused,
    }
    status = 422 if refused or (refusal and refusal.errors) or (access and access.errors) else 200
    return render(request, "coordination/merge_detail.html", context, status=status)


def _decisions(request: Request, merge: Merge, at: datetime) -> list[tuple[str, str, str]]:
    found = cases.merge_decisions(merge=merge, by=request.actor, at=at)
    return [(words.access_words(row), str(ACCESS[what]), reason) for row, what, reason in found]


def _owed(request: Request, merge: Merge, at: datetime) -> list[tuple[str, str]]:
    """What became of each duty of the file that was closed, as far as the reader may know it."""
    if not permissions.can_see_sensitive(request.actor, merge.other, at):
        return []
    rests = RunEvent.objects.visible_to(request.actor, at).filter(case=merge.other)
    decided: dict[str, str] = {}
    for event in rests.filter(kind=RunEvent.Kind.RESTED):
        decided |= event.form["duties"] if event.form.get("merge") == merge.pk else {}
    found = Duty.objects.visible_to(request.actor, at).filter(number__in=decided)
    duties = found.select_related("version").soonest_first()
    return [(rows.duty_label(one), str(OWED[decided[one.number]])) for one in duties]


def _access_form(
    request: Request, merge: Merge, at: datetime, data: Mapping[str, Any] | None = None
) -> AccessForm | None:
    """For the institution that is asked: about its own file."""
    if not merge.is_waiting or request.actor.organisation_id != merge.asked_id:
        return None
    try:
        compared = cases.files_compare(
            kept=merge.kept, other=merge.other, by=request.actor, at=at, answering=merge
        )
    except Refused:
        return None
    said = {one.access.pk: words.access_words(one.access) for one in compared.rows}
    return AccessForm(data, compared=compared, said=said)


@signed_in
@require_POST
def merge_confirm(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    merge = _merge_of(request, pk, at)
    form = _access_form(request, merge, at, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, merge, at, access=form)
    access = form.access() if form else {}
    try:
        actions.merge_confirm(merge=merge, access=access, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        return _page(request, merge, at, refused=str(refused.sentence))
    messages.success(request, _("The two files are merged."))
    return redirect("coordination:merge_detail", merge.pk)


@signed_in
@require_POST
def merge_refuse(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    merge = _merge_of(request, pk, at)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, merge, at, refusal=form)
    try:
        cases.merge_refuse(merge=merge, by=request.actor, at=at, **form.cleaned_data)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        return _page(request, merge, at, refused=str(refused.sentence))
    messages.success(request, _("The files stay apart."))
    return redirect("coordination:merge_detail", merge.pk)


# --- split again


@signed_in
def merge_split(request: Request, pk: int) -> HttpResponse:
    """What will be as it was, and whose each entry is that was made since."""
    at = timezone.now()
    merge = _merge_of(request, pk, at)
    try:
        undoing = cases.merge_undoing(merge=merge, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        return _page(request, merge, at, refused=str(refused.sentence))
    form = SplitForm(request.POST or None, asked=_asked(undoing), sides=_sides(merge))
    if request.method == "POST" and form.is_valid() and _split(request, merge, form, at):
        messages.success(request, _("The two files are of two children again."))
        return redirect("coordination:merge_detail", merge.pk)
    read_both(request, merge.kept, merge.other, at)
    context = file_frame(request, merge.kept, at, _("Split again")) | {
        "merge": merge,
        "form": form,
        "given": [words.access_words(one) for one in undoing.given],
        "ended": [words.access_words(one) for one in undoing.ended],
        "changed": [words.access_words(one) for one in undoing.changed],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "coordination/merge_split.html", context, status=status)


def _asked(undoing: Undoing) -> list[tuple[str, str, str]]:
    since, person = undoing.since, undoing.person
    return [(key, *words.since_words(key, since, person)) for key in since.keys]


def _sides(merge: Merge) -> dict[str, str]:
    sides = (Side.KEPT.value, Side.OTHER.value, BOTH)
    return {side: words.side_words(side, merge.kept, merge.other) for side in sides}


def _split(request: Request, merge: Merge, form: SplitForm, at: datetime) -> bool:
    try:
        actions.files_split(
            merge=merge,
            whose=form.whose(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=at,
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return False
    return True
