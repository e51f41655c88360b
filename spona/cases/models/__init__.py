"""Encounters, cases, who may see a case, and what is done in one."""

from __future__ import annotations

from spona.cases.models.case import (
    Case,
    CaseAccess,
    CaseCounter,
    OfCase,
    OfCaseQuerySet,
    persons_visible_to,
)
from spona.cases.models.encounter import Encounter
from spona.cases.models.meetings import Conference, ConferenceDecision, ConferenceParticipant
from spona.cases.models.work import Document, Guardianship, Need, Note, NoteVersion, Placement

__all__ = [
    "Case",
    "CaseAccess",
    "CaseCounter",
    "Conference",
    "ConferenceDecision",
    "ConferenceParticipant",
    "Document",
    "Encounter",
    "Guardianship",
    "Need",
    "Note",
    "NoteVersion",
    "OfCase",
    "OfCaseQuerySet",
    "Placement",
    "persons_visible_to",
]
