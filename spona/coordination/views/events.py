"""One entry of the record: what was written, by whom, in two times; and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.http import Request, signed_in
from spona.base.script import in_script
from spona.cases.models import Case
from spona.coordination import actions, permissions
from spona.coordination.actions.looking import version_of
from spona.coordination.forms.acts import RevokeForm, party_label
from spona.coordination.models import Duty, RunEvent
from spona.coordination.views import answers, rows, streams
from spona.coordination.views.heads import crumbs
from spona.protocols.models import Version


def event_of(request: Request, pk: int, at: datetime) -> tuple[RunEvent, Case | None]:
    """The entry and, for those who work on it, its case; 404 for what is hidden or restricted.

    Outside the case one sees what one's own institution did as a party; people who work on cases
    see entries of cases of colleagues only if they typed them.
    """
    found = RunEvent.objects.visible_to(request.actor, at).filter(pk=pk)
    event = found.select_related("organisation").first()
    if event is None:
        raise Http404
    case = Case.objects.visible_to(request.actor, at).filter(pk=event.case_id or 0).first()
    typed = event.recorded_by_id == request.actor.user_id
    if case is None and not typed and not _for_the_institution(request, event):
        raise Http404
    if case is not None and not _may_see(request, event, case, at):
        raise Http404
    return event, case if permissions.can_open_case(request.actor) else None


def _for_the_institution(request: Request, event: RunEvent) -> bool:
    """Neither for who keeps the house of the institution, nor for who works on cases of others."""
    has_case = event.case_id is not None
    answers_for = permissions.can_answer(request.actor, works_on_case=False, inside=has_case)
    return answers_for and not permissions.can_open_case(request.actor)


def _may_see(request: Request, event: RunEvent, case: Case, at: datetime) -> bool:
    version = version_of(event.run_id)
    act = version.book.acts.get(event.act)
    facts = [version.book.facts[key] for key in event.facts if key in version.book.facts]
    restricted = (act and act.sensitive) or any(fact.sensitive for fact in facts)
    return not restricted or permissions.can_see_sensitive(request.actor, case, at)


@signed_in
@require_GET
def event_detail(request: Request, pk: int) -> HttpResponse:
    at = timezone.now()
    event, case = event_of(request, pk, at)
    return _page(request, event, case, RevokeForm(), at, status=200)


@signed_in
@require_POST
def event_revoke(request: Request, pk: int) -> HttpResponse:
    """Takes the entry back; what is owed again because of it is said."""
    at = timezone.now()
    event, case = event_of(request, pk, at)
    if case is None or not permissions.can_work_on_case(request.actor):
        raise Http404
    form, status = RevokeForm(request.POST), 422
    if form.is_valid():
        try:
            again = actions.event_revoke(
                event_id=event.pk, reason=form.cleaned_data["reason"], by=request.actor, at=at
            )
            messages.success(request, _taken_back(again))
            return redirect("coordination:event_detail", event.pk)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
            status = 409 if isinstance(refused, Stale) else 422
    return _page(request, event, case, form, at, status=status)


def _page(
    request: Request,
    event: RunEvent,
    case: Case | None,
    form: RevokeForm,
    at: datetime,
    *,
    status: int,
) -> HttpResponse:
    audit.read("event_read", [event], by=request.actor, at=at, case_ids=[event.case_id])
    context = event_page(request, event, case, at) | {"form": form}
    return render(request, "coordination/event_detail.html", context, status=status)


def _label(version: Version, event: RunEvent) -> str:
    if event.act:
        return rows.act_label(version, event.act)
    return streams.kind_words(event) or _("What became known")


def _taken_back(again: list[Duty]) -> str:
    labels = ", ".join(rows.duty_label(duty) for duty in again)
    if not labels:
        return _("The entry was taken back.")
    return _("The entry was taken back. Owed again: %(duties)s") % {"duties": labels}


def event_page(
    request: Request, event: RunEvent, case: Case | None, at: datetime
) -> dict[str, Any]:
    version = version_of(event.run_id)
    revoked_by = RunEvent.objects.filter(revokes=event).select_related("organisation").first()
    label = _label(version, event)
    standing = event.kind in (RunEvent.Kind.ACT, RunEvent.Kind.FACT) and revoked_by is None
    works = permissions.can_work_on_case(request.actor)
    return {
        "event": event,
        "case": case,
        "label": label,
        "party": party_label(version.book, event.party),
        "who": streams.who_of(event),
        "present": [party_label(version.book, key) for key in event.present],
        "answers": answers.answers(version.book, event, request.actor, at),
        "revoked_by": revoked_by,
        "revoked_who": streams.who_of(revoked_by) if revoked_by else "",
        "may_revoke": case is not None and works and standing,
        "crumbs": crumbs(case, label) if case else [],
        "organisation_name": in_script(request.actor.organisation_name),
    }
