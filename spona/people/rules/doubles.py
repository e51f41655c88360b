"""Whether two records may be of one child: an explained score. A person decides what it means."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import log2

from spona.names import weighing
from spona.names.weighing import Traits, Waterfall, one_in, weigh
from spona.people.rules import Birth, Precision

# Nothing here is counted from the files, or the score would tell how many there are that one may
# not see. Assumed: a child who comes is one of a thousand files that one sees.
PRIOR = one_in(1_000)
# A double that nobody sees costs a child a guardian, a look in vain costs one click: whoever is
# one child as often as once in ten looks is shown.
SHOWN = log2(1 / 10)
MOST = 5
MOST_NAMES = 6  # of one person, each against each of the other
NO_BIRTH = Birth(None, Precision.UNKNOWN)

PRECISIONS = {
    Precision.DAY: weighing.Precision.DAY,
    Precision.MONTH: weighing.Precision.MONTH,
    Precision.YEAR: weighing.Precision.YEAR,
    Precision.ESTIMATED: weighing.Precision.ESTIMATED,
    Precision.UNKNOWN: weighing.Precision.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, from a form or a file; what is empty says nothing. `companions`
    are opaque identifiers of people who are known to be with him or her."""

    names: tuple[str, ...]
    birth: Birth = NO_BIRTH
    sex: str = ""
    citizenship: str = ""
    father: str = ""
    companions: frozenset[str] = frozenset()


def likeness(one: Known, other: Known) -> Waterfall:
    """The strongest that any two of their names say, with all else. Symmetric."""
    pairs = product(one.names[:MOST_NAMES] or ("",), other.names[:MOST_NAMES] or ("",))
    falls = (weigh(_traits(one, a), _traits(other, b), prior=PRIOR) for a, b in pairs)
    return max(falls, key=lambda fall: fall.total)


def _traits(known: Known, name: str) -> Traits:
    return Traits(
        given=name,
        father=known.father,
        sex="" if known.sex == "unknown" else known.sex,
        birth=weighing.Birth(known.birth.on, PRECISIONS[known.birth.precision]),
        citizenship=known.citizenship,
        companions=known.companions,
    )
