"""The centres for social work that may be competent for a child, and why."""

from __future__ import annotations

from spona.accounts.models import Municipality, Organisation
from spona.directory.rules.competence import Proposal, competent


def competent_centres(
    *,
    found_in: Municipality | None = None,
    residence: Municipality | None = None,
    placement: Municipality | None = None,
) -> list[tuple[Organisation, Proposal]]:
    """Centres for social work with the ground of each, the best ground first; each centre once.

    A place without a centre in the directory has no line here, nor has a suspended centre. Empty
    is: nobody can be named; whoever was notified acts (`rules.competence.ACT_FIRST`).
    """
    towns = {town.key: town for town in (found_in, residence, placement) if town is not None}
    keys = (town.key if town else None for town in (found_in, residence, placement))
    found: dict[int, tuple[Organisation, Proposal]] = {}
    for proposal in competent(*keys):
        for centre in Organisation.objects.competent_for(towns[proposal.place]).order_by("key"):
            found.setdefault(centre.pk, (centre, proposal))
    return list(found.values())
