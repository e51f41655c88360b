"""Who sees a query: the institution that asks, from a case as far as the case is seen. Who sees a
match: those of the owner who see the case, and nobody of the institution that asks."""

from django.db import migrations

from spona.base import rls

ASKER = f"organisation_id = {rls.ORGANISATION} AND (case_id IS NULL OR case_id = {rls.CASES})"
# What is read here of cases is itself behind row security: those that are seen.
OWN = f"case_id IN (SELECT id FROM cases_case WHERE organisation_id = {rls.ORGANISATION})"
OWNER = f"asker_id <> {rls.ORGANISATION} AND {OWN}"
NOTHING = "false"  # written in the engine room only


class Migration(migrations.Migration):
    dependencies = [("coordination", "0022_blind_matching")]
    operations = [
        rls.row_security("coordination_blindquery", ASKER, check=NOTHING),
        rls.row_security("coordination_blindmatch", OWNER, check=NOTHING),
    ]
