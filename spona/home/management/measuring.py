"""How well a hidden person is found among many, and how fast: against PostgreSQL, as an institution
that may see them all, with row security on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.utils import timezone

from spona.base import rls
from spona.base.actor import Actor
from spona.home.management.crowd import OFFICE, OFFICER, Crowd
from spona.names import tokens
from spona.people.models.search import FEW, find

EVERYBODY = Actor(user_id=OFFICER, organisation_id=OFFICE, reach="organisation")
WARM = 25  # questions before the clock counts
ARABIC = "ar"
HALF = 0.5

Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """`by_name`: somebody of the same name groups is among the first ten; `by_person`: it is the
    very person that was hidden."""

    by_name: bool
    by_person: bool
    crossed: bool
    milliseconds: float


def hidden(asked: Sequence[Asked]) -> Crowd:
    """Those who have to be found; the person of question i has the id i + 1."""
    return Crowd(
        [row["stored_name"] for row in asked],
        [frozenset(row["name_groups"].split("|")) for row in asked],
    )


def search_measured(asked: Sequence[Asked], crowd: Crowd) -> dict[str, Any]:
    """Shares found among the first ten, and milliseconds a question."""
    answers = list(_answers(asked, crowd, half_typed=False))
    times = sorted(one.milliseconds for one in answers)
    return {
        "all": _share(one.by_name for one in answers),
        "arabic_other": _share(one.by_name for one in answers if one.crossed),
        "very_person": _share(one.by_person for one in answers),
        "people": len(crowd.names),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
    }


def prefix_measured(asked: Sequence[Asked], crowd: Crowd) -> float:
    """The same with the last word half typed."""
    return _share(one.by_name for one in _answers(asked, crowd, half_typed=True))


def half_typed_of(name: str) -> str:
    """The name while half of its last word is typed, at least two letters of it."""
    *before, last = tokens.words(name)
    return " ".join((*before, last[: max(2, round(len(last) * HALF))]))


def _answers(asked: Sequence[Asked], crowd: Crowd, *, half_typed: bool) -> Iterator[Answer]:
    with rls.acting(EVERYBODY, timezone.now()):
        for row in asked[:WARM]:
            find(row["query"])
        for at, row in enumerate(asked):
            yield _answer(at, row, crowd, half_typed=half_typed)


def _answer(at: int, row: Asked, crowd: Crowd, *, half_typed: bool) -> Answer:
    question = half_typed_of(row["query"]) if half_typed else row["query"]
    began = perf_counter()
    found = [one.person_id for one in find(question, typing=half_typed, few=FEW)]
    took = 1000 * (perf_counter() - began)
    return Answer(
        by_name=any(crowd.groups[one - 1] == crowd.groups[at] for one in found),
        by_person=at + 1 in found,
        crossed=(row["query_style"] == ARABIC) != (row["stored_style"] == ARABIC),
        milliseconds=took,
    )


def _share(found: Iterator[bool]) -> float:
    listed = list(found)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
