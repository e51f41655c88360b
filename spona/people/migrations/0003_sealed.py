"""Names stand sealed in the database."""

from django.db import migrations
from django.db.models import CheckConstraint, Q

from spona.base.sealing.fields import SealedTextField
from spona.base.sealing.migrating import SealField

# They ask for empty text, of which the type changes.
CONSTRAINTS = [
    ("personname", "a_name_is_not_empty", ~Q(given="", family="")),
]


class Migration(migrations.Migration):
    dependencies = [("people", "0002_row_security")]
    operations = [
        *(migrations.RemoveConstraint(model, name) for model, name, _condition in CONSTRAINTS),
        SealField("personname", "given", SealedTextField(max_length=120, blank=True)),
        SealField("personname", "family", SealedTextField(max_length=120, blank=True)),
        *(
            migrations.AddConstraint(model, CheckConstraint(condition=condition, name=name))
            for model, name, condition in CONSTRAINTS
        ),
    ]
