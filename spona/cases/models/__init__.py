"""Encounters, cases, who may see a case, and what is done in one."""

from __future__ import annotations

from spona.cases.models.assessment import Assessment, AssessmentVersion
from spona.cases.models.case import (
    Case,
    CaseAccess,
    CaseCounter,
    EmergencyTry,
    OfCase,
    OfCaseQuerySet,
    persons_visible_to,
)
from spona.cases.models.closure import ClosureRequest
from spona.cases.models.encounter import Encounter
from spona.cases.models.ledger import LegalBasis
from spona.cases.models.meetings import Conference, ConferenceDecision, ConferenceParticipant
from spona.cases.models.merging import Merge
from spona.cases.models.people import CaseLink, CaseParty, Hearing, Interpreter, Interpreting
from spona.cases.models.plan import Goal, Plan, PlanReview, PlanVersion
from spona.cases.models.work import Document, Guardianship, Need, Note, NoteVersion, Placement

__all__ = [
    "Assessment",
    "AssessmentVersion",
    "Case",
    "CaseAccess",
    "CaseCounter",
    "CaseLink",
    "CaseParty",
    "ClosureRequest",
    "Conference",
    "ConferenceDecision",
    "ConferenceParticipant",
    "Document",
    "EmergencyTry",
    "Encounter",
    "Goal",
    "Guardianship",
    "Hearing",
    "Interpreter",
    "Interpreting",
    "LegalBasis",
    "Merge",
    "Need",
    "Note",
    "NoteVersion",
    "OfCase",
    "OfCaseQuerySet",
    "Placement",
    "Plan",
    "PlanReview",
    "PlanVersion",
    "persons_visible_to",
]
