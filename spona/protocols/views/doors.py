"""Which draft a page is about, for whom, and the doors from one page of it to the others."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.base.http import Request
from spona.base.parts import Link
from spona.protocols import permissions
from spona.protocols.models import Consultation, Draft

STATES = {
    "draft": gettext_lazy("being written"),
    "consulted": gettext_lazy("opinions are being asked"),
    "signed": gettext_lazy("signed"),
    "published": gettext_lazy("published"),
    "abandoned": gettext_lazy("no longer worked on"),
}


def shown(request: Request, pk: int) -> Draft:
    """A draft that this person may see; anything else is not there."""
    seen = Draft.objects.visible_to(request.actor)
    related = seen.select_related("organisation", "author", "based_on", "version")
    return get_object_or_404(related, pk=pk)


def written(request: Request, pk: int) -> Draft:
    """A draft that this person writes."""
    draft = shown(request, pk)
    if not permissions.can_write(request.actor, draft):
        raise Http404
    return draft


def asked(request: Request, draft: Draft) -> Consultation | None:
    """What this person's institution was asked, if he or she speaks for it."""
    home = request.actor.organisation_id or 0
    found = draft.consultations.filter(organisation_id=home).select_related("organisation").first()
    return found if found and permissions.can_give_opinion(request.actor, found) else None


def typed(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def put(form: forms.Form, name: str, value: str) -> None:
    """A hidden field of a form that comes back takes what is true now; what was typed stays."""
    data: Any = form.data
    form.data = data.copy()
    cast(Any, form.data)[name] = value


def frame(request: Request, draft: Draft, current: str) -> dict[str, Any]:
    """What every page of a draft shows: its name, its state, the other pages."""
    mine = permissions.can_write(request.actor, draft)
    return {
        "draft": draft,
        "state": STATES[draft.state],
        "may_write": mine and draft.is_written,
        "is_mine": mine,
        "tabs": _tabs(request, draft, current, mine),
        "crumbs": [
            Link(_("Rules of conduct"), reverse("protocols:version_list")),
            Link(_("Drafts"), reverse("protocols:draft_list")),
            Link(str(draft)),
        ],
    }


def _tabs(request: Request, draft: Draft, current: str, mine: bool) -> list[Link]:
    doors = [("draft_detail", _("Table"))]
    if mine:
        doors.append(("draft_text", _("Text")))
    if draft.based_on_id:
        doors.append(("draft_compare", _("What changes")))
    doors.append(("draft_try", _("Try it")))
    if asked(request, draft):
        doors.append(("opinion_give", _("Our opinion")))
    if mine or permissions.can_publish(request.actor):
        doors.append(("draft_consult", _("Opinions")))
    doors.append(("draft_sign", _("Signature and publication")))
    return [
        Link(label, reverse(f"protocols:{name}", args=[draft.pk]), name == current)
        for name, label in doors
    ]
