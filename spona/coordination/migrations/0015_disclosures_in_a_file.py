"""What left in a file for another controller is a disclosure too: field by field, without a run."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("coordination", "0014_what_climbed")]
    operations = [
        migrations.AlterField(
            model_name="disclosure",
            name="run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disclosures",
                to="coordination.run",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=Q(run__isnull=False) | Q(value=None), name="what_left_in_a_file_is_gone"
            ),
        ),
    ]
