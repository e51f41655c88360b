"""Running matters and new rules: what would change in each, what was decided, taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.errors import Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import said
from spona.coordination import actions, permissions
from spona.coordination.actions.migrating import Planned
from spona.coordination.models import Run, RunMigration
from spona.coordination.views.migration_words import sentence
from spona.protocols.models import Version

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A running matter: its case, its version, what would change; `seal` is what is agreed to."""

    run: Run
    title: str
    changes: tuple[str, ...]
    safe: bool
    possible: bool
    seal: str
    chosen: bool


@signed_in
@require_GET
def migration_list(request: Request) -> HttpResponse:
    """The books of which something still runs by an earlier version; and what was decided."""
    _only_who_answers(request)
    at = timezone.now()
    binding = Version.objects.binding(at)
    newest = binding.order_by("protocol", "-published_at").distinct("protocol")
    mine = Run.objects.visible_to(request.actor, at)
    waiting = [one for one in newest if mine.older_than(one, request.actor).exists()]
    decided = RunMigration.objects.visible_to(request.actor).select_related("version")
    context = {
        "waiting": [(one, said(one.book.title)) for one in waiting],
        "decided": [(one, said(one.version.book.title)) for one in decided.order_by("-made_at")],
    }
    return render(request, "coordination/migration_list.html", context)


@signed_in
def migration_plan(request: Request, pk: int) -> HttpResponse:
    """Page by page what would change; those that are chosen go on under the new version."""
    _only_who_answers(request)
    at = timezone.now()
    to = get_object_or_404(Version.objects.binding(at), pk=pk)
    refused = _decided(request, to, at) if request.method == "POST" else None
    if refused == "":
        return redirect("coordination:migration_list")
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    found = actions.runs_plan(to=to, by=request.actor, at=at, after=start, most=PAGE + 1)
    lines = [_line(one, to, request.POST.getlist("runs")) for one in found[:PAGE]]
    audit.read(
        "migration_plan",
        [line.run for line in lines],
        by=request.actor,
        at=at,
        case_ids=[line.run.case_id for line in lines],
    )
    title = said(to.book.title)
    context = {
        "version": to,
        "title": title,
        "lines": lines,
        "more": lines[-1].run.pk if len(found) > PAGE else None,
        "refused": refused,
        "crumbs": [
            Link(_("Running matters and new rules"), reverse("coordination:migration_list")),
            Link(title),
        ],
    }
    status = 422 if refused else 200
    return render(request, "coordination/migration_plan.html", context, status=status)


@signed_in
@require_POST
def migration_take_back(request: Request, pk: int) -> HttpResponse:
    _only_who_answers(request)
    migration = get_object_or_404(RunMigration.objects.visible_to(request.actor), pk=pk)
    try:
        actions.migration_take_back(migration=migration, by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Taken back: every matter has the version that it had."))
    return redirect("coordination:migration_list")


def _only_who_answers(request: Request) -> None:
    if not permissions.can_migrate(request.actor):
        raise Http404


def _decided(request: Request, to: Version, at: datetime) -> str:
    """Empty if the chosen matters go on under the new version, else the sentence that says why."""
    chosen = (value.partition("-") for value in request.POST.getlist("runs"))
    agreed = {int(pk): seal for pk, _dash, seal in chosen if pk.isascii() and pk.isdigit()}
    try:
        done = actions.runs_migrate(to=to, agreed=agreed, by=request.actor, at=at)
    except Refused as refused:
        return str(refused.sentence)
    told = ngettext(
        "%(count)d matter goes on under the new version.",
        "%(count)d matters go on under the new version.",
        done.runs,
    )
    messages.success(request, told % {"count": done.runs})
    return ""


def _line(planned: Planned, to: Version, chosen: list[str]) -> Line:
    run, plan = planned.run, planned.plan
    value = f"{run.pk}-{planned.seal}"
    return Line(
        run=run,
        title=said(run.version.book.title),
        changes=tuple(sentence(change, run.version, to) for change in plan.changes),
        safe=plan.safe,
        possible=plan.possible,
        seal=value,
        chosen=value in chosen if chosen else plan.safe,
    )
