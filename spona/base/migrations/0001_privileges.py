"""What the app and the worker may do with tables, those that exist and those to come."""

from django.db import migrations

SQL = """
GRANT USAGE ON SCHEMA public TO spona_app, spona_worker, spona_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO spona_app, spona_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO spona_app, spona_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO spona_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO spona_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO spona_app, spona_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO spona_app, spona_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO spona_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO spona_backup;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
