"""Synthetic encounters and cases, made as people make them: through the actions.

owner = person("duty_officer")
opened = case(owner)                       # acts as the owner and forgets it afterwards
with acting(owner): ...                    # the transaction of a request, as this person
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from spona.accounts.models import Membership, Organisation, User
from spona.accounts.tests.factories import MunicipalityFactory, person
from spona.base import rls
from spona.base.actor import CLOCK
from spona.cases import actions
from spona.cases.models import (
    Assessment,
    Case,
    CaseAccess,
    CaseParty,
    ClosureRequest,
    Encounter,
    Goal,
    Guardianship,
    Hearing,
    Interpreter,
    Interpreting,
    LegalBasis,
    Placement,
    Plan,
)
from spona.people.actions import PersonDraft

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
CHILD: PersonDraft = {
    "names": [{"given": "Sintetički", "family": "Dečak"}],
    "languages": [{"code": "prs", "is_main": True}],
}


@contextmanager
def acting(who: Membership, at: datetime = NOW) -> Iterator[None]:
    """What the middleware does around a request."""
    with rls.acting(who.actor(), at):
        yield


def encounter(worker: Membership, *, at: datetime = NOW, **fields: Any) -> Encounter:
    """A boy of about fifteen met on the road; every field may be said otherwise."""
    said: dict[str, Any] = {
        "kind": Encounter.Kind.CHILD,
        "occurred_at": at,
        "seen_where": "road",
        "age_said": 15,
        "language": "prs",
        "client_token": uuid.uuid4(),
    }
    with acting(worker, at):
        return actions.encounter_record(by=worker.actor(), at=at, **(said | fields))


def case(owner: Membership, *, at: datetime = NOW, **fields: Any) -> Case:
    """A case of the owner's organisation; `person` is a `PersonDraft`."""
    town = owner.organisation.municipality or MunicipalityFactory.create()
    said: dict[str, Any] = {"person": CHILD, "municipality": town, "synthetic": True}
    with acting(owner, at):
        return actions.case_open(
            by=owner.actor(), at=at, organisation=owner.organisation, **(said | fields)
        )


def access(
    to: Case,
    organisation: Organisation,
    user: User | None = None,
    *,
    basis: str = CaseAccess.Basis.HANDOVER,
    at: datetime = NOW,
    until: datetime | None = None,
) -> CaseAccess:
    """Access as a handover gives it."""
    with rls.acting(CLOCK, at):
        return actions.access_grant(
            case=to,
            organisation=organisation,
            user=user,
            basis=basis,
            by=CLOCK,
            at=at,
            until=until,
        )


def begin_placement(to: Case, who: Membership) -> Placement:
    return actions.placement_begin(
        case=to, kind="bed_tonight", by=who.actor(), at=NOW, place="sintetička kuća"
    )


def begin_guardianship(to: Case, who: Membership) -> Guardianship:
    return actions.guardianship_begin(
        case=to,
        kind="temporary",
        guardian=None,
        guardian_name="Sintetička Ana",
        guardian_phone="000-000-001",
        by=who.actor(),
        at=NOW,
    )


def propose_closing(of: Case, who: Membership, *, at: datetime = NOW) -> ClosureRequest:
    return actions.closure_propose(
        case=of,
        reason="reunited",
        summary="Dete je sa tetkom.",
        remains="Škola: tetka.",
        by=who.actor(),
        at=at,
    )


def close(of: Case, who: Membership) -> Case:
    """Proposed by a colleague, confirmed by `who`."""
    propose_closing(of, person("duty_officer", who.organisation))
    return actions.case_close(case=of, by=who.actor(), at=NOW)


def interpreter(who: Membership, *, at: datetime = NOW, **said: Any) -> Interpreter:
    """Somebody of the register who speaks Dari."""
    fields: dict[str, Any] = {
        "name": "Sintetička Laila",
        "languages": ["prs"],
        "reach": "both",
    } | said
    return actions.interpreter_add(draft=actions.InterpreterDraft(**fields), by=who.actor(), at=at)


def interpreting(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> Interpreting:
    """A talk by telephone, with an interpreter whom the child accepts."""
    fields: dict[str, Any] = {
        "language": "prs",
        "mode": "phone",
        "held_at": at,
        "purpose": "prvi razgovor",
        "name": "Sintetička Laila",
        "child": "accepted",
    } | said
    draft = actions.InterpretingDraft(**fields)
    return actions.interpreting_record(case=of, draft=draft, by=who.actor(), at=at)


def assessment(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> Assessment:
    """The first one: the child is safe tonight and needs a physician."""
    fields: dict[str, Any] = {
        "kind": "initial",
        "made_at": at,
        "answers": {"safe_tonight": True, "doctor_today": True, "wishes": "da zove brata"},
        "interpretation": "not_needed",
    } | said
    return actions.assessment_record(case=of, by=who.actor(), at=at, **fields)


def plan(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> Plan:
    fields: dict[str, Any] = {
        "aim": "Da dete krene u školu.",
        "child_view": "Želi da uči.",
        "next_review_on": (at + timedelta(days=30)).date(),
    } | said
    return actions.plan_write(case=of, by=who.actor(), at=at, **fields)


def goal(of: Plan, who: Membership, *, at: datetime = NOW, **said: Any) -> Goal:
    fields: dict[str, Any] = {
        "what": "upis u školu",
        "person": "Sintetička Vera",
        "due_on": (at + timedelta(days=10)).date(),
        "known_by": "potvrda škole",
    } | said
    return actions.goal_set(plan=of, by=who.actor(), at=at, **fields)


def lawyer(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> CaseParty:
    fields: dict[str, Any] = {
        "kind": "lawyer",
        "name": "Sintetički Advokat",
        "hears_of_hearings": True,
    } | said
    draft = actions.PartyDraft(**fields)
    return actions.case_party_add(case=of, draft=draft, by=who.actor(), at=at)


def hearing(of: Case, who: Membership, *, at: datetime = NOW) -> Hearing:
    then = at + timedelta(days=3)
    return actions.hearing_add(
        case=of, held_at=then, before_whom="sintetički sud", by=who.actor(), at=at
    )


def basis(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> LegalBasis:
    """Vital interest: somebody has to know of the child's needs, for thirty days."""
    fields: dict[str, Any] = {
        "kind": "vital_interest",
        "purpose": "protection",
        "categories": ["needs"],
        "law": "vital_interest",
        "note": "Dete je samo na putu.",
        "expires_at": at + timedelta(days=30),
    } | said
    draft = actions.BasisDraft(**fields)
    return actions.basis_record(case=of, draft=draft, by=who.actor(), at=at)


def consent(of: Case, who: Membership, *, at: datetime = NOW, **said: Any) -> LegalBasis:
    """The guardian consents, for thirty days; `recipient` has to be said."""
    fields: dict[str, Any] = {
        "kind": "consent",
        "consent_kind": "data",
        "given_by": "guardian",
        "explained": True,
        "child_view": "agrees",
        "law": "",
        "note": "",
    } | said
    return basis(of, who, at=at, **fields)
