"""Which centre for social work is competent: proposals with their ground, never a verdict.

Only one of them was read in a source (UASC-02a). Whoever has the child in front of them acts first;
who is competent is settled afterwards, between centres and not over the child.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spona.directory.rules import Words

RULE = "UASC-02a"
READ, LOCAL = "read", "local"

ACT_FIRST = Words(
    "Prvo se postupa, o nadležnosti se raspravlja posle: centar koji je obavešten postupa dok "
    "drugi centar ne potvrdi da preuzima.",
    "Act first, dispute later: the centre that was notified acts until another confirms that it "
    "takes over.",
)


class Ground(StrEnum):
    """Which place speaks for a centre."""

    FOUND_HERE = "found_here"
    RESIDENCE = "residence"
    PLACEMENT = "placement"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The centre of `place` (key of a municipality). `rule` is empty where no norm was found;
    `verified` is the badge of this proposal, `read` or `local`."""

    place: str
    ground: Ground
    rule: str
    verified: str
    words: Words


FOUND_WORDS = Words(
    "Nadležan je centar za socijalni rad mesta u kome je dete nađeno, jer dete nema utvrđeno "
    "prebivalište ni boravište ili se za njih ne zna.",
    "The centre for social work of the place where the child was found is competent, because the "
    "child has no established domicile or residence, or none is known.",
)
FOUND_BUT_RESIDES_WORDS = Words(
    "Ovde je dete nađeno. Pravilo o mestu nalaska odnosi se na dete bez utvrđenog prebivališta i "
    "boravišta, a ovo dete ga ima: ovaj centar postupa odmah, dok drugi ne potvrdi da preuzima.",
    "The child was found here. The rule on the place of finding is about a child without "
    "established domicile or residence, and this child has one: this centre acts at once, until "
    "another confirms that it takes over.",
)
RESIDENCE_WORDS = Words(
    "Dete ovde ima utvrđeno prebivalište ili boravište. Propis o tome nije pročitan: predlog važi "
    "kao dogovor, i do preuzimanja postupa centar koji je obavešten.",
    "The child has an established domicile or residence here. No regulation on this was read: the "
    "proposal stands as an agreement, and until it takes over the centre that was notified acts.",
)
PLACEMENT_WORDS = Words(
    "Dete je ovde smešteno. Propis o tome nije pročitan: centri se dogovaraju o ustupanju, a do "
    "preuzimanja postupa dosadašnji centar.",
    "The child is placed here. No regulation on this was read: the centres agree on a handover, "
    "and until it is taken over the present centre acts.",
)


def competent(
    found_in: str | None, residence: str | None, placement: str | None
) -> tuple[Proposal, ...]:
    """Places whose centre may be competent, the best ground first; each place once.

    Arguments are keys of municipalities, `None` where unknown or none. An unknown residence counts
    as none, so that somebody acts tonight (UASC-02a, read). Nothing known gives no proposal: then
    only `ACT_FIRST` holds.
    """
    found = _found(found_in, resides=residence is not None) if found_in else None
    resides = _agreed(residence, Ground.RESIDENCE, RESIDENCE_WORDS) if residence else None
    placed = _agreed(placement, Ground.PLACEMENT, PLACEMENT_WORDS) if placement else None
    by_place: dict[str, Proposal] = {}
    for proposal in (resides, found, placed):
        if proposal is not None:
            by_place.setdefault(proposal.place, proposal)
    return tuple(by_place.values())


def _found(place: str, *, resides: bool) -> Proposal:
    if resides:
        return _agreed(place, Ground.FOUND_HERE, FOUND_BUT_RESIDES_WORDS)
    return Proposal(place, Ground.FOUND_HERE, RULE, READ, FOUND_WORDS)


def _agreed(place: str, ground: Ground, words: Words) -> Proposal:
    return Proposal(place, ground, "", LOCAL, words)
