"""Who sees a case: every source of access is a row of cases_caseaccess, and nothing else is.

`visible_case_ids()` reads the settings of the transaction (base/rls.py); its two halves use one
index each. The replaced `visible_person_ids()` follows from it.
"""

from django.db import migrations

from spona.base import rls

NOW = "coalesce((SELECT nullif(current_setting('spona.at', true), '')::timestamptz), now())"
IN_FORCE = (
    f"SELECT case_id FROM cases_caseaccess WHERE organisation_id = {rls.ORGANISATION}"
    f" AND ended_at IS NULL AND (until IS NULL OR until > {NOW})"
)
WIDE = "(SELECT current_setting('spona.reach', true) = 'organisation')"
VISIBLE_CASES = (
    f"{IN_FORCE} AND user_id = {rls.USER}"
    f" UNION ALL {IN_FORCE} AND user_id IS NULL AND {rls.USER} IS NOT NULL AND {WIDE}"
)
VISIBLE_PERSONS = (
    "SELECT person_id FROM cases_case WHERE id = ANY((SELECT visible_case_ids())::bigint[])"
)

OF_CASE = (
    "need",
    "placement",
    "guardianship",
    "note",
    "noteversion",
    "document",
    "conference",
    "conferenceparticipant",
    "conferencedecision",
)

ACCESS_IS_NOT_WRITTEN_BY_THE_APP = migrations.RunSQL(
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON cases_caseaccess FROM spona_app;",
    "GRANT INSERT, UPDATE, DELETE ON cases_caseaccess TO spona_app;",
)
LOG_OF_ONES_CASES = migrations.RunSQL(
    "CREATE POLICY seen_by_case_workers ON audit_event FOR SELECT TO spona_app"
    " USING (case_ids && (SELECT visible_case_ids()));",
    "DROP POLICY seen_by_case_workers ON audit_event;",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("people", "0002_row_security"),
        ("audit", "0002_append_only"),
        ("base", "0001_privileges"),
    ]
    operations = [
        rls.visibility_function("visible_case_ids", VISIBLE_CASES, reads=("cases_caseaccess",)),
        rls.visibility_function("visible_person_ids", VISIBLE_PERSONS, reads=("cases_case",)),
        rls.row_security(
            "cases_caseaccess", f"organisation_id = {rls.ORGANISATION}", check="false"
        ),
        ACCESS_IS_NOT_WRITTEN_BY_THE_APP,
        rls.row_security("cases_casecounter", f"organisation_id = {rls.ORGANISATION}"),
        rls.row_security("cases_encounter", f"organisation_id = {rls.ORGANISATION}"),
        rls.row_security("cases_case", f"id = {rls.CASES}"),
        *(rls.row_security(f"cases_{name}", f"case_id = {rls.CASES}") for name in OF_CASE),
        LOG_OF_ONES_CASES,
    ]
