"""Pure: what a legal basis justifies, and who may consent to what. No clock, no database.

Law: consent of a child in matters of data is its representative's; alone at 15 a child consents
only to services of the information society, and as a capable patient to health care (Pravilnik
51/2025, article 3, read; ../shared/domain/practice.md 28 to 32). Services and research: local.
Of an adult whose legal capacity was restricted, and of a patient of 15 who does not understand, no
text was read that says more than who may; both rows protect, and carry their badge (`codes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

OF_AGE = 18
PATIENT_ALONE = 15
REPRESENTATIVES = ("guardian", "parent")
THEMSELVES = ("child", "adult")
# For which purposes a consent of this kind lets data go; consent to the sharing of data names its
# purpose itself. A patient of 15 decides on health care and on nothing else; taking part in
# research opens no case.
SHARES: Mapping[str, frozenset[str]] = {
    "health": frozenset({"health_care"}),
    "service": frozenset({"service", "education", "legal_aid", "family_tracing"}),
    "research": frozenset(),
}
# Why somebody else decides although the age says otherwise: codes of `laws` in sharing.yaml.
NOT_UNDERSTANDING = "patient_not_understanding"
RESTRICTED = "restricted_capacity"


@dataclass(frozen=True, slots=True)
class Ground:
    """A line of the ledger as the decision reads it. `recipient` of None: any institution;
    `represented`: a guardian or a parent gave the word for a child, which holds until the person
    is of age."""

    id: int
    kind: str
    decision: str
    purpose: str
    recipient: int | None
    categories: frozenset[str]
    from_at: datetime
    recorded_at: datetime
    consent_kind: str = ""
    represented: bool = False
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_consent(self) -> bool:
        return self.kind == "consent"

    def last_word(self, at: datetime) -> tuple[datetime, bool, int]:
        """Its place among the words said by then: a withdrawal is a word of its own day, and the
        last one of its moment."""
        if self.withdrawn_at is None or self.withdrawn_at > at:
            return self.recorded_at, False, self.id
        return max(self.withdrawn_at, self.recorded_at), True, self.id

    def is_about(self, purpose: str, recipient: int, category: str) -> bool:
        """A line without a recipient is about every one: never so a consent that was given. A no
        counts whatever kind of consent was asked for, a yes only for what this kind can open; who
        takes no part in research is helped all the same."""
        if self.purpose != purpose or category not in self.categories:
            return False
        if self.is_consent and self.consent_kind == "research":
            return False
        if self.is_consent and self.decision == "given" and not shares(self.consent_kind, purpose):
            return False
        if self.recipient is None:
            return not self.is_consent or self.decision == "refused"
        return self.recipient == recipient


def shares(consent_kind: str, purpose: str) -> bool:
    """Whether a consent of this kind lets data go for this purpose."""
    return consent_kind not in SHARES or purpose in SHARES[consent_kind]


class WhyNot(StrEnum):
    """Why a line justifies nothing now."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EVIDENCE_UNKNOWN = "evidence_unknown"
    EXPIRED = "expired"
    OF_AGE = "of_age"
    NOT_YET = "not_yet"


def standing(ground: Ground, *, at: datetime, of_age: bool) -> WhyNot | None:
    """None while the line is in force: given, begun, neither expired nor withdrawn, and by whoever
    may still speak for the person."""
    if ground.decision == "refused":
        return WhyNot.REFUSED
    if ground.withdrawn_at is not None and ground.withdrawn_at <= at:
        return WhyNot.WITHDRAWN
    if ground.decision != "given":
        return WhyNot.EVIDENCE_UNKNOWN
    if ground.expires_at is not None and ground.expires_at <= at:
        return WhyNot.EXPIRED
    if ground.is_consent and ground.represented and of_age:
        return WhyNot.OF_AGE
    return WhyNot.NOT_YET if at < ground.from_at else None


