"""The tab “Sharing and consent”: on which basis what may be shared, and what was; one line of the
ledger as a page for the file; a consent is withdrawn, a duty ends."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.cases import permissions
from spona.cases.forms.ledger import EndForm
from spona.cases.models import Case, LegalBasis
from spona.coordination import actions
from spona.coordination.views import ledger_words as words
from spona.coordination.views.heads import case_of, frame, read


@signed_in
@require_GET
def case_sharing(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.order_by("-from_at"))
    context = frame(case, request, at, "case_sharing", guardianships=guards)
    found = [line for line in words.lines(case, at) if _may_see(request, case, line.basis, at)]
    keeps = permissions.can_keep_ledger(request.actor, case)
    context |= {
        "standing": [line for line in found if line.stands],
        "over": [line for line in found if not line.stands],
        "waiting": [line for line in found if line.stands and line.basis.waits_for_review],
        "guardian": next((one for one in guards if one.until_at is None), None),
        "may_record": case.is_open and keeps,
        "keeps": keeps,
        "may_run": permissions.can_run(request.actor, case),
    }
    read("ledger_read", case, request, at)
    return render(request, "coordination/case_sharing.html", context)


@signed_in
@require_GET
def basis_detail(request: Request, pk: int) -> HttpResponse:
    """One page for the file, with room for signatures."""
    at = timezone.now()
    basis, case = _basis(request, pk, at)
    audit.read("basis_read", [basis], by=request.actor, at=at, case_ids=[case.pk])
    line = words.line_of(basis, case, at)
    keeps = permissions.can_keep_ledger(request.actor, case)
    context = {
        "now": at,
        "case": case,
        "line": line,
        "basis": basis,
        "facts": words.facts(basis),
        "may_end": keeps and words.can_end(basis),
        "may_review": keeps and basis.waits_for_review,
    }
    return render(request, "coordination/basis_detail.html", context)


@signed_in
def basis_withdraw(request: Request, pk: int) -> HttpResponse:
    """What stops at once, what must be kept and why; then one button. Of a consent nobody has to
    say why."""
    at = timezone.now()
    basis, case = _basis(request, pk, at)
    if not permissions.can_keep_ledger(request.actor, case):
        raise Http404
    form = EndForm(request.POST or None, consent=basis.is_consent)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _end(request, basis, form.cleaned_data["why"], at))
            return redirect("coordination:case_sharing", case.pk)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    audit.read("basis_read", [basis], by=request.actor, at=at, case_ids=[case.pk])
    context = {
        "case": case,
        "basis": basis,
        "form": form,
        "line": words.line_of(basis, case, at),
        "goes_on": words.going_on(basis, case, at),
        "back": reverse("coordination:case_sharing", args=[case.pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "coordination/basis_withdraw.html", context, status=status)


def _end(request: Request, basis: LegalBasis, why: str, at: datetime) -> str:
    """What was done, in a sentence."""
    if not basis.is_consent:
        closed = actions.basis_end(basis=basis, why=why, by=request.actor, at=at)
        return _ended_words(closed)
    stopped = actions.consent_withdraw(basis=basis, why=why, by=request.actor, at=at)
    said = [_("The consent is withdrawn."), _ended_words(stopped.fields)]
    if stopped.files:
        said.append(_("What left in a file cannot be taken back: ask them to erase it."))
    if stopped.referrals or stopped.files:
        whom = {str(one.recipient) for one in stopped.referrals} | set(map(str, stopped.files))
        names = ", ".join(sorted(whom))
        said.append(_("Call them, too: %(who)s.") % {"who": names})
    return " ".join(said)


def _ended_words(count: int) -> str:
    if not count:
        return _("Nothing had been shared on it.")
    said = ngettext(
        "%(n)d field is closed to its recipient.",
        "%(n)d fields are closed to their recipients.",
        count,
    )
    return said % {"n": count}


def _basis(request: Request, pk: int, at: datetime) -> tuple[LegalBasis, Case]:
    visible = LegalBasis.objects.visible_to(request.actor, at)
    basis = get_object_or_404(visible.select_related("recipient", "document"), pk=pk)
    case = case_of(request, basis.case_id, at)
    if not _may_see(request, case, basis, at):
        raise Http404
    return basis, case


def _may_see(request: Request, case: Case, basis: LegalBasis, at: datetime) -> bool:
    return permissions.can_see_basis(request.actor, case, basis, at)
