"""What people do with invitations, memberships, sessions, the roster and their own desk. The only
writer of these."""

from __future__ import annotations

from spona.accounts.actions.choices import calendar_end, calendar_renew, filters_keep
from spona.accounts.actions.people import (
    BadTokenError,
    invitation_accept,
    invitation_join,
    invitation_send,
    invitation_withdraw,
    membership_change_roles,
    membership_end,
    organisation_restore,
    organisation_suspend,
    sessions_end,
    shift_cancel,
    shift_plan,
    shift_substitute,
)

__all__ = [
    "BadTokenError",
    "calendar_end",
    "calendar_renew",
    "filters_keep",
    "invitation_accept",
    "invitation_join",
    "invitation_send",
    "invitation_withdraw",
    "membership_change_roles",
    "membership_end",
    "organisation_restore",
    "organisation_suspend",
    "sessions_end",
    "shift_cancel",
    "shift_plan",
    "shift_substitute",
]
