"""The father's name and the numbers of papers, sealed from the first day."""

from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import Q

from spona.base import rls
from spona.base.sealing.fields import SealedTextField


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sealed")]
    operations = [
        migrations.AddField(
            "person",
            "father",
            SealedTextField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="PersonDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("registration", "registration certificate"),
                            ("passport", "passport"),
                            ("other", "another paper"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", SealedTextField(max_length=64)),
                (
                    "country",
                    models.CharField(
                        blank=True, max_length=2, validators=[RegexValidator("^[A-Z]{2}$")]
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="documents", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(number=""), name="a_document_has_a_number"
                    )
                ]
            },
        ),
        rls.row_security("people_persondocument", f"person_id = {rls.PERSONS}"),
    ]
