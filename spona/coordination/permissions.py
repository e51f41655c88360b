"""Who may record what in a run. Which rows a person reaches at all is row security's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from spona.accounts.roles import ROLES, May, allows
from spona.base.actor import Actor
from spona.cases.models import Case, Encounter
from spona.cases.permissions import can_run
from spona.cases.permissions import can_see_sensitive as can_see_sensitive
from spona.cases.permissions import can_take_sensitive_away as can_take_sensitive_away
from spona.cases.permissions import sensitive_cases as sensitive_cases
from spona.conduct.book import Act
from spona.coordination.models import BlindMatch, Referral


class Bound(Protocol):
    """Who stands for a party."""

    organisation_id: int | None
    user_id: int | None


def can_record_encounter(actor: Actor) -> bool:
    return allows(actor.roles, May.RECORD_ENCOUNTERS)


def can_claim(actor: Actor, recipient_id: int) -> bool:
    """Somebody of the centre that was notified, whose role is to take over."""
    return actor.organisation_id == recipient_id and allows(actor.roles, May.CLAIM_NOTIFICATIONS)


def can_work_on_case(actor: Actor) -> bool:
    return allows(actor.roles, May.WORK_ON_CASES)


def can_open_case(actor: Actor) -> bool:
    """The pages of a case are for who works on cases or answers for the institution; others to
    whom something is addressed see the act and never the case (trust.md P19)."""
    return can_work_on_case(actor) or allows(actor.roles, May.SEE_WHOLE_ORGANISATION)


def can_answer(actor: Actor, *, works_on_case: bool, inside: bool) -> bool:
    """What is addressed to an institution is for those who act for it and for who sees its case;
    of those who see only their own cases nobody answers in the case of a colleague. `inside`: the
    matter is one of the institution's own cases (`Run.is_inside`)."""
    if works_on_case:
        return True
    colleague = inside and actor.reach == "own" and can_work_on_case(actor)
    return allows(actor.roles, May.ACT_FOR_PARTY) and not colleague


def can_see_duty(actor: Actor, duty: Bound, case: Case | None, at: datetime) -> bool:
    """Of what is restricted a duty is seen by whoever owes it and acts for the institution, and by
    those who see the restricted part of the case; none where they do not see the case."""
    if case is not None and can_see_sensitive(actor, case, at):
        return True
    return _stands_for(actor, duty) and allows(actor.roles, May.ACT_FOR_PARTY)


def can_refer(actor: Actor, case: Case) -> bool:
    """Whoever works on a case that he or she sees refers the person to a service, and decides
    which fields go along."""
    return can_work_on_case(actor)


def can_open_referral(actor: Actor, referral: Referral) -> bool:
    """On the side of the recipient: those who act for the institution, not who keeps its house."""
    to_us = actor.organisation_id == referral.recipient_id and referral.sent_at is not None
    return to_us and allows(actor.roles, May.ACT_FOR_PARTY)


def can_write_in_thread(actor: Actor, referral: Referral, *, works_on_case: bool) -> bool:
    """Either side: those who act for the institution asked, and those who work on the case."""
    return can_open_referral(actor, referral) or (works_on_case and can_work_on_case(actor))


def can_ask(actor: Actor) -> bool:
    """Whoever meets children or works on their cases may ask whether others know one of them."""
    return can_record_encounter(actor) or can_work_on_case(actor)


def can_ask_from_case(actor: Actor, case: Case) -> bool:
    """About the child of a case of one's own institution, which one runs."""
    return can_run(actor, case)


def can_ask_from_encounter(actor: Actor, encounter: Encounter) -> bool:
    """About a child whom one's own institution met."""
    own = encounter.organisation_id == actor.organisation_id
    child = encounter.kind == Encounter.Kind.CHILD
    return own and child and can_record_encounter(actor)


def can_decide_match(actor: Actor, match: BlindMatch) -> bool:
    """Whoever runs the case that was found; never somebody of the institution that asks."""
    return match.asker_id != actor.organisation_id and can_run(actor, match.case)


def can_import(actor: Actor, organisation_id: int) -> bool:
    """Whoever may open cases and sees all of the institution, so that no case is opened twice."""
    own = actor.organisation_id == organisation_id and actor.reach == "organisation"
    return own and can_work_on_case(actor) and allows(actor.roles, May.CLAIM_NOTIFICATIONS)


def can_export(actor: Actor, organisation_id: int) -> bool:
    """Take all cases of the institution away as a file: who answers for it."""
    own = actor.organisation_id == organisation_id
    return own and actor.has("head_of_service", "director")


def can_migrate(actor: Actor) -> bool:
    """Decide under which version of the rules the institution's running matters go on: whoever
    answers for its work and sees all of it."""
    return actor.has("head_of_service") and actor.reach == "organisation"


def can_see_what_goes_up(actor: Actor) -> bool:
    return allows(actor.roles, May.RECEIVE_WHAT_GOES_UP)


def party_of(actor: Actor, act: Act, bound: Mapping[str, Bound]) -> str | None:
    """As which party this person does the act: one named by the act to which he or she, or the
    institution as such, is bound; `anyone` where the act is anyone's; none otherwise, and for
    those who do not act for their institution (a director, an administrator)."""
    named = (act.on_behalf, *act.by) if act.on_behalf else act.by
    if not allows(actor.roles, May.ACT_FOR_PARTY):
        return None
    for party in named:
        if party in bound and _stands_for(actor, bound[party]):
            return party
    return "anyone" if act.by_anyone else None


def _stands_for(actor: Actor, bound: Bound) -> bool:
    if bound.organisation_id != actor.organisation_id:
        return False
    return bound.user_id is None or bound.user_id == actor.user_id


def is_among(actor: Actor, bound: Iterable[Bound]) -> bool:
    """The actor's institution stands for some party of the run: what anyone may do, is for those
    who have to do with the child, and not for whoever guesses a number."""
    return any(each.organisation_id == actor.organisation_id for each in bound)


def can_record_for_others(actor: Actor, *, works_on_case: bool) -> bool:
    """By proxy, with the source of knowledge: only those who work on the case."""
    return works_on_case and can_work_on_case(actor)


def can_say_cannot(actor: Actor, duty: Bound, *, works_on_case: bool) -> bool:
    """Whoever owes the duty, or works on the case."""
    owes = _stands_for(actor, duty) and allows(actor.roles, May.ACT_FOR_PARTY)
    return owes or (works_on_case and can_work_on_case(actor))


def can_see_own_figures(actor: Actor) -> bool:
    """Who answers for an institution and sees all that it works on."""
    may = allows(actor.roles, May.SEE_RULES_AND_FIGURES)
    return may and allows(actor.roles, May.SEE_WHOLE_ORGANISATION)


def can_see_network_figures(actor: Actor) -> bool:
    """The coordinator: all institutions together by rule, and what has gone up; no child."""
    return any(ROLES[key].level == "coordinator" for key in actor.roles if key in ROLES)
