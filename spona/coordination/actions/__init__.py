"""What people and the clock do in a run. The only writer of runs, duties and notices."""

from spona.coordination.actions.acts import (
    ActDraft,
    act_record,
    birth_correct,
    event_revoke,
    fact_record,
    party_bind,
)
from spona.coordination.actions.clock import catch_up, tell_what_is_due
from spona.coordination.actions.mail import mail_notices
from spona.coordination.actions.notifications import (
    call_record,
    encounter_begin,
    notification_claim,
    packages_forget,
)
from spona.coordination.actions.obstacles import obstacle_overcome, obstacle_record
from spona.coordination.actions.substitutions import (
    substitution_end,
    substitution_plan,
    substitutions_follow,
)
from spona.coordination.actions.verify import Difference, runs_verify

__all__ = [
    "ActDraft",
    "Difference",
    "act_record",
    "birth_correct",
    "call_record",
    "catch_up",
    "encounter_begin",
    "event_revoke",
    "fact_record",
    "mail_notices",
    "notification_claim",
    "obstacle_overcome",
    "obstacle_record",
    "packages_forget",
    "party_bind",
    "runs_verify",
    "substitution_end",
    "substitution_plan",
    "substitutions_follow",
    "tell_what_is_due",
]
