"""Services for staff: whom one can ask, who fits, and how full one's own are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from spona.accounts.models import Organisation
from spona.base.errors import Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Act, Fact
from spona.base.script import said
from spona.directory import actions, codes, permissions
from spona.directory.forms import CapacityForm, FilterForm, ServiceForm
from spona.directory.models import Service
from spona.directory.rules.matching import Match, Reason

MOST_TOWNS = 4  # that a line of a list names


@dataclass(frozen=True, slots=True)
class Line:
    """A service in a list; `against` and `ask` are sentences, empty where nothing was asked."""

    service: Service
    capacity: str
    where: str
    against: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@signed_in
def service_list(request: Request) -> HttpResponse:
    """What is sought comes by POST only; a bare address shows everything by family."""
    at = timezone.now()
    form = FilterForm(request.POST or None)
    asked = form.asked()
    services = Service.objects.visible_to(request.actor).standing()
    found = services.matching(at=at, **asked)
    context = {
        "form": form,
        "asked": bool(asked),
        "groups": _answers(found, at) if asked else _by_family(found, at),
        "other": [_line(*one, at) for one in found if asked and not one[1].answers_the_need],
        "own": [] if asked else [_line(*one, at) for one in found if _is_own(request, one[0])],
        "may_keep": permissions.can_keep_services(request.actor, _organisation(request)),
    }
    status = 422 if form.errors else 200
    return render(request, "directory/service_list.html", context, status=status)


@signed_in
@require_GET
def service_detail(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    service = get_object_or_404(Service.objects.visible_to(request.actor).whole(), pk=pk)
    may_keep = permissions.can_keep_services(request.actor, service.organisation)
    context = {
        "service": service,
        "facts": _facts(service, at),
        "figures": _figures(service) if _is_own(request, service) else [],
        "may_say": not service.ended_at and _is_own(request, service),
        "may_keep": not service.ended_at and may_keep,
        "end": _end(service),
    }
    return render(request, "directory/service_detail.html", context)


@signed_in
def service_new(request: Request) -> HttpResponse:
    organisation = _organisation(request)
    if not permissions.can_keep_services(request.actor, organisation):
        raise Http404
    form = ServiceForm(_typed(request))

    def record() -> Service:
        draft: Any = form.draft()
        return actions.service_record(
            organisation=organisation, said=draft, by=request.actor, at=timezone.now()
        )

    return _answer(request, form, record)


@signed_in
def service_change(request: Request, pk: int) -> HttpResponse:
    service = _kept(request, pk)
    initial = {name: getattr(service, name, None) for name in ServiceForm.base_fields}
    initial["covers"] = [town.key for town in service.covers.all()]
    form = ServiceForm(_typed(request), initial=initial, kept=tuple(service.needs))

    def change() -> Service:
        draft: Any = form.draft()
        version = form.cleaned_data["row_version"]
        return actions.service_update(
            service=service, said=draft, row_version=version, by=request.actor, at=timezone.now()
        )

    return _answer(request, form, change, service=service)


@signed_in
@require_POST
def service_end(request: Request, pk: int) -> HttpResponse:
    service = _kept(request, pk)
    actions.service_end(service=service, by=request.actor, at=timezone.now())
    messages.success(request, _("The service is no longer offered."))
    return redirect("directory:service_list")


@signed_in
@require_POST
def capacity_say(request: Request, pk: int) -> HttpResponse:
    own = Service.objects.standing().filter(organisation_id=request.actor.organisation_id or 0)
    service, form = get_object_or_404(own, pk=pk), CapacityForm(request.POST)
    if form.is_valid():
        actions.capacity_say(
            service=service, by=request.actor, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Everybody now sees how full you are."))
    else:
        messages.error(request, _("Choose one of the three answers."))
    return redirect("directory:service_detail", pk=service.pk)


# --- what the pages have in common


def _organisation(request: Request) -> Organisation:
    return get_object_or_404(Organisation, pk=request.actor.organisation_id)


def _end(service: Service) -> Act:
    href = reverse("directory:service_end", args=[service.pk])
    confirm = _("End this service? What was referred to it keeps it.")
    return Act(_("No longer offered"), href, "post", primary=False, confirm=confirm)


def _typed(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _is_own(request: Request, service: Service) -> bool:
    return permissions.speaks_for_itself(request.actor, service.organisation_id)


def _kept(request: Request, pk: int) -> Service:
    """A service of one's own institution that one may change; anything else is not there."""
    service = get_object_or_404(Service.objects.standing().whole(), pk=pk)
    if not permissions.can_keep_services(request.actor, service.organisation):
        raise Http404
    return service


