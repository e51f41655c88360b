"""How much it says that two records share a name: little for Muhamed, much for a rare one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import log2

from spona.names import keys
from spona.names.tokens import Token, token, tokens

# A share of records, 0 to 1, in which a word like this one stands.
Frequency = Callable[[str], float]

TYPICAL = 2.0**-9  # of a name of which nothing is known yet
KNOWN = 500.0  # records after which one's own counts weigh as much as that


def bits(share: float) -> float:
    return -log2(share)


def sound(word: Token) -> str:
    """What words that are one name across spellings mostly have in common."""
    return min(keys.exact(word), default="", key=lambda key: (-len(key), key))


def shrunk(count: float, records: float) -> float:
    """The share of records with a name, drawn towards the typical while records are few."""
    return (count + KNOWN * TYPICAL) / (records + KNOWN)


def shared_by(counts: Mapping[str, int], records: int) -> Frequency:
    """Frequency from one's own counts of `sound`s among as many records."""
    return lambda word: shrunk(counts.get(sound(token(word)), 0), records)


def counted(names: Iterable[str]) -> Counter[str]:
    """In how many of the names each sound stands, for `shared_by`."""
    return Counter(key for name in names for key in {sound(word) for word in tokens(name)})


def unknown(word: str) -> float:
    """For whoever has no counts: every name is typical."""
    return TYPICAL
