"""Since when a case has had no guardian stands in the case: a desk reads the longest from an index.
And `visible_person_ids()` reads nothing but an index.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_access_and_ledger")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="without_guardian_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["organisation", "without_guardian_since", "id"],
                condition=models.Q(closed_at=None, without_guardian_since__isnull=False),
                name="cases_without_guardian",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["id"], include=["person"], name="cases_person_of_case"),
        ),
    ]
