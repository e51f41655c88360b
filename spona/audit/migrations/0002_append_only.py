"""The app writes the log and cannot change it. Who may read it is said where cases are known."""

from django.db import migrations

from spona.base.rls import append_only

POLICIES = """
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY written_by_all ON audit_event FOR INSERT TO spona_app WITH CHECK (true);
CREATE POLICY spona_owner ON audit_event TO spona_owner USING (true) WITH CHECK (true);
CREATE POLICY spona_worker ON audit_event TO spona_worker USING (true) WITH CHECK (true);
"""
UNDO = """
DROP POLICY written_by_all ON audit_event;
DROP POLICY spona_owner ON audit_event;
DROP POLICY spona_worker ON audit_event;
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("base", "0001_privileges")]
    operations = [
        append_only("audit_event"),
        append_only("audit_seal"),
        migrations.RunSQL(POLICIES, UNDO),
    ]
