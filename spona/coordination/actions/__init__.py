"""What people and the clock do in a run. The only writer of runs, duties and notices."""

from spona.coordination.actions.acts import (
    ActDraft,
    act_record,
    birth_correct,
    event_revoke,
    fact_record,
    party_bind,
)
from spona.coordination.actions.answering import Answer, message_write, referral_answer
from spona.coordination.actions.clock import catch_up, tell_what_is_due
from spona.coordination.actions.closing import closure_confirm
from spona.coordination.actions.deciding import conference_hold, decision_words
from spona.coordination.actions.disclosing import (
    bases_for,
    field_close,
    field_open,
    package_read,
)
from spona.coordination.actions.doorways import doorway_make
from spona.coordination.actions.doubles import told
from spona.coordination.actions.emergency import emergency_begin
from spona.coordination.actions.handing_over import (
    HandoverDraft,
    handover_begin,
    item_add,
    item_receive,
)
from spona.coordination.actions.looking import version_of
from spona.coordination.actions.mail import mail_notices
from spona.coordination.actions.matching import (
    Answered,
    TooMany,
    answers_read,
    match_answer,
    match_basis,
    match_decline,
    queries_answered,
    queries_follow,
    query_ask,
)
from spona.coordination.actions.merging import (
    Twice,
    carried_from,
    files_merge,
    files_split,
    merge_confirm,
    owed_twice,
)
from spona.coordination.actions.migrating import migration_take_back, runs_migrate, runs_plan
from spona.coordination.actions.notifications import (
    call_record,
    encounter_begin,
    name_met,
    notification_claim,
    packages_forget,
    person_met,
)
from spona.coordination.actions.observing import services_observe
from spona.coordination.actions.obstacles import obstacle_overcome, obstacle_record
from spona.coordination.actions.referring import ReferralDraft, referral_send
from spona.coordination.actions.substitutions import (
    substitution_end,
    substitution_plan,
    substitutions_follow,
)
from spona.coordination.actions.verify import Difference, runs_verify
from spona.coordination.actions.withdrawing import (
    basis_end,
    consent_withdraw,
    disclosures_sweep,
)

__all__ = [
    "ActDraft",
    "Answer",
    "Answered",
    "Difference",
    "HandoverDraft",
    "ReferralDraft",
    "TooMany",
    "Twice",
    "act_record",
    "answers_read",
    "bases_for",
    "basis_end",
    "birth_correct",
    "call_record",
    "carried_from",
    "catch_up",
    "closure_confirm",
    "conference_hold",
    "consent_withdraw",
    "decision_words",
    "disclosures_sweep",
    "doorway_make",
    "emergency_begin",
    "encounter_begin",
    "event_revoke",
    "fact_record",
    "field_close",
    "field_open",
    "files_merge",
    "files_split",
    "handover_begin",
    "item_add",
    "item_receive",
    "mail_notices",
    "match_answer",
    "match_basis",
    "match_decline",
    "merge_confirm",
    "message_write",
    "migration_take_back",
    "name_met",
    "notification_claim",
    "obstacle_overcome",
    "obstacle_record",
    "owed_twice",
    "package_read",
    "packages_forget",
    "party_bind",
    "person_met",
    "queries_answered",
    "queries_follow",
    "query_ask",
    "referral_answer",
    "referral_send",
    "runs_migrate",
    "runs_plan",
    "runs_verify",
    "services_observe",
    "substitution_end",
    "substitution_plan",
    "substitutions_follow",
    "tell_what_is_due",
    "told",
    "version_of",
]
