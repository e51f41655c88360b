"""Only the worker seals: the app neither reads nor writes the chain."""

from django.db import migrations

SQL = "REVOKE ALL ON audit_seal FROM spona_app;"
UNDO = "GRANT SELECT, INSERT ON audit_seal TO spona_app;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(SQL, UNDO)]
