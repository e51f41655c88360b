"""What was imported is seen by those who see the case, and by no institution that it names."""

from django.db import migrations

from spona.base import rls

CASE = f"case_id = {rls.CASES}"


class Migration(migrations.Migration):
    dependencies = [("coordination", "0009_exchange")]
    operations = [
        rls.row_security("coordination_externalrecord", CASE),
        rls.row_security("coordination_importedreferral", CASE),
    ]
