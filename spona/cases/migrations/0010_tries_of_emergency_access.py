"""Each try to open a case in an emergency is a row, so that no restart forgets the limit of a day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from spona.base import rls


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_ledger_written_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="EmergencyTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tried_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "tried_at"], name="emergency_tries")]
            },
        ),
        rls.row_security("cases_emergencytry", f"user_id = {rls.USER}", check="false"),
    ]
