"""A referral in four steps: need, service, what is shared, send. Each step is its own address; what
was chosen travels in the form and never in an address (but for numbers of rows)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Fact
from spona.base.script import said
from spona.cases import actions as cases
from spona.cases import codes
from spona.cases.codes import sharing as shared
from spona.cases.models import Case, Need
from spona.coordination import actions, permissions
from spona.coordination.actions.referring import ReferralDraft
from spona.coordination.forms.referrals import LATER, NOW, PackageForm, ServicesForm
from spona.coordination.models import Referral
from spona.coordination.views import referral_words as words
from spona.coordination.views.heads import case_of, frame, read
from spona.coordination.views.tabs import need_words
from spona.directory.models import Service
from spona.directory.rules import Met
from spona.directory.rules.matching import SEXES, Match, Point

STEPS = (
    gettext_lazy("Need"),
    gettext_lazy("Service"),
    gettext_lazy("What is shared"),
    gettext_lazy("Send"),
)


@signed_in
@require_GET
def referral_need(request: Request, case_id: int) -> HttpResponse:
    """Step one: what it is about."""
    at = timezone.now()
    case = _case(request, case_id, at)
    context = _frame(request, case, at, 1) | {
        "needs": [(need_words(one), one) for one in _needs(case, request, at)],
        "add": reverse("cases:need_add", args=[case.pk]),
    }
    return render(request, "coordination/referral_need.html", context)


@signed_in
@require_GET
def referral_service(request: Request, case_id: int, need_id: int) -> HttpResponse:
    """Step two: who can help, with the reasons why each fits or does not."""
    at = timezone.now()
    case = _case(request, case_id, at)
    need = _need(request, case, need_id, at)
    found = _matches(request, case, need, at)
    form = ServicesForm(
        request.GET or None,
        offered=[service for service, _match in found if service.accepts_referrals],
        initial={"purpose": purpose_of(need)},
    )
    if request.GET and form.is_valid():
        return redirect(_next(case, need, request))
    context = _frame(request, case, at, 2)
    lines = [Offered(service, _fits(match), *_reasons(match)) for service, match in found]
    fitting = [one for one in lines if one.fits]
    context |= {
        "need": need_words(need),
        "form": form,
        "found": fitting or lines,
        "others": [one for one in lines if not one.fits] if fitting else [],
    }
    return render(request, "coordination/referral_service.html", context)


@dataclass(frozen=True, slots=True)
class Offered:
    """A service that one may choose: what stands in the way, what must be asked, what fits."""

    service: Service
    fits: bool
    against: list[str]
    ask: list[str]
    fitting: list[str]


def _next(case: Case, need: Need, request: Request) -> str:
    where = reverse("coordination:referral_share", args=[case.pk, need.pk])
    return f"{where}?{request.GET.urlencode()}"


@signed_in
def referral_share(request: Request, case_id: int, need_id: int) -> HttpResponse:
    """Steps three and four: what is shared, then exactly that again before it is sent."""
    at = timezone.now()
    case = _case(request, case_id, at)
    need = _need(request, case, need_id, at)
    chosen = _chosen(request, case, need, at)
    if chosen is None:
        return redirect("coordination:referral_service", case.pk, need.pk)
    justified = _justified(case, chosen, at)
    empty = _empty(case, need, justified, at)
    form = PackageForm(request.POST or None, justified=justified, empty=empty)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "send":
            return _send(request, case, need, chosen, form, at)
        return _preview(request, case, need, chosen, form, at)
    status = 422 if request.method == "POST" else 200
    return _share_page(request, case, need, chosen, form, at, status)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What step two said."""

    services: tuple[Service, ...]
    urgency: str
    purpose: str


def _chosen(request: Request, case: Case, need: Need, at: datetime) -> Chosen | None:
    wanted = [int(pk) for pk in request.GET.getlist("services") if pk.isdecimal() and len(pk) < 19]
    offered = [service for service, _match in _matches(request, case, need, at, wanted)]
    form = ServicesForm(request.GET, offered=offered)
    if not form.is_valid():
        return None
    picked = set(form.cleaned_data["services"])
    services = tuple(one for one in offered if str(one.pk) in picked)
    return Chosen(services, form.cleaned_data["urgency"], form.cleaned_data["purpose"])


def _justified(case: Case, chosen: Chosen, at: datetime) -> frozenset[str]:
    """The fields that may be given to every recipient chosen."""
    every = list(shared.shared_fields())
    allowed = set(every)
    for service in chosen.services:
        bases = actions.bases_for(case.pk, service.organisation_id, chosen.purpose, every, at)
        allowed &= {field for field, basis in bases.items() if basis is not None}
    return frozenset(allowed)


def _empty(case: Case, need: Need, fields: frozenset[str], at: datetime) -> frozenset[str]:
    """Those of the fields of which the case knows nothing."""
    known = shared.shared_fields()
    kept = [field for field in fields if not known[field].typed]
    values = cases.field_values(case=case, keys=kept, at=at, need=need)
    return frozenset(field for field in kept if values.get(field) in (None, "", []))


def _draft(need: Need, chosen: Chosen, form: PackageForm) -> ReferralDraft:
    return ReferralDraft(
        services=chosen.services,
        urgency=chosen.urgency,
        purpose=chosen.purpose,
        now=form.chosen(NOW),
        later=form.chosen(LATER),
        need=need,
        typed=form.typed(),
        reason=form.cleaned_data["reason"],
        announced=bool(form.cleaned_data["announced"]),
    )


