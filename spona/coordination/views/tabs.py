"""The other tabs of a case: the person, needs and placement, notes and papers, who has looked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.audit.models import Event
from spona.base.errors import Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.parts import Fact
from spona.cases import codes
from spona.cases import permissions as case_permissions
from spona.cases.models import Case, Need
from spona.coordination import actions, permissions
from spona.coordination.models import Run
from spona.coordination.views import log
from spona.coordination.views.heads import DECLARED, case_of, frame, read
from spona.coordination.views.rows import act_label
from spona.people import actions as people
from spona.people import permissions as people_permissions
from spona.people.forms import DocumentNumberForm, PersonForm
from spona.people.models import Person

PAGE = 50
PRECISE = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y", "estimated": "Y"}


@signed_in
@require_GET
def case_person(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_person", guardianships=guards) | {
        "facts": person_facts(case.person, timezone.localdate(at)),
        "names": list(case.person.names.all()),
        "documents": list(case.person.documents.order_by("pk")),
        "may_correct": people_permissions.can_correct(request.actor),
        "may_ask": case.is_open and permissions.can_ask_from_case(request.actor, case),
    }
    read("person_read", case, request, at)
    return render(request, "coordination/case_person.html", context)


def person_facts(person: Person, today: date) -> list[Fact]:
    """What is known, with how well and who says so."""
    known = codes.languages()
    spoken = sorted(person.languages.all(), key=lambda one: not one.is_main)
    tongues = ", ".join(str(known.get(one.code, one.code)) for one in spoken)
    return [
        Fact(_("Date of birth"), birth_words(person)),
        Fact(
            _("Who says so"), str(DECLARED[person.birth_declared_by]) if person.birth_date else ""
        ),
        Fact(_("Age"), person.shown_age(today)),
        Fact(_("Sex"), str(person.get_sex_display())),
        Fact(_("Country, as said"), person.country_said),
        Fact(_("Father's name"), person.father),
        Fact(_("Languages"), tongues),
    ]


def birth_words(person: Person) -> str:
    """As much of the date as is known, and how well."""
    if person.birth_date is None:
        return ""
    shown = date_format(person.birth_date, PRECISE[person.birth_precision])
    return f"{shown} ({person.get_birth_precision_display()})"


@signed_in
def person_correct(request: Request, case_id: int) -> HttpResponse:
    """A correction made from an older version comes back with both, and with all that was typed."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    if not people_permissions.can_correct(request.actor):
        raise Http404
    today, person = timezone.localdate(at), case.person
    form = PersonForm(request.POST or None, initial=_as_typed(person, today), today=today)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            _correct(form, case, request, at)
            return redirect("coordination:case_person", case.pk)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
            status = 409 if isinstance(refused, Stale) else 422
    context = person_page(request, case, at, _("Correct")) | {
        "form": form,
        "status": status,
        "row_version": _shown_version(request, case.person, status),
    }
    read("person_read", case, request, at)
    return render(request, "coordination/case_person_correct.html", context, status=status)


def _shown_version(request: Request, person: Person, status: int) -> str:
    """What was typed wrongly is no new look at the record; what was stale is shown anew."""
    if status == 422:
        return request.POST.get("row_version", "")
    current = Person.objects.filter(pk=person.pk).values_list("row_version", flat=True)
    return str(current.get())


def _correct(form: PersonForm, case: Case, request: Request, at: datetime) -> None:
    cleaned = form.cleaned_data
    shown = request.POST.get("row_version", "")
    actions.birth_correct(
        case=case,
        row_version=int(shown) if shown.isdecimal() else 0,
        changes={
            "birth_date": cleaned["birth"].on,
            "birth_precision": cleaned["birth"].precision.value,
            "birth_declared_by": cleaned["birth_declared_by"],
            "sex": cleaned["sex"],
            "country_said": cleaned["country_said"],
            "father": cleaned["father"],
        },
        by=request.actor,
        at=at,
    )


def _as_typed(person: Person, today: date) -> dict[str, Any]:
    """The record in the parts that the form asks for."""
    on, precision = person.birth_date, person.birth_precision
    known = {"day": ("day", "month", "year"), "month": ("month", "year"), "year": ("year",)}
    parts = {part: getattr(on, part) for part in known.get(precision, ()) if on}
    if on and precision == Person.BirthPrecision.ESTIMATED:
        parts["age_said"] = today.year - on.year
    return parts | {
        "birth_declared_by": person.birth_declared_by,
        "sex": person.sex,
        "country_said": person.country_said,
        "father": person.father,
    }


