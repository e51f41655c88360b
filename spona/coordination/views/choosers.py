"""Whom and where one may choose on the form of an act, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.accounts.models import Membership
from spona.base.actor import Actor
from spona.base.script import in_script, said
from spona.cases.models import Case
from spona.coordination.actions.looking import ActLook, children_of
from spona.coordination.forms.acts_fields import Chooser
from spona.coordination.models import Binding, RunEvent
from spona.directory.models import Centre
from spona.directory.rules import Met, Option, Placement, Words, placement_options
from spona.names.order import sort_key

# Which placement of the rule the beds of a kind of centre belong to.
OF_KIND = {
    Centre.Kind.ASYLUM: Placement.ASYLUM_CENTRE,
    Centre.Kind.SOCIAL: Placement.CHILDREN_INSTITUTION,
    Centre.Kind.HOSPITAL: Placement.HEALTH_INSTITUTION,
    Centre.Kind.FOSTER: Placement.FOSTER_FAMILY,
}
NEVER = (Centre.Kind.DETENTION, Centre.Kind.POLICE)  # held, not sheltered


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A placement of the rule with its condition in words."""

    words: str
    open: bool
    first: bool
    met: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form and the page of an act need to ask for a person or a place."""

    chooser: Chooser
    options: tuple[OptionLine, ...] = ()
    deviation: Mapping[str, str] | None = None


def choice_of(look: ActLook, case: Case | None, by: Actor, at: datetime) -> Choice:
    """Only what the form asks for is looked up."""
    types = {question.type for question in look.act.form}
    persons = _persons(look, case, by) if "person" in types else ([], {})
    if "place" not in types:
        return Choice(Chooser(persons[0], (), persons[1]))
    places, answers, kinds = _places(at)
    options = _options(look, case, at)
    return Choice(
        Chooser(persons[0], places, persons[1] | answers),
        tuple(OptionLine(_said(o.words), o.open, o.prefers, met_word(o.met)) for o in options),
        {} if look.act.protective else _deviation(options, kinds),
    )


# --- persons


def _persons(
    look: ActLook, case: Case | None, by: Actor
) -> tuple[list[tuple[str, str]], dict[str, Mapping[str, Any]]]:
    if look.act.records == "guardianship_end" and case is not None:
        return _in_office(case)
    found = (
        Membership.objects.active()
        .with_role("guardian")
        .filter(Q(organisation_id=by.organisation_id) | ~Q(organisation__type__code="CSR"))
        .select_related("user", "organisation")
    )
    members = sorted(
        {one.user_id: one for one in found}.values(), key=lambda m: sort_key(m.user.name)
    )
    counts = children_of(member.user_id for member in members)
    house = _facility_of(look, case)
    choices, answers = [], {}
    for member in members:
        value = str(member.user_id)
        words = _guardian(member, counts.get(member.user_id, 0), case, house)
        choices.append((value, words))
        answers[value] = _answer(member.user_id, member.user.name, member.user.phone)
    return choices, answers


def _in_office(case: Case) -> tuple[list[tuple[str, str]], dict[str, Mapping[str, Any]]]:
    """The guardians of this child now."""
    current = list(case.guardianships.filter(until_at=None).order_by("from_at"))
    choices = [(f"office-{one.pk}", in_script(one.guardian_name)) for one in current]
    answers = {
        f"office-{one.pk}": _answer(one.guardian_id, one.guardian_name, one.guardian_phone)
        for one in current
    }
    return choices, answers


def _answer(user_id: int | None, name: str, phone: str) -> Mapping[str, Any]:
    known = {"name": name, "phone": phone}
    return {"user": user_id} | known if user_id else known


def _guardian(member: Membership, children: int, case: Case | None, house: int | None) -> str:
    """Name, institution, how many children, and what to think about before choosing."""
    parts = [
        str(member.user),
        str(member.organisation),
        ngettext("%(n)d child now", "%(n)d children now", children) % {"n": children},
    ]
    if case is not None and case.lead_id == member.user_id:
        parts.append(_("leads this case: think whether both is right"))
    if house is not None and house == member.organisation_id:
        parts.append(_("works where the child stays: think whether both is right"))
    return " · ".join(parts)


def _facility_of(look: ActLook, case: Case | None) -> int | None:
    if case is None:
        return None
    current = Binding.objects.current().filter(run=look.run_id, party="facility")
    return current.values_list("organisation_id", flat=True).first()


# --- places


def _places(
    at: datetime,
) -> tuple[list[tuple[str, Any]], dict[str, Mapping[str, Any]], dict[str, str]]:
    """Places in use today; those of which it is unknown apart: telephone first."""
    today = timezone.localdate(at)
    possible = Centre.objects.possible_on(today).exclude(kind__in=NEVER)
    centres = possible.select_related("organisation").prefetch_related("operations")
    found = sorted(centres, key=lambda one: sort_key(str(one)))
    operating = {one.pk for one in found if one.operation_on(today) == "operating"}
    groups = [
        (_("In use today"), _lines(one for one in found if one.pk in operating)),
        (
            _("Telephone first: not known whether in use"),
            _lines(one for one in found if one.pk not in operating),
        ),
    ]
    answers: dict[str, Mapping[str, Any]] = {str(one.pk): {"centre": one.pk} for one in found}
    return [group for group in groups if group[1]], answers, {str(c.pk): c.kind for c in found}


def _lines(centres: Iterable[Centre]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one} · {one.get_kind_display()}") for one in centres]


def _options(look: ActLook, case: Case | None, at: datetime) -> tuple[Option, ...]:
    """The options of the rule of placement for this child; none where the case is hidden."""
    if case is None or look.act.records != "placement":
        return ()
    lodged = RunEvent.objects.filter(
        run=look.run_id, act="application_lodged", kind="act", revoked_by=None
    ).exists()
    hospital = case.runs.values_list("facts", flat=True).get(pk=look.run_id)
    return placement_options(
        age=case.person.age_on(timezone.localdate(at)),
        application_lodged=lodged,
        health_needs_hospital=hospital.get("health_needs_hospital"),
    )


def _deviation(options: Iterable[Option], kinds: Mapping[str, str]) -> dict[str, str]:
    """Why a place departs from the rule, by its number: nothing is blocked, a reason is asked."""
    closed = {option.placement: _said(option.words) for option in options if not option.open}
    return {
        number: closed[OF_KIND[Centre.Kind(kind)]]
        for number, kind in kinds.items()
        if OF_KIND.get(Centre.Kind(kind)) in closed
    }


def _said(words: Words) -> str:
    return said({"sr-latn": words.sr_latn, "en": words.en})


def met_word(met: str) -> str:
    """Whether the condition of an option holds, in a word."""
    return {
        Met.YES: _("condition met"),
        Met.NO: _("condition not met"),
        Met.UNKNOWN: _("condition not known"),
        Met.NONE: _("no condition"),
    }[Met(met)]
