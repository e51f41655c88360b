"""The coordinator reads what has climbed and still stands from indexes, the longest first; and what
others owe in many cases is counted from an index alone.
"""

from django.db import migrations
from django.db.models import Index, Q


class Migration(migrations.Migration):
    dependencies = [("coordination", "0013_whole_hash_of_a_code")]
    operations = [
        migrations.AddIndex(
            "duty", Index(fields=["due_at", "id"], condition=Q(state="owed"), name="duty_soonest")
        ),
        migrations.AddIndex(
            "duty",
            Index(
                fields=["case"],
                include=["organisation", "inside", "user", "acts"],
                condition=Q(state="owed"),
                name="duty_owed_of_case",
            ),
        ),
        migrations.AddIndex(
            "notice",
            Index(fields=["duty_number"], condition=Q(level="coordinator"), name="notice_climbed"),
        ),
    ]
