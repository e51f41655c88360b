"""Whom a search finds: candidates by index, then only people with a case that is open to the actor.

The policy of `people_searchentry` says the same for all whom one may see at once; where somebody
sees very many, asking for each candidate is quicker. Both must agree (tests/test_finding.py).
"""

from importlib import import_module

from django.db import migrations

from spona.base import rls

_seen = import_module("spona.cases.migrations.0002_row_security")

OPEN_TO_ACTOR = f"""
SELECT FROM cases_case one JOIN cases_caseaccess access ON access.case_id = one.id
WHERE one.person_id = found.person_id AND access.organisation_id = {rls.ORGANISATION}
  AND access.ended_at IS NULL AND (access.until IS NULL OR access.until > {_seen.NOW})
  AND (access.user_id = {rls.USER}
       OR (access.user_id IS NULL AND {rls.USER} IS NOT NULL AND {_seen.WIDE}))
"""
FOUND = f"""
GRANT USAGE, CREATE ON SCHEMA public TO spona_see;
GRANT SELECT ON people_searchentry, cases_case, cases_caseaccess TO spona_see;
SET ROLE spona_see;
CREATE FUNCTION found_people(one int[], other int[])
  RETURNS TABLE (person_id bigint, words int[], name_of smallint[])
  LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = public
  AS $$
    SELECT found.person_id, found.words, found.name_of FROM people_searchentry found
    WHERE found.words && one AND found.words && other AND EXISTS ({OPEN_TO_ACTOR})
  $$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM spona_see;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_sealed"), ("people", "0005_finding")]
    operations = [
        # A word belongs to nobody; whose it is says the other table.
        rls.row_security("people_nameword", "true"),
        rls.row_security("people_searchentry", f"person_id = {rls.PERSONS}"),
        migrations.RunSQL(
            FOUND,
            "SET ROLE spona_see; DROP FUNCTION found_people(int[], int[]); RESET ROLE;",
        ),
    ]
