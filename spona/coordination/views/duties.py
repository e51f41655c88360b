"""One duty: what, why, by when, what if not; what one may know of the child; what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.base.http import Request, signed_in
from spona.base.parts import Act, Fact
from spona.base.script import in_script, written_language
from spona.cases import codes
from spona.cases.models import Case, Encounter
from spona.conduct import text
from spona.coordination import actions, permissions
from spona.coordination.actions.cards import Card, Contact, card_of
from spona.coordination.forms.duties import ObstacleForm
from spona.coordination.models import Duty, Notification
from spona.coordination.models.run import seen_through_cases
from spona.coordination.views import rows, telling
from spona.coordination.views.matters import matters
from spona.people.models import Person


@signed_in
@require_GET
def duty_detail(request: Request, number: str) -> HttpResponse:
    """For whoever owes the duty, and for those who work on its case."""
    at = timezone.now()
    return _page(request, _duty(request.actor, number, at), at)


@signed_in
@require_GET
def duty_open(request: Request, number: str) -> HttpResponse:
    """Where the link of a mail leads after signing in: the referral or the handover that the duty
    is about, else the duty."""
    at = timezone.now()
    duty = _duty(request.actor, number, at)
    matter = matters([duty.run_id], request.actor, at).get(duty.run_id)
    return redirect(matter.href) if matter else redirect("coordination:duty_detail", number)


@signed_in
@require_POST
def obstacle_add(request: Request, number: str) -> HttpResponse:
    """*Cannot*: stays owed, goes up, and is not lateness."""
    at = timezone.now()
    duty = _duty(request.actor, number, at)
    case = Case.objects.visible_to(request.actor, at).filter(pk=duty.case_id or 0)
    if not permissions.can_say_cannot(request.actor, duty, works_on_case=case.exists()):
        raise Http404
    form = ObstacleForm(request.POST)
    if not form.is_valid():
        return _page(request, duty, at, form, 422)

    def record() -> None:
        actions.obstacle_record(duty=duty, by=request.actor, at=at, **form.cleaned_data)

    return _done(request, duty, at, record, form)


@signed_in
@require_POST
def obstacle_overcome(request: Request, number: str) -> HttpResponse:
    at = timezone.now()
    duty = _duty(request.actor, number, at)

    def overcome() -> None:
        actions.obstacle_overcome(duty=duty, by=request.actor, at=at)

    return _done(request, duty, at, overcome, ObstacleForm())


def _done(
    request: Request, duty: Duty, at: datetime, do: Callable[[], None], form: ObstacleForm
) -> HttpResponse:
    try:
        do()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        sentence = str(refused.sentence)
        return _page(request, _duty(request.actor, duty.number, at), at, form, 409, sentence)
    return redirect("coordination:duty_detail", duty.number)


def _duty(actor: Actor, number: str, at: datetime) -> Duty:
    """Of one's own institution: what is owed by it as such or by oneself, not by a colleague."""
    mine = Q(user=None) | Q(user_id=actor.user_id) | seen_through_cases(actor, at)
    found = Duty.objects.visible_to(actor, at).filter(mine)
    with_words = found.select_related("version", "organisation", "user", "case__person")
    duty = get_object_or_404(with_words, number=number)
    case = Case.objects.visible_to(actor, at).filter(pk=duty.case_id or 0).first()
    works = case is not None
    sensitive = any(duty.version.book.acts[act].sensitive for act in duty.acts)
    if not permissions.can_answer(actor, works_on_case=works, inside=duty.inside):
        raise Http404
    if sensitive and not permissions.can_see_duty(actor, duty, case, at):
        raise Http404
    return duty


