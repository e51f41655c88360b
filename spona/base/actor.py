"""Who acts: the one value that permissions, actions and row security know about a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reach = Literal["own", "organisation"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in one organisation, the clock, or nobody.

    `reach` says whether the person sees only the cases given to him or her, or all cases on which
    the organisation works (a head of service, a duty officer). Names are kept as they were, for
    the audit, which must be readable when the account is gone.
    """

    user_id: int | None = None
    organisation_id: int | None = None
    roles: frozenset[str] = frozenset()
    reach: Reach = "own"
    name: str = ""
    organisation_name: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    def has(self, *roles: str) -> bool:
        """True if the person holds any of the roles."""
        return not self.roles.isdisjoint(roles)


NOBODY = Actor()
CLOCK = Actor(name="clock", roles=frozenset({"clock"}))
