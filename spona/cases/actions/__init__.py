"""What people do in cases: the only writer of these tables."""

from __future__ import annotations

from spona.cases.actions.access import access_end, access_grant
from spona.cases.actions.conferences import (
    DecisionDraft,
    ParticipantDraft,
    conference_hold,
    conference_plan,
)
from spona.cases.actions.documents import document_add
from spona.cases.actions.encounters import encounter_anonymise, encounter_record
from spona.cases.actions.guardianships import guardianship_begin, guardianship_end
from spona.cases.actions.needs import need_add, need_resolve
from spona.cases.actions.notes import note_correct, note_write
from spona.cases.actions.opening import case_close, case_open
from spona.cases.actions.placements import placement_begin, placement_end

__all__ = [
    "DecisionDraft",
    "ParticipantDraft",
    "access_end",
    "access_grant",
    "case_close",
    "case_open",
    "conference_hold",
    "conference_plan",
    "document_add",
    "encounter_anonymise",
    "encounter_record",
    "guardianship_begin",
    "guardianship_end",
    "need_add",
    "need_resolve",
    "note_correct",
    "note_write",
    "placement_begin",
    "placement_end",
]