def _page(
    request: Request,
    duty: Duty,
    at: datetime,
    form: ObstacleForm | None = None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    actor = request.actor
    case = Case.objects.visible_to(actor, at).filter(pk=duty.case_id or 0).first()
    context = _words(duty, actor, at) | {
        "case": case,
        "matter": matters([duty.run_id], actor, at).get(duty.run_id),
        "decided": actions.decision_words(duty=duty, by=actor, at=at),
        "carried": _carried(duty, actor, at),
        "facts": _card_facts(duty, actor, at) if case is None else [],
        "acts": _acts(duty, actor, case is not None) if duty.state == Duty.State.OWED else [],
        "form": form or ObstacleForm(),
        "may_say_cannot": permissions.can_say_cannot(actor, duty, works_on_case=case is not None),
        "refusal": refusal,
    }
    if case is not None:
        audit.read("duty_read", [duty], by=actor, at=at, case_ids=[case.pk])
    return render(request, "coordination/duty_detail.html", context, status=status)


def _carried(duty: Duty, actor: Actor, at: datetime) -> str:
    """Which duty goes on as this one, as far as the reader may know it."""
    first = actions.carried_from(duty=duty, by=actor, at=at)
    return rows.duty_label(first) if first else ""


def _words(duty: Duty, actor: Actor, at: datetime) -> dict[str, Any]:
    rule = rows.rule_of(duty)
    language = written_language()
    what_if = text.what_if(duty.version.book, rule, duty.due_at, language) if rule else ""
    obstacle = duty.obstacles.filter(overcome_at=None).first() if duty.obstacle else None
    return {
        "duty": duty,
        "now": at,
        "label": rows.duty_label(duty),
        "state": rows.state(duty, at),
        "why": rows.why_owed(duty),
        "what_if": in_script(what_if) if duty.state == Duty.State.OWED else "",
        "rule_href": rows.rule_url(duty.version, duty.rule) if duty.rule else "",
        "verified": rule.badge.text if rule else "",
        "child": rows.child_words(duty.case, actor, at),
        "obstacle": obstacle,
        "obstacle_word": str(codes.obstacles()[duty.obstacle]) if duty.obstacle else "",
    }


# --- what can be done

ON_A_PAGE_OF_ITS_OWN = {"csr_notified": "encounter_detail", "csr_confirmed": "notification_detail"}


def _acts(duty: Duty, actor: Actor, works: bool) -> list[Act]:
    """One button for each act of which one is owed; acts of others are recorded for them."""
    mine = duty.organisation_id == actor.organisation_id
    if not (mine or works):
        return []
    pages = _own_pages(duty, actor)
    alone = _("Do it now") if mine else _("Record it for them")
    return [
        Act(
            label=alone if len(duty.acts) == 1 else rows.act_label(duty.version, act),
            href=pages.get(act) or reverse("coordination:act_new", args=[duty.run_id, act]),
            primary=mine and index == 0,
        )
        for index, act in enumerate(duty.acts)
    ]


def _own_pages(duty: Duty, actor: Actor) -> dict[str, str]:
    """The call and the taking over are done where the notification stands."""
    if not ON_A_PAGE_OF_ITS_OWN.keys() & set(duty.acts):
        return {}
    notification = Notification.objects.visible_to(actor).filter(run_id=duty.run_id).first()
    if notification is None:
        return {}
    pages = {"csr_confirmed": reverse("coordination:notification_detail", args=[notification.pk])}
    if Encounter.objects.visible_to(actor).filter(pk=notification.encounter_id).exists():
        place = [notification.encounter_id]
        pages["csr_notified"] = reverse("coordination:encounter_detail", args=place)
    return pages


# --- what one may know of the child


def _card_facts(duty: Duty, actor: Actor, at: datetime) -> list[Fact]:
    """The card in words, in the order in which it is needed on the telephone."""
    card = card_of(duty=duty, by=actor, at=at)
    lines = [
        (_("First name"), card.first_name),
        (_("Names"), "; ".join(card.names)),
        (_("Age"), card.age),
        (_("Sex"), str(Person.Sex(card.sex).label) if card.sex else ""),
        (_("Languages"), ", ".join(_language(code) for code in card.languages)),
        (_("Last seen"), _moment(card.last_seen)),
    ]
    facts = [Fact(label, value) for label, value in lines if value]
    return facts + _contacts(card)


def _contacts(card: Card) -> list[Fact]:
    facts = [Fact(_("Whom to call"), _person(card.contact))] if card.contact else []
    if "guardian" in card.fields:
        nobody = _("No guardian is appointed yet.")
        facts.append(Fact(_("Guardian"), _person(card.guardian) if card.guardian else nobody))
    return facts


def _person(contact: Contact) -> str:
    words = (in_script(contact.organisation), in_script(contact.name), contact.phone)
    return ", ".join(word for word in words if word)


def _language(code: str) -> str:
    known = codes.languages()
    return str(known[code]) if code in known else code


def _moment(written: str) -> str:
    """A moment as a form kept it, local where it says no zone; other words as they are."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return in_script(written)
    return telling.when(at if at.tzinfo else timezone.make_aware(at))
