"""Who sees a line of the ledger: whoever sees the case."""

from django.db import migrations

from spona.base import rls


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_ledger")]
    operations = [rls.row_security("cases_legalbasis", f"case_id = {rls.CASES}")]
