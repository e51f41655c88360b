"""Assessments, plans and people around a child are seen with the case; a link only with both."""

from django.db import migrations

from spona.base import rls

OF_CASE = (
    "assessment",
    "assessmentversion",
    "plan",
    "planversion",
    "goal",
    "planreview",
    "interpreting",
    "caseparty",
    "hearing",
    "closurerequest",
)
BOTH = f"first_id = {rls.CASES} AND second_id = {rls.CASES}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_case_work")]
    operations = [
        *(rls.row_security(f"cases_{name}", f"case_id = {rls.CASES}") for name in OF_CASE),
        rls.row_security("cases_caselink", BOTH),
        rls.row_security("cases_interpreter", f"organisation_id = {rls.ORGANISATION}"),
    ]
