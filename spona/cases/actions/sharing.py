"""The one place where sharing is decided (trust.md P8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from spona.base import rls
from spona.cases.models import LegalBasis
from spona.cases.rules.sharing import Ground, justified_by


def decide(
    *, case_id: int, recipient_id: int, purpose: str, categories: Iterable[str], at: datetime
) -> dict[str, LegalBasis | None]:
    """On which line of the ledger each category may be shared with this institution for this
    purpose at that moment; none: it may not.

    Works in the engine room: it is asked for the recipient too, who sees no ledger.
    """
    with rls.engine_room():
        lines = {one.pk: one for one in LegalBasis.objects.filter(case_id=case_id, purpose=purpose)}
    grounds = [ground_of(one) for one in lines.values()]
    found: dict[str, LegalBasis | None] = {}
    for category in categories:
        ground = justified_by(
            grounds, purpose=purpose, recipient=recipient_id, category=category, at=at
        )
        found[category] = lines[ground.id] if ground else None
    return found


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
        expires_at=basis.expires_at,
        withdrawn_at=basis.withdrawn_at,
    )
