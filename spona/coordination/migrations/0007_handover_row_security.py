"""Who sees a handover: those who work on the case, and the centre that was notified. The list of
the file is part of the case."""

from django.db import migrations

from spona.base import rls

CASE = f"case_id = {rls.CASES}"
TO_US = f"(receiving_id = {rls.ORGANISATION} AND notified_at IS NOT NULL)"
NOTHING = "false"  # written in the engine room only


class Migration(migrations.Migration):
    dependencies = [("coordination", "0006_handover")]
    operations = [
        rls.row_security("coordination_handover", f"{TO_US} OR {CASE}", check=NOTHING),
        rls.row_security("coordination_handoveritem", CASE, check=NOTHING),
    ]
