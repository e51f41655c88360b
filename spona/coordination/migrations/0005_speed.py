"""Desks of any length: their parts are read from indexes, soonest first."""

from django.db import migrations, models
from django.db.models import Q

SINCE_WHEN_WITHOUT_A_GUARDIAN = """
UPDATE cases_case SET without_guardian_since = coalesce(
  (SELECT max(until_at) FROM cases_guardianship WHERE case_id = cases_case.id),
  (SELECT notified_at FROM coordination_notification
   WHERE encounter_id = cases_case.encounter_id LIMIT 1),
  opened_at)
WHERE NOT EXISTS (
  SELECT FROM cases_guardianship WHERE case_id = cases_case.id AND until_at IS NULL);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0004_referral_row_security"),
        ("cases", "0008_speed"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                fields=["organisation", "inside", "due_at", "id"],
                condition=Q(state="owed", user=None),
                name="duty_of_institution",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                fields=["user", "due_at", "id"],
                condition=Q(state="owed", user__isnull=False),
                name="duty_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                fields=["recipient", "sent_at"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="notification_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                fields=["sender", "sent_at"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="notification_unconfirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["organisation", "-at", "-id"],
                condition=Q(
                    read_at=None,
                    kind__in=["late", "obstacle", "went_on", "closed_late", "unbound"],
                ),
                name="notice_goes_up",
            ),
        ),
        migrations.RunSQL(SINCE_WHEN_WITHOUT_A_GUARDIAN, migrations.RunSQL.noop),
    ]
