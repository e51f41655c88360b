"""Who may see a case, on which basis, until when; granted and ended by the owner. And vanredni
pristup: a case that is not one's own, for four hours, with a reason, in sight of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.base.script import in_script
from spona.cases import actions as cases
from spona.cases import permissions
from spona.cases.codes import sharing
from spona.cases.models import Case, CaseAccess
from spona.coordination import actions
from spona.coordination.forms.access import EmergencyForm, GrantForm, InstitutionForm
from spona.coordination.views.heads import case_of, frame, read

NOTHING_OPENED = gettext_lazy(
    "Nothing was opened. Look at the code and the institution, or call them."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of access; `keeps` cannot be ended here."""

    access: CaseAccess
    who: str
    why: str
    keeps: bool


@signed_in
@require_GET
def case_access(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = _run_case(request, case_id, at)
    guards = list(case.guardianships.all())
    last = _("Who may see the case")
    context = frame(case, request, at, "case_sharing", guardianships=guards, last=last)
    found = cases.access_list(case=case, by=request.actor, at=at)
    over = cases.emergencies_over(case=case, by=request.actor, at=at)
    context |= {
        "lines": [_line(one, case) for one in found],
        "over": [_line(one, case) for one in over],
    }
    read("access_read", case, request, at)
    return render(request, "coordination/case_access.html", context)


def _line(access: CaseAccess, case: Case) -> Line:
    known = sharing.emergencies()
    coded = str(known[access.reason_code]) if access.reason_code in known else ""
    whom = str(access.user) if access.user else _("everybody who sees all cases there")
    return Line(
        access=access,
        who=f"{access.organisation}: {whom}",
        why=": ".join(part for part in (coded, in_script(access.reason)) if part),
        keeps=_stays(access, case),
    )


def _stays(access: CaseAccess, case: Case) -> bool:
    """The owner's own, and the guardian's, who goes with the appointment."""
    basis = access.basis
    owner = basis == CaseAccess.Basis.OWNER and access.user_id is None
    return basis == CaseAccess.Basis.GUARDIAN or (
        owner and access.organisation_id == case.organisation_id
    )


@signed_in
def access_add(request: Request, case_id: int) -> HttpResponse:
    """First the institution, which stands in the address; then who there, why, until when."""
    at = timezone.now()
    case = _run_case(request, case_id, at)
    first = InstitutionForm(request.GET if "organisation" in request.GET else None)
    organisation = first.cleaned_data["organisation"] if first.is_valid() else None
    form = None
    if organisation is not None:
        form = GrantForm(request.POST or None, organisation=organisation, at=at)
        if request.method == "POST" and _granted(request, case, organisation, form, at):
            return redirect("coordination:case_access", case.pk)
    guards = list(case.guardianships.all())
    last = _("Let somebody see the case")
    context = frame(case, request, at, "case_sharing", guardianships=guards, last=last)
    context |= {"first": first, "form": form, "organisation": organisation}
    read("access_read", case, request, at)
    wrong = first.errors or (form is not None and form.errors)
    return render(request, "coordination/access_add.html", context, status=422 if wrong else 200)


def _granted(
    request: Request, case: Case, organisation: Organisation, form: GrantForm, at: datetime
) -> bool:
    if not form.is_valid():
        return False
    try:
        cases.access_grant(
            case=case,
            organisation=organisation,
            basis=CaseAccess.Basis.GRANT,
            by=request.actor,
            at=at,
            **form.said(),
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return False
    return True


@signed_in
@require_POST
def access_end(request: Request, case_id: int, pk: int) -> HttpResponse:
    at = timezone.now()
    case = _run_case(request, case_id, at)
    found = cases.access_list(case=case, by=request.actor, at=at)
    access = next((one for one in found if one.pk == pk), None)
    if access is None or _stays(access, case):
        raise Http404
    try:
        cases.access_end(access=access, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("coordination:case_access", case.pk)


def _run_case(request: Request, case_id: int, at: datetime) -> Case:
    case = case_of(request, case_id, at)
    if not permissions.can_run(request.actor, case):
        raise Http404
    return case


# --- in an emergency


@signed_in
def emergency(request: Request) -> HttpResponse:
    """The form, and the reader's own emergency accesses, the latest first."""
    at = timezone.now()
    if not permissions.can_open_in_emergency(request.actor):
        raise Http404
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = _opened(request, form, at)
        if opened is not None:
            return redirect("coordination:case_detail", opened.pk)
    context = {"form": form, "own": _own(request, at), "now": at}
    status = 422 if form.errors else 200
    return render(request, "coordination/emergency.html", context, status=status)


def _opened(request: Request, form: EmergencyForm, at: datetime) -> Case | None:
    """A code that is wrong, of somebody else, or of a closed case: one and the same answer."""
    try:
        opened = actions.emergency_begin(by=request.actor, at=at, **form.cleaned_data)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return None
    if opened is None:
        form.add_error(None, str(NOTHING_OPENED))
    return opened


def _own(request: Request, at: datetime) -> list[tuple[CaseAccess, str]]:
    """With the code of the case, and the words about the child, while it may still be seen."""
    mine = CaseAccess.objects.filter(
        user_id=request.actor.user_id or 0, basis=CaseAccess.Basis.EMERGENCY
    )
    found = list(mine.order_by("-from_at")[:20])
    seen = Case.objects.visible_to(request.actor, at).filter(pk__in=[one.case_id for one in found])
    codes = dict(seen.values_list("pk", "code"))
    shown = [one for one in found if one.case_id in codes]
    audit.read("emergency_look", shown, by=request.actor, at=at, case_ids=codes)
    return [(one, codes.get(one.case_id, "")) for one in found]


@signed_in
@require_POST
def emergency_end(request: Request, pk: int) -> HttpResponse:
    """Give one's own emergency access back."""
    try:
        cases.emergency_end(access_id=pk, by=request.actor, at=timezone.now())
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect(reverse("coordination:emergency"))
