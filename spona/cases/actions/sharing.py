"""The one place where sharing is decided (trust.md P8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from spona.base import rls
from spona.cases.models import Case, LegalBasis
from spona.cases.rules.sharing import (
    OF_AGE,
    REPRESENTATIVES,
    RESTRICTED,
    Ground,
    justified_by,
)
from spona.people.models import Person


def decide(
    *, case_id: int, recipient_id: int, purpose: str, categories: Iterable[str], at: datetime
) -> dict[str, LegalBasis | None]:
    """On which line of the ledger each category may be shared with this institution for this
    purpose at that moment; none: it may not.

    Works in the engine room: it is asked for the recipient too, who sees no ledger.
    """
    with rls.engine_room():
        lines = {one.pk: one for one in LegalBasis.objects.filter(case_id=case_id, purpose=purpose)}
        person = Case.objects.select_related("person").get(pk=case_id).person
    grounds, of_age = [ground_of(one) for one in lines.values()], is_of_age(person, at)
    found: dict[str, LegalBasis | None] = {}
    for category in categories:
        ground = justified_by(
            grounds,
            purpose=purpose,
            recipient=recipient_id,
            category=category,
            at=at,
            of_age=of_age,
        )
        found[category] = lines[ground.id] if ground else None
    return found


def is_of_age(person: Person, at: datetime) -> bool:
    """Whether the person surely is: an age that is not known is a child's."""
    age = person.age_on(timezone.localdate(at))
    return age is not None and age >= OF_AGE


def ground_of(basis: LegalBasis) -> Ground:
    return Ground(
        id=basis.pk,
        kind=basis.kind,
        decision=basis.decision,
        purpose=basis.purpose,
        recipient=basis.recipient_id,
        categories=frozenset(basis.categories),
        from_at=basis.from_at,
        recorded_at=basis.recorded_at,
        consent_kind=basis.consent_kind,
        represented=basis.given_by in REPRESENTATIVES and basis.law != RESTRICTED,
        expires_at=basis.expires_at,
        withdrawn_at=basis.withdrawn_at,
    )