@signed_in
def document_number_add(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    if not people_permissions.can_correct(request.actor):
        raise Http404
    form = DocumentNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.document_number_add(
            person=case.person, by=request.actor, at=at, case_id=case.pk, **form.cleaned_data
        )
        return redirect("coordination:case_person", case.pk)
    context = person_page(request, case, at, _("Add the number of a paper")) | {"form": form}
    read("person_read", case, request, at)
    status = 422 if request.method == "POST" else 200
    return render(request, "coordination/case_document_number.html", context, status=status)


def person_page(request: Request, case: Case, at: datetime, last: str) -> dict[str, Any]:
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_person", guardianships=guards, last=last)
    back = reverse("coordination:case_person", args=[case.pk])
    today = timezone.localdate(at)
    return context | {"back": back, "facts": person_facts(case.person, today)}


@signed_in
@require_GET
def case_needs(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_needs", guardianships=guards)
    needs = case.needs.order_by("system", "noted_at")
    if not context["head"].sensitive:
        needs = needs.filter(sensitive=False)
    open_needs = [one for one in needs if one.resolved_at is None]
    context |= {
        "systems": _by_system(open_needs),
        "resolved": [(need_words(one), one) for one in needs if one.resolved_at],
        "placements": case.placements.select_related("centre__organisation").order_by("-from_at"),
        "today": timezone.localdate(at),
        "may_write": case.is_open and case_permissions.can_work_in(request.actor, case),
        "may_run": case.is_open and case_permissions.can_run(request.actor, case),
    }
    read("needs_read", case, request, at)
    return render(request, "coordination/case_needs.html", context)


def _by_system(needs: list[Need]) -> list[tuple[str, list[tuple[str, Need]]]]:
    systems = codes.need_systems()
    found: dict[str, list[tuple[str, Need]]] = {}
    for need in needs:
        name = str(systems[need.system].name) if need.system in systems else need.system
        found.setdefault(name, []).append((need_words(need), need))
    return list(found.items())


def need_words(need: Need) -> str:
    """The need in words; of a code that is no longer in the list, the code."""
    return str(codes.needs().get((need.system, need.code), need.code))


@signed_in
@require_GET
def case_file(request: Request, case_id: int) -> HttpResponse:
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_file", guardianships=guards) | {
        "notes": case.notes.order_by("-written_at"),
        "may_write": case.is_open and case_permissions.can_work_in(request.actor, case),
    }
    documents = case.documents.order_by("-uploaded_at")
    sensitive = context["head"].sensitive
    context["documents"] = documents if sensitive else documents.filter(sensitive=False)
    read("file_read", case, request, at)
    return render(request, "coordination/case_file.html", context)


@signed_in
@require_GET
def case_log(request: Request, case_id: int) -> HttpResponse:
    """Who wrote and who looked, the latest first; `before` is the last line of the page before."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    guards = list(case.guardianships.all())
    context = frame(case, request, at, "case_log", guardianships=guards)
    events = _before(case, request.GET.get("before", ""))
    if case.organisation_id != request.actor.organisation_id:
        events = events.exclude(verb__in=log.OF_THE_OWNER)
    found = list(events[: PAGE + 1])
    shown, acts = found[:PAGE], _acts(case, request, at, sensitive=context["head"].sensitive)
    context |= {
        "lines": [log.line(event, acts) for event in shown],
        "next": f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if len(found) > PAGE else "",
    }
    read("log_read", case, request, at)
    return render(request, "coordination/case_log.html", context)


def _acts(case: Case, request: Request, at: datetime, *, sensitive: bool) -> dict[str, str]:
    """The acts of the rule book that this person may know of, in words."""
    runs = Run.objects.visible_to(request.actor, at).filter(case=case).select_related("version")
    return {
        key: act_label(run.version, key)
        for run in runs
        for key, act in run.version.book.acts.items()
        if sensitive or not act.sensitive
    }


def _before(case: Case, cursor: str) -> Any:
    events = Event.objects.of_case(case.pk).latest_first()
    moment, _sign, number = cursor.rpartition("_")
    then = parse_datetime(moment) if number.isdigit() else None
    if then is None or then.tzinfo is None:
        return events
    return events.filter(Q(at__lt=then) | Q(at=then, pk__lt=int(number)))
