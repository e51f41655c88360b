"""The four stories that the synthetic children of the bench live through; each leaves five duties.

In the first and the third the child has said that he or she wants asylum: the police owe the
registration. In the other two there is a guardian. And three stories of a referral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """An act, minutes after the child was met, by the party that did it."""

    act: str
    minutes: int
    party: str
    form: Mapping[str, Any] = field(default_factory=dict)


MET = Happened("child_met", 0, "finder")
WANTS_ASYLUM = Happened("intention_voiced", 0, "finder")
NOTIFIED = Happened("csr_notified", 10, "finder", {"spoken_to": "Sintetička dežurna"})
CONFIRMED = Happened("csr_confirmed", 20, "csr", {"taken_by": "Sintetička dežurna"})
BED = Happened("bed_tonight", 90, "csr", {"place": "Sintetička kuća"})
BEGUN = (MET, NOTIFIED, CONFIRMED)
GUARDED = (
    *BEGUN,
    BED,
    Happened("accommodation_conclusion", 120, "csr"),
    Happened("guardian_proposed", 180, "csr"),
    Happened("guardian_appointed", 240, "csr"),
    Happened("child_paper_given", 300, "csr"),
    Happened("child_view_guardian", 330, "csr", {"language": "prs"}),
)


@dataclass(frozen=True, slots=True)
class Story:
    acts: tuple[Happened, ...]
    facts: Mapping[str, Any]

    @property
    def guarded(self) -> bool:
        return any(one.act == "guardian_appointed" for one in self.acts)

    @property
    def housed(self) -> bool:
        return BED in self.acts


ASKS = {"age": 15, "intends_asylum": True, "relative_present": False}
TRAVELS_ON = {"age": 16, "relative_present": False}
STORIES = (
    Story((MET, WANTS_ASYLUM, NOTIFIED, CONFIRMED), ASKS),
    Story(GUARDED, TRAVELS_ON),
    Story((MET, WANTS_ASYLUM, NOTIFIED, CONFIRMED, BED), ASKS),
    Story((*GUARDED, Happened("first_interview", 360, "guardian")), TRAVELS_ON),
)
WAITING = Story((MET, WANTS_ASYLUM), ASKS)
FINISHED = STORIES[-1]


FORMS: Mapping[str, Mapping[str, str]] = {
    "outcome_recorded": {"outcome": "helped"},
    "confirmed": {"who": "person", "helped": "yes"},
    "closed": {"outcome": "helped"},
}


def _in_turn(hours: float, acts: Mapping[str, str]) -> tuple[Happened, ...]:
    """One act after the other, so many hours apart, each by its party."""
    return tuple(
        Happened(act, round(60 * hours * number), party, FORMS.get(act, {}))
        for number, (act, party) in enumerate(acts.items())
    )


SENT = {"basis_recorded": "sender", "child_view": "sender", "sent": "sender"}
ACCEPTED = SENT | {"acknowledged": "receiver", "accepted": "receiver"}
HELPED = ACCEPTED | {
    "first_contact": "receiver",
    "outcome_recorded": "receiver",
    "confirmed": "sender",
    "closed": "sender",
}
URGENT = {
    "urgency": "hitno",
    "person_is_child": True,
    "basis_kind": "vital_interest",
    "helped": "yes",
}
UNANSWERED_REFERRAL = Story(_in_turn(0.1, SENT), URGENT)
ACCEPTED_REFERRAL = Story(_in_turn(2, ACCEPTED), URGENT)
FINISHED_REFERRAL = Story(_in_turn(6, HELPED), URGENT)
