"""What the layout of every page says about the person who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from spona.base.actor import NOBODY, Actor
from spona.base.parts import Link
from spona.base.script import in_script
from spona.cases import permissions as case_permissions
from spona.coordination import permissions


def frame(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the institution, the menu, and whether a meeting may be recorded."""
    actor: Actor = getattr(request, "actor", NOBODY)
    if not actor.is_signed_in:
        return {}
    return {
        "organisation_name": in_script(actor.organisation_name),
        "may_record": permissions.can_record_encounter(actor),
        "menu_links": _links(actor),
    }


def _links(actor: Actor) -> list[Link]:
    links = [Link(_("My duties"), reverse("home:desk"))]
    if permissions.can_record_encounter(actor):
        links.append(Link(_("Encounters"), reverse("coordination:encounter_list")))
    if permissions.can_work_on_case(actor):
        links.append(Link(_("Cases"), reverse("coordination:case_list")))
        links.append(Link(_("Handovers"), reverse("coordination:handover_list")))
    if permissions.can_answer(actor, works_on_case=False, inside=False):
        links.append(Link(_("Referrals to us"), reverse("coordination:referral_list")))
    if permissions.can_ask(actor):
        links.append(Link(_("Queries sent"), reverse("coordination:query_list")))
    if case_permissions.can_keep_interpreters(actor):
        links.append(Link(_("Interpreters"), reverse("cases:interpreter_list")))
    return [
        *links,
        Link(_("Services"), reverse("directory:service_list")),
        Link(_("Rules of conduct"), reverse("protocols:version_list")),
        Link(_("Notices"), reverse("home:notice_list")),
        Link(_("People"), reverse("accounts:people_list")),
        Link(_("Duty roster"), reverse("accounts:roster")),
        Link(_("Substitutions"), reverse("coordination:substitution_list")),
        Link(_("Calendar of my duties"), reverse("home:calendar")),
        *_figures(actor),
        *_running(actor),
    ]


def _running(actor: Actor) -> list[Link]:
    if not permissions.can_migrate(actor):
        return []
    return [Link(_("Running matters and new rules"), reverse("coordination:migration_list"))]


def _figures(actor: Actor) -> list[Link]:
    if permissions.can_see_own_figures(actor):
        return [Link(_("Figures"), reverse("home:figures"))]
    if permissions.can_see_network_figures(actor):
        return [Link(_("Figures"), reverse("home:figures_network"))]
    return []
