"""Recording an act, facts, and who stands for a party."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import in_script, said, written_language
from spona.cases.models import Case
from spona.conduct import text
from spona.conduct.text.words import SPOKEN
from spona.coordination import actions, permissions
from spona.coordination.actions import filing, looking
from spona.coordination.actions.looking import ActLook
from spona.coordination.forms.acts import ActForm, PartyForm, party_label
from spona.coordination.forms.acts_facts import FactForm
from spona.coordination.models import Binding, Duty, Run
from spona.coordination.views import rows
from spona.coordination.views.choosers import Choice, choice_of
from spona.coordination.views.heads import crumbs
from spona.coordination.views.matters import matters
from spona.coordination.views.outlook import act_url

DONE = 302


@signed_in
def act_new(request: Request, run_id: int, act: str) -> HttpResponse:
    at = timezone.now()
    look, case = _look(request, run_id, act, at), _case(request, run_id, at)
    choice, status = choice_of(look, case, request.actor, at), 200
    form = _act_form(request, look, case, choice, at)
    if request.method == "POST":
        status = _record(request, form, case, at)
    if status == DONE:
        messages.success(request, _("Recorded: %(act)s") % {"act": _label(look)})
        return redirect(_onward(look, case, request, at))
    if form.refused:
        look = _look(request, run_id, act, at)
    context = _act_page(look, case, choice, request, at) | {"form": form, "seen": _seen(form, look)}
    return render(request, "coordination/act_new.html", context, status=status)


def _record(request: Request, form: ActForm, case: Case | None, at: datetime) -> int:
    """The status of the answer: done, wrongly filled in, refused by the rules, or stale."""
    if not form.is_valid():
        return 422
    try:
        filing.act_file(
            run_id=form.look.run_id,
            draft=form.draft(),
            case=case,
            enclosures=form.enclosures(),
            by=request.actor,
            at=at,
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        form.refused = True
        return 409 if isinstance(refused, Stale) else 422
    return DONE


def _look(request: Request, run_id: int, act: str, at: datetime) -> ActLook:
    try:
        look = looking.act_look(run_id=run_id, act=act, by=request.actor, at=at)
    except NotAllowed:
        raise Http404 from None
    return look


def _case(request: Request, run_id: int, at: datetime) -> Case | None:
    """The case, for those who work on it; another party sees the act alone."""
    if not permissions.can_work_on_case(request.actor):
        return None
    visible = Case.objects.visible_to(request.actor, at).filter(runs=run_id)
    return visible.select_related("person", "organisation").first()


def _act_form(
    request: Request, look: ActLook, case: Case | None, choice: Choice, at: datetime
) -> ActForm:
    return ActForm(
        request.POST or None,
        request.FILES or None,
        look=look,
        chooser=choice.chooser,
        files=case is not None and case.is_open,
        deviation=choice.deviation or {},
        at=at,
    )


def _seen(form: ActForm, look: ActLook) -> str:
    """What the page shows the person now; what was typed wrongly is no new look at the run."""
    return str(form["seen"].value()) if form.is_bound and not form.refused else str(look.last_seq)


def _label(look: ActLook) -> str:
    return rows.act_label(look.version, look.act.key)


def _onward(look: ActLook, case: Case | None, request: Request, at: datetime) -> str:
    """Back to the referral or the handover that the act belongs to, else to the case."""
    matter = matters([look.run_id], request.actor, at).get(look.run_id)
    if matter is not None:
        return matter.href
    return reverse("coordination:case_detail", args=[case.pk]) if case else "/"


def _act_page(
    look: ActLook, case: Case | None, choice: Choice, request: Request, at: datetime
) -> dict[str, Any]:
    duty = _duty(look, request, at)
    subject = case or duty or _binding(look, request, at)
    if subject is not None:
        audit.read("act_look", [subject], by=request.actor, at=at, case_ids=[look.case_id])
    book = look.version.book
    return {
        "look": look,
        "label": _label(look),
        "case": case,
        "duty": duty,
        "why": rows.why_owed(duty) if duty else "",
        "what_if": _what_if(duty),
        "sentences": _sentences(look),
        "note": said(look.act.note) if look.act.note else "",
        "checklist": [said(line) for line in look.act.checklist],
        "without": [party_label(book, key) for key in look.act.without],
        "options": choice.options,
        "first": [
            Link(rows.act_label(look.version, key), act_url(look.run_id, key))
            for key in look.before
        ]
        if look.works
        else [],
        "meanwhile": [
            Link(rows.act_label(look.version, key), act_url(look.run_id, key))
            for key in look.protective
        ]
        if look.blocked
        else [],
        "crumbs": crumbs(case, _label(look)) if case else [],
        "back": _onward(look, case, request, at),
        "organisation_name": in_script(request.actor.organisation_name),
    }


def _duty(look: ActLook, request: Request, at: datetime) -> Duty | None:
    """The open duty that this act discharges, as far as this person sees it."""
    owed = Duty.objects.visible_to(request.actor, at).owed().soonest_first()
    found = owed.filter(run=look.run_id, acts__contains=[look.act.key])
    return found.select_related("version", "organisation").first()


def _binding(look: ActLook, request: Request, at: datetime) -> Binding | None:
    return Binding.objects.visible_to(request.actor, at).filter(run=look.run_id).first()


def _what_if(duty: Duty | None) -> str:
    rule = rows.rule_of(duty) if duty else None
    if duty is None or rule is None:
        return ""
    language = written_language()
    return in_script(text.what_if(duty.version.book, rule, duty.due_at, language))


def _sentences(look: ActLook) -> list[dict[str, str]]:
    """Each rule that owes this act: its sentences, how far it was checked, and the way to it."""
    book, language = look.version.book, written_language()
    found = []
    for rule in book.rules:
        owing = [r for r in rule.rows if r.kind == "response" and look.act.key in r.targets]
        said_once = dict.fromkeys(text.sentence(book, rule, row, language) for row in owing)
        if said_once:
            found.append(
                {
                    "id": rule.id,
                    "text": in_script(" ".join(said_once)),
                    "verified": rule.badge.text,
                    "spoken": in_script(SPOKEN[language][rule.badge.text]),
                    "href": rows.rule_url(look.version, rule.id),
                }
            )
    return found


# --- facts


@signed_in
def fact_new(request: Request, run_id: int) -> HttpResponse:
    """What became known. What is owed is not taken back by it: the case page then asks."""
    at = timezone.now()
    run, case = _run(request, run_id, at)
    facts = _asked(run, case, request, at)
    book = run.version.book
    form = FactForm(request.POST or None, book=book, facts=facts, at=at, since=run.started_at)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.fact_record(
                run_id=run.pk,
                facts=form.known(),
                occurred_at=form.cleaned_data["occurred_at"],
                by=request.actor,
                at=at,
            )
            messages.success(request, _("Recorded. Look at what is owed now."))
            return redirect("coordination:case_detail", case.pk)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    audit.read("fact_look", [run], by=request.actor, at=at, case_ids=[case.pk])
    context = _run_page(run, case, request, _("What is known")) | {
        "form": form,
        "one": len(facts) == 1,
    }
    return render(request, "coordination/fact_new.html", context, status=status)


def _run(request: Request, run_id: int, at: datetime) -> tuple[Run, Case]:
    """The run of a case that one works on; else 404."""
    if not permissions.can_work_on_case(request.actor):
        raise Http404
    runs = Run.objects.visible_to(request.actor, at).exclude(case=None)
    run = get_object_or_404(runs.select_related("version", "case"), pk=run_id)
    if run.case is None:
        raise Http404
    return run, run.case


def _asked(run: Run, case: Case, request: Request, at: datetime) -> list[Any]:
    """The fact that was asked for, or all that this person may know of; else 404."""
    sensitive = permissions.can_see_sensitive(request.actor, case, at)
    facts = {k: f for k, f in run.version.book.facts.items() if sensitive or not f.sensitive}
    wanted = request.GET.get("fact")
    if wanted and wanted not in facts:
        raise Http404
    return [facts[wanted]] if wanted else list(facts.values())


def _run_page(run: Run, case: Case, request: Request, last: str) -> dict[str, Any]:
    return {
        "run": run,
        "case": case,
        "crumbs": crumbs(case, last),
        "back": reverse("coordination:case_detail", args=[case.pk]),
        "organisation_name": in_script(request.actor.organisation_name),
    }


# --- parties


@signed_in
def party_list(request: Request, run_id: int) -> HttpResponse:
    """Who stands for each party, those for whom nobody does first."""
    at = timezone.now()
    run, case = _run(request, run_id, at)
    bound = {
        one.party: one for one in run.bindings.current().select_related("organisation", "user")
    }
    book = run.version.book
    keys = sorted(book.parties, key=lambda key: key in bound)
    audit.read("party_read", [run], by=request.actor, at=at, case_ids=[case.pk])
    context = _run_page(run, case, request, _("Who stands for whom")) | {
        "parties": [(key, party_label(book, key), bound.get(key)) for key in keys]
    }
    return render(request, "coordination/party_list.html", context)


@signed_in
def party_bind(request: Request, run_id: int, party: str) -> HttpResponse:
    at = timezone.now()
    run, case = _run(request, run_id, at)
    if party not in run.version.book.parties:
        raise Http404
    kind = run.version.book.parties[party].type
    form = PartyForm(request.POST or None, type_code=kind)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.cleaned_data["organisation"]
            actions.party_bind(
                run_id=run.pk, party=party, organisation=chosen, by=request.actor, at=at
            )
            return redirect("coordination:party_list", run.pk)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    audit.read("party_read", [run], by=request.actor, at=at, case_ids=[case.pk])
    label = party_label(run.version.book, party)
    context = _run_page(run, case, request, label) | {"form": form, "label": label}
    return render(request, "coordination/party_bind.html", context, status=status)
