"""Synthetic encounters and cases, made as people make them: through the actions.

owner = person("duty_officer")
opened = case(owner)                       # acts as the owner and forgets it afterwards
with acting(owner): ...                    # the transaction of a request, as this person
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from spona.accounts.models import Membership, Organisation, User
from spona.accounts.tests.factories import MunicipalityFactory
from spona.base import rls
from spona.base.actor import CLOCK
from spona.cases import actions
from spona.cases.models import Case, CaseAccess, Encounter, Guardianship, Placement
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
    basis: str = CaseAccess.Basis.REFERRAL,
    at: datetime = NOW,
    until: datetime | None = None,
) -> CaseAccess:
    """Access as an accepted referral gives it."""
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
