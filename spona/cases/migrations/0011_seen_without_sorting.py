"""What one sees is read and not sorted: it is asked for once in each query."""

from importlib import import_module

from django.db import migrations

from spona.base import rls

_seen = import_module("spona.cases.migrations.0002_row_security")
CASES = rls.visibility_function("visible_case_ids", _seen.VISIBLE_CASES, reads=("cases_caseaccess",))
PERSONS = rls.visibility_function("visible_person_ids", _seen.VISIBLE_PERSONS, reads=("cases_case",))


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_tries_of_emergency_access")]
    operations = [
        # What is replaced is what 0002 makes today: there is nothing to go back to.
        migrations.RunSQL(made.sql, migrations.RunSQL.noop)
        for made in (CASES, PERSONS)
    ]
