"""Pure: what a legal basis justifies, and who may consent to what. No clock, no database.

Law: consent of a child in matters of data is its representative's; alone at 15 a child consents
only to services of the information society, and as a capable patient to health care (Pravilnik
51/2025, member 3, read; ../shared/domain/practice.md 28 to 32). Services and research: local.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

OF_AGE = 18
PATIENT_ALONE = 15


@dataclass(frozen=True, slots=True)
class Ground:
    """A line of the ledger as the decision reads it. `recipient` of None: any institution."""

    id: int
    kind: str
    decision: str
    purpose: str
    recipient: int | None
    categories: frozenset[str]
    from_at: datetime
    recorded_at: datetime
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Given, begun, neither expired nor withdrawn."""
        if self.decision != "given" or at < self.from_at:
            return False
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return False
        return self.expires_at is None or at < self.expires_at

    def is_about(self, purpose: str, recipient: int, category: str) -> bool:
        """A line without a recipient is about every one: never so a consent that was given."""
        if self.purpose != purpose or category not in self.categories:
            return False
        if self.recipient is None:
            return self.kind != "consent" or self.decision == "refused"
        return self.recipient == recipient


class WhyNot(StrEnum):
    """Why something may not be shared, the nearest reason first."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    EVIDENCE_UNKNOWN = "evidence_unknown"
    NOTHING = "nothing"


def justified_by(
    grounds: Iterable[Ground], *, purpose: str, recipient: int, category: str, at: datetime
) -> Ground | None:
    """The line on which this category may go to this institution for this purpose; none: not.

    Duty and vital interest stand by themselves. Of consents the latest word counts: whoever
    refused or withdrew after having agreed has not agreed.
    """
    about = [one for one in grounds if one.is_about(purpose, recipient, category)]
    firm = [one for one in about if one.kind != "consent" and one.in_force(at)]
    if firm:
        return max(firm, key=_order)
    consents = [one for one in about if one.kind == "consent" and one.recorded_at <= at]
    last = max(consents, key=_order, default=None)
    return last if last is not None and last.in_force(at) else None


def why_not(
    grounds: Iterable[Ground], *, purpose: str, recipient: int, category: str, at: datetime
) -> WhyNot | None:
    """None where it may be shared."""
    found = list(grounds)
    asked = {"purpose": purpose, "recipient": recipient, "category": category}
    if justified_by(found, purpose=purpose, recipient=recipient, category=category, at=at):
        return None
    about = [one for one in found if one.is_about(**asked)]  # type: ignore[arg-type]
    last = max(about, key=_order, default=None)
    return WhyNot.NOTHING if last is None else _why(last, at)


def _why(ground: Ground, at: datetime) -> WhyNot:
    if ground.decision == "refused":
        return WhyNot.REFUSED
    if ground.withdrawn_at is not None and ground.withdrawn_at <= at:
        return WhyNot.WITHDRAWN
    if ground.decision == "evidence_unknown":
        return WhyNot.EVIDENCE_UNKNOWN
    return WhyNot.EXPIRED if ground.expires_at is not None else WhyNot.NOTHING


def _order(ground: Ground) -> tuple[datetime, int]:
    return ground.recorded_at, ground.id


# --- who may consent


class ConsentFault(StrEnum):
    """Why this person cannot give this consent."""

    REPRESENTATIVE_NEEDED = "representative_needed"
    NO_REPRESENTATIVE = "no_representative"
    PATIENT_DECIDES = "patient_decides"
    OWN_WORD_NEEDED = "own_word_needed"


REPRESENTATIVES = ("guardian", "parent")
THEMSELVES = ("child", "adult")


def consent_fault(
    kind: str,
    *,
    age: int | None,
    given_by: str,
    has_guardian: bool,
    patient_refused: bool = False,
    child_agrees: bool = False,
) -> ConsentFault | None:
    """None where `given_by` may consent to this `kind` (data, health, service, research).

    An unknown age is a child's. Before a guardian is appointed nobody consents for a child: then
    vital interest or a duty is the basis (practice.md 30).
    """
    child = age is None or age < OF_AGE
    if not child:
        return None if given_by in THEMSELVES else ConsentFault.OWN_WORD_NEEDED
    patient = kind == "health" and age is not None and age >= PATIENT_ALONE
    if given_by in THEMSELVES:
        return None if patient else ConsentFault.REPRESENTATIVE_NEEDED
    if given_by == "guardian" and not has_guardian:
        return ConsentFault.NO_REPRESENTATIVE
    if patient and not patient_refused:
        return ConsentFault.PATIENT_DECIDES
    if kind == "research" and not child_agrees:
        return ConsentFault.OWN_WORD_NEEDED
    return None
