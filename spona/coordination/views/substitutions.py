"""Who stands in for whom."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.accounts import permissions
from spona.accounts.models import Organisation, Substitution
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.coordination import actions
from spona.coordination.forms.substitutions import SubstitutionForm


@signed_in
@require_GET
def substitution_list(request: Request) -> HttpResponse:
    """Of one's own institution: those of now and those to come."""
    actor, at = request.actor, timezone.localtime()
    organisation = _organisation(request)
    coming = Substitution.objects.visible_to(actor).standing().filter(until_at__gt=at)
    found = coming.select_related("absent", "substitute").order_by("from_at", "pk")
    may_end = permissions.can_plan_substitution
    context = {
        "now": at,
        "lines": [(one, may_end(actor, organisation, one.absent)) for one in found],
    }
    return render(request, "coordination/substitution_list.html", context)


@signed_in
def substitution_new(request: Request) -> HttpResponse:
    """Heads plan it for their colleagues, and anybody for oneself."""
    actor, at, organisation = request.actor, timezone.now(), _organisation(request)
    for_others = permissions.can_plan_substitutions(actor, organisation)
    typed = request.POST if request.method == "POST" else None
    form = SubstitutionForm(
        typed, organisation=organisation, by=actor, for_others=for_others, at=at
    )
    if form.is_valid() and _planned(form, organisation, actor, at):
        messages.success(request, _("The substitution is planned. It ends by itself."))
        return redirect("coordination:substitution_list")
    status = 422 if form.errors else 200
    return render(request, "coordination/substitution_new.html", {"form": form}, status=status)


def _planned(
    form: SubstitutionForm, organisation: Organisation, actor: Actor, at: datetime
) -> bool:
    """True if it was; the form says why not."""
    try:
        actions.substitution_plan(**form.cleaned_data, organisation=organisation, by=actor, at=at)
    except Refused as refused:
        form.add_error("substitute", str(refused.sentence))
    except ValidationError as overtaken:  # somebody else planned meanwhile
        form.add_error(None, " ".join(overtaken.messages))
    return form.is_valid()


@signed_in
@require_POST
def substitution_end(request: Request, pk: int) -> HttpResponse:
    mine = Substitution.objects.visible_to(request.actor)
    substitution = get_object_or_404(mine.select_related("organisation", "absent"), pk=pk)
    try:
        actions.substitution_end(substitution=substitution, by=request.actor, at=timezone.now())
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The substitution has ended, and access with it."))
    return redirect("coordination:substitution_list")


def _organisation(request: Request) -> Organisation:
    return get_object_or_404(Organisation, pk=request.actor.organisation_id)