def _answer(
    request: Request,
    form: ServiceForm,
    act: Callable[[], Service],
    service: Service | None = None,
) -> HttpResponse:
    """The form, until the action takes it; a refusal is said above it and nothing is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Everybody now sees what you wrote."))
            return redirect("directory:service_detail", pk=done.pk)
    context = {"form": form, "service": service}
    status = 422 if form.errors else 200
    return render(request, "directory/service_form.html", context, status=status)


def _answers(found: Iterable[tuple[Service, Match]], at: datetime) -> list[tuple[str, list[Line]]]:
    """Those that fit, and those that would answer the need if nothing stood in the way."""
    answering = [one for one in found if one[1].answers_the_need]
    return [
        (_("They fit"), [_line(*one, at) for one in answering if one[1].fits]),
        (
            _("Something stands in the way"),
            [_line(*one, at) for one in answering if not one[1].fits],
        ),
    ]


def _by_family(
    found: Iterable[tuple[Service, Match]], at: datetime
) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {key: [] for key in codes.service_families()}
    for service, _match in found:
        groups[service.family.code].append(_line(service, None, at))
    families = codes.service_families()
    return [(str(families[key]), lines) for key, lines in groups.items() if lines]


def _line(service: Service, match: Match | None, at: datetime) -> Line:
    return Line(
        service,
        capacity=str(service.capacity_at(at).label),
        where=_where_in_short(service),
        against=_sentences(match.hindrances) if match else (),
        ask=_sentences(match.to_ask) if match else (),
    )


def _sentences(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(
        said({"sr-latn": reason.words.sr_latn, "en": reason.words.en}) for reason in reasons
    )


def _where(service: Service) -> str:
    if service.nationwide:
        return _("the whole country")
    return ", ".join(str(town) for town in service.covers.all())


def _where_in_short(service: Service) -> str:
    """As long as a line of a list; the page of the service names every town."""
    towns = [str(town) for town in service.covers.all()]
    if service.nationwide or len(towns) <= MOST_TOWNS:
        return _where(service)
    named, left = ", ".join(towns[:MOST_TOWNS]), len(towns) - MOST_TOWNS
    return ngettext("%(towns)s and %(n)d more", "%(towns)s and %(n)d more", left) % {
        "towns": named,
        "n": left,
    }


def _facts(service: Service, at: datetime) -> list[Fact]:
    needs, languages = codes.needs_by_key(), codes.languages()
    return [
        Fact(_("Is there room?"), str(service.capacity_at(at).label)),
        Fact(_("Kind"), str(service.kind_words)),
        Fact(_("Needs that it answers"), _named(service.needs, needs)),
        Fact(_("Where it works"), _where(service)),
        Fact(_("Languages"), _named(service.languages, languages)),
        Fact(_("Age"), _ages(service)),
        Fact(_("For whom"), service.get_sex_display()),
        Fact(_("Telephone"), service.phone),
        Fact(_("E-mail at work"), service.email),
        Fact(_("Opening hours"), service.hours),
        Fact(_("Referrals"), _referrals(service)),
    ]


def _referrals(service: Service) -> str:
    if service.accepts_referrals:
        return _("accepted from other institutions")
    return _("not accepted: one comes or calls directly")


def _named(keys: Iterable[str], among: dict[str, codes.Code]) -> str:
    return ", ".join(str(among[key]) if key in among else key for key in keys)


def _ages(service: Service) -> str:
    low, high = service.minimum_age, service.maximum_age
    if high is not None:
        return f"{low or 0}–{high}"
    return f"{low}+" if low is not None else _("every age")


def _figures(service: Service) -> list[Fact]:
    """What was observed; nothing until the service was asked often enough."""
    seen = service.observed
    if seen is None:
        return []
    facts = [
        Fact(_("Asked"), str(seen.asked)),
        Fact(_("Answered in time"), str(seen.answered_in_time)),
        Fact(_("Accepted"), str(seen.accepted)),
    ]
    if seen.median_hours is not None:
        facts.append(Fact(_("Hours until the answer, median"), f"{seen.median_hours:.0f}"))
    return facts
