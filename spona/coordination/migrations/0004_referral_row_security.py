"""Who sees a referral, what was disclosed, and the thread: those who work on the case, and the
institution that was asked, of what is still open to it. A page for a recipient without an account
is read by one action only."""

from django.db import migrations

from spona.base import rls

CASE = f"case_id = {rls.CASES}"
TO_US = f"recipient_id = {rls.ORGANISATION}"
SENT = f"({TO_US} AND sent_at IS NOT NULL)"
OPEN = f"({TO_US} AND ended_at IS NULL)"
NOTHING = "false"  # written in the engine room only

WRITTEN_ONCE = """
REVOKE UPDATE, DELETE, TRUNCATE ON coordination_message FROM spona_app, spona_worker;
REVOKE DELETE, TRUNCATE ON coordination_disclosure FROM spona_app, spona_worker;
"""
UNDO = """
GRANT UPDATE, DELETE ON coordination_message TO spona_app, spona_worker;
GRANT DELETE ON coordination_disclosure TO spona_app, spona_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0003_referrals"),
        ("cases", "0006_ledger_row_security"),
    ]
    operations = [
        rls.row_security("coordination_referral", f"{SENT} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_disclosure", f"{OPEN} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_message", f"{TO_US} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_doorway", NOTHING, check=NOTHING),
        migrations.RunSQL(WRITTEN_ONCE, UNDO),
    ]