def _send(
    request: Request, case: Case, need: Need, chosen: Chosen, form: PackageForm, at: datetime
) -> HttpResponse:
    try:
        sent = actions.referral_send(
            case=case, draft=_draft(need, chosen, form), by=request.actor, at=at
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return _share_page(request, case, need, chosen, form, at, 422)
    told = ngettext("%(n)d referral was sent.", "%(n)d referrals were sent.", len(sent))
    messages.success(request, told % {"n": len(sent)})
    if len(sent) == 1:
        return redirect("coordination:referral_detail", sent[0].number)
    return redirect("coordination:case_referrals", case.pk)


def _preview(
    request: Request, case: Case, need: Need, chosen: Chosen, form: PackageForm, at: datetime
) -> HttpResponse:
    """Field by field what each recipient will read, when, and on which basis."""
    fields = [*form.chosen(NOW), *form.chosen(LATER)]
    values = cases.field_values(case=case, keys=fields, at=at, need=need) | form.typed()
    recipients = [
        (service, _lines(case, service, chosen, form, values, at)) for service in chosen.services
    ]
    context = _frame(request, case, at, 4) | {
        "need": need_words(need),
        "form": form,
        "recipients": recipients,
        "urgency": Referral.Urgency(chosen.urgency).label,
        "query": request.GET.urlencode(),
    }
    return render(request, "coordination/referral_check.html", context)


def _lines(
    case: Case,
    service: Service,
    chosen: Chosen,
    form: PackageForm,
    values: dict[str, Any],
    at: datetime,
) -> list[tuple[Fact, str, str]]:
    """Field and value, when it is read, and the kind of its basis."""
    now, later = form.chosen(NOW), form.chosen(LATER)
    every = [*now, *later]
    bases = actions.bases_for(case.pk, service.organisation_id, chosen.purpose, every, at)
    return [
        (
            Fact(words.field_label(field), words.value_words(field, values.get(field))),
            _("before the decision") if field in now else _("only when accepted"),
            str(words.BASES[basis.kind]) if basis else "",
        )
        for field, basis in bases.items()
    ]


def _share_page(
    request: Request,
    case: Case,
    need: Need,
    chosen: Chosen,
    form: PackageForm,
    at: datetime,
    status: int,
) -> HttpResponse:
    context = _frame(request, case, at, 3) | {
        "need": need_words(need),
        "form": form,
        "given": form.given(),
        "services": chosen.services,
        "query": request.GET.urlencode(),
        "without": form.without,
        "ledger": reverse("coordination:case_sharing", args=[case.pk]),
        "basis_add": reverse("cases:basis_add", args=[case.pk]),
    }
    return render(request, "coordination/referral_share.html", context, status=status)


# --- what all steps need


def _case(request: Request, case_id: int, at: datetime) -> Case:
    case = case_of(request, case_id, at)
    if not case.is_open or not permissions.can_refer(request.actor, case):
        raise Http404
    read("referral_look", case, request, at)
    return case


def _needs(case: Case, request: Request, at: datetime) -> Sequence[Need]:
    needs = case.needs.filter(resolved_at=None).order_by("system", "noted_at")
    if permissions.can_see_sensitive(request.actor, case, at):
        return list(needs)
    return list(needs.filter(sensitive=False))


def _need(request: Request, case: Case, need_id: int, at: datetime) -> Need:
    found = next((one for one in _needs(case, request, at) if one.pk == need_id), None)
    if found is None:
        raise Http404
    return found


def _matches(
    request: Request, case: Case, need: Need, at: datetime, wanted: Sequence[int] | None = None
) -> list[tuple[Service, Match]]:
    """Services for such a need, those that fit first; the others say what stands in the way.
    Of those `wanted` only, where they were chosen already."""
    person = case.person
    services = Service.objects.visible_to(request.actor).standing()
    if wanted is not None:
        services = services.filter(pk__in=wanted)
    found = services.matching(
        at=at,
        needs=(f"{need.system}:{need.code}",),
        municipality=case.municipality,
        age=person.age_on(timezone.localdate(at)),
        sex=person.sex if person.sex in SEXES else None,
        languages=tuple(one.code for one in person.languages.all()),
    )
    return [(service, match) for service, match in found if match.answers_the_need]


def _fits(match: Match) -> bool:
    """Only a language is missing: an interpreter can help with that."""
    return all(one.point is Point.LANGUAGE for one in match.hindrances)


def _reasons(match: Match) -> tuple[list[str], list[str], list[str]]:
    """What stands in the way, what must be asked, and what fits."""
    fitting = tuple(one for one in match.reasons if one.met is Met.YES)
    against, ask, fits = (
        [said({"sr-latn": one.words.sr_latn, "en": one.words.en}) for one in reasons]
        for reasons in (match.hindrances, match.to_ask, fitting)
    )
    return against, ask, fits


def purpose_of(need: Need) -> str:
    """What a need is usually shared for; the sender may choose another purpose."""
    known = codes.needs().get((need.system, need.code))
    return "health_care" if known and known.layer == "health" else "service"


def _frame(request: Request, case: Case, at: datetime, step: int) -> dict[str, Any]:
    guards = list(case.guardianships.all())
    last = _("Refer to a service")
    found = frame(case, request, at, "case_referrals", guardianships=guards, last=last)
    return found | {"step": step, "step_label": STEPS[step - 1]}
