"""An Argon2 hash is longer than 64 characters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coordination", "0012_fewer_indexes")]
    operations = [
        migrations.AlterField(
            model_name="doorway", name="code_hash", field=models.CharField(max_length=128)
        )
    ]
