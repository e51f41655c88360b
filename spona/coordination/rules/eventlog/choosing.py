"""Which runs may leave in a log: none in which something happened that happened in few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from spona.coordination.rules.eventlog.values import Told
from spona.coordination.rules.suppression import K

Feature = tuple[str, str, str]


def common(runs: Sequence[Told], k: int = K) -> list[Told]:
    """The runs of which each act and each answer (that is no moment) stands in `k` of them or more.

    Leaving out a run may make another one rare, so it is asked until nothing changes. A run is left
    out whole: without one of its events it would seem to break a rule that it kept.
    """
    left = list(runs)
    while True:
        counts = Counter(feature for told in left for feature in set(_features(told)))
        kept = [told for told in left if all(counts[f] >= k for f in _features(told))]
        if len(kept) == len(left):
            return kept
        left = kept


def _features(told: Told) -> Iterator[Feature]:
    yield told.protocol, "", ""
    for event in told.happened:
        if event.act:
            yield told.protocol, "act", event.act
        for fact, value in event.facts.items():
            if not _is_moment(value):
                yield told.protocol, fact, str(value)


def _is_moment(value: object) -> bool:
    """A day or a moment, which stands in the times of the log as well."""
    if isinstance(value, date | datetime):
        return True
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False