def justified_by(
    grounds: Iterable[Ground],
    *,
    purpose: str,
    recipient: int,
    category: str,
    at: datetime,
    of_age: bool,
) -> Ground | None:
    """The line on which this category may go to this institution for this purpose; none: not.

    Duty and vital interest stand by themselves. Of consents the latest word counts: whoever
    refused or withdrew after having agreed has not agreed, on whichever line it was said.
    """
    about = [
        one
        for one in grounds
        if one.recorded_at <= at and one.is_about(purpose, recipient, category)
    ]
    about.sort(key=lambda one: one.last_word(at), reverse=True)
    firm = [one for one in about if not one.is_consent]
    words = [one for one in about if one.is_consent]
    asked = [*firm, *words[:1]]
    return next((one for one in asked if standing(one, at=at, of_age=of_age) is None), None)


def holds_for(
    ground: Ground, ledger: Iterable[Ground], *, at: datetime, of_age: bool
) -> frozenset[str]:
    """The categories that may rest on this line now: for a consent those in which nobody has said
    another word since."""
    if standing(ground, at=at, of_age=of_age) is not None:
        return frozenset()
    recipient = ground.recipient
    if not ground.is_consent:
        return ground.categories
    if recipient is None:
        return frozenset()
    words = [one for one in ledger if one.is_consent]
    asked = {"purpose": ground.purpose, "recipient": recipient, "at": at, "of_age": of_age}
    found = ((one, justified_by(words, category=one, **asked)) for one in ground.categories)  # type: ignore[arg-type]
    return frozenset(category for category, line in found if line == ground)


# --- who may consent


class ConsentFault(StrEnum):
    """Why this person cannot give this consent."""

    REPRESENTATIVE_NEEDED = "representative_needed"
    NO_REPRESENTATIVE = "no_representative"
    PARENT_NOT_PROVEN = "parent_not_proven"
    PATIENT_DECIDES = "patient_decides"
    OWN_WORD_NEEDED = "own_word_needed"
    COURT_NEEDED = "court_needed"


def consent_fault(
    kind: str,
    *,
    age: int | None,
    given_by: str,
    has_guardian: bool,
    proven: bool = False,
    child_view: str = "not_asked",
    because: str = "",
) -> ConsentFault | None:
    """None where `given_by` may consent to this `kind` (data, health, service, research).

    An unknown age is a child's. Before a guardian is appointed nobody consents for a child who is
    alone: then vital interest or a duty is the basis (practice.md 30). A parent speaks for the
    child only where no guardian does and a document says so (practice.md 33). For a patient of 15
    the representative consents only where the patient has refused, or (`because`) does not
    understand. `proven`: a document in the file shows who represents the person.
    """
    adult = age is not None and age >= OF_AGE
    if because == RESTRICTED and adult:
        return _restricted_fault(given_by, has_guardian, proven, child_view)
    if because == RESTRICTED or (because and adult):
        return ConsentFault.COURT_NEEDED
    if adult:
        return None if given_by in THEMSELVES else ConsentFault.OWN_WORD_NEEDED
    patient = kind == "health" and age is not None and age >= PATIENT_ALONE and not because
    if given_by not in REPRESENTATIVES:
        alone = patient and given_by in THEMSELVES
        return None if alone else ConsentFault.REPRESENTATIVE_NEEDED
    unproven = _representative_fault(given_by, has_guardian, proven)
    if unproven is not None:
        return unproven
    if patient and child_view != "disagrees":
        return ConsentFault.PATIENT_DECIDES
    own_word = kind == "research" and child_view != "agrees"
    return ConsentFault.OWN_WORD_NEEDED if own_word else None


def _representative_fault(given_by: str, has_guardian: bool, proven: bool) -> ConsentFault | None:
    if given_by == "guardian":
        return None if has_guardian else ConsentFault.NO_REPRESENTATIVE
    return ConsentFault.PARENT_NOT_PROVEN if has_guardian or not proven else None


def _restricted_fault(
    given_by: str, has_guardian: bool, proven: bool, view: str
) -> ConsentFault | None:
    """Both are needed: the guardian's word, with the decision of the court in the file, and that
    the person, who was asked, does not object."""
    if given_by != "guardian" or not proven:
        return ConsentFault.COURT_NEEDED
    if not has_guardian:
        return ConsentFault.NO_REPRESENTATIVE
    return None if view in ("agrees", "cannot_say") else ConsentFault.OWN_WORD_NEEDED
