"""The table of Django's database cache, as `createcachetable` would make it."""

from django.db import migrations

SQL = """
CREATE TABLE base_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX base_cache_expires ON base_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_privileges")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE base_cache;")]
