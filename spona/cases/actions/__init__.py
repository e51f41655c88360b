"""What people do in cases: the only writer of these tables."""

from __future__ import annotations

from spona.cases.actions.access import access_end, access_grant
from spona.cases.actions.assessments import assessment_correct, assessment_record
from spona.cases.actions.bases import (
    BasisDraft,
    basis_end,
    basis_record,
    basis_review,
    basis_withdraw,
)
from spona.cases.actions.closures import (
    access_list,
    case_close,
    closure_confirm,
    closure_propose,
    closure_return,
)
from spona.cases.actions.comparing import AccessRow, Compared, files_compare
from spona.cases.actions.conferences import (
    DecisionDraft,
    ParticipantDraft,
    conference_hold,
    conference_plan,
)
from spona.cases.actions.documents import document_add
from spona.cases.actions.emergency import emergencies_over, emergency_end, emergency_open
from spona.cases.actions.encounters import encounter_anonymise, encounter_record
from spona.cases.actions.guardianships import (
    guardianship_again,
    guardianship_begin,
    guardianship_end,
)
from spona.cases.actions.handing_over import (
    case_give_back,
    case_hand_over,
    handover_access_end,
    handover_access_restore,
)
from spona.cases.actions.interpreting import (
    InterpreterDraft,
    InterpretingDraft,
    interpreter_add,
    interpreter_change,
    interpreting_record,
)
from spona.cases.actions.links import case_link, case_unlink, other_by_code
from spona.cases.actions.merging import (
    AccessChoice,
    MergeChoice,
    merge_confirm,
    merge_decisions,
    merge_joining,
    merge_refuse,
    persons_merge,
)
from spona.cases.actions.needs import need_add, need_resolve
from spona.cases.actions.notes import note_correct, note_write
from spona.cases.actions.opening import case_open
from spona.cases.actions.package import field_values
from spona.cases.actions.parties import (
    PartyDraft,
    case_party_add,
    case_party_end,
    hearing_add,
    hearing_told,
)
from spona.cases.actions.parting import Undoing, merge_undo, merge_undoing
from spona.cases.actions.placements import detention_begin, placement_begin, placement_end
from spona.cases.actions.plans import (
    goal_drop,
    goal_reach,
    goal_set,
    plan_change,
    plan_review,
    plan_write,
)
from spona.cases.actions.sharing import decide

__all__ = [
    "AccessChoice",
    "AccessRow",
    "BasisDraft",
    "Compared",
    "DecisionDraft",
    "InterpreterDraft",
    "InterpretingDraft",
    "MergeChoice",
    "ParticipantDraft",
    "PartyDraft",
    "Undoing",
    "access_end",
    "access_grant",
    "access_list",
    "assessment_correct",
    "assessment_record",
    "basis_end",
    "basis_record",
    "basis_review",
    "basis_withdraw",
    "case_close",
    "case_give_back",
    "case_hand_over",
    "case_link",
    "case_open",
    "case_party_add",
    "case_party_end",
    "case_unlink",
    "closure_confirm",
    "closure_propose",
    "closure_return",
    "conference_hold",
    "conference_plan",
    "decide",
    "detention_begin",
    "document_add",
    "emergencies_over",
    "emergency_end",
    "emergency_open",
    "encounter_anonymise",
    "encounter_record",
    "field_values",
    "files_compare",
    "goal_drop",
    "goal_reach",
    "goal_set",
    "guardianship_again",
    "guardianship_begin",
    "guardianship_end",
    "handover_access_end",
    "handover_access_restore",
    "hearing_add",
    "hearing_told",
    "interpreter_add",
    "interpreter_change",
    "interpreting_record",
    "merge_confirm",
    "merge_decisions",
    "merge_joining",
    "merge_refuse",
    "merge_undo",
    "merge_undoing",
    "need_add",
    "need_resolve",
    "note_correct",
    "note_write",
    "other_by_code",
    "persons_merge",
    "placement_begin",
    "placement_end",
    "plan_change",
    "plan_review",
    "plan_write",
]
