"""The coordinator reads what has climbed and still stands from indexes, the longest first."""

from django.db import migrations
from django.db.models import Index, Q


class Migration(migrations.Migration):
    dependencies = [("coordination", "0013_whole_hash_of_a_code")]
    operations = [
        migrations.AddIndex(
            "duty", Index(fields=["due_at", "id"], condition=Q(state="owed"), name="duty_soonest")
        ),
        migrations.AddIndex(
            "notice",
            Index(fields=["duty_number"], condition=Q(level="coordinator"), name="notice_climbed"),
        ),
    ]
