"""Who sees a run, its events and its duties; and that events are written once.

One sees what one's organisation is addressed by, and everything of a case one works on. Both arms
are indexable and the first is the cheap one, so that a desk never pays for the size of the table.
"""

from django.db import migrations

from spona.base import rls

CASE = f"case_id = {rls.CASES}"
MINE = f"organisation_id = {rls.ORGANISATION}"
WIDE = "(SELECT current_setting('spona.reach', true) = 'organisation')"
# Who sees the whole institution sees its own cases anyway: said here, so that a long desk does not
# look each duty up in a long list of cases.
ADDRESSED = f"({MINE} AND (NOT inside OR {WIDE} OR user_id = {rls.USER}))"
RECORDED = f"({MINE} AND (case_id IS NULL OR recorded_by_id = {rls.USER}))"
ENDS = f"sender_id = {rls.ORGANISATION} OR recipient_id = {rls.ORGANISATION}"
NOTHING = "false"  # written in the engine room only

EVENTS_ARE_WRITTEN_ONCE = """
REVOKE UPDATE, DELETE, TRUNCATE ON coordination_runevent FROM spona_app, spona_worker;
GRANT UPDATE (case_id) ON coordination_runevent TO spona_worker;
"""
UNDO = "GRANT UPDATE, DELETE ON coordination_runevent TO spona_app, spona_worker;"


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0001_initial"),
        ("cases", "0002_row_security"),
        ("base", "0001_privileges"),
    ]
    operations = [
        rls.row_security(
            "coordination_run", f"{CASE} OR (case_id IS NULL AND {MINE})", check=NOTHING
        ),
        rls.row_security("coordination_runevent", f"{RECORDED} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_binding", f"{MINE} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_duty", f"{ADDRESSED} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_obstacle", f"{MINE} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_notification", ENDS, check=NOTHING),
        rls.row_security("coordination_call", ENDS, check=NOTHING),
        rls.row_security("coordination_notice", MINE),
        migrations.RunSQL(EVENTS_ARE_WRITTEN_ONCE, UNDO),
    ]
