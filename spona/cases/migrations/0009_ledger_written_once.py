"""A line of the ledger is neither deleted nor rewritten: it is looked at, and it is withdrawn."""

from django.db import migrations

LATER = (
    "reviewed_at, reviewed_by_name, reviewed_note,"
    " withdrawn_at, withdrawn_by_name, withdrawn_why"
)
WRITTEN_ONCE = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON cases_legalbasis FROM spona_app, spona_worker;
GRANT UPDATE ({LATER}) ON cases_legalbasis TO spona_app, spona_worker;
"""
UNDO = "GRANT UPDATE, DELETE ON cases_legalbasis TO spona_app, spona_worker;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_speed")]
    operations = [migrations.RunSQL(WRITTEN_ONCE, UNDO)]
