"""The log of a case in words: who, for which institution, did or saw what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.audit.models import Event
from spona.base.script import in_script
from spona.cases.models import CaseAccess

VERBS: dict[str, str | Promise] = {
    "access_again": gettext_lazy("Access given again"),
    "access_end": gettext_lazy("Access ended"),
    "access_grant": gettext_lazy("Access given"),
    "access_read": gettext_lazy("List of who may see the case seen"),
    "act_look": gettext_lazy("Form of an act opened"),
    "act_record": gettext_lazy("Act recorded"),
    "assessment_correct": gettext_lazy("Assessment corrected"),
    "assessment_read": gettext_lazy("Assessment seen"),
    "assessment_record": gettext_lazy("Assessment written"),
    "basis_end": gettext_lazy("Basis of sharing ended"),
    "basis_read": gettext_lazy("Basis of sharing seen"),
    "basis_record": gettext_lazy("Legal basis or consent recorded"),
    "basis_review": gettext_lazy("Legal basis looked at by the guardian"),
    "basis_withdraw": gettext_lazy("Consent withdrawn"),
    "call_record": gettext_lazy("Call recorded"),
    "card_read": gettext_lazy("What another institution needs was seen"),
    "case_close": gettext_lazy("Case closed"),
    "case_give_back": gettext_lazy("Case given back to the centre that had it"),
    "case_hand_over": gettext_lazy("Case handed over to another centre"),
    "case_list": gettext_lazy("Line in the list of cases seen"),
    "case_open": gettext_lazy("Case opened"),
    "case_party_add": gettext_lazy("Person around the child added"),
    "case_party_end": gettext_lazy("Person around the child left the case"),
    "case_read": gettext_lazy("Page of the case seen"),
    "case_reopen": gettext_lazy("Case opened again"),
    "cases_export": gettext_lazy("Taken out as a file"),
    "runs_export": gettext_lazy("Taken out as an event log, with pseudonyms"),
    "cases_import": gettext_lazy("Taken over from a file"),
    "cases_send": gettext_lazy("Given to another institution as a file"),
    "clock_act": gettext_lazy("A term came by itself"),
    "closure_confirm": gettext_lazy("Closing confirmed"),
    "closure_propose": gettext_lazy("Closing proposed"),
    "closure_read": gettext_lazy("Proposal to close seen"),
    "closure_return": gettext_lazy("Proposal to close sent back"),
    "conference_hold": gettext_lazy("Minutes of a conference written"),
    "conference_plan": gettext_lazy("Conference planned"),
    "desk": gettext_lazy("Seen on the desk"),
    "disclosure": gettext_lazy("Data shared"),
    "disclosure_end": gettext_lazy("Shared data taken back"),
    "document_add": gettext_lazy("Document added"),
    "document_number_add": gettext_lazy("Number of a paper added"),
    "document_read": gettext_lazy("Document taken out"),
    "doorway_make": gettext_lazy("Page for a recipient without an account made"),
    "doorway_unlock": gettext_lazy("Code typed on the page of a recipient"),
    "doubles_read": gettext_lazy("Possible doubles looked for"),
    "duty_read": gettext_lazy("Duty seen"),
    "emergency_look": gettext_lazy("List of one's own emergency accesses seen"),
    "emergency_open": gettext_lazy("Opened by emergency access"),
    "emergency_told": gettext_lazy("Notice of an emergency access seen"),
    "event_read": gettext_lazy("Entry seen"),
    "event_revoke": gettext_lazy("Entry taken back"),
    "external_record": gettext_lazy("Record of another system kept"),
    "external_record_change": gettext_lazy("Brought up to date from a file"),
    "fact_look": gettext_lazy("Facts seen"),
    "fact_record": gettext_lazy("Facts recorded"),
    "figure_rows": gettext_lazy("Seen on the list behind a figure"),
    "file_read": gettext_lazy("Notes and documents seen"),
    "goal_end": gettext_lazy("Goal reached or given up"),
    "goal_set": gettext_lazy("Goal set"),
    "group_read": gettext_lazy("Siblings and group seen"),
    "guardianship_begin": gettext_lazy("Guardian appointed"),
    "guardianship_end": gettext_lazy("Guardian relieved"),
    "handover_begin": gettext_lazy("Handover begun"),
    "handover_item_add": gettext_lazy("Piece of the file listed"),
    "handover_item_receive": gettext_lazy("Piece of the file ticked"),
    "handover_list": gettext_lazy("Line in the list of handovers seen"),
    "handover_look": gettext_lazy("Form of a handover opened"),
    "handover_read": gettext_lazy("Handover seen"),
    "hearing_add": gettext_lazy("Hearing added"),
    "imported_referral": gettext_lazy("Line of help in another system kept"),
    "hearing_told": gettext_lazy("Somebody was told of a hearing"),
    "interpreting_record": gettext_lazy("Interpreter recorded"),
    "language_set": gettext_lazy("Language recorded"),
    "ledger_read": gettext_lazy("Sharing and consent seen"),
    "log_read": gettext_lazy("This log seen"),
    "match_answer": gettext_lazy("A query about this child answered"),
    "match_decline": gettext_lazy("A query about this child not answered"),
    "match_expire": gettext_lazy("A query about this child ended without an answer"),
    "match_found": gettext_lazy("A query fits the child of this case"),
    "match_list": gettext_lazy("Seen on the list of queries"),
    "match_read": gettext_lazy("Query about this child seen"),
    "message_write": gettext_lazy("Message written"),
    "name_add": gettext_lazy("Name added"),
    "name_reveal": gettext_lazy("Full name shown"),
    "need_add": gettext_lazy("Need added"),
    "need_resolve": gettext_lazy("Need met"),
    "needs_read": gettext_lazy("Needs and placement seen"),
    "merge_confirm": gettext_lazy("Merging with another file agreed to"),
    "merge_propose": gettext_lazy("Merging with another file proposed"),
    "merge_refuse": gettext_lazy("Merging with another file refused"),
    "merge_undo": gettext_lazy("Split from another file"),
    "migration_plan": gettext_lazy("What new rules would change was seen"),
    "note_correct": gettext_lazy("Note corrected"),
    "note_read": gettext_lazy("Note seen"),
    "note_write": gettext_lazy("Note written"),
    "notification_claim": gettext_lazy("Notification taken over"),
    "notification_read": gettext_lazy("Notification seen"),
    "notification_send": gettext_lazy("Notification sent"),
    "obstacle_overcome": gettext_lazy("Obstacle overcome"),
    "obstacle_record": gettext_lazy("Obstacle recorded"),
    "owed_list": gettext_lazy("Seen on the list of what is owed"),
    "package_read": gettext_lazy("Shared data read by the recipient"),
    "paper_read": gettext_lazy("Paper for the child made"),
    "party_bind": gettext_lazy("Institution named for a party"),
    "party_read": gettext_lazy("Parties seen"),
    "people_read": gettext_lazy("People around the child seen"),
    "person_correct": gettext_lazy("Data of the person corrected"),
    "person_create": gettext_lazy("Data of the person written"),
    "person_read": gettext_lazy("Data of the person seen"),
    "persons_merge": gettext_lazy("Merged with another file"),
    "placement_begin": gettext_lazy("Placement began"),
    "placement_end": gettext_lazy("Placement ended"),
    "plan_change": gettext_lazy("Plan changed"),
    "plan_read": gettext_lazy("Plan seen"),
    "plan_review": gettext_lazy("Review of the plan written"),
    "plan_write": gettext_lazy("Plan written"),
    "query_answer_read": gettext_lazy("Answer to a query read"),
    "query_ask": gettext_lazy("Query to others sent"),
    "query_list": gettext_lazy("Line in the list of queries sent seen"),
    "query_look": gettext_lazy("Form of a query opened"),
    "query_read": gettext_lazy("Query sent seen"),
    "referral_list": gettext_lazy("Line in the list of referrals seen"),
    "referral_look": gettext_lazy("Form of a referral opened"),
    "referral_read": gettext_lazy("Referral seen"),
    "referral_send": gettext_lazy("Referral sent"),
    "referrals_read": gettext_lazy("Referrals of the case seen"),
    "river_read": gettext_lazy("All entries seen"),
    "run_migrate": gettext_lazy("Goes on under another version of the rules"),
    "search": gettext_lazy("Found by a search"),
    "told_apart": gettext_lazy("Decided that it is not the child of a similar file"),
    "told_same": gettext_lazy("Decided that it is the child of another file"),
    "unhcr_export": gettext_lazy("Given to UNHCR as a table"),
}

# Whoever was let in by the owner is not told what others asked: it may be their own question (P20).
OF_THE_OWNER = (
    "match_answer",
    "match_decline",
    "match_expire",
    "match_found",
    "match_list",
    "match_read",
)


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    kind: str
    what: str
    who: str
    organisation: str


def line(event: Event, acts: Mapping[str, str]) -> Line:
    """One row of the log; `acts` are the words of the acts that the reader may know of."""
    what = str(VERBS.get(event.verb, event.verb))
    about = acts.get(str(event.detail.get("act", "")), "") or _basis(event)
    return Line(
        event.at,
        event.kind,
        f"{what}: {about}" if about else what,
        in_script(event.actor_name) if event.actor_id else _("by itself"),
        in_script(event.organisation_name),
    )


def _basis(event: Event) -> str:
    """On what access was given: that somebody stands in for a colleague is no new decision."""
    basis = str(event.detail.get("basis", ""))
    return str(CaseAccess.Basis(basis).label) if basis in CaseAccess.Basis.values else ""
