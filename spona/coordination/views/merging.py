"""Is this child already in another file? A person looks at both, decides, and may split again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.http import Request, signed_in
from spona.cases import actions as cases
from spona.cases import permissions
from spona.cases.actions import Compared
from spona.cases.models import Case
from spona.cases.models.doubles import known_of
from spona.coordination import actions
from spona.coordination.actions import Twice
from spona.coordination.forms.merging import (
    MergeForm,
    OtherFileForm,
)
from spona.coordination.views import merging_words as words
from spona.coordination.views import rows
from spona.coordination.views.heads import case_of, frame, read
from spona.coordination.views.likeness_words import Drawn, drawn
from spona.people.rules import Side
from spona.people.rules.doubles import likeness

CHECK, DO = "check", "do"


@signed_in
def double_find(request: Request, case_id: int) -> HttpResponse:
    """The other file by its code, among those that one sees."""
    at = timezone.now()
    case = _run_case(request, case_id, at)
    form = OtherFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            other = cases.other_by_code(case, form.cleaned_data["code"], request.actor, at)
            return redirect("coordination:double_decide", case.pk, other.pk)
        except Refused as refused:
            form.add_error("code", str(refused.sentence))
    read("case_read", case, request, at)
    status = 422 if request.method == "POST" else 200
    context = file_frame(request, case, at) | {"form": form}
    return render(request, "coordination/merge_find.html", context, status=status)


@signed_in
def double_decide(request: Request, case_id: int, other_id: int) -> HttpResponse:
    """Both files side by side; what was decided is said in words before it is done."""
    at = timezone.now()
    case, other = case_of(request, case_id, at), case_of(request, other_id, at)
    try:
        by = request.actor
        compared = cases.files_compare(kept=case, other=other, by=by, at=at)
        twice = actions.owed_twice(kept=case, other=other, by=by, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        return _barred(request, case, other, str(refused.sentence), at)
    return _answer(request, compared, twice, at)


def _answer(
    request: Request, compared: Compared, twice: Sequence[Twice], at: datetime
) -> HttpResponse:
    form, step = _form(request, compared, twice), request.POST.get("step")
    if request.method != "POST" or not form.is_valid() or step not in (CHECK, DO):
        return _compare(request, compared, form, at, 422 if form.errors else 200)
    if step == CHECK:
        return _check(request, compared, form, twice, at)
    return _merge(request, compared, form, at)


def _run_case(request: Request, case_id: int, at: datetime) -> Case:
    case = case_of(request, case_id, at)
    if not permissions.can_merge(request.actor, case, case):
        raise Http404
    return case


def file_frame(request: Request, case: Case, at: datetime, last: str = "") -> dict[str, Any]:
    guards = list(case.guardianships.all())
    title = last or _("Another file of this child?")
    return frame(case, request, at, "case_detail", guardianships=guards, last=title)


def read_both(request: Request, kept: Case, other: Case, at: datetime) -> None:
    """A line in the log of each; in neither does it say that there is the other."""
    both = [kept, other]
    audit.read("person_read", both, by=request.actor, at=at, case_ids=[one.pk for one in both])


def _barred(request: Request, case: Case, other: Case, sentence: str, at: datetime) -> HttpResponse:
    """They cannot be merged as they are; the sentence says what to do first."""
    read("case_read", case, request, at)
    context = file_frame(request, case, at) | {"other": other, "sentence": sentence}
    return render(request, "coordination/merge_barred.html", context, status=409)


def _form(request: Request, compared: Compared, twice: Sequence[Twice]) -> MergeForm:
    joining = compared.joining
    main = joining.main()
    return MergeForm(
        request.POST or None,
        compared=compared,
        said={one.access.pk: words.access_words(one.access) for one in compared.rows},
        facts=[
            (one.fact, one.label, *words.offered(one, compared), one.side, one.why)
            for one in words.differences(joining)
            if one.differs
        ],
        names=[(str(one.pk), words.name_words(one)) for one in joining.names()],
        main_name=main.pk if main else None,
        guardians=_guardians(compared),
        owed=[(one, rows.duty_label(one.duty), words.twice_words(one)) for one in twice],
        initial={"seal": compared.seal},
    )


def _guardians(compared: Compared) -> list[tuple[str, str]]:
    """Who is in office in each file, where they are two; else there is nothing to choose."""
    if not compared.conflict:
        return []
    codes = {Side.KEPT: compared.kept.code, Side.OTHER: compared.other.code}
    return [
        (side.value, f"{', '.join(one.guardian_name for one in office)} ({codes[side]})")
        for side, office in compared.guardians.items()
    ]


def _compare(
    request: Request, compared: Compared, form: MergeForm, at: datetime, status: int
) -> HttpResponse:
    read_both(request, compared.kept, compared.other, at)
    context = file_frame(request, case_of(request, compared.kept.pk, at), at) | {
        "compared": compared,
        "files": _files(compared),
        "facts": words.differences(compared.joining),
        "form": form,
        "earlier": any(one.later_there for one in form.owed),
        "lines": words.access_lines(compared.rows, compared.kept, compared.other),
        "drawn": _why(compared),
    }
    return render(request, "coordination/merge_compare.html", context, status=status)


def _why(compared: Compared) -> Drawn:
    """What speaks for one child, and what against."""
    joining = compared.joining
    return drawn(likeness(known_of(joining.kept), known_of(joining.other)))


def _files(compared: Compared) -> list[dict[str, Any]]:
    """What stands in each file, for the two columns."""
    joining = compared.joining
    sides = ((compared.kept, joining.kept, Side.KEPT), (compared.other, joining.other, Side.OTHER))
    return [
        {
            "case": case,
            "names": [words.name_words(one) for one in person.names.all()],
            "languages": [words.language_words(one) for one in person.languages.all()],
            "guardians": [one.guardian_name for one in compared.guardians[side]],
            "placement": case.placements.filter(until_at=None).select_related("centre").first(),
        }
        for case, person, side in sides
    ]


def _check(
    request: Request, compared: Compared, form: MergeForm, twice: Sequence[Twice], at: datetime
) -> HttpResponse:
    read_both(request, compared.kept, compared.other, at)
    chapters = words.will_happen(compared, form.choice(), twice, form.duties())
    context = file_frame(request, case_of(request, compared.kept.pk, at), at) | {
        "compared": compared,
        "chapters": chapters,
        "form": form,
        "reason": form.cleaned_data["reason"],
    }
    return render(request, "coordination/merge_check.html", context)


def _merge(request: Request, compared: Compared, form: MergeForm, at: datetime) -> HttpResponse:
    try:
        merge = actions.files_merge(
            kept=compared.kept,
            other=compared.other,
            choice=form.choice(),
            duties=form.duties(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=at,
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        status = 409 if isinstance(refused, Stale) else 422
        return _again(request, compared, form, at, status)
    told = _("It was proposed.") if merge.is_waiting else _("The two files are merged.")
    messages.success(request, told)
    return redirect("coordination:merge_detail", merge.pk)


def _again(
    request: Request, compared: Compared, form: MergeForm, at: datetime, status: int
) -> HttpResponse:
    """What is stale was shown anew with this answer: what was typed is there, and the new seal."""
    if status == 409:
        typed = request.POST.copy()
        typed["seal"] = compared.seal
        form.data = typed
    return _compare(request, compared, form, at, status)
