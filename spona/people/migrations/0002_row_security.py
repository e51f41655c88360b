"""Nobody sees a person until the cases say whose case it is."""

from django.db import migrations

from spona.base import rls


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("base", "0001_privileges")]
    operations = [
        rls.visibility_function("visible_person_ids", "SELECT NULL::bigint WHERE false", reads=()),
        rls.row_security("people_person", f"id = {rls.PERSONS}"),
        rls.row_security("people_personname", f"person_id = {rls.PERSONS}"),
        rls.row_security("people_personlanguage", f"person_id = {rls.PERSONS}"),
    ]
